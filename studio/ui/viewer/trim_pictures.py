"""Two-up: while a cut is trimmed, the pictures on either side of it in place of the program's.

Of a slip or a slide there are four: the ends of the clip, and small over them those of its
neighbours. They are made elsewhere, of proxies where there are some, the newest wish first: the
drag in the timeline never waits for them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from studio.document.model.project import Project
from studio.document.queries.trimming import Look, alone, looks, source_words
from studio.session.late import Late
from studio.session.session import Session
from studio.ui.theme import colour, numeric_font, ui_font
from studio.ui.timeline.looks import title_of
from studio.ui.timeline.state import TimelineState
from studio.ui.viewer.canvas import PictureCanvas
from studio.ui.viewer.frame_server import Answer, FrameServer
from studio.ui.viewer.images import image_of

if TYPE_CHECKING:
    from studio.media.footage import Footage

WORDS_PX = 40
GAP_PX = 10
SMALL_SHARE = 0.42
"""How wide a neighbour's picture is, of that of the clip that is slipped."""
KEPT = 24
FOLLOW_MS = 30
"""How often the pictures follow a drag at most: the timeline under the hand comes first."""
CELL_PX = 640
"""Pictures are made no wider than this: a drag is judged by what is in them, not by grain."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One picture of the sheet, with the words under it."""

    look: Look | None
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The pictures of one moment of a drag, in time order, and the size of each."""

    cells: tuple[_Cell, ...]
    size: tuple[int, int]


class TrimPictures(QObject):
    """Draws over the program's canvas while a trim lasts."""

    def __init__(
        self,
        session: Session,
        timeline: TimelineState,
        canvas: PictureCanvas,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._timeline = timeline
        self._canvas = canvas
        self._sheet: _Sheet | None = None
        self.image: QImage | None = None
        self._shown: _Sheet | None = None
        self._kept = _Kept()
        self.frames = FrameServer("trim-frames", self)
        self.frames.answered.connect(self._answered)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(FOLLOW_MS)
        self._pause.timeout.connect(self._follow)
        timeline.previewed.connect(self._moved)
        canvas.overlays.append(self._paint)

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """Title and timecode under each picture that is shown, none while nothing is trimmed."""
        return tuple((c.title, c.words) for c in self._shown.cells) if self._shown else ()

    @property
    def idle(self) -> bool:
        """Whether the pictures that are shown are those of the drag as it is."""
        return self.frames.idle and not self._pause.isActive()

    def close(self) -> None:
        """End the thread."""
        self.frames.close()

    def _moved(self) -> None:
        if self._timeline.watched is None:
            self._pause.stop()
            self._let_go()
        elif not self._pause.isActive():
            self._pause.start()

    def _let_go(self) -> None:
        if self._sheet is not None:
            self._sheet = self._shown = self.image = None
            self._kept.clear()
            self._canvas.update()

    def _follow(self) -> None:
        watched = self._timeline.watched
        if watched is None:
            return
        project = self._timeline.project
        sheet = self._sheet_of(project, looks(project, watched))
        if sheet == self._sheet:
            return
        self._sheet = sheet
        render = partial(
            _render, project, self._session.sequence_id, sheet, self._session.media, self._kept
        )
        self.frames.ask(sheet, render)

    def _sheet_of(self, project: Project, seen: tuple[Look | None, ...]) -> _Sheet:
        sequence = project.sequence(self._session.sequence_id)
        cells = tuple(
            _Cell(None, "Nothing", "")
            if look is None
            else _Cell(look, title_of(look.clip, project), source_words(project, sequence, look))
            for look in seen
        )
        ratio = self._canvas.devicePixelRatioF()
        width = min(CELL_PX, max(64, round(self._canvas.width() * ratio / 2)))
        return _Sheet(cells, (width, round(width * sequence.height / sequence.width)))

    def _answered(self, answer: Answer) -> None:
        if self._sheet is None or answer.image is None:
            return  # let go meanwhile, or a picture that cannot be made: the last one stays
        assert isinstance(answer.ticket, _Sheet)
        self._shown, self.image = answer.ticket, answer.image
        self._canvas.update()

    def _paint(self, painter: QPainter) -> None:
        if self._shown is None or self.image is None:
            return
        room = QRectF(self._canvas.rect())
        painter.fillRect(room, QColor(0, 0, 0))
        boxes = arranged(len(self._shown.cells), room, self._shown.size)
        width, height = self._shown.size
        labels = _labels(len(boxes))
        for place, (cell, box) in enumerate(zip(self._shown.cells, boxes, strict=True)):
            part = QRectF(place * width, 0, width, height)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if cell.look is not None:
                painter.drawImage(box, self.image, part)
            painter.setPen(QPen(colour("border"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            _paint_words(painter, cell, labels[place], box)


def arranged(count: int, room: QRectF, size: tuple[int, int]) -> list[QRectF]:
    """Where pictures of a shape go: two side by side; of four the outer ones small, above the
    inner ones or beside them, whichever leaves those larger.
    """
    shape = size[1] / size[0]
    high = (room.height() - WORDS_PX - 2 * GAP_PX) / shape
    if count == 2:
        width = min((room.width() - 3 * GAP_PX) / 2, high)
        return _pair(room, width, shape, room.center().y() - (width * shape + WORDS_PX) / 2)
    tall = room.height() - 2 * WORDS_PX - 3 * GAP_PX
    stacked = min((room.width() - 3 * GAP_PX) / 2, tall / shape / (1 + SMALL_SHARE))
    beside = min((room.width() - 5 * GAP_PX) / (2 + 2 * SMALL_SHARE), high)
    if stacked >= beside:
        return _stacked(room, stacked, shape)
    top = room.center().y() - (beside * shape + WORDS_PX) / 2
    inner = _pair(room, beside, shape, top)
    small = QRectF(0, 0, beside * SMALL_SHARE, beside * SMALL_SHARE * shape)
    small.moveBottomRight(inner[0].bottomLeft() - QPointF(GAP_PX, 0))
    return [small, *inner, small.translated(2 * beside + 3 * GAP_PX + small.width(), 0)]


def _stacked(room: QRectF, width: float, shape: float) -> list[QRectF]:
    small = width * SMALL_SHARE
    top = room.center().y() - ((width + small) * shape + 2 * WORDS_PX + GAP_PX) / 2
    before, after = _pair(room, small, shape, top)
    inner = _pair(room, width, shape, top + small * shape + WORDS_PX + GAP_PX)
    before.moveLeft(inner[0].left())
    after.moveRight(inner[1].right())
    return [before, *inner, after]


def _pair(room: QRectF, width: float, shape: float, top: float) -> list[QRectF]:
    middle = room.center().x()
    left = QRectF(middle - GAP_PX / 2 - width, top, width, width * shape)
    return [left, left.translated(width + GAP_PX, 0)]


def _labels(count: int) -> tuple[str, ...]:
    return ("Out", "In") if count == 2 else ("Before", "In", "Out", "After")


def _paint_words(painter: QPainter, cell: _Cell, label: str, box: QRectF) -> None:
    """Under a picture: which end it is and its timecode, and whose it is."""
    line = QRectF(box.left(), box.bottom() + 4, box.width(), 16)
    painter.setPen(colour("text"))
    bold = numeric_font(12, QFont.Weight.DemiBold)
    painter.setFont(bold)
    words = f"{label}  {cell.words}".rstrip()
    if QFontMetricsF(bold).horizontalAdvance(words) > box.width():
        words = cell.words  # which end it is, its place says
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft, words)
    painter.setPen(colour("dim"))
    font = ui_font(11)
    painter.setFont(font)
    title = QFontMetricsF(font).elidedText(cell.title, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(line.translated(QPointF(0, 16)), Qt.AlignmentFlag.AlignLeft, title)


class _Kept:
    """Pictures of the drag that are made already; one side of a trim often stays as it is."""

    def __init__(self) -> None:
        self._images: OrderedDict[object, QImage] = OrderedDict()

    def get(self, key: object, make: Callable[[], QImage]) -> QImage:
        """A picture, made unless it is there; the oldest gives way."""
        image = self._images.get(key)
        if image is None:
            image = make()
            self._images[key] = image
            if len(self._images) > KEPT:
                self._images.popitem(last=False)
        return image

    def clear(self) -> None:
        """Forget all of them."""
        self._images = OrderedDict()


def _render(
    project: Project, sequence_id: str, sheet: _Sheet, footage: Late[Footage], kept: _Kept
) -> QImage:
    """The pictures of a sheet beside each other, as one image."""
    width, height = sheet.size
    whole = QImage(width * len(sheet.cells), height, QImage.Format.Format_RGB888)
    whole.fill(QColor(9, 9, 10))
    painter = QPainter(whole)
    for place, cell in enumerate(sheet.cells):
        if cell.look is not None:
            make = partial(_picture, project, sequence_id, cell.look, sheet.size, footage)
            key = cell.look.clip, cell.look.frame, sheet.size
            painter.drawImage(QRectF(place * width, 0, width, height), kept.get(key, make))
    painter.end()
    return whole


def _picture(
    project: Project,
    sequence_id: str,
    look: Look,
    size: tuple[int, int],
    footage: Late[Footage],
) -> QImage:
    from studio.media.compositor.render import Scene, render_frame

    only = alone(project, project.sequence(sequence_id), look.clip)
    scene = Scene(only, footage.get(), quick=True)
    return image_of(render_frame(scene, sequence_id, look.frame, size))
