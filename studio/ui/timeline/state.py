"""The timeline's view state: zoom, scroll, tool, and the preview of a gesture under way.

Shared by ruler, headers and canvas. Nothing here is saved in the project.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QObject, QRectF, Signal

from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.queries.places import sequence_duration
from studio.document.queries.trimming import Watched
from studio.session.session import Session
from studio.ui.timeline.geometry import Row, Scale
from studio.ui.timeline.layout import rows_for
from studio.ui.timeline.scene_painter import Ghost

HEADER_PX = 164
RULER_PX = 30
MIN_ROW_ZOOM, MAX_ROW_ZOOM = 0.5, 3.0
LOWEST_FITTED_ZOOM = 0.7
"""Rows lower than this show too little of their pictures to be fitted into view."""


class Tool(Enum):
    """What a press and drag on the timeline does."""

    SELECT = "select"
    RIPPLE = "ripple"
    ROLL = "roll"
    SLIP = "slip"
    SLIDE = "slide"
    RAZOR = "razor"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Hint:
    """Words beside the pointer during a gesture."""

    text: str = ""
    refused: bool = False


class TimelineState(QObject):
    """`looked` says that something must be drawn anew; `rows_changed` that tracks moved;
    `previewed` that a gesture would give another project, or is over.
    """

    looked = Signal()
    previewed = Signal()
    rows_changed = Signal()
    tool_changed = Signal()
    hinted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.scale = Scale()
        self.scroll_y = 0.0
        self.row_zoom = 1.0
        self.tool = Tool.SELECT
        self.snapping = True
        self.view_width = 800.0
        self.view_height = 300.0
        self.guides: tuple[int, ...] = ()
        self.ghosts: tuple[Ghost, ...] = ()
        self.band: QRectF | None = None
        self.hint = Hint()
        self.watched: Watched | None = None
        """The pictures that the gesture under way is about."""
        self._preview: Project | None = None
        self._rows: tuple[Row, ...] = ()
        self._rows_of: tuple[Sequence, float] | None = None
        session.leaving.connect(self._note_look)

    @property
    def project(self) -> Project:
        """The project as shown: the preview of a gesture, else the real one."""
        return self._preview if self._preview is not None else self.session.project

    @property
    def sequence(self) -> Sequence:
        """The sequence as shown."""
        return self.project.sequence(self.session.sequence_id)

    @property
    def previewing(self) -> bool:
        return self._preview is not None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the sequence as shown, worked out once for each value of it."""
        sequence = self.sequence
        known = self._rows_of
        if known is None or known[0] is not sequence or known[1] != self.row_zoom:
            self._rows = rows_for(sequence, self.row_zoom)
            self._rows_of = (sequence, self.row_zoom)
        return self._rows

    @property
    def content_height(self) -> float:
        return self.rows[-1].bottom if self.rows else 0.0

    @property
    def duration(self) -> int:
        """Frames to the end of the longest track."""
        return sequence_duration(self.sequence)

    def marked_range(self) -> tuple[int, int] | None:
        """The in and out points, None when neither is set."""
        transport = self.session.transport
        if transport.in_frame is None and transport.out_frame is None:
            return None
        return transport.range_frames

    def extra_snap_points(self) -> set[int]:
        """What a drag is drawn to besides the cuts: the playhead and the marks."""
        transport = self.session.transport
        points = (transport.position, transport.in_frame, transport.out_frame)
        return {point for point in points if point is not None}

    def preview(self, edit: Callable[[Project], Project] | None) -> None:
        """Show what an edit would give, or go back to the real project.

        Raises:
            EditError: the edit cannot be made; what was shown stays.
        """
        self._preview = None if edit is None else edit(self.session.project)
        self.previewed.emit()
        self.looked.emit()

    def watch(self, watched: Watched | None) -> None:
        """Say which pictures a gesture is about; the end of the gesture ends that."""
        if watched != self.watched:
            self.watched = watched
            self.previewed.emit()

    def show_guides(self, guides: tuple[int, ...]) -> None:
        """Draw lines where a drag has snapped."""
        if guides != self.guides:
            self.guides = guides
            self.looked.emit()

    def show_ghosts(self, ghosts: tuple[Ghost, ...]) -> None:
        """Draw where something dragged in would land."""
        if ghosts != self.ghosts:
            self.ghosts = ghosts
            self.looked.emit()

    def show_band(self, band: QRectF) -> None:
        """Draw the rubber band."""
        self.band = band
        self.looked.emit()

    def show_hint(self, text: str, *, refused: bool = False) -> None:
        """Say by the pointer what the drag does, or why it cannot."""
        self.hint = Hint(text, refused)
        self.hinted.emit()

    def clear_gesture(self) -> None:
        """Nothing is being dragged any more."""
        self._preview = self.watched = None
        self.previewed.emit()
        self.guides, self.ghosts, self.band = (), (), None
        self.hint = Hint()
        self.hinted.emit()
        self.looked.emit()

    def set_scale(self, scale: Scale) -> None:
        """Zoom or scroll along time."""
        if scale != self.scale:
            self.scale = scale
            self.looked.emit()

    def zoom(self, factor: float, anchor_x: float) -> None:
        """Zoom along time around a pixel of the view."""
        self.set_scale(self.scale.zoomed(factor, anchor_x))

    def zoom_to_fit(self) -> None:
        """Show the whole film."""
        frames = max(self.duration, self.sequence.rate.nominal * 10)
        self.set_scale(self.scale.fitted(frames, self.view_width))

    def fit_rows(self) -> None:
        """Lower the rows, within reason, until every track is in view."""
        height = rows_for(self.sequence, 1.0)[-1].bottom if self.rows else 0.0
        if height > 0:
            self.set_row_zoom(min(1.0, max(LOWEST_FITTED_ZOOM, self.view_height / height)))

    def set_row_zoom(self, zoom: float) -> None:
        """Make every row taller or lower."""
        self.row_zoom = min(MAX_ROW_ZOOM, max(MIN_ROW_ZOOM, zoom))
        self.set_scroll_y(self.scroll_y)
        self.rows_changed.emit()
        self.looked.emit()

    def set_scroll_y(self, pixels: float) -> None:
        """Scroll the tracks."""
        limit = max(0.0, self.content_height - self.view_height)
        self.scroll_y = min(limit, max(0.0, pixels))
        self.rows_changed.emit()
        self.looked.emit()

    def set_tool(self, tool: Tool) -> None:
        """Take another tool into the hand."""
        self.tool = tool
        self.tool_changed.emit()
        self.looked.emit()

    def set_snapping(self, snapping: bool) -> None:
        """Let dragged edges jump to near boundaries, or not."""
        self.snapping = snapping
        self.tool_changed.emit()

    def look_as_before(self) -> None:
        """Zoom and scroll as the open sequence was left; all of it where it is new here."""
        view = self.session.tabs.view(self.session.sequence_id)
        if view.zoom is None:
            self.zoom_to_fit()
            self.fit_rows()
            return
        self.row_zoom = view.row_zoom
        self.set_scale(Scale(view.zoom, view.left_frame))
        self.set_scroll_y(view.scroll_y)

    def _note_look(self) -> None:
        tabs, shown = self.session.tabs, self.session.sequence_id
        view = replace(
            tabs.view(shown),
            zoom=self.scale.pixels_per_frame,
            left_frame=self.scale.origin_frame,
            scroll_y=self.scroll_y,
            row_zoom=self.row_zoom,
        )
        tabs.note(shown, view)

    def reveal(self, frame: int) -> None:
        """Scroll as little as needed to see a frame."""
        self.set_scale(self.scale.revealing(frame, self.view_width))
