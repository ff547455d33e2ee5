"""Keeps an eye on the footage: what is gone from the disk is marked, told of, and can be found."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from studio.session.notices import NoticeAction
from studio.session.session import Session
from studio.ui.viewer.viewer import Viewer


class FootageWatch(QObject):
    """Looks again when the user comes back to the window, and tells of what is missing.

    Files are moved and disks unplugged in other programs, while a project is open.
    """

    def __init__(
        self,
        session: Session,
        program: Viewer,
        find: Callable[[], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._program = program
        self._find = find
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        app.applicationStateChanged.connect(self._came_back)
        session.footage.changed.connect(self.tell)

    def close(self) -> None:
        """Look no more: the project is being closed."""
        self._app.applicationStateChanged.disconnect(self._came_back)

    def tell(self) -> None:
        """Say what is missing, and show the picture as it now is."""
        notices, missing = self._session.notices, len(self._session.footage.missing)
        notices.clear_topic("missing")
        if missing:
            noun = "file is" if missing == 1 else "files are"
            action = NoticeAction("Find footage…", self._find)
            notices.warning(
                f"{missing} {noun} not where the project left them. The cut is safe.",
                action,
                topic="missing",
            )
        self._program.refresh()

    def _came_back(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._session.look_for_footage()
