"""A slot for a still: dropped, picked from the film or the disk, shown as a thumbnail, cleared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from studio.document.model.asset import Asset
from studio.session.sources import Refused, Taken
from studio.ui.asset_drag import AssetDrag
from studio.ui.controls import tool_button
from studio.ui.still_picker import StillPicker
from studio.ui.theme import colour, current, themed_icon

HEIGHT_PX = 84
CAPTION_PX = 20
CHECKER_PX = 6


class StillSlot(QWidget):
    """`changed` follows every still that is put in or taken out; `refused` says why one was not.

    `title` is what the still is for ("First"); `hint` what an empty slot asks for. `more_dropped`
    carries the files that were dropped beside the one that was taken.
    """

    changed = Signal()
    refused = Signal(str)
    more_dropped = Signal(object)

    def __init__(self, title: str, hint: str, picker: StillPicker) -> None:
        super().__init__()
        self.title = title
        self._hint = hint
        self.picker = picker
        self._asked = 0
        self._reading = False
        self._over = False
        self.asset: Asset | None = None
        self.clear_button: QToolButton = tool_button("x", "Clear", self.clear, size=12)
        self.clear_button.setParent(self)
        self.clear_button.setAutoFillBackground(True)
        self.clear_button.hide()
        self.setMinimumSize(64, HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    @property
    def sha256(self) -> str:
        """The name of the still's bytes, "" while there is none."""
        return self.asset.sha256 if self.asset is not None else ""

    @property
    def reading(self) -> bool:
        """Whether a still is on its way here."""
        return self._reading

    def sizeHint(self) -> QSize:
        return QSize(96, HEIGHT_PX)

    def show_asset(self, asset: Asset | None) -> None:
        """Hold a still whose bytes have a name already, or nothing."""
        self._asked += 1
        self._reading = False
        self.asset = asset
        self._tell()
        self.changed.emit()

    def clear(self) -> None:
        """Take the still out."""
        self.show_asset(None)

    def pick_asset(self, asset: Asset) -> None:
        """Put in an asset of the bin."""
        number = self._ask()
        self.picker.asset(asset, *self._answers(number))

    def take_clip(self, clip_id: str) -> None:
        """Put in the frame of a clip of the timeline."""
        number = self._ask()
        self.picker.clip(clip_id, *self._answers(number))

    def pick_playhead(self) -> None:
        """Put in the frame under the playhead."""
        number = self._ask()
        self.picker.playhead(*self._answers(number))

    def pick_file(self, path: Path) -> None:
        """Put in a file."""
        number = self._ask()
        self.picker.file(path, *self._answers(number))

    def picture(self) -> tuple[QPixmap | None, bool]:
        """What is shown of the still, and whether some of it is transparent."""
        if self.asset is None:
            return None, False
        return self.picker.poster(self.asset), _has_alpha(self.asset)

    def menu(self) -> QMenu:
        """Every way to fill the slot, for a click on it."""
        menu, picker = QMenu(self), self.picker
        frame = menu.addAction("Frame under the playhead", self.pick_playhead)
        frame.setEnabled(picker.has_film)
        clip_id = picker.selected_clip
        clip = menu.addAction("Frame of the selected clip", lambda: self.take_clip(clip_id))
        clip.setEnabled(bool(clip_id))
        asset = picker.chosen_media
        words = (
            f"From the media bin: {_short(asset.name)}" if asset else "Selected in the media bin"
        )
        media = menu.addAction(words, lambda: self.pick_asset(asset) if asset else None)
        media.setEnabled(asset is not None)
        menu.addAction("Choose a file…", self._choose_file)
        if self.asset is not None:
            menu.addSeparator()
            menu.addAction("Clear", self.clear)
        return menu

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self._open_menu()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open_menu()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if AssetDrag.read(data) is not None or data.hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        drag = AssetDrag.read(event.mimeData())
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if drag is not None:
            number = self._ask()
            self.picker.dragged(drag, *self._answers(number))
        elif paths:
            self.pick_file(paths[0])
            self.more_dropped.emit(paths[1:])
        event.acceptProposedAction()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.clear_button.setVisible(self.asset is not None)

    def leaveEvent(self, event: object) -> None:
        self.clear_button.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = self.clear_button.sizeHint()
        self.clear_button.setGeometry(QRect(QPoint(self.width() - size.width() - 3, 3), size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme = current()
        box = self.rect().adjusted(0, 0, -1, -CAPTION_PX)
        lit = self._over or self.hasFocus()
        edge = QPen(QColor(theme.accent if lit else theme.border))
        if self.asset is None and not lit:
            edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(box, 5, 5)
        self._paint_inside(painter, box.adjusted(2, 2, -2, -2))
        self._paint_caption(painter)
        painter.end()

    def _paint_inside(self, painter: QPainter, box: QRect) -> None:
        theme = current()
        picture, has_alpha = self.picture()
        if picture is not None:
            _draw_fitted(painter, box, picture, has_alpha=has_alpha)
            return
        painter.setPen(QColor(theme.dim))
        if self.asset is not None or self._reading:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "Reading…")
            return
        icon = themed_icon("image", 18, theme.dim).pixmap(18, 18)
        painter.drawPixmap(box.center().x() - 9, box.center().y() - 17, icon)
        under = box.adjusted(3, box.height() // 2 + 3, -3, -2)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(under, flags, self._hint)

    def _paint_caption(self, painter: QPainter) -> None:
        place = self.rect().adjusted(1, self.height() - CAPTION_PX + 3, -1, 0)
        painter.setPen(colour("text") if self.asset is not None else colour("dim"))
        painter.drawText(
            place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._caption()
        )

    def _caption(self) -> str:
        metrics = QFontMetrics(self.font())
        return metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, self.width() - 4)

    def _open_menu(self) -> None:
        self.menu().exec(self.mapToGlobal(QPoint(0, self.height() - CAPTION_PX)))

    def _choose_file(self) -> None:
        path = self.picker.choose_path()
        if path is not None:
            self.pick_file(path)

    def _ask(self) -> int:
        self._asked += 1
        self._reading = True
        self.update()
        return self._asked

    def _answers(self, number: int) -> tuple[Taken, Refused]:
        """What to do with the still, or with the sentence, unless another was asked for since."""

        def taken(asset: Asset) -> None:
            if number == self._asked:
                self.show_asset(asset)

        def refused(sentence: str) -> None:
            if number == self._asked:
                self._reading = False
                self.update()
                self.refused.emit(sentence)

        return taken, refused

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def _tell(self) -> None:
        held = self.asset.name if self.asset is not None else "empty"
        self.setAccessibleName(f"{self.title} still: {held}")
        ways = "Drop a still or a clip here, or click to choose"
        self.setToolTip(f"{self.asset.name}\n{ways} another" if self.asset is not None else ways)
        self.clear_button.setVisible(self.asset is not None and self.underMouse())
        self.update()


def _has_alpha(asset: Asset | None) -> bool:
    return asset is not None and bool(asset.video) and asset.video[0].has_alpha


def _draw_fitted(painter: QPainter, box: QRect, picture: QPixmap, *, has_alpha: bool) -> None:
    """All of a picture in a box; what is transparent over a checkerboard."""
    size = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(QPoint(0, 0), size)
    place.moveCenter(box.center())
    if has_alpha:
        painter.save()
        painter.setClipRect(place)
        for x in range(0, place.width(), CHECKER_PX):
            for y in range(0, place.height(), CHECKER_PX):
                shade = QColor("#8a8a8a" if (x + y) // CHECKER_PX % 2 else "#b4b4b4")
                square = QRect(place.left() + x, place.top() + y, CHECKER_PX, CHECKER_PX)
                painter.fillRect(square, shade)
        painter.restore()
    painter.drawPixmap(place, picture)


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:27]}…"
