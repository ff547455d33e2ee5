"""Copies of projects, and files that appear under their name only when they are whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from studio.document.errors import Unwritable
from studio.document.file.carrying import force_to_disk
from studio.document.file.failures import told
from studio.document.file.lock import ProjectLock


@contextmanager
def in_place(target: Path, *, overwrite: bool) -> Generator[Path, None, None]:
    """A temporary path beside the target, moved to it when the block is done.

    Raises: FileError when there is a file already (unless `overwrite`), or it cannot be written;
    the target is then as it was.
    """
    if target.exists() and not overwrite:
        raise Unwritable(f"There is already a file {target.name}. Choose another name.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    with told(target):
        temporary.unlink(missing_ok=True)
        try:
            yield temporary
            force_to_disk(temporary)
            _put(temporary, target)
            force_to_disk(target.parent)
        finally:
            temporary.unlink(missing_ok=True)


def _put(temporary: Path, target: Path) -> None:
    """Move a whole file to its name, unless a studio has the file of that name open.

    A log left by a killed studio belongs to the file that is replaced, and must not outlive it.
    Raises: InUse when a studio has it open.
    """
    lock = ProjectLock.acquire(target)
    try:
        for ending in ("-wal", "-shm", "-journal"):
            target.with_name(f"{target.name}{ending}").unlink(missing_ok=True)
        temporary.replace(target)
    finally:
        lock.release()


def copy_file(connection: sqlite3.Connection, target: Path) -> None:
    """Copy an open project file, history included, as it is at one moment."""
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
