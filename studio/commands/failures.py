"""How a command fails: one sentence, an exit code, and a log that has the rest.

CommandError
├── UsageError      what was asked for cannot be understood or made; exit 2
└── Stopped         the person pressed Ctrl-C; exit 1

Errors of the client, the document and the media carry sentences already and are passed on.
"""

from __future__ import annotations

import errno
import logging
import signal
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType

from engine.protocol.errors import ErrorCode
from studio.client.errors import EngineClientError, EngineRefused
from studio.document.errors import DocumentError
from studio.media.errors import BadJob, MediaError
from studio.session.settings import log_path

log = logging.getLogger(__name__)

_LOG_BYTES = 2**20
_FULL = (errno.ENOSPC, errno.EDQUOT)

_ASKED_WRONG = {
    ErrorCode.BAD_REQUEST,
    ErrorCode.UNKNOWN_MODEL,
    ErrorCode.UNSUPPORTED_ABILITY,
}
"""An engine's refusals that no other machine or moment would change."""


class CommandError(Exception):
    """A failure whose text is the sentence for the person; exit 1."""

    exit_code = 1


class UsageError(CommandError):
    """What was asked for cannot be understood or made."""

    exit_code = 2


class Stopped(CommandError):
    """Ctrl-C, or the system's request to end."""


def guarded(run: Callable[[], int]) -> int:
    """Run a command; -> its exit code. A failure is told on stderr and kept in the log."""
    _start_log()
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        return run()
    except KeyboardInterrupt:
        return _tell(Stopped("Stopped."))
    except BrokenPipeError:
        return 1  # whoever read our output has gone; there is nobody to tell
    except Exception as error:
        return _tell(error)


def sentence_of(error: BaseException) -> str:
    """What to tell a person of a failure."""
    match error:
        case CommandError() | EngineClientError() | DocumentError() | MediaError():
            return str(error)
        case OSError(errno=number) if number in _FULL:
            where = f" that holds {Path(error.filename).parent}" if error.filename else ""
            return f"The disk{where} is full. Free some space and try again."
        case OSError(filename=str(name), strerror=str(why)):
            return f"{name} cannot be used: {why.lower()}. Choose another place or file."
        case _:
            return (
                f"Workprint made a mistake ({type(error).__name__}: {error}). Please report it,"
                " with the log."
            )


def exit_code_of(error: BaseException) -> int:
    """2 where only another command line could succeed, else 1."""
    match error:
        case CommandError(exit_code=code):
            return code
        case EngineRefused(info=info) if info.code in _ASKED_WRONG:
            return 2
        case BadJob():
            return 2
        case _:
            return 1


def _tell(error: Exception) -> int:
    code = exit_code_of(error)
    print(sentence_of(error), file=sys.stderr)
    if code == 1 and not isinstance(error, Stopped):
        log.error("%s failed", " ".join(sys.argv[:2]), exc_info=error)
        if log_path().exists():
            print(f"Details are in {log_path()}", file=sys.stderr)
    return code


def _start_log() -> None:
    """Keep a log for what goes wrong; a log that cannot be written must not stop the work."""
    logging.raiseExceptions = False
    try:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_path(), maxBytes=_LOG_BYTES, backupCount=1, delay=True)
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C: jobs are cancelled and half-made files removed on the way out."""
    raise KeyboardInterrupt
