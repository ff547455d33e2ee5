"""How long a clip is wished for: a slider in half seconds, up to what the model makes."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from studio.ui.controls import label, row

HALF = Fraction(1, 2)


class LengthField(QWidget):
    """`changed` follows every change of the length."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Length")
        self.slider.setRange(2, 8)
        self.slider.setValue(8)
        self._text = label("4 s", "dim")
        self._text.setFixedWidth(34)
        self.setLayout(row(self.slider, self._text, spacing=8))
        self.slider.valueChanged.connect(lambda _v: self._show())
        self.slider.valueChanged.connect(lambda _v: self.changed.emit())

    @property
    def seconds(self) -> Fraction:
        return self.slider.value() * HALF

    def set_seconds(self, seconds: Fraction) -> None:
        """Wish for a length, to the nearest half second that there is."""
        self.slider.setValue(max(1, round(seconds / HALF)))

    def set_longest(self, seconds: Fraction) -> None:
        """Offer lengths of one second and more, or of half a second where that is all there is."""
        longest = max(1, int(seconds / HALF))
        self.slider.setRange(1 if longest < 2 else 2, max(2, longest))
        self._show()

    def _show(self) -> None:
        seconds = self.seconds
        whole = seconds.denominator == 1
        self._text.setText(f"{seconds.numerator} s" if whole else f"{float(seconds):.1f} s")
