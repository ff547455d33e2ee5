"""Opening and closing projects from the window: what to ask, and what to say when it fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from studio.document.errors import DocumentError, InUse
from studio.document.file.paths import SUFFIX
from studio.document.file.project_file import ProjectFile
from studio.document.file.transfer import Transfer
from studio.session.notices import Notice, NoticeAction, Severity
from studio.session.preferences import Preferences
from studio.session.projects import (
    create_project,
    create_untitled,
    discard,
    discard_if_empty,
    is_untitled,
)
from studio.session.saving import Saving
from studio.session.session import Session


class Opening:
    """Changes which project the session looks at."""

    def __init__(self, session: Session, preferences: Preferences) -> None:
        self._session = session
        self._preferences = preferences
        self.saving = Saving(session)

    def open_path(self, path: Path, *, read_only: bool = False) -> bool:
        """Open a project, or say why not and what else can be done."""
        if path.resolve() == self._session.path.resolve() and not read_only:
            return True
        try:
            file = ProjectFile.open(path, read_only=read_only)
        except InUse as error:
            action = NoticeAction("Open read-only", lambda: self.open_path(path, read_only=True))
            self._session.notices.post(
                Notice(Severity.WARNING, str(error), action, "open", sticky=True)
            )
            return False
        except DocumentError as error:
            self._session.notices.error(str(error), topic="open")
            return False
        self._take(file)
        return True

    def new_at(self, path: Path) -> bool:
        """A new project at a place the user chose; an older file there is replaced."""
        return self._take_new(lambda: create_project(path, overwrite=True))

    def new_untitled(self) -> bool:
        """A new project that has no name yet."""
        return self._take_new(create_untitled)

    def save_as(self, path: Path, then: Callable[[], object] = lambda: None) -> bool:
        """Copy the project to another place, its media beside it, and go on there; -> if it began.

        Media is copied on another thread; `then` is called when the copy is open. Until then the
        project is where it was, and so it is when that fails or is stopped. An untitled project
        moves: once its copy is open, nothing of it is left where it was.
        """
        before = self._session.file
        target = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        try:
            transfer = before.transfer_to(target)
        except DocumentError as error:
            self._failed(error)
            return False
        copied = partial(self._copied, before, target, transfer, then)
        return self.saving.begin(transfer, copied, self._failed)

    def _copied(
        self, before: ProjectFile, target: Path, transfer: Transfer, then: Callable[[], object]
    ) -> None:
        """The media is there: the project follows, with what was edited and made meanwhile."""
        if self._session.file is not before:
            transfer.withdraw()
            return
        self._session.keep_views()
        sequence_id, frame = self._session.sequence_id, self._session.transport.position
        try:
            before.save_copy(target, overwrite=True, placed=transfer.placed)
        except DocumentError as error:
            transfer.withdraw()
            self._failed(error)
            return
        if not self.open_path(target):
            return
        self._session.open_sequence(sequence_id)
        self._session.transport.seek(frame)
        if is_untitled(before.path) and before.media_folder != self._session.media_folder:
            discard(before)
        then()

    def _failed(self, error: Exception) -> None:
        self._session.notices.error(str(error), topic="open")

    def welcome_back(self) -> None:
        """Say what must be known about the project that has just been opened."""
        notices = self._session.notices
        for topic in ("open", "read only", "missing", "edit", "file"):
            notices.clear_topic(topic)
        if self._session.read_only:
            notices.post(
                Notice(Severity.WARNING, self._session.read_only, topic="read only", sticky=True)
            )

    def _take_new(self, make: Callable[[], ProjectFile]) -> bool:
        try:
            file = make()
        except DocumentError as error:
            self._session.notices.error(str(error), topic="open")
            return False
        self._take(file)
        return True

    def _take(self, file: ProjectFile) -> None:
        before = self._session.file
        self._session.open(file)
        discard_if_empty(before)
        for path, worth_it in (
            (before.path, is_untitled(before.path)),
            (file.path, not is_untitled(file.path)),
        ):
            if worth_it and path.is_file():
                self._preferences.remember(path)
        self.welcome_back()
