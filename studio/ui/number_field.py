"""A number that is typed, or dragged left and right as in other editors' inspectors."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDoubleSpinBox

from studio.ui.keyboard import STEP_KEYS, claims, give_keys_back

DRAG_PIXELS_PER_STEP = 3
MIN_PX = 58
MIXED = "–"


class NumberField(QDoubleSpinBox):
    """`previewed` follows a drag, `committed` comes once, when it ends or a value was typed.

    Double-click on an unfocused field resets to `neutral`. A field that was dragged or reset does
    not keep the keyboard.
    """

    previewed = Signal(float)
    committed = Signal(float)

    def __init__(
        self,
        minimum: float,
        maximum: float,
        neutral: float,
        *,
        step: float = 1.0,
        decimals: int = 0,
        suffix: str = "",
    ) -> None:
        super().__init__()
        self._neutral = neutral
        self._pressed_at: QPoint | None = None
        self._start_value = neutral
        self._dragging = False
        self._last_committed = neutral
        self._mixed = self._edited = False
        self.setRange(minimum, maximum)
        self.setDecimals(decimals)
        self.setSingleStep(step)
        self.setSuffix(suffix)
        self.setValue(neutral)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().installEventFilter(self)
        self.lineEdit().setCursor(Qt.CursorShape.SizeHorCursor)
        self.valueChanged.connect(self._typed)
        self.lineEdit().textEdited.connect(lambda _text: self._begin_typing())
        self.editingFinished.connect(self._end_typing)

    def minimumSizeHint(self) -> QSize:
        """Narrow panels may make it narrow: most values are far shorter than the longest."""
        return QSize(MIN_PX, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """As wide as its smallest, unless there is more room."""
        return self.minimumSizeHint()

    def show_value(self, value: float) -> None:
        """Show the model's value without saying that the user changed it."""
        was_mixed, self._mixed = self._mixed, False
        self._last_committed = value
        if self._dragging or (self.value() == value and not was_mixed):
            return
        self._put(value)

    def show_mixed(self, first: float) -> None:
        """Show a dash: the field stands for several values. A drag goes on from the first one.

        Whatever is typed is told of then, the first one's value too.
        """
        self._mixed, self._edited = True, False
        self._last_committed = math.nan
        if not self._dragging:
            self._put(first)

    def textFromValue(self, value: float) -> str:
        return MIXED if self._mixed and not self._dragging else super().textFromValue(value)

    def _put(self, value: float) -> None:
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()  # the panel scrolls; values never change under a passing wheel

    def event(self, event: QEvent) -> bool:
        """Up and Down step the value while it is typed in: they are not the timeline's then."""
        return claims(event, STEP_KEYS) or super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent) or not self.isEnabled():
            return super().eventFilter(watched, event)
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed_at = event.globalPosition().toPoint()
                self._start_value = self.value()
                return False
            case QEvent.Type.MouseMove if self._pressed_at is not None:
                return self._drag(event)
            case QEvent.Type.MouseButtonRelease if self._pressed_at is not None:
                return self._release()
            case QEvent.Type.MouseButtonDblClick:
                self._reset()
                return True
        return False

    def _drag(self, event: QMouseEvent) -> bool:
        assert self._pressed_at is not None
        travel = event.globalPosition().toPoint().x() - self._pressed_at.x()
        if not self._dragging and abs(travel) < QApplication.startDragDistance():
            return False
        self._dragging = True
        fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        steps = travel / DRAG_PIXELS_PER_STEP * fine
        self.blockSignals(True)
        self.setValue(self._start_value + steps * self.singleStep())
        self.blockSignals(False)
        self.lineEdit().deselect()
        self.previewed.emit(self.value())
        return True

    def _release(self) -> bool:
        self._pressed_at = None
        if not self._dragging:
            return False
        self._dragging = False
        self._commit(self.value())
        give_keys_back(self)
        return True

    def _reset(self) -> None:
        self._pressed_at = None
        self._dragging = False
        self.blockSignals(True)
        self.setValue(self._neutral)
        self.blockSignals(False)
        self._commit(self._neutral)
        give_keys_back(self)

    def _begin_typing(self) -> None:
        self._edited = self.hasAcceptableInput()

    def _end_typing(self) -> None:
        """Typing what the first of several values is changes no number, but all the others."""
        edited, self._edited = self._edited, False
        if edited and self._mixed:
            self._commit(self.value())

    def _typed(self, value: float) -> None:
        self._commit(value)

    def _commit(self, value: float) -> None:
        if value == self._last_committed:
            return
        self._last_committed = value
        self.committed.emit(value)
