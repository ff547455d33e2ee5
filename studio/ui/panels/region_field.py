"""Where an edit is meant: an outline drawn over the frame of the clip that the playhead shows."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from studio.document.model.asset import Asset
from studio.session.regions import LEAST_POINTS
from studio.ui.controls import column, push_button
from studio.ui.panels.points_pad import OutlinePad
from studio.ui.still_picker import StillPicker
from studio.ui.theme import colour

HEIGHT_PX = 190
HINT_PX = 20
HINT = "Click around what you mean"


class RegionPad(OutlinePad):
    """An outline over a picture."""

    def __init__(self) -> None:
        super().__init__("Region", 16 / 9)
        self.picture = QPixmap()
        self.setFixedHeight(HEIGHT_PX)

    def show_picture(self, picture: QPixmap) -> None:
        """Draw over another picture."""
        self.picture = picture
        self.show_shape(picture.width() / picture.height())
        self.update()

    def clear(self) -> None:
        """Take every corner away."""
        self.points = []
        self.update()

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self._area(), self.picture, self.picture.rect().toRectF())
        if self.points:
            super()._paint(painter)
        if len(self.points) < LEAST_POINTS:
            foot = QRectF(self._area())
            foot.setTop(foot.bottom() - HINT_PX)
            painter.fillRect(foot, colour("window", 190))
            painter.setPen(colour("text"))
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, HINT)


class RegionField(QWidget):
    """`changed` follows every region that is kept or taken away; `refused` says why one was not.

    `mask` is its picture, and `at_s` when in the clip's file it fits. The `pad` stands where the
    form has more room.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, picker: StillPicker) -> None:
        super().__init__()
        self._picker = picker
        self._clip_id = ""
        self._asked = 0
        self.reading = False
        self.mask: Asset | None = None
        self.at_s = Fraction(0)
        self.pad = RegionPad()
        self.draw = push_button("Draw a region…", self.begin)
        self.draw.setToolTip(
            "Say where: an outline over the frame under the playhead, which then follows"
        )
        self.whole = push_button("Whole picture", self.clear)
        self.setLayout(column(self.draw, self.whole, spacing=0))
        self.pad.changed.connect(self._outlined)
        self._show(drawing=False)

    def show_clip(self, clip_id: str) -> None:
        """Begin with the whole picture of a clip."""
        self._clip_id = clip_id
        self.clear()

    def begin(self) -> None:
        """Draw over the frame under the playhead."""
        number = self._ask()
        self._picker.file_frame(
            self._clip_id,
            lambda asset, at_s: self._drawable(number, asset, at_s),
            lambda sentence: self._refuse(number, sentence),
        )

    def clear(self) -> None:
        """Mean the whole picture."""
        self._asked += 1
        self.reading = False
        self.pad.clear()
        self._show(drawing=False)
        self._keep(None)

    def _drawable(self, number: int, still: Asset, at_s: Fraction) -> None:
        if number == self._asked:
            self.reading = False
            self.at_s = at_s
            self.pad.clear()
            self.pad.show_picture(QPixmap(str(self._picker.path_of(still))))
            self._show(drawing=True)
            self._keep(None)

    def _outlined(self, outline: str) -> None:
        """Keep an outline once it has three corners."""
        number = self._ask()
        if len(self.pad.points) < LEAST_POINTS:
            self.reading = False
            self._keep(None)
            return
        picture = self.pad.picture
        self._picker.region(
            outline,
            (picture.width(), picture.height()),
            lambda mask: self._kept(number, mask),
            lambda sentence: self._refuse(number, sentence),
        )

    def _kept(self, number: int, mask: Asset) -> None:
        if number == self._asked:
            self.reading = False
            self._keep(mask)

    def _keep(self, mask: Asset | None) -> None:
        if mask != self.mask:
            self.mask = mask
            self.changed.emit()

    def _refuse(self, number: int, sentence: str) -> None:
        if number == self._asked:
            self.reading = False
            self.refused.emit(sentence)

    def _ask(self) -> int:
        self._asked += 1
        self.reading = True
        return self._asked

    def _show(self, *, drawing: bool) -> None:
        self.draw.setVisible(not drawing)
        self.whole.setVisible(drawing)
        self.pad.setVisible(drawing)
