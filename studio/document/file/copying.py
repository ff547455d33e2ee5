"""Copies of projects, and files that appear under their name only when they are whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from studio.document.errors import Unwritable
from studio.document.file.failures import told
from studio.document.file.lock import ProjectLock
from studio.document.model.asset import Asset


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
            _force_to_disk(temporary)
            _put(temporary, target)
            _force_to_disk(target.parent)
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


def _force_to_disk(path: Path) -> None:
    """Wait until a file is on the disk, or a folder's list of files (but on Windows)."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_file(connection: sqlite3.Connection, target: Path) -> None:
    """Copy an open project file, history included, as it is at one moment."""
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def copy_media(assets: Iterable[Asset], source: Path, target: Path) -> None:
    """Put the media of a project's own folder into another, as hard links where possible.

    What is there already stays: such files are named by their contents. Missing files are left
    out, as they are missing from the project itself.
    """
    if source == target:
        return
    for stored in _own_paths(assets):
        old, new = source / stored, target / stored
        if new.exists() or not old.is_file():
            continue
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, new)
        except OSError:
            _copy_whole(old, new)


def _own_paths(assets: Iterable[Asset]) -> Iterable[Path]:
    for asset in assets:
        for path in (asset.path, *(proxy.path for proxy in asset.proxies)):
            if path and not Path(path).is_absolute():
                yield Path(path)


def _copy_whole(old: Path, new: Path) -> None:
    temporary = new.with_name(f".{new.name}.{os.getpid()}.part")
    try:
        shutil.copy2(old, temporary)
        temporary.replace(new)
    finally:
        temporary.unlink(missing_ok=True)
