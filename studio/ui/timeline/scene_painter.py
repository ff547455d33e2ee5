"""Painting what is visible of a sequence: rows, clips, transitions, guides, range and playhead.

Work is bounded by the pixels on screen: where many clips share a pixel they are stepped over by
bisection, so twenty thousand clips cost no more than the few hundred that can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from studio.document.model.clip import Clip, Transition
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.session.jobs import JobBoard
from studio.ui.theme import colour, ui_font
from studio.ui.timeline.clip_cache import WIDEST_PX, Appearance, ClipCache
from studio.ui.timeline.clip_painter import TINY_PX, ClipFrame, ClipPainter
from studio.ui.timeline.crowd import CrowdLines, Ink
from studio.ui.timeline.geometry import Row, Scale
from studio.ui.timeline.layout import track_of, visible_items
from studio.ui.timeline.looks import Working, look_of

CROWDED_PX = 24
"""Where clips are narrower than this on average, none could show its name or a picture."""


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where something dragged would land, before the document knows of it."""

    row_top: float
    row_height: float
    start: int
    duration: int
    title: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one repaint shows. Pixels are content coordinates; the view is `area`."""

    project: Project
    sequence: Sequence
    rows: tuple[Row, ...]
    scale: Scale
    area: QRectF
    board: JobBoard
    missing: frozenset[str] = frozenset()
    selected: frozenset[str] = frozenset()
    hovered: str = ""
    marked: tuple[int, int] | None = None
    guides: tuple[int, ...] = ()
    ghosts: tuple[Ghost, ...] = ()
    band: QRectF | None = None
    blade: tuple[int, str] | None = None
    target_rows: frozenset[str] = field(default_factory=frozenset)


class ScenePainter:
    """Paints a scene. The playhead is drawn by the view, over the cached result of this."""

    def __init__(self, clips: ClipPainter) -> None:
        self._clips = clips
        self._lines = CrowdLines()
        self._cache = ClipCache()
        self._font = ui_font(11, QFont.Weight.Medium)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw everything, back to front."""
        painter.fillRect(scene.area, colour("window"))
        for row in scene.rows:
            if row.bottom >= scene.area.top() and row.top <= scene.area.bottom():
                self._row(painter, scene, row)
        self._range(painter, scene)
        for ghost in scene.ghosts:
            self._ghost(painter, scene, ghost)
        self._guides(painter, scene)
        if scene.band is not None:
            painter.setPen(QPen(colour("accent"), 1))
            painter.setBrush(colour("accent", 36))
            painter.drawRect(scene.band)

    def _row(self, painter: QPainter, scene: Scene, row: Row) -> None:
        track = track_of(scene.sequence, row.track_id)
        back = QRectF(scene.area.left(), row.top, scene.area.width(), row.height)
        painter.fillRect(back, colour("panel"))
        if row.track_id in scene.target_rows:
            painter.fillRect(back, colour("accent", 20))
        first = max(0, scene.scale.frame_at(scene.area.left()))
        last = scene.scale.frame_at(scene.area.right()) + 1
        seen = track.place_at(last) - track.place_at(first)
        if seen > scene.area.width() / CROWDED_PX:
            self._crowd(painter, scene, row, track)
        else:
            self._items(painter, scene, row, track, first, last)
        if track.hidden or (track.mute and track.kind is TrackKind.AUDIO):
            painter.fillRect(back, QColor(10, 11, 13, 130))

    def _items(
        self, painter: QPainter, scene: Scene, row: Row, track: Track, first: int, last: int
    ) -> None:
        transitions: list[tuple[int, Transition]] = []
        for start, item in visible_items(track, first, last):
            match item:
                case Clip():
                    self._clip(painter, scene, row, track, start, item)
                case Transition():
                    transitions.append((start, item))
                case _:
                    pass  # a gap is the row itself
        for cut, transition in transitions:
            self._transition(painter, scene, row, cut, transition)

    def _clip(
        self, painter: QPainter, scene: Scene, row: Row, track: Track, start: int, clip: Clip
    ) -> None:
        left = scene.scale.x_of(start)
        width = max(1.0, scene.scale.width_of(clip.duration))
        rect = QRectF(left, row.top + 1, width, row.height - 2)
        if rect.width() > TINY_PX:
            rect = QRectF(
                round(left), rect.top(), max(1, round(left + width) - round(left)), rect.height()
            )
        look = look_of(clip, track.kind, scene.project, scene.board, scene.missing, track.colour)
        frame = ClipFrame(
            rect=rect,
            clip=clip,
            start=start,
            kind=track.kind,
            look=look,
            selected=clip.id in scene.selected,
            hovered=clip.id == scene.hovered,
            locked=track.locked,
        )
        whole = rect.left() >= scene.area.left() and rect.right() <= scene.area.right()
        if not whole or isinstance(look.state, Working) or not TINY_PX < rect.width() <= WIDEST_PX:
            self._clips.paint(painter, frame, scene.scale, scene.area)
            return
        appearance = Appearance(
            look,
            frame.selected,
            frame.hovered,
            frame.locked,
            scene.scale.pixels_per_frame,
            self._clips.pictures_of(look.asset_id),
        )

        def paint(inner: QPainter, at: QRectF) -> None:
            self._clips.paint(inner, replace(frame, rect=at), scene.scale, at)

        self._cache.draw(painter, rect, clip, appearance, paint)

    def _crowd(self, painter: QPainter, scene: Scene, row: Row, track: Track) -> None:
        """Far more clips than pixels: one line of colours, as tall as the row."""
        ink = Ink(colour("panel"), colour(_crowd_role(track.kind)), colour("accent"))
        left, width = scene.area.left(), max(1, round(scene.area.width()))
        line = self._lines.line(track, scene.scale, left, width, ink, scene.selected)
        painter.drawImage(QRectF(left, row.top + 1, width, row.height - 2), line)

    def _transition(
        self, painter: QPainter, scene: Scene, row: Row, cut: int, transition: Transition
    ) -> None:
        left = scene.scale.x_of(cut - transition.in_offset)
        right = scene.scale.x_of(cut + transition.out_offset)
        if right - left < 3:
            return
        box = QRectF(left, row.top + row.height * 0.45, right - left, row.height * 0.55 - 2)
        chosen = transition.id in scene.selected
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("accent") if chosen else QColor(255, 255, 255, 150), 1.0))
        painter.setBrush(QColor(20, 22, 26, 190))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(QPen(QColor(255, 255, 255, 130), 1.0))
        painter.drawLine(box.bottomLeft() + QPointF(3, -3), box.topRight() + QPointF(-3, 3))
        if box.width() > 70 and box.height() > 18:
            painter.setFont(self._font)
            painter.setPen(QColor(255, 255, 255, 220))
            name = transition.kind.value.replace("_", " ").capitalize()
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()

    def _range(self, painter: QPainter, scene: Scene) -> None:
        if scene.marked is None:
            return
        left, right = (scene.scale.x_of(frame) for frame in scene.marked)
        area = scene.area
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), colour("info", 16))
        painter.setPen(QPen(colour("info", 150), 1))
        for x in (left, right):
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _ghost(self, painter: QPainter, scene: Scene, ghost: Ghost) -> None:
        left = scene.scale.x_of(ghost.start)
        width = max(3.0, scene.scale.width_of(ghost.duration))
        box = QRectF(left, ghost.row_top + 1, width, ghost.row_height - 2)
        tint = "danger" if ghost.refused else "accent"
        painter.setPen(QPen(colour(tint), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(colour(tint, 46))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colour("text"))
        painter.setFont(self._font)
        inner = box.adjusted(6, 2, -4, -2)
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextSingleLine, ghost.title)

    def _guides(self, painter: QPainter, scene: Scene) -> None:
        area = scene.area
        painter.setPen(QPen(colour("accent"), 1, Qt.PenStyle.DashLine))
        for frame in scene.guides:
            x = round(scene.scale.x_of(frame)) + 0.5
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if scene.blade is not None:
            self._blade(painter, scene, *scene.blade)

    def _blade(self, painter: QPainter, scene: Scene, frame: int, track_id: str) -> None:
        x = round(scene.scale.x_of(frame)) + 0.5
        for row in scene.rows:
            if track_id in ("", row.track_id):
                painter.setPen(QPen(colour("danger"), 1.5))
                painter.drawLine(QPointF(x, row.top), QPointF(x, row.bottom))


def paint_playhead(painter: QPainter, x: float, top: float, bottom: float, *, cap: bool) -> None:
    """The playhead's line and, on the ruler, its cap."""
    x = round(x) + 0.5
    painter.setPen(QPen(colour("playhead"), 1.0))
    painter.drawLine(QPointF(x, top), QPointF(x, bottom))
    if cap:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("playhead"))
        points = [(-6, -11), (6, -11), (6, -5), (0, 1), (-6, -5)]
        painter.drawPolygon(QPolygonF([QPointF(x + dx, bottom + dy) for dx, dy in points]))


def _crowd_role(kind: TrackKind) -> str:
    match kind:
        case TrackKind.VIDEO:
            return "clip_video"
        case TrackKind.AUDIO:
            return "clip_audio"
        case TrackKind.CAPTION:
            return "clip_caption"
