"""Opening the rating window: from Tools › Rate candidates…, or as a program of its own."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from engine.protocol.ratings import BadRatings
from studio.ui.desk import Desk
from studio.ui.rating.board import RatingBoard
from studio.ui.rating.window import RatingWindow
from studio.ui.screenshot import save_picture
from studio.ui.theme import apply_theme


@dataclass(frozen=True, slots=True)
class _Shown:
    """The window as a picture of it is taken: it shows nothing that comes late."""

    window: QWidget
    settled: bool = True


def rate_candidates(desk: Desk) -> None:
    """Ask for a folder and rate it; a folder that cannot be rated is told in the notice bar."""
    window = QApplication.activeWindow()
    chosen = QFileDialog.getExistingDirectory(window, "Rate candidates: choose their folder")
    if chosen:
        open_rating(desk, Path(chosen), window)


def open_rating(desk: Desk, folder: Path, parent: QWidget | None) -> RatingWindow | None:
    """Open the window on a folder; None when it cannot be rated."""
    try:
        window = RatingWindow(RatingBoard(folder), parent)
    except BadRatings as problem:
        desk.session.notices.error(str(problem), topic="rating")
        return None
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.show()
    return window


def show_rating(board: RatingBoard, theme: str, screenshot: Path | None) -> int:
    """Rate until the window is closed, or save a picture of it as PNG; -> exit code."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Workprint")
    apply_theme(app, theme)
    window = RatingWindow(board)
    window.show()
    if screenshot is not None:
        return save_picture(app, _Shown(window), screenshot)
    return app.exec()
