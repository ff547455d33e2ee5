"""How entries look in the bin: a tile with a picture, or a line of the list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.document.model.asset import AssetKind
from studio.session.bin_entries import (
    AssetEntry,
    Column,
    Entry,
    FolderEntry,
    SequenceEntry,
    label_of,
)
from studio.ui.labels import label_colour, paint_swatch
from studio.ui.panels.bin_model import BinModel
from studio.ui.panels.bin_texts import length_text
from studio.ui.resources import icon_pixmap
from studio.ui.theme import colour, current, numeric_font, ui_font

LINE_PX = 26
NAME_PX = 18
_COLUMNS = tuple(Column)
_ICONS = {
    AssetKind.VIDEO: "film",
    AssetKind.AUDIO: "audio-lines",
    AssetKind.STILL: "image",
    AssetKind.LUT: "blend",
    AssetKind.FONT: "type",
}

Poster = Callable[[AssetEntry | SequenceEntry], QPixmap | None]
Index = QModelIndex | QPersistentModelIndex


def tile_height(width: int) -> int:
    """How tall a tile of a width is: its picture and a line for the name."""
    return (width - 14) * 9 // 16 + 32


def icon_of(entry: Entry) -> str:
    """The icon of what an entry is."""
    match entry:
        case FolderEntry():
            return "folder"
        case SequenceEntry():
            return "clapperboard"
        case AssetEntry(asset=asset):
            return _ICONS[asset.kind]


class NameDelegate(QStyledItemDelegate):
    """Names are typed in place, and left alone when a picture of the entry comes meanwhile."""

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if not editor.property("filled"):
            editor.setProperty("filled", True)
            super().setEditorData(editor, index)


class TileDelegate(NameDelegate):
    """Paints entries as tiles."""

    def __init__(self, poster: Poster) -> None:
        super().__init__()
        self._poster = poster

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        assert isinstance(view, QListView)
        return view.gridSize()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        box = _tile_box(option.rect)
        top = _picture_area(box).bottom() + 2
        editor.setGeometry(QRect(box.left(), top, box.width(), 24))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(BinModel.ENTRY)
        if entry is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        missing = bool(index.data(BinModel.MISSING))
        box = _tile_box(option.rect)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent", 50) if chosen else colour("hover", 130))
            painter.drawRoundedRect(box, 6, 6)
        picture = _picture_area(box)
        self._picture(painter, picture, entry, missing)
        if chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.drawRoundedRect(picture, 4, 4)
        if isinstance(entry, FolderEntry):
            _corner_text(painter, picture, _count_text(index))
        else:
            _corner_text(painter, picture, length_text(entry))
        self._name(painter, box, picture, entry, missing)
        painter.restore()

    def _name(
        self, painter: QPainter, box: QRect, picture: QRect, entry: Entry, missing: bool
    ) -> None:
        area = QRect(box.left() + 5, picture.bottom() + 3, box.width() - 10, NAME_PX)
        if label_of(entry):
            paint_swatch(
                painter, QRectF(area.left(), area.center().y() - 4.5, 10, 10), label_of(entry)
            )
            area.setLeft(area.left() + 15)
        painter.setFont(ui_font(11))
        painter.setPen(colour("danger") if missing else colour("text"))
        name = QFontMetrics(painter.font()).elidedText(
            entry.name, Qt.TextElideMode.ElideMiddle, area.width()
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)

    def _picture(self, painter: QPainter, area: QRect, entry: Entry, missing: bool) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(area), 4, 4)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(area, colour("field"))
        asset = entry.asset if isinstance(entry, AssetEntry) else None
        poster = None
        if not missing and not isinstance(entry, FolderEntry):
            poster = self._poster(entry)
        if poster is not None:
            _cover(painter, area, poster)
        else:
            self._icon(painter, area, entry, missing)
        tint = label_colour(label_of(entry))
        if tint is not None:
            painter.fillRect(QRect(area.left(), area.bottom() - 2, area.width(), 3), tint)
        painter.restore()
        if asset is not None and asset.generated:
            _sparkle(painter, area)

    def _icon(self, painter: QPainter, area: QRect, entry: Entry, missing: bool) -> None:
        folder = isinstance(entry, FolderEntry)
        name = "triangle-alert" if missing else icon_of(entry)
        tint = current().danger if missing else current().dim if folder else current().faint
        size = 34 if folder else 22
        middle = QPointF(area.center()) - QPointF(size / 2, size / 2)
        painter.drawPixmap(middle, icon_pixmap(name, tint, size))


class LineDelegate(NameDelegate):
    """Paints a cell of the list: the icon and the name, a label with its swatch, or plain text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), LINE_PX)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(option.rect.adjusted(20, 0, 0, 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(BinModel.ENTRY)
        if entry is None:
            return
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colour("accent", 56))
        column = _COLUMNS[index.column()]
        missing = bool(index.data(BinModel.MISSING))
        area = option.rect.adjusted(5, 0, -5, 0)
        if column is Column.NAME:
            area = self._icon(painter, area, entry, missing)
        elif column is Column.LABEL and label_of(entry):
            paint_swatch(
                painter, QRectF(area.left(), area.center().y() - 5, 11, 11), label_of(entry)
            )
            area.setLeft(area.left() + 17)
        plain = column in (Column.NAME, Column.LABEL)
        painter.setFont(ui_font(12) if plain else numeric_font(12, ui_font().weight()))
        role = "danger" if missing else "text" if column is Column.NAME else "dim"
        painter.setPen(colour(role))
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        cut = Qt.TextElideMode.ElideMiddle if column is Column.NAME else Qt.TextElideMode.ElideRight
        shown = QFontMetrics(painter.font()).elidedText(words, cut, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _icon(self, painter: QPainter, area: QRect, entry: Entry, missing: bool) -> QRect:
        """Draw what an entry is at the left; the room beside it."""
        tint = label_colour(label_of(entry))
        plain = current().accent if _is_made(entry) else current().dim
        ink = current().danger if missing else tint.name() if tint is not None else plain
        name = "triangle-alert" if missing else icon_of(entry)
        painter.drawPixmap(QPointF(area.left(), area.center().y() - 7), icon_pixmap(name, ink, 15))
        return area.adjusted(22, 0, 0, 0)


def _is_made(entry: Entry) -> bool:
    return isinstance(entry, AssetEntry) and entry.asset.generated


def _tile_box(rect: QRect) -> QRect:
    return rect.adjusted(3, 2, -3, -2)


def _picture_area(box: QRect) -> QRect:
    return QRect(box.left() + 4, box.top() + 4, box.width() - 8, (box.width() - 8) * 9 // 16)


def _count_text(index: Index) -> str:
    """How many entries a folder shows."""
    count = index.model().rowCount(index)
    return str(count) if count else "empty"


def _sparkle(painter: QPainter, area: QRect) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    spot = QRectF(area.left() + 3, area.top() + 3, 16, 16)
    painter.drawRoundedRect(spot, 4, 4)
    pixmap = icon_pixmap("sparkles", current().accent, 11)
    painter.drawPixmap(spot.center() - QPointF(5.5, 5.5), pixmap)


def _corner_text(painter: QPainter, area: QRect, text: str) -> None:
    """A few words in the lower right corner of a picture."""
    if not text:
        return
    painter.setFont(numeric_font(10))
    width = QFontMetrics(painter.font()).horizontalAdvance(text) + 8
    box = QRectF(area.right() - width - 2, area.bottom() - 18, width, 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(255, 255, 255, 230))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


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
