"""Results put in place whole: written under another name beside it, and renamed when finished.

Until then the final name does not exist, or holds what it held before; after a failure or a
cancel nothing is left behind. What a killed process left behind is swept away by the next one that
writes the same name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

import psutil

from studio.media.errors import MediaError, OutputUnwritable, from_os_error

LATELY_S = 3600
"""Another machine may be writing to the same disk."""


@contextmanager
def placed_file(final: Path) -> Iterator[Path]:
    """A path to write to; it becomes `final` if the block ends well.

    Raises:
        OutputUnwritable, DiskFull: the folder is not there, not writable, or full.
    """
    check_folder(final)
    if final.is_dir():
        raise OutputUnwritable(f"{final} is a folder. Choose a file name in it.")
    _sweep(final, f".{final.stem}.", f".part{final.suffix}")
    part = final.with_name(f".{final.stem}.{os.getpid()}.part{final.suffix}")
    try:
        yield part
        _flush(part)
        part.replace(final)
    except MediaError:
        part.unlink(missing_ok=True)
        raise
    except OSError as error:
        part.unlink(missing_ok=True)
        raise from_os_error(error, final) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def placed_folder(final: Path) -> Iterator[Path]:
    """A folder to fill; it becomes `final` if the block ends well.

    Raises:
        OutputUnwritable, DiskFull: as `placed_file`, or `final` exists and is not empty.
    """
    check_folder(final)
    if final.exists() and (not final.is_dir() or any(final.iterdir())):
        raise OutputUnwritable(f"{final} already exists. Choose another name, or move it away.")
    _sweep(final, f".{final.name}.", ".part")
    part = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        part.mkdir()
        yield part
        if final.is_dir():
            final.rmdir()
        part.replace(final)
    except OSError as error:
        raise from_os_error(error, final) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def check_folder(final: Path) -> None:
    """Raise unless the folder that `final` lies in is there and may be written to."""
    folder = final.parent
    if not folder.is_dir():
        raise OutputUnwritable(f"The folder {folder} does not exist. Make it, or choose another.")
    if not os.access(folder, os.W_OK):
        raise OutputUnwritable(f"{folder} may not be written to. Choose another folder.")


def _sweep(final: Path, before: str, after: str) -> None:
    """Delete unfinished results of processes that are gone, if nothing has written them lately."""
    for path in final.parent.iterdir():
        number = path.name.removeprefix(before).removesuffix(after)
        if f"{before}{number}{after}" != path.name or not number.isdecimal():
            continue
        with suppress(OSError):
            if time() - path.stat().st_mtime < LATELY_S or psutil.pid_exists(int(number)):
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _flush(path: Path) -> None:
    """Make sure that every byte is on the disk before the name changes."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
