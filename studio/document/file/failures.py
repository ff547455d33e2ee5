"""What SQLite and the system say, turned into one sentence for people."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from studio.document.errors import Corrupt, DiskFull, FileError, InUse, NotAProject, Unwritable


@contextmanager
def told(path: Path) -> Generator[None, None, None]:
    """Turn what goes wrong with a project file inside the block into a `FileError`.

    Raises: FileError, of the kind that fits.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise from_sqlite(error, path) from error
    except OSError as error:
        raise from_system(error, path) from error


def from_sqlite(error: sqlite3.Error, path: Path) -> FileError:
    """The `FileError` that an error of SQLite's amounts to."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    name = path.name
    match code:
        case sqlite3.SQLITE_FULL:
            return disk_full(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return InUse(f"{name} is being changed by another program. Close it there first.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return unwritable(path)
        case sqlite3.SQLITE_IOERR:
            return Unwritable(
                f"The disk failed while {name} was being read or written. "
                "Nothing that was saved is lost; check the disk and try again."
            )
        case sqlite3.SQLITE_NOTADB:
            return NotAProject(f"{name} is not a Workprint project.")
        case _:
            return corrupt(path)


def from_system(error: OSError, path: Path) -> FileError:
    """The `FileError` that an error of the operating system's amounts to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return disk_full(path)
    return unwritable(path)


def disk_full(path: Path) -> DiskFull:
    """The disk has no room left."""
    return DiskFull(
        f"The disk that holds {path.name} is full. The last change was not made, everything "
        "before it is saved; free some space and try again."
    )


def unwritable(path: Path) -> Unwritable:
    """The system refuses to write there."""
    return Unwritable(
        f"{path.name} cannot be written in {path.parent}. Check the permissions of the folder, "
        "or open the project read-only."
    )


def corrupt(path: Path) -> Corrupt:
    """The file is a project, and cannot be read."""
    return Corrupt(
        f"{path.name} is damaged and cannot be read. Nothing was changed in it; "
        "restore it from a backup."
    )
