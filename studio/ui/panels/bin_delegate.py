"""How an asset looks in the bin: a tile with its picture, or one line of a list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.document.model.asset import Asset, AssetKind
from studio.document.time import Rate, Rounding
from studio.document.timecode import timecode
from studio.ui.panels.bin_model import BinModel
from studio.ui.resources import icon_pixmap
from studio.ui.theme import colour, current, numeric_font, ui_font

LINE_PX = 46
_ICONS = {
    AssetKind.VIDEO: "film",
    AssetKind.AUDIO: "audio-lines",
    AssetKind.STILL: "image",
    AssetKind.LUT: "blend",
    AssetKind.FONT: "type",
}


def tile_height(width: int) -> int:
    """How tall a tile of a width is: its picture and a line for the name."""
    return (width - 14) * 9 // 16 + 32


def length_text(asset: Asset) -> str:
    """An asset's length as shown on its picture; "" for a still."""
    if not asset.duration:
        return ""
    if asset.video:
        rate = asset.video[0].rate
        text = timecode(asset.duration.ticks(rate, Rounding.NEAREST), rate)
        return text.removeprefix("00:")
    seconds = asset.duration.ticks(Rate(1), Rounding.NEAREST)
    return f"{seconds // 60}:{seconds % 60:02}"


class AssetDelegate(QStyledItemDelegate):
    """Paints assets; `tiles` chooses between tiles and lines."""

    def __init__(self, poster: Callable[[Asset], QPixmap | None]) -> None:
        super().__init__()
        self._poster = poster
        self.tiles = True

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        view = option.widget
        if self.tiles and isinstance(view, QListView):
            return view.gridSize()
        return QSize(100, LINE_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        asset = index.data(BinModel.ASSET)
        if asset is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        missing = bool(index.data(BinModel.MISSING))
        box = option.rect.adjusted(3, 2, -3, -2)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent", 50) if chosen else colour("hover", 130))
            painter.drawRoundedRect(box, 6, 6)
        if self.tiles:
            self._tile(painter, box, asset, missing, chosen)
        else:
            self._line(painter, box, asset, missing)
        painter.restore()

    def _tile(
        self, painter: QPainter, box: QRect, asset: Asset, missing: bool, chosen: bool
    ) -> None:
        picture = QRect(box.left() + 4, box.top() + 4, box.width() - 8, (box.width() - 8) * 9 // 16)
        self._picture(painter, picture, asset, missing)
        if chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.drawRoundedRect(picture, 4, 4)
        self._length(painter, picture, asset)
        painter.setFont(ui_font(11))
        painter.setPen(colour("danger") if missing else colour("text"))
        area = QRect(box.left() + 5, picture.bottom() + 3, box.width() - 10, 18)
        name = QFontMetrics(painter.font()).elidedText(
            asset.name, Qt.TextElideMode.ElideMiddle, area.width()
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)

    def _line(self, painter: QPainter, box: QRect, asset: Asset, missing: bool) -> None:
        picture = QRect(box.left() + 4, box.top() + 3, 60, 34)
        self._picture(painter, picture, asset, missing)
        left = picture.right() + 9
        width = box.right() - left - 6
        painter.setFont(ui_font(12))
        painter.setPen(colour("danger") if missing else colour("text"))
        metrics = QFontMetrics(painter.font())
        name = metrics.elidedText(asset.name, Qt.TextElideMode.ElideMiddle, width)
        painter.drawText(QRect(left, box.top() + 3, width, 18), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(ui_font(11))
        painter.setPen(colour("dim"))
        facts = "Footage missing" if missing else facts_text(asset)
        shown = QFontMetrics(painter.font()).elidedText(facts, Qt.TextElideMode.ElideRight, width)
        painter.drawText(
            QRect(left, box.top() + 20, width, 17), Qt.AlignmentFlag.AlignVCenter, shown
        )

    def _picture(self, painter: QPainter, area: QRect, asset: Asset, missing: bool) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(area), 4, 4)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(area, colour("field"))
        poster = None if missing else self._poster(asset)
        if poster is not None:
            _cover(painter, area, poster)
        else:
            name = "triangle-alert" if missing else _ICONS[asset.kind]
            tint = current().danger if missing else current().faint
            size = 20 if area.height() > 40 else 16
            middle = QPointF(area.center()) - QPointF(size / 2, size / 2)
            painter.drawPixmap(middle, icon_pixmap(name, tint, size))
        painter.restore()
        if asset.generated:
            self._sparkle(painter, area)

    def _sparkle(self, painter: QPainter, area: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        spot = QRectF(area.left() + 3, area.top() + 3, 16, 16)
        painter.drawRoundedRect(spot, 4, 4)
        pixmap = icon_pixmap("sparkles", current().accent, 11)
        painter.drawPixmap(spot.center() - QPointF(5.5, 5.5), pixmap)

    def _length(self, painter: QPainter, area: QRect, asset: Asset) -> None:
        text = length_text(asset)
        if not text:
            return
        painter.setFont(numeric_font(10))
        width = QFontMetrics(painter.font()).horizontalAdvance(text) + 8
        box = QRectF(area.right() - width - 2, area.bottom() - 16, width, 14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(255, 255, 255, 230))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def facts_text(asset: Asset) -> str:
    """What an asset is, in a line: length, size, rate."""
    facts = [length_text(asset)] if asset.duration else []
    if asset.video:
        video = asset.video[0]
        facts.append(f"{video.width}×{video.height}")
        if asset.kind is AssetKind.VIDEO:
            facts.append(f"{float(video.rate.fraction):.5g} fps")
    elif asset.audio:
        sound = asset.audio[0]
        facts.append(f"{sound.sample_rate_hz / 1000:g} kHz")
        facts.append({1: "mono", 2: "stereo"}.get(sound.channels, f"{sound.channels} channels"))
    return " · ".join(facts)


def _cover(painter: QPainter, area: QRect, picture: QPixmap) -> None:
    """Draw a picture whole into an area, on black where shapes differ."""
    ratio = picture.devicePixelRatio()
    width, height = picture.width() / ratio, picture.height() / ratio
    scale = min(area.width() / width, area.height() / height)
    size = QSize(round(width * scale), round(height * scale))
    target = QRect(area.topLeft(), size)
    target.moveCenter(area.center())
    painter.fillRect(area, QColor(0, 0, 0))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, picture)
