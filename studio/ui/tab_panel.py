"""A rounded panel of tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QTabWidget, QWidget

from studio.ui.controls import column

SUBJECT_PX = 260
"""The widest name of what a page shows: a long one must not push the other tabs away."""


class TabPanel(QFrame):
    """Pages by name; a name can be shown, and says whether it is in view.

    It is put into its place empty: what a widget holds is dressed anew wherever that one goes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("Panel")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._names: list[str] = []
        self.setLayout(column(self.tabs, margins=(4, 2, 4, 4)))

    def fill(self, *pages: tuple[str, QWidget]) -> None:
        """Add pages with their names."""
        for name, page in pages:
            self._names.append(name)
            self.tabs.addTab(page, name)

    @property
    def names(self) -> list[str]:
        return list(self._names)

    def open(self, name: str) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentIndex(self._names.index(name))

    def is_open(self, name: str) -> bool:
        """Whether a page is in front."""
        return self.tabs.currentIndex() == self._names.index(name)

    def set_badge(self, name: str, badge: str) -> None:
        """A few signs after a tab's name, such as a number of running jobs."""
        text = f"{name} {badge}" if badge else name
        self.tabs.setTabText(self._names.index(name), text)

    def set_subject(self, name: str, subject: str) -> None:
        """Say after a tab's name what its page shows; the whole of it is the tab's tip."""
        metrics = self.tabs.tabBar().fontMetrics()
        short = metrics.elidedText(subject, Qt.TextElideMode.ElideMiddle, SUBJECT_PX)
        text = f"{name}: {short}" if subject else name
        place = self._names.index(name)
        self.tabs.setTabText(place, text.replace("&", "&&"))
        self.tabs.setTabToolTip(place, subject)
