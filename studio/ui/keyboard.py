"""Where the keys go: to the transport and the tools, unless somebody is typing.

A window's focus proxy is its home for the keyboard. In the main window that is the timeline,
where every key is a command; a dialog has none, and its fields keep the keyboard.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QSlider,
    QSpinBox,
    QWidget,
)

_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEP_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_SLIDE_KEYS = (*STEP_KEYS, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


def give_keys_back(field: QWidget) -> None:
    """A value is set, or the picture was clicked: the next key is a command again."""
    home = field.window().focusProxy()
    if home is not None:
        home.setFocus(Qt.FocusReason.OtherFocusReason)


def claims(event: QEvent, keys: tuple[Qt.Key, ...]) -> bool:
    """Whether a shortcut is about to take one of a field's own keys; the field has it then."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    own = event.key() in keys and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if own:
        event.accept()
    return own


class Slider(QSlider):
    """A level slider whose arrow keys move it, and not the playhead."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def event(self, event: QEvent) -> bool:
        return claims(event, _SLIDE_KEYS) or super().event(event)


class StepBox(QSpinBox):
    """A whole number whose Up and Down step it, and do not move the playhead."""

    def event(self, event: QEvent) -> bool:
        return claims(event, STEP_KEYS) or super().event(event)


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
