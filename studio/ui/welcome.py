"""The welcome page: what an empty project shows in place of a picture, with a clear first step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from studio.session.preferences import Preferences
from studio.ui.controls import boxed, column, label, push_button, row
from studio.ui.theme import current

RECENT_SHOWN = 5
ABOUT_PX = 480


@dataclass(frozen=True, slots=True)
class WelcomeVerbs:
    """What the page's buttons do."""

    describe: Callable[[], object]
    import_media: Callable[[], object]
    open_project: Callable[[], object]
    open_path: Callable[[Path], object]


class WelcomePage(QWidget):
    """Three ways to begin, and the projects of last time."""

    def __init__(self, preferences: Preferences, verbs: WelcomeVerbs) -> None:
        super().__init__()
        self._preferences = preferences
        self._verbs = verbs
        self.describe = push_button("Describe a shot", verbs.describe, "primary", "")
        self.bring = push_button("Import footage…", verbs.import_media)
        self.open = push_button("Open a project…", verbs.open_project)
        for button in (self.describe, self.bring, self.open):
            button.setMinimumHeight(30)
        title = label("Start a film", "hero")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        about = label(
            "Drop footage anywhere in this window, or describe a shot and let a draft model make "
            "it while you go on. Cut with drafts; conform the locked cut with bigger ones.",
            "dim",
            wrap=True,
        )
        about.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        about.setFixedWidth(ABOUT_PX)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(1)
        self._recent_box = QFrame()
        self._recent_box.setLayout(self._recent)
        self._recent_box.setFixedWidth(ABOUT_PX)
        self.setLayout(
            column(
                None,
                title,
                boxed(row(None, about, None)),
                6,
                boxed(row(None, self.describe, self.bring, self.open, None, spacing=8)),
                12,
                boxed(row(None, self._recent_box, None)),
                None,
                spacing=8,
                margins=(20, 12, 20, 12),
            )
        )
        self.setStyleSheet(f"WelcomePage {{ background: {current().panel}; }}")
        preferences.changed.connect(lambda _names: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """List the recent projects."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        paths = self._preferences.recent_projects()[:RECENT_SHOWN]
        self._recent_box.setVisible(bool(paths))
        if paths:
            self._recent.addWidget(label("Recent projects", "section"))
        for path in paths:
            button = push_button(path.stem, lambda path=path: self._verbs.open_path(path), "link")
            button.setToolTip(str(path))
            self._recent.addWidget(button)
