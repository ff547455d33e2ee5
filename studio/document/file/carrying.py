"""Carrying a project's own media over to a copy of it that lies elsewhere or has another name.

The copy's media goes into the copy's own folder ("film.media" beside "film.workprint"), and every
path in the copied file, those of its undo history too, is rewritten to it in one transaction.
Nothing of the original is touched, so that it is whole whenever this is stopped.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio.document.codec import dumps
from studio.document.file.journal import pack, transaction, unpack, write_meta
from studio.document.model.asset import Asset
from studio.document.rows import Row, RowChange

_ASSET = Asset.__name__
_SHA256_DIGITS = 64
_PIECE_BYTES = 4 << 20
NOTHING_PLACED: Mapping[Path, Path] = {}


@dataclass(frozen=True, slots=True)
class Home:
    """Where a project lies: the folder of its file, and the name of its media folder there."""

    folder: Path
    media: str

    @property
    def media_folder(self) -> Path:
        return self.folder / self.media


def carry_media(
    copy: Path, old: Home, new: Home, placed: Mapping[Path, Path] = NOTHING_PLACED
) -> None:
    """Give a copied project file media of its own; missing files stay missing.

    `placed` are files that are over already (`transfer`), by those they are copies of.

    Files are hard links to the same bytes where the disk allows, else copies. What is there
    already under the same name with the same bytes stays. Footage that lies beside the old project
    stays where it is, and is named by its whole path when the copy lies in another folder.
    Raises: OSError, sqlite3.Error.
    """
    connection = sqlite3.connect(copy, isolation_level=None)
    try:
        stored = stored_paths(connection)
        moved = {path: _moved(path, old, new, placed) for path in stored}
        with transaction(connection):
            _rewrite(connection, moved)
            write_meta(connection, "media_folder", new.media)
    finally:
        connection.close()
    if new.media_folder.is_dir():
        force_to_disk(new.media_folder)


def force_to_disk(path: Path) -> None:
    """Wait until a file is on the disk, or a folder's list of files (but on Windows)."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _moved(stored: str, old: Home, new: Home, placed: Mapping[Path, Path]) -> str:
    """What a stored path is called in the copy; its file is there when this returns."""
    path = Path(stored)
    if path.is_absolute():
        return stored
    if not path.is_relative_to(old.media):
        return stored if old.folder == new.folder else str(old.folder / path)
    inside = path.relative_to(old.media)
    if old.media_folder == new.media_folder:
        return stored
    file, wanted = old.media_folder / inside, new.media_folder / inside
    name = placed[file] if file in placed else placed_file(file, wanted)[0]
    return name.relative_to(new.folder).as_posix()


def placed_file(
    old: Path, wanted: Path, copied: Callable[[int], object] = lambda _bytes: None
) -> tuple[Path, bool]:
    """Put a file at a path, or at one like it where other bytes have that name.

    -> where it is, and whether it was not there before. `copied` hears, as it goes, of the bytes
    of it that are copied; what it raises stops that, and leaves nothing.
    Raises: OSError.
    """
    if not old.is_file():
        return wanted, False
    target, number = wanted, 2
    while target.exists():
        if _same_bytes(old, target):
            return target, False
        target = wanted.with_name(f"{wanted.stem} {number}{wanted.suffix}")
        number += 1
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, target)
    except OSError:  # another disk, or a file system without links
        _copy_whole(old, target, copied)
    return target, True


def _same_bytes(old: Path, there: Path) -> bool:
    """Files named by their bytes need not be read; all others are compared whole."""
    if old.stat().st_size != there.stat().st_size:
        return False
    return len(old.stem) == _SHA256_DIGITS or filecmp.cmp(old, there, shallow=False)


def _copy_whole(old: Path, new: Path, copied: Callable[[int], object]) -> None:
    temporary = new.with_name(f".{new.name}.{os.getpid()}.part")
    try:
        with old.open("rb") as source, temporary.open("wb") as target:
            while piece := source.read(_PIECE_BYTES):
                target.write(piece)
                copied(source.tell())
        shutil.copystat(old, temporary)
        force_to_disk(temporary)
        temporary.replace(new)
    finally:
        temporary.unlink(missing_ok=True)


def stored_paths(connection: sqlite3.Connection) -> set[str]:
    """Every path that the project names, or could name again after undo or redo."""
    bodies = [body for _id, body in _asset_rows(connection)]
    for _number, changes in _steps(connection):
        rows = (row for change in changes for row in (change.before, change.after))
        bodies += [row.body for row in rows if row is not None and row.kind == _ASSET]
    return {part["path"] for body in bodies for part in _parts(json.loads(body))}


def _rewrite(connection: sqlite3.Connection, moved: dict[str, str]) -> None:
    for object_id, body in _asset_rows(connection):
        renamed = (_renamed(body, moved), object_id)
        connection.execute("UPDATE object SET body = ? WHERE id = ?", renamed)
    for number, changes in _steps(connection):
        if any(_names_asset(change) for change in changes):
            renamed = [_carried(change, lambda body: _renamed(body, moved)) for change in changes]
            values = (pack(renamed), number)
            connection.execute("UPDATE step SET changes = ? WHERE number = ?", values)


def _asset_rows(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT id, body FROM object WHERE kind = ?", (_ASSET,)).fetchall()


def _steps(connection: sqlite3.Connection) -> Iterable[tuple[int, list[RowChange]]]:
    numbers = connection.execute("SELECT number FROM step ORDER BY number").fetchall()
    for (number,) in numbers:
        query = "SELECT changes FROM step WHERE number = ?"
        yield number, unpack(connection.execute(query, (number,)).fetchone()[0])


def _names_asset(change: RowChange) -> bool:
    return any(row is not None and row.kind == _ASSET for row in (change.before, change.after))


def _carried(change: RowChange, rename: Callable[[str], str]) -> RowChange:
    def row(was: Row | None) -> Row | None:
        return was and (was._replace(body=rename(was.body)) if was.kind == _ASSET else was)

    return replace(change, before=row(change.before), after=row(change.after))


def _renamed(body: str, moved: dict[str, str]) -> str:
    read = json.loads(body)
    for part in _parts(read):
        part["path"] = moved[part["path"]]
    return dumps(read)


def _parts(body: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """What has a path in an asset's row: the asset itself, and its proxies."""
    return (part for part in (body, *body.get("proxies", ())) if part.get("path"))
