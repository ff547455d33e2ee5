"""The picture alone on the whole screen. Escape, F11 or a double-click bring it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from studio.ui.controls import column
from studio.ui.viewer.canvas import PictureCanvas


class FullScreen(QWidget):
    """Borrows a viewer's canvas; keys it does not know go to the window the canvas came from."""

    def __init__(self, canvas: PictureCanvas, give_back: Callable[[], object]) -> None:
        self._home = canvas.window()
        super().__init__(self._home, Qt.WindowType.Window)
        self._give_back = give_back
        self.setStyleSheet("background: #000000;")
        self.setLayout(column(canvas, spacing=0))
        self.addActions(self._home.actions())
        canvas.double_clicked.connect(self.close)
        self._canvas = canvas

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.close()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._canvas.double_clicked.disconnect(self.close)
        self._give_back()
        super().closeEvent(event)
        self.deleteLater()
