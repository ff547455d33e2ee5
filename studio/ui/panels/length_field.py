"""How long a clip is wished for: typed, or a slider in half seconds, up to what the model makes."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.ui.controls import row
from studio.ui.keyboard import Slider
from studio.ui.number_field import NumberField

HALF = Fraction(1, 2)
TENTHS = 10
NUMBER_PX = 62


class LengthField(QWidget):
    """`changed` follows every change of the length, which is kept to a tenth of a second."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.slider = Slider()
        self.slider.setAccessibleName("Length")
        self.slider.setRange(2, 8)
        self.slider.setValue(8)
        self.number = NumberField(1, 4, 4, step=0.5, decimals=1, suffix=" s")
        self.number.setFixedWidth(NUMBER_PX)
        self.number.setAccessibleName("Length in seconds")
        self._seconds = Fraction(4)
        layout = row(self.slider, self.number, spacing=8)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.slider.valueChanged.connect(lambda half: self._take(half * HALF))
        self.number.committed.connect(lambda typed: self._take(_tenths(typed)))

    @property
    def seconds(self) -> Fraction:
        return self._seconds

    def set_seconds(self, seconds: Fraction) -> None:
        """Wish for a length, to the nearest tenth of a second that there is."""
        low, high = self._range()
        self._take(min(max(_tenths(seconds), low), high))

    def set_longest(self, seconds: Fraction) -> None:
        """Offer lengths of one second and more, or of half a second where that is all there is."""
        longest = max(1, int(seconds / HALF))
        self.slider.blockSignals(True)
        self.slider.setRange(1 if longest < 2 else 2, max(2, longest))
        self.slider.blockSignals(False)
        low, high = self._range()
        self.number.blockSignals(True)
        self.number.setRange(float(low), float(high))
        self.number.blockSignals(False)
        self._take(min(max(self._seconds, low), high))

    def _range(self) -> tuple[Fraction, Fraction]:
        return self.slider.minimum() * HALF, self.slider.maximum() * HALF

    def _take(self, seconds: Fraction) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(seconds / HALF))
        self.slider.blockSignals(False)
        self.number.show_value(float(seconds))
        if seconds != self._seconds:
            self._seconds = seconds
            self.changed.emit()


def _tenths(seconds: float | Fraction) -> Fraction:
    return Fraction(round(seconds * TENTHS), TENTHS)
