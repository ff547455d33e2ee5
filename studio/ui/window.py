"""The main window: where every panel is, and how they divide the room. It decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget

from studio.ui.controls import boxed, column, row
from studio.ui.meters.strip import SoundMeters
from studio.ui.notice_bar import NoticeBar
from studio.ui.panels.generate import GeneratePanel
from studio.ui.panels.history import HistoryPanel
from studio.ui.panels.inspector.panel import InspectorPanel
from studio.ui.panels.jobs import JobsPanel
from studio.ui.panels.library import LibraryPanel
from studio.ui.panels.media_bin import MediaBin
from studio.ui.scopes.panel import ScopesPanel
from studio.ui.tab_panel import TabPanel
from studio.ui.timeline.panel import TimelinePanel
from studio.ui.viewer.viewer import Viewer
from studio.ui.welcome import WelcomePage

LEFT_PX, RIGHT_PX = 330, 316
MIN_SIDE_PX = 248
MIN_INSPECTOR_PX = 288
"""The widest of its sections, with the bar that scrolls them."""
LOWER_SHARE = 0.40


@dataclass(frozen=True, slots=True)
class Parts:
    """The panels, made elsewhere."""

    notices: NoticeBar
    media: MediaBin
    generate: GeneratePanel
    library: LibraryPanel
    program: Viewer
    source: Viewer
    welcome: WelcomePage
    inspector: InspectorPanel
    jobs: JobsPanel
    history: HistoryPanel
    timeline: TimelinePanel
    meters: SoundMeters
    scopes: ScopesPanel


class MainWindow(QMainWindow):
    """`painted` is emitted once, when the window is on the screen; `closing` before it goes."""

    painted = Signal()
    closing = Signal()

    def __init__(self, parts: Parts, import_files: Callable[[list[Path]], object]) -> None:
        super().__init__()
        self.parts = parts
        self._import_files = import_files
        self._closed = False
        self._painted = False
        self.program_pages = QStackedWidget()
        self.left, self.middle, self.right = TabPanel(), TabPanel(), TabPanel()
        self.upper = _splitter(Qt.Orientation.Horizontal)
        self.whole = _splitter(Qt.Orientation.Vertical)
        self._build()

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front and give it the keyboard."""
        if name == "Timeline":
            self.parts.timeline.canvas.setFocus()
            return
        for tabs in (self.left, self.middle, self.right):
            if name in tabs.names:
                tabs.open(name)
                tabs.tabs.currentWidget().setFocus()

    def show_welcome(self, welcome: bool) -> None:
        """An empty project shows its first step in place of a black picture."""
        self.program_pages.setCurrentWidget(self.parts.welcome if welcome else self.parts.program)

    def layout_state(self) -> dict[str, str]:
        """Sizes and places, to be remembered."""
        states = {
            "geometry": self.saveGeometry(),
            "upper": self.upper.saveState(),
            "whole": self.whole.saveState(),
        }
        return {key: bytes(state.toBase64().data()).decode() for key, state in states.items()}

    def restore_layout(self, stored: dict[str, str]) -> None:
        """Take up sizes and places of last time."""
        for key, restore in (
            ("geometry", self.restoreGeometry),
            ("upper", self.upper.restoreState),
            ("whole", self.whole.restoreState),
        ):
            if key in stored:
                restore(QByteArray.fromBase64(stored[key].encode()))

    def default_layout(self, width: int, height: int) -> None:
        """Divide the room for a window of this size."""
        self.resize(width, height)
        side = 1.0 if width >= 1500 else 0.88
        left, right = round(LEFT_PX * side), round(RIGHT_PX * side)
        self.upper.setSizes([left, width - left - right, right])
        lower = round(height * LOWER_SHARE)
        self.whole.setSizes([height - lower, lower])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._import_files(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def fit_screen(self) -> None:
        """Draw back what reaches past the screen, its frame counted; a whole-screen window may."""
        if self.isMaximized() or self.isFullScreen():
            return
        room, frame = self.screen().availableGeometry(), self.frameGeometry()
        if room.contains(frame):
            return
        wide, high = frame.width() - self.width(), frame.height() - self.height()
        width = min(self.width(), room.width() - wide)
        height = min(self.height(), room.height() - high)
        self.resize(width, height)
        left = max(room.left(), min(frame.left(), room.right() + 1 - width - wide))
        top = max(room.top(), min(frame.top(), room.bottom() + 1 - height - high))
        self.move(left, top)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closed:
            self._closed = True
            self.closing.emit()
        event.accept()

    def _build(self) -> None:
        self.setAcceptDrops(True)
        self.setMinimumSize(1000, 620)
        self.setDocumentMode(True)
        body = boxed(column(self.whole, margins=(6, 0, 6, 6)))
        self.setCentralWidget(body)
        self._fill()
        self.left.setMinimumWidth(MIN_SIDE_PX)
        self.right.setMinimumWidth(MIN_INSPECTOR_PX)
        self.middle.setMinimumWidth(430)
        self.parts.timeline.setMinimumHeight(170)
        self.upper.setStretchFactor(1, 1)
        self.whole.setStretchFactor(0, 1)
        self.parts.notices.float_over(self.middle.tabs, body)

    def _fill(self) -> None:
        """Hang everything into the window from the outside in, and in the order of Tab.

        A widget that goes into another is dressed anew with all that it holds: built from the
        inside out, the window would take twice as long to open.
        """
        parts = self.parts
        self.whole.addWidget(self.upper)
        self.upper.addWidget(self.left)
        self.left.fill(
            ("Media", parts.media),
            ("Generate", parts.generate),
            ("Library", parts.library),
            ("Scopes", parts.scopes),
        )
        self.upper.addWidget(self.middle)
        self.middle.fill(("Program", self.program_pages))
        self.program_pages.addWidget(parts.program)
        self.program_pages.addWidget(parts.welcome)
        self.middle.fill(("Source", parts.source))
        self.upper.addWidget(self.right)
        self.right.fill(
            ("Inspector", parts.inspector), ("Jobs", parts.jobs), ("History", parts.history)
        )
        lower = row()
        self.whole.addWidget(boxed(lower))
        lower.addWidget(parts.timeline, 1)
        lower.addWidget(parts.meters)


FRAME_PX = 40
"""Room left for a title bar and borders, which are known only once the window is shown."""


def fitting(size: tuple[int, int]) -> tuple[int, int]:
    """The size for a first window: the one wished for, or what the screen has room for."""
    room = QApplication.primaryScreen().availableSize()
    return min(size[0], room.width()), min(size[1], room.height() - FRAME_PX)


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(6)
    return splitter
