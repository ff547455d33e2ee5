"""The scopes panel: what is measured of the picture in front, and how it is shown.

Traces are made on a thread of their own from a small copy of the picture; while one is made the
newest picture waits, and older ones are never begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from studio.media.scopes.scale import Scope, Units
from studio.session.background import Background
from studio.session.preferences import Preferences
from studio.ui.controls import column, label, push_button, row
from studio.ui.keyboard import Slider
from studio.ui.scopes.painter import NAMES, paint_scopes
from studio.ui.scopes.pointed import Pointed, paint_pointed, words_of
from studio.ui.segments import Segments
from studio.ui.theme import numeric_font

if TYPE_CHECKING:
    import numpy as np

PAUSE_MS = 100
"""Between two pictures that are measured while it plays."""

SHORT_NAMES = {
    Scope.WAVEFORM: "Wave",
    Scope.PARADE: "Parade",
    Scope.VECTORSCOPE: "Vector",
    Scope.HISTOGRAM: "Histogram",
}
"""So that all four fit the narrowest panel."""

TIPS = {
    Scope.WAVEFORM: "Waveform: how bright the picture is, from left to right",
    Scope.PARADE: "RGB parade: red, green and blue beside each other",
    Scope.VECTORSCOPE: "Vectorscope: hue around the circle, saturation outwards",
    Scope.HISTOGRAM: "Histogram: how much of the picture has each level",
}
BRIGHTNESS_PERCENT = (30, 300)
UNPOINTED = "Point at the picture to read its levels."


class ScopeCanvas(QWidget):
    """The scopes themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Scopes")
        self.scopes: tuple[Scope, ...] = ()
        self.images: dict[Scope, QImage] = {}
        self.units = Units.PERCENT
        self.pointed: Pointed | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_scopes(painter, QRectF(self.rect()), self.scopes, self.images, self.units)
        if self.pointed is not None and self.images:
            paint_pointed(painter, QRectF(self.rect()), self.scopes, self.pointed)
        painter.end()


class ScopesPanel(QWidget):
    """Shows what `look_at` is given; what is chosen is kept in the preferences."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self._work = Background("scopes", parent=self)
        self._wanted: QImage | None = None
        self._newest: QImage | None = None
        self.canvas = ScopeCanvas()
        self.chips = {scope: self._chip(scope) for scope in Scope}
        self.units = Segments(((Units.PERCENT.value, "%"), (Units.CODE.value, "10 bit")))
        self.readout = label(UNPOINTED, "small")
        self.readout.setFont(numeric_font(11))
        self.readout.setAccessibleName("Levels under the pointer")
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.units.set_tip(Units.PERCENT.value, "Levels in percent: 0 is black, 100 white")
        self.units.set_tip(Units.CODE.value, "Levels as codes of 10 bits: 64 is black, 940 white")
        self.brightness = Slider()
        self.brightness.setRange(*BRIGHTNESS_PERCENT)
        self.brightness.setToolTip("How bright the trace is")
        self.brightness.setAccessibleName("Brightness of the trace")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._measure)
        self._build()
        self._show_choices()

    @property
    def idle(self) -> bool:
        """Whether the traces on show are those of the newest picture."""
        return self._wanted is None and self._work.idle

    def look_at(self, image: QImage | None) -> None:
        """Measure a picture; None where there is none."""
        self._newest = image
        if image is None:
            self._wanted = None
            self.canvas.images = {}
            self.canvas.update()
        elif self.isVisible():
            self._wanted = image
            self._measure()

    def point_at(self, pointed: Pointed | None) -> None:
        """Tell the levels of a pixel and show where the scopes have it; None for none."""
        if pointed == self.canvas.pointed:
            return
        self.canvas.pointed = pointed
        self.canvas.update()
        self._show_pointed()

    def close_threads(self) -> None:
        """Measure no more."""
        self._wanted = None
        self._work.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_at(self._newest)

    def hideEvent(self, event: QHideEvent) -> None:
        self._wanted = None
        super().hideEvent(event)

    def _measure(self) -> None:
        """Begin with what waits, unless something is being measured or was a moment ago."""
        image = self._wanted
        if image is None or not self._work.idle or self._pause.isActive():
            return
        self._wanted = None
        self._pause.start()
        scopes = self.canvas.scopes
        brightness = self._preferences.settings.scope_brightness_percent / 100
        self._work.run(lambda: _traces(image, scopes, brightness), self._show, self._failed)

    def _show(self, images: dict[Scope, QImage]) -> None:
        if self._newest is not None:
            self.canvas.images = images
            self.canvas.update()
        self._measure()

    def _failed(self, _error: Exception) -> None:
        """What went wrong is in the log; the next picture is tried again."""
        self._measure()

    def _build(self) -> None:
        head = row(*self.chips.values(), None, spacing=4, margins=(6, 6, 6, 2))
        foot = row(self.units, None, label("Trace", "small"), self.brightness, margins=(6, 2, 8, 4))
        self.brightness.setMaximumWidth(120)
        whole = column(spacing=4)
        whole.addLayout(head)
        whole.addWidget(self.canvas, 1)
        whole.addLayout(row(self.readout, margins=(8, 2, 8, 0)))
        whole.addLayout(foot)
        self.setLayout(whole)
        self.units.chosen.connect(lambda key: self._choose(scope_units=key))
        self.brightness.setValue(self._preferences.settings.scope_brightness_percent)
        self.brightness.valueChanged.connect(
            lambda value: self._choose(scope_brightness_percent=value)
        )

    def _chip(self, scope: Scope) -> QPushButton:
        chip = push_button(SHORT_NAMES[scope], lambda: self._toggle(scope), "chip")
        chip.setCheckable(True)
        chip.setToolTip(TIPS[scope])
        chip.setAccessibleName(NAMES[scope])
        return chip

    def _toggle(self, scope: Scope) -> None:
        """Show a scope or hide it; the last one stays."""
        shown = [each for each in Scope if self.chips[each].isChecked()] or [scope]
        self._choose(scopes=tuple(each.value for each in shown))

    def _choose(self, **settings: object) -> None:
        self._preferences.update(**settings)
        self._show_choices()
        self.look_at(self._newest)

    def _show_choices(self) -> None:
        settings = self._preferences.settings
        chosen = [scope for scope in Scope if scope.value in settings.scopes]
        shown = tuple(chosen) or (Scope.WAVEFORM,)
        units = Units.CODE if settings.scope_units == Units.CODE.value else Units.PERCENT
        for scope, chip in self.chips.items():
            chip.setChecked(scope in shown)
        self.canvas.scopes, self.canvas.units = shown, units
        self.units.choose(units.value)
        self.canvas.update()
        self._show_pointed()

    def _show_pointed(self) -> None:
        pointed = self.canvas.pointed
        self.readout.setText(UNPOINTED if pointed is None else words_of(pointed, self.canvas.units))


def _traces(image: QImage, scopes: Sequence[Scope], brightness: float) -> dict[Scope, QImage]:
    """The traces of a picture, on any thread."""
    from studio.media.scopes.signal import sampled
    from studio.ui.scopes.light import trace_image
    from studio.ui.viewer.images import array_of

    rgb: np.ndarray = sampled(array_of(image))
    return {scope: trace_image(scope, rgb, brightness) for scope in scopes}
