"""The grid of candidates: a model over the board, tiles with verdicts, and the list that scrolls.

Letters and digits belong to the window; the list takes only what moves in it.
"""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from engine.protocol.ratings import Verdict
from studio.ui.rating.board import RatingBoard
from studio.ui.rating.films import Background, FilmShelf, paint_background
from studio.ui.resources import icon_pixmap
from studio.ui.theme import colour, current, ui_font

TILE_PX = 148
_TEXT_PX = 18
_SCROLLBAR_PX = 16
_MOVES = {
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
}  # fmt: skip

Index = QModelIndex | QPersistentModelIndex


class RatingModel(QAbstractListModel):
    """Places on the board, all of them or those of one verdict."""

    PLACE = Qt.ItemDataRole.UserRole

    def __init__(self, board: RatingBoard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board = board
        self.shown: Verdict | None = None
        self.places = list(range(len(board.candidates)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        place = self.places[index.row()]
        if role == self.PLACE:
            return place
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.board.candidates[place].prompt
        return None

    def show_only(self, verdict: Verdict | None) -> None:
        """Show those of one verdict, or all."""
        self.beginResetModel()
        self.shown = verdict
        board = self.board
        everyone = range(len(board.candidates))
        self.places = [p for p in everyone if verdict in (None, board.verdict(p))]
        self.endResetModel()

    def index_of(self, place: int) -> QModelIndex:
        """Where a place is shown; an invalid index where it is not."""
        row = bisect_left(self.places, place)
        return self.index(row) if self.places[row : row + 1] == [place] else QModelIndex()

    def touched(self, place: int) -> None:
        """Paint a place anew, or let it come or go if only those of one verdict are shown."""
        index = self.index_of(place)
        row = bisect_left(self.places, place)
        if self.shown not in (None, self.board.verdict(place)):
            if index.isValid():
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.places[row]
                self.endRemoveRows()
        elif index.isValid():
            self.dataChanged.emit(index, index)
        else:
            self.beginInsertRows(QModelIndex(), row, row)
            self.places.insert(row, place)
            self.endInsertRows()


class TilePainter(QStyledItemDelegate):
    """Paints a candidate: its picture, its verdict in a corner and on the frame, its prompt."""

    def __init__(self, shelf: FilmShelf) -> None:
        super().__init__()
        self.background = Background.CHECKER
        self._shelf = shelf

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        return view.gridSize() if isinstance(view, QListView) else QSize(TILE_PX, TILE_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, RatingModel):
            return
        place = model.places[index.row()]
        box = option.rect.adjusted(4, 4, -4, -4)
        picture = QRect(box.left(), box.top(), box.width(), box.height() - _TEXT_PX)
        verdict = model.board.verdict(place)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        moves = self._picture(painter, picture, model, place)
        if verdict is Verdict.REJECT:
            painter.fillRect(picture, colour("window", 150))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        _frame(painter, picture, verdict, chosen)
        if moves:
            _badge(painter, QRectF(picture.right() - 22, picture.bottom() - 22, 18, 18), "play")
        painter.setFont(ui_font(11))
        painter.setPen(colour("text") if chosen else colour("dim"))
        words = QRect(box.left() + 1, picture.bottom() + 3, box.width() - 2, _TEXT_PX - 2)
        prompt = QFontMetrics(painter.font()).elidedText(
            model.board.candidates[place].prompt, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, prompt)
        painter.restore()

    def _picture(self, painter: QPainter, area: QRect, model: RatingModel, place: int) -> bool:
        ratio = painter.device().devicePixelRatioF()
        side = round(min(area.width(), area.height()) * ratio)
        poster, moves = self._shelf.poster(model.board.path(place), side)
        path = QPainterPath()
        path.addRoundedRect(QRectF(area), 5, 5)
        painter.save()
        painter.setClipPath(path)
        if poster is None:
            painter.fillRect(area, colour("field"))
            painter.setPen(colour("danger"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "cannot be read")
        else:
            paint_background(painter, area, self.background)
            size = poster.size() / ratio
            target = QRect(area.topLeft(), size)
            target.moveCenter(area.center())
            painter.drawPixmap(target, poster)
        painter.restore()
        return moves


def _frame(painter: QPainter, area: QRect, verdict: Verdict, chosen: bool) -> None:
    roles = {Verdict.KEEP: "good", Verdict.REJECT: "danger"}
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if verdict in roles:
        painter.setPen(QPen(colour(roles[verdict]), 2))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 5, 5)
        corner = QRectF(area.left() + 5, area.top() + 5, 18, 18)
        _badge(painter, corner, "check" if verdict is Verdict.KEEP else "x", roles[verdict])
    if chosen:
        painter.setBrush(Qt.BrushStyle.NoBrush)  # the badge has left its own
        painter.setPen(QPen(colour("accent"), 2))
        painter.drawRoundedRect(QRectF(area).adjusted(-2, -2, 2, 2), 7, 7)


def _badge(painter: QPainter, spot: QRectF, icon: str, role: str = "") -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(role) if role else QColor(0, 0, 0, 150))
    painter.drawRoundedRect(spot, 5, 5)
    tint = current().window if role else "#ffffff"
    painter.drawPixmap(spot.center() - QPointF(6, 6), icon_pixmap(icon, tint, 12))


class RatingGrid(QListView):
    """As many columns of tiles as fit."""

    def __init__(self, model: RatingModel, tiles: TilePainter) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(tiles)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Candidates")

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - _SCROLLBAR_PX
        width = room // max(1, room // TILE_PX)
        self.setGridSize(QSize(width, width + _TEXT_PX))
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()
