"""Where the keys go: to the transport and the tools, unless somebody is typing.

A window's focus proxy is its home for the keyboard. In the main window that is the timeline,
where every key is a command; a dialog has none, and its fields keep the keyboard.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def give_keys_back(field: QWidget) -> None:
    """A value is set, or the picture was clicked: the next key is a command again."""
    home = field.window().focusProxy()
    if home is not None:
        home.setFocus(Qt.FocusReason.OtherFocusReason)


class KeyboardHome(QObject):
    """Sends the keys of a window home on Return in a field of one line, and on Escape in any.

    It hears only what reaches the window itself: keys that the field under them did not use, so
    that Return still begins a line in a box of several.
    """

    def __init__(self, window: QWidget, home: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.setFocusProxy(home)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        field = QApplication.focusWidget()
        typed = isinstance(field, QLineEdit | QAbstractSpinBox) and event.key() in _RETURN
        if typed or event.key() == Qt.Key.Key_Escape:
            give_keys_back(self._window)
            return True
        return False
