"""ProjectFile: an open project, its history, and the file that holds them.

    with ProjectFile.create(path, project) as file:
        file.history.apply("Razor", lambda p: razor(p, sequence_id, frame))
        file.history.undo()

There is no saving: each edit is on the disk when `apply` returns. A file is open for editing in
one studio at a time; others may open it read-only. Not for use from several threads at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from studio.document.assembly import assemble
from studio.document.codec import Unreadable
from studio.document.errors import FileError, NotAProject, NotFound, Unwritable
from studio.document.file.carrying import NOTHING_PLACED, Home, carry_media
from studio.document.file.connecting import connect, connect_to_read
from studio.document.file.copying import copy_file, in_place
from studio.document.file.failures import corrupt, from_system, told
from studio.document.file.flusher import Flusher
from studio.document.file.journal import (
    FileJournal,
    ReadOnlyJournal,
    drop_old_steps,
    read_meta,
    transaction,
    write_meta,
    write_rows,
)
from studio.document.file.lock import ProjectLock
from studio.document.file.paths import default_media_folder, missing, resolve
from studio.document.file.schema import APPLICATION_ID, CURRENT, Version, create_tables, upgrade
from studio.document.file.transfer import Transfer
from studio.document.history import History
from studio.document.model.asset import Asset
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.rows import Row, all_rows


@dataclass(frozen=True, slots=True)
class _Held:
    """What an editing studio holds open besides the connection."""

    lock: ProjectLock
    flusher: Flusher


class ProjectFile:
    """An open project file. Make one with `create` or `open`; close it when done."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, held: _Held | None, notice: str
    ) -> None:
        self.path = path
        self.notice = notice
        self._connection = connection
        self._held = held
        self.media_folder = path.parent / read_meta(
            connection, "media_folder", default_media_folder(path)
        )
        self.moved_from = Path(read_meta(connection, "folder", str(path.parent)))
        project = _load(connection, path)
        if held is None:
            self.history = History(project, ReadOnlyJournal(connection, notice))
        else:
            self.history = History(project, FileJournal(connection, path, held.flusher))

    @classmethod
    def create(cls, path: Path, project: Project, *, overwrite: bool = False) -> Self:
        """Make a new file for a project, and open it.

        It appears under its name when it is whole.
        Raises: FileError when there is a file (unless `overwrite`), or it cannot be written.
        """
        target = path.absolute()
        with in_place(target, overwrite=overwrite) as temporary:
            _write_new(temporary, project, target)
        return cls.open(target)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open a project file: for editing, or only to read.

        One that a newer studio wrote in a way this one would damage opens read-only; `notice`
        then says so.
        Raises: FileError: NotFound, NotAProject, Corrupt, InUse or Unwritable.
        """
        target = _checked(path)
        if read_only:
            return cls._open_to_read(target, f"{target.name} is open read-only.")
        newer = _too_new(target)
        if newer is not None:
            return cls._open_to_read(
                target,
                f"{target.name} was made by a newer Workprint (file version {newer}). It is open "
                "read-only, so that nothing in it is lost.",
            )
        return cls._open_to_edit(target)

    @classmethod
    def _open_to_edit(cls, target: Path) -> Self:
        try:
            lock = ProjectLock.acquire(target)
        except OSError as error:
            raise from_system(error, target) from error
        try:
            with told(target):
                connection = connect(target)
            try:
                with told(target):
                    upgrade(connection)
                    drop_old_steps(connection)
                    file = cls(target, connection, _Held(lock, Flusher(target)), "")
                    file._note_folder()
                    return file
            except BaseException:
                connection.close()
                raise
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _open_to_read(cls, target: Path, notice: str) -> Self:
        with told(target):
            connection = connect_to_read(target)
        try:
            with told(target):
                reason = f"{notice} To change it, save a copy under another name."
                return cls(target, connection, None, reason)
        except BaseException:
            connection.close()
            raise

    def _note_folder(self) -> None:
        if read_meta(self._connection, "folder", "") != str(self.path.parent):
            write_meta(self._connection, "folder", str(self.path.parent))

    @property
    def project(self) -> Project:
        """The project as it now is."""
        return self.history.project

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return self._held is None

    def media_path(self, asset: Asset) -> Path:
        """Where an asset's file is; it may be missing."""
        return resolve(asset.path, self.path.parent, self.moved_from)

    def missing_assets(self) -> list[Asset]:
        """The assets whose file is not where it should be."""
        return missing(self.project.assets, self.path.parent, self.moved_from)

    def view_state(self, key: str, default: str = "") -> str:
        """What a view stored: playhead, zoom, panels. Not part of the project, never undone."""
        with told(self.path):
            row = self._connection.execute("SELECT value FROM view WHERE key = ?", (key,))
            found = row.fetchone()
        return str(found[0]) if found else default

    def set_view_state(self, key: str, value: str) -> None:
        """Store something for a view. In a file open read-only it is not kept.

        Raises: FileError when it cannot be written.
        """
        if self._held is None:
            return
        with told(self.path), transaction(self._connection):
            self._connection.execute(
                "INSERT INTO view VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )
        self._held.flusher.poke()

    def transfer_to(self, path: Path) -> Transfer:
        """What takes the project's media ahead to a copy at a path, to be run on any thread.

        Raises: Unwritable when that is the project itself.
        """
        target = self._elsewhere(path)
        here = Home(self.path.parent, self.media_folder.name)
        return Transfer(self.path, here, Home(target.parent, default_media_folder(target)))

    def _elsewhere(self, path: Path) -> Path:
        target = path.absolute()
        if target == self.path:
            raise Unwritable("That is the project itself. Choose another name for the copy.")
        return target

    def save_copy(
        self,
        path: Path,
        *,
        overwrite: bool = False,
        placed: Mapping[Path, Path] = NOTHING_PLACED,
    ) -> None:
        """Write a copy of the project, history included, under another name.

        Media of the project's own folder goes with it into the copy's own, as links to the same
        bytes where the disk allows, and all its paths lead there. The copy appears when it is
        whole, its media before it; this file stays open, and is not changed. `placed` is media
        that a `Transfer` has taken there already.
        Raises: FileError when there is a file (unless `overwrite`), or it cannot be written.
        """
        target = self._elsewhere(path)
        with in_place(target, overwrite=overwrite) as temporary:
            copy_file(self._connection, temporary)
            here = Home(self.path.parent, self.media_folder.name)
            there = Home(target.parent, default_media_folder(target))
            carry_media(temporary, here, there, placed)

    def close(self) -> None:
        """Close the file; what was edited is in it. Calling it again does nothing.

        Raises: FileError when the last of it could not be moved out of the log, where it is safe.
        """
        held, self._held = self._held, None
        if held is not None:
            held.flusher.close()
        try:
            with told(self.path):
                self._connection.close()
        finally:
            if held is not None:
                held.lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _checked(path: Path) -> Path:
    """The real path of a project file, so that one file has one lock under all its names.

    Raises: NotFound or NotAProject.
    """
    target = path.absolute()
    if not target.exists():
        raise NotFound(f"There is no file {target}. Check the name, or look for it elsewhere.")
    target = target.resolve()
    try:
        with target.open("rb") as file:
            header = file.read(72)
    except OSError as error:
        reason = error.strerror or "the system refuses"
        raise FileError(f"{target.name} cannot be read: {reason.lower()}.") from error
    is_database = header.startswith(b"SQLite format 3\0")
    if not is_database or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise NotAProject(f"{target.name} is not a Workprint project.")
    return target


def _too_new(target: Path) -> Version | None:
    """The version of a file that this studio must not write, None when it may."""
    with told(target):
        connection = connect_to_read(target)
        try:
            version = Version.of(connection)
        finally:
            connection.close()
    return version if version.major > CURRENT.major else None


def _write_new(temporary: Path, project: Project, target: Path) -> None:
    connection = sqlite3.connect(temporary, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        create_tables(connection)
        with transaction(connection):
            write_rows(connection, all_rows(project))
            write_meta(connection, "next_id", str(project.next_id))
            write_meta(connection, "position", "0")
            write_meta(connection, "media_folder", default_media_folder(target))
            write_meta(connection, "folder", str(target.parent))
    finally:
        connection.close()


def _load(connection: sqlite3.Connection, path: Path) -> Project:
    """Read the project.

    Raises: Corrupt when it makes no sense, FileError when a newer version must read it.
    """
    query = "SELECT id, kind, parent, previous, body FROM object"
    rows: dict[Id, Row] = {each[0]: Row(*each[1:]) for each in connection.execute(query)}
    try:
        project = assemble(rows)
        next_id = int(read_meta(connection, "next_id", "1"))
    except (Unreadable, ValueError) as error:
        if Version.of(connection) > CURRENT:
            raise FileError(f"{path.name} can only be opened by a newer Workprint.") from error
        raise corrupt(path) from error
    return replace(project, next_id=next_id)
