"""A section of the inspector: a head that folds its body away, and the form inside it."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.document.model.project import Project
from studio.session.session import Session
from studio.ui.controls import column, label, row, tool_button
from studio.ui.theme import themed_icon

LABEL_PX = 92


class Section(QWidget):
    """Sections show `refresh(project, frame)`: the playhead counted from the clip's first frame."""

    folded: ClassVar[set[str]] = set()
    """Titles of sections that are folded, kept while the studio runs."""

    def __init__(self, title: str, session: Session) -> None:
        super().__init__()
        self.session = session
        self._title = title
        self.fold = QToolButton()
        self.fold.setAutoRaise(True)
        self.fold.setFixedSize(18, 18)
        self.fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fold.clicked.connect(self._toggle)
        self.heading = label(title, "section")
        self.head = row(self.fold, self.heading, None, spacing=3)
        self.body = QWidget()
        self.form = QVBoxLayout(self.body)
        self.form.setContentsMargins(4, 2, 0, 6)
        self.form.setSpacing(5)
        layout = column(spacing=2)
        layout.addLayout(self.head)
        layout.addWidget(self.body)
        self.setLayout(layout)
        self._show_fold()

    def add_head_button(self, icon: str, tip: str) -> QToolButton:
        """A small button at the right of the head."""
        button = tool_button(icon, tip, size=13)
        self.head.addWidget(button)
        return button

    def add_row(self, name: str, *widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
        """A labelled row."""
        text = label(name, "dim")
        text.setFixedWidth(LABEL_PX)
        line = row(text, *widgets, spacing=4)
        if stretch and widgets:
            line.setStretch(len(widgets), 1)
        else:
            line.addStretch(1)
        self.form.addLayout(line)
        return line

    @abstractmethod
    def refresh(self, project: Project, frame: int) -> None:
        """Show the values of a project at a frame of the clip."""

    def _toggle(self) -> None:
        if self._title in self.folded:
            self.folded.discard(self._title)
        else:
            self.folded.add(self._title)
        self._show_fold()

    def _show_fold(self) -> None:
        away = self._title in self.folded
        self.body.setVisible(not away)
        self.fold.setIcon(themed_icon("chevron-right" if away else "chevron-down", 13))
