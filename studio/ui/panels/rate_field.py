"""How many frames a second a clip is to have: as the timeline, or one of the model's rates."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from engine.protocol.models import FrameRules
from studio.session.model_rules import rate_like


class RateField(QComboBox):
    """`changed` follows every choice. `timeline` gives the frames a second of the open sequence."""

    changed = Signal()

    def __init__(self, timeline: Callable[[], Fraction]) -> None:
        super().__init__()
        self._timeline = timeline
        self._rates: tuple[str, ...] = ()
        self.setAccessibleName("Frame rate")
        self.setToolTip("Frames a second. As the timeline: what plays evenly in it.")
        self.addItem("As the timeline", "")
        self.currentIndexChanged.connect(lambda _i: self.changed.emit())

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose."""
        return len(self._rates) > 1

    def offer(self, rates: tuple[str, ...]) -> None:
        """Offer the rates of a model, slowest first; the one chosen before stays if it can."""
        if rates == self._rates:
            return
        before = self.currentData()
        self._rates = rates
        self.blockSignals(True)
        self.clear()
        self.addItem("As the timeline", "")
        for rate in sorted(rates, key=Fraction):
            self.addItem(f"{float(Fraction(rate)):.5g}", rate)
        self.blockSignals(False)
        self.choose(before)

    def choose(self, rate: str) -> None:
        """Choose one of the rates; anything else is as the timeline."""
        self.setCurrentIndex(max(0, self.findData(rate)))

    def rate(self, rules: FrameRules) -> str:
        """The rate of a clip that a model makes."""
        chosen = str(self.currentData())
        return chosen if chosen in rules.rates else rate_like(rules, self._timeline())
