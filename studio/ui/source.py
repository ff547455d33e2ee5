"""The source deck: one asset in the source viewer, with its marks, ready to be laid down."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication

from studio.document.model.asset import Asset
from studio.document.time import Rate, Time
from studio.session.placing import SOUND_RATE, source_rate
from studio.session.session import Session
from studio.session.source_edits import Marked
from studio.session.transport import Transport
from studio.ui.asset_drag import AssetDrag
from studio.ui.viewer.subject import subject_of_asset
from studio.ui.viewer.viewer import Viewer


class SourceDeck(QObject):
    """Marks are kept for each asset while the studio runs. `named` carries the name of what is
    looked at now, "" for nothing.
    """

    named = Signal(str)

    def __init__(self, session: Session, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._session = session
        self._viewer = viewer
        self._marks: dict[str, tuple[int | None, int | None]] = {}
        self.asset: Asset | None = None
        self.transport: Transport = viewer.transport
        self.transport.range_changed.connect(self._remember)
        session.project_opened.connect(self.close_asset)
        viewer.canvas.clear("Double-click a clip in the media bin to look at it here.")
        viewer.canvas.press_handler = DragStart(self._drag)

    @property
    def rate(self) -> Rate:
        """The rate at which the asset's frames are counted."""
        return SOUND_RATE if self.asset is None else source_rate(self.asset)

    def open(self, asset: Asset) -> None:
        """Look at an asset."""
        if self.asset is not None and self.asset.id == asset.id:
            return
        self.transport.pause()
        self.asset = None
        marks = self._marks.get(asset.id, (None, None))
        self.transport.mark_in(marks[0])
        self.transport.mark_out(marks[1])
        self.asset = asset
        self._viewer.show_subject(subject_of_asset(asset), self._session.media)
        self.transport.seek(marks[0] or 0)
        self.named.emit(asset.name)

    def close_asset(self) -> None:
        """Look at nothing, since the project has changed."""
        self.asset = None
        self._marks.clear()
        self.named.emit("")
        self._viewer.show_subject(None, None)
        self._viewer.canvas.clear("Double-click a clip in the media bin to look at it here.")

    def marked(self) -> Marked | None:
        """The asset with its marks, and the moment that is shown."""
        asset = self.asset
        if asset is None:
            return None

        def at(frame: int | None) -> Time | None:
            return None if frame is None else asset.start + Time(frame, self.rate)

        transport = self.transport
        here = asset.start + Time(transport.position, self.rate)
        return Marked(asset, at(transport.in_frame), at(transport.out_frame), here)

    def _remember(self) -> None:
        if self.asset is None:
            return
        transport = self.transport
        if transport.out_frame is not None and transport.out_frame > transport.length_frames:
            transport.mark_out(
                transport.length_frames
            )  # the playhead may stand past the last frame
            return
        self._marks[self.asset.id] = (transport.in_frame, transport.out_frame)

    def _drag(self) -> None:
        """The picture was dragged: it goes to the timeline as an asset with its marks."""
        if self.asset is None:
            return
        drag = QDrag(self._viewer)
        marks = (self.transport.in_frame, self.transport.out_frame)
        drag.setMimeData(AssetDrag((self.asset.id,), *marks).mime())
        drag.exec(Qt.DropAction.CopyAction)


class DragStart:
    """Turns a press and a move on the picture into the start of a drag."""

    def __init__(self, start: Callable[[], object]) -> None:
        self._start = start
        self._pressed: QPoint | None = None

    def press(self, event: QMouseEvent) -> None:
        """The picture was pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved; far enough, it is a drag."""
        if self._pressed is None:
            return
        travel = (event.position().toPoint() - self._pressed).manhattanLength()
        if travel >= QApplication.startDragDistance():
            self._pressed = None
            self._start()

    def release(self) -> None:
        """The picture was let go."""
        self._pressed = None
