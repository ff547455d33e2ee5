"""The way to the open folder: a button for each folder on it, that opens it and takes entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from studio.document.queries.bins import bin_name, with_parents
from studio.ui.asset_drag import AssetDrag
from studio.ui.controls import label, tool_button

TOP = "Media"
MOST_PX = 110


class Crumb(QPushButton):
    """One folder. What is let go on it is moved there."""

    def __init__(self, path: str, move: Callable[[tuple[str, ...], str], object]) -> None:
        super().__init__()
        self.path = path
        self._move = move
        name = bin_name(path) or TOP
        self.setProperty("kind", "crumb")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMaximumWidth(MOST_PX)
        cut = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(name, cut, MOST_PX - 14))
        self.setToolTip(name)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)
        self.setDown(event.isAccepted())

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        drag = AssetDrag.read(event.mimeData())
        event.setAccepted(drag is not None and bool(drag.entries))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.setDown(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.setDown(False)
        drag = AssetDrag.read(event.mimeData())
        if drag is not None:
            event.acceptProposedAction()
            self._move(drag.entries, self.path)


class CrumbBar(QWidget):
    """Shows nothing at the top, where there is no way back."""

    def __init__(
        self, open_folder: Callable[[str], object], move: Callable[[tuple[str, ...], str], object]
    ) -> None:
        super().__init__()
        self._open = open_folder
        self._move = move
        self.crumbs: list[Crumb] = []
        self._up = tool_button("chevron-left", "Up to the folder this lies in  (Alt+Up)", size=15)
        self._up.clicked.connect(lambda: self._open(self.crumbs[-2].path))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(1)
        self._line.addWidget(self._up)

    def show_way(self, folder: str) -> None:
        """Show the way to a folder."""
        self.setVisible(bool(folder))
        if self.crumbs and self.crumbs[-1].path == folder:
            return
        while self._line.count() > 1:
            item = self._line.takeAt(1)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.crumbs = [Crumb(path, self._move) for path in ("", *sorted(with_parents([folder])))]
        for crumb in self.crumbs:
            if crumb.path:
                self._line.addWidget(label("›", "faint"))
            crumb.clicked.connect(partial(self._open, crumb.path))
            self._line.addWidget(crumb)
        self.crumbs[-1].setEnabled(False)
        self._line.addStretch(1)
