"""The tabs above the timeline: one for each open sequence, in the order that a hand has put them.

They are shown once the project has a second sequence.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QMouseEvent
from PySide6.QtWidgets import QMenu, QTabBar, QWidget

from studio.document.model.sequence import Sequence
from studio.session.session import Session
from studio.ui.labels import swatch
from studio.ui.theme import ui_font

WIDEST_PX = 220
SIDES_PX, ICON_PX, CLOSE_PX = 34, 16, 24


class SequenceTabBar(QTabBar):
    """A click opens, the cross or the middle button closes, a drag puts a tab elsewhere."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SequenceTabs")
        self._session = session
        self._metrics = QFontMetrics(ui_font(11, QFont.Weight.DemiBold))
        self._shown: tuple[tuple[str, str, str], ...] = ()
        self.setMovable(True)
        self.setExpanding(False)
        self.setTabsClosable(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setDrawBase(False)
        self.setIconSize(QSize(10, 10))
        self.setAccessibleName("Open sequences")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.currentChanged.connect(self._chosen)
        self.tabCloseRequested.connect(lambda place: session.close_tab(self.tabData(place)))
        self.tabMoved.connect(self._moved)
        session.tabs.changed.connect(self.refresh)
        session.changed.connect(lambda _changes: self.refresh())
        session.opened.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the tabs in line with the session."""
        project = self._session.project
        known = {sequence.id: sequence for sequence in project.sequences}
        opened = [known[each] for each in self._session.tabs.open_ids if each in known]
        self.setVisible(len(known) > 1)
        shown = tuple((each.id, each.name, each.colour) for each in opened)
        self.blockSignals(True)
        if shown != self._shown:
            self._shown = shown
            self._rebuild(opened)
        ids = [each.id for each in opened]
        if self._session.sequence_id in ids:
            self.setCurrentIndex(ids.index(self._session.sequence_id))
        self.setTabsClosable(len(opened) > 1)
        self.blockSignals(False)

    def tabSizeHint(self, index: int) -> QSize:
        """Room for the whole name where that is not too wide, whether or not it is in front."""
        text = self._metrics.horizontalAdvance(self.tabText(index).replace("&&", "&"))
        icon = 0 if self.tabIcon(index).isNull() else ICON_PX
        close = CLOSE_PX if self.tabsClosable() else 0
        width = min(WIDEST_PX, text + SIDES_PX + icon + close)
        return QSize(width, super().tabSizeHint(index).height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Names stay readable; where there are too many, arrows scroll them."""
        return self.tabSizeHint(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and place >= 0:
            self._session.close_tab(self.tabData(place))
            return
        super().mouseReleaseEvent(event)

    def menu(self, place: int) -> QMenu:
        """The menu of a tab."""
        session, here = self._session, self.tabData(place)
        menu = QMenu(self)
        close = menu.addAction("Close\tCtrl+W", partial(session.close_tab, here))
        others = menu.addAction("Close the others", partial(self._close_others, here))
        for action in (close, others):
            action.setEnabled(self.count() > 1)
        return menu

    def _rebuild(self, opened: list[Sequence]) -> None:
        while self.count() > len(opened):
            self.removeTab(self.count() - 1)
        while self.count() < len(opened):
            self.addTab("")
        for place, sequence in enumerate(opened):
            self.setTabText(place, sequence.name.replace("&", "&&"))
            self.setTabData(place, sequence.id)
            self.setTabIcon(place, swatch(sequence.colour) if sequence.colour else QIcon())
            size = f"{sequence.width} × {sequence.height}"
            rate = f"{float(sequence.rate.fraction):.5g} fps"
            self.setTabToolTip(place, f"{sequence.name}\n{size} at {rate}")

    def _chosen(self, place: int) -> None:
        if place >= 0:
            self._session.open_sequence(self.tabData(place))

    def _moved(self, start: int, end: int) -> None:
        self._shown = ()
        self._session.tabs.move(start, end)

    def _close_others(self, kept: str) -> None:
        self._session.open_sequence(kept)
        for each in self._session.tabs.open_ids:
            if each != kept:
                self._session.close_tab(each)

    def _menu(self, at: QPoint) -> None:
        place = self.tabAt(at)
        if place >= 0:
            self.menu(place).exec(self.mapToGlobal(at))
