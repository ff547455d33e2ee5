"""The engine's errors. Each carries a code, a sentence of what happened, and what to do next.

EngineError
├── BadRequest            a recipe or message that cannot be run as it is written
├── Unauthorized          no token, or one that is not known here
├── NotFound              no job, asset or route of that name
├── UnknownModel          a model id that is not in the catalogue
├── UnsupportedAbility    a model that cannot do what is asked
├── DoesNotFit            too much memory for every device here
├── MissingAsset          an input that was never uploaded
├── BadMedia              an input that cannot be read as picture, film or sound
├── BadWeights            weights that are damaged or are another model's
├── WeightsNotInstalled   a model that is not downloaded
├── OutOfMemory           a job that ran out while it ran
├── DiskFull              no room left to write
├── WorkerDied            the process that ran the job ended
├── ProtocolMismatch      a client newer than this engine
├── QuotaReached          a token with too many jobs waiting
└── Internal              a fault of our own; the log has the traceback

JobCancelled stands outside the tree: it is no failure, and code that catches Exception must not
stop it.
"""

from __future__ import annotations

from typing import ClassVar

from engine.protocol.errors import ErrorCode, ErrorInfo


class EngineError(Exception):
    """A failure that a person will read: `message` says what happened, `hint` what to do."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def info(self) -> ErrorInfo:
        """The form that crosses the wire."""
        return ErrorInfo(code=self.code, message=self.message, hint=self.hint)


class BadRequest(EngineError):
    """A recipe or message that cannot be run as it is written."""

    code = ErrorCode.BAD_REQUEST


class Unauthorized(EngineError):
    """No token, or one that is not known here."""

    code = ErrorCode.UNAUTHORIZED


class NotFound(EngineError):
    """No job, asset or route of that name."""

    code = ErrorCode.NOT_FOUND


class UnknownModel(EngineError):
    """A model id that is not in the catalogue."""

    code = ErrorCode.UNKNOWN_MODEL


class UnsupportedAbility(EngineError):
    """A model that cannot do what is asked."""

    code = ErrorCode.UNSUPPORTED_ABILITY


class DoesNotFit(EngineError):
    """Too much memory for every device here."""

    code = ErrorCode.DOES_NOT_FIT


class MissingAsset(EngineError):
    """An input that was never uploaded."""

    code = ErrorCode.MISSING_ASSET


class BadMedia(EngineError):
    """An input that cannot be read as picture, film or sound."""

    code = ErrorCode.BAD_MEDIA


class BadWeights(EngineError):
    """Weights that are damaged or are another model's."""

    code = ErrorCode.BAD_WEIGHTS


class WeightsNotInstalled(EngineError):
    """A model that is not downloaded."""

    code = ErrorCode.WEIGHTS_NOT_INSTALLED


class OutOfMemory(EngineError):
    """A job that ran out of memory while it ran."""

    code = ErrorCode.OUT_OF_MEMORY


class DiskFull(EngineError):
    """No room left to write."""

    code = ErrorCode.DISK_FULL


class WorkerDied(EngineError):
    """The process that ran the job ended."""

    code = ErrorCode.WORKER_DIED


class ProtocolMismatch(EngineError):
    """A client newer than this engine."""

    code = ErrorCode.PROTOCOL_MISMATCH


class QuotaReached(EngineError):
    """A token with too many jobs waiting."""

    code = ErrorCode.QUOTA


class Internal(EngineError):
    """A fault of our own; the log has the traceback."""

    code = ErrorCode.INTERNAL


def error_from(info: ErrorInfo) -> EngineError:
    """The error that crossed a wire, or that a plan carries, to be raised here."""
    kinds = {kind.code: kind for kind in EngineError.__subclasses__()}
    return kinds[info.code](info.message, info.hint)


class JobCancelled(BaseException):
    """Raised out of an ability when its job is no longer wanted; abilities let it pass."""
