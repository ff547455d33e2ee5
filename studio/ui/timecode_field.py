"""Timecode that is shown large and can be typed over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from studio.document.time import Rate
from studio.document.timecode import parse_entry, timecode
from studio.ui.controls import set_bad
from studio.ui.keyboard import give_keys_back
from studio.ui.theme import current, numeric_font


class TimecodeField(QLineEdit):
    """Shows a frame as timecode. Typing jumps: "1:00", "+12", "2.5s" as `parse_entry` reads it."""

    entered = Signal(int)

    def __init__(self, size_px: int = 13, tip: str = "Playhead. Click to type a time.") -> None:
        super().__init__()
        self._rate = Rate(24)
        self._drop = False
        self._start = 0
        self._frame = 0
        self.setFont(numeric_font(size_px, QFont.Weight.DemiBold))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setToolTip(tip)
        self.setAccessibleName("Timecode")
        width = QFontMetrics(self.font()).horizontalAdvance("00:00:00:00")
        self.setFixedWidth(width + 18)
        self.setStyleSheet(
            f"QLineEdit {{ background: transparent; border: 1px solid transparent;"
            f" font-size: {size_px}px; font-weight: 600; padding: 1px 4px; }}"
            f"QLineEdit:hover {{ border-color: {current().border}; }}"
            f"QLineEdit:focus {{ background: {current().field};"
            f" border-color: {current().accent}; }}"
        )
        self.returnPressed.connect(self._enter)
        self.show_frame(0)

    def set_format(self, rate: Rate, *, drop_frame: bool = False, start: int = 0) -> None:
        """Say how frames are written; `start` is the timecode of frame 0, in frames."""
        self._rate, self._drop, self._start = rate, drop_frame, start
        self.show_frame(self._frame)

    def show_frame(self, frame: int) -> None:
        """Show a frame, unless somebody is typing."""
        self._frame = frame
        if not self.hasFocus():
            self.setText(timecode(frame + self._start, self._rate, drop_frame=self._drop))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_bad(self, False)
        self.show_frame(self._frame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            give_keys_back(self)
            return
        super().keyPressEvent(event)

    def _enter(self) -> None:
        try:
            frame = parse_entry(
                self.text(), self._rate, self._frame + self._start, drop_frame=self._drop
            )
        except ValueError as error:
            set_bad(self, True)
            self.setToolTip(str(error))
            return
        set_bad(self, False)
        give_keys_back(self)
        self.entered.emit(max(0, frame - self._start))
