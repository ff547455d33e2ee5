"""One parameter of a clip, an effect or a generator: label, control and keyframe button.

Rows are built from the catalogue's description, so that an effect added there appears here.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from studio.document.catalogue.entry import (
    AssetParameter,
    ChoiceParameter,
    ColourParameter,
    NumberParameter,
    Parameter,
    PointsParameter,
    SwitchParameter,
    TrackParameter,
    Unit,
)
from studio.document.keyframes import value_at, with_keyframe, without_keyframe
from studio.document.model.curve import Curve
from studio.document.model.effect import Value
from studio.ui.controls import ElidedLabel, column, combo, row, tool_button
from studio.ui.number_field import NumberField
from studio.ui.panels.curve_strip import CurveStrip
from studio.ui.panels.points_pad import OutlinePad, PointsPad, TonePad
from studio.ui.theme import current, themed_icon

LABEL_PX = 92
FIELD_PX = 84
PERCENT = 100.0
ANOTHER_FILE = "…"
"""In a list of files: one that has to be looked for. No id looks like it."""
_TINTS = {"red": "#f2695c", "green": "#5fc28b", "blue": "#64a8ff"}
_STEPS = {Unit.DEGREES: 1.0, Unit.KELVIN: 50.0, Unit.HERTZ: 10.0, Unit.DECIBELS: 0.5}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the project offers for parameters that name an asset or a track: (id, name).

    `frame_shape` is the frame's width over its height, for outlines drawn on it.
    """

    assets: tuple[tuple[str, str], ...] = ()
    tracks: tuple[tuple[str, str], ...] = ()
    frame_shape: float = 16 / 9


class ParameterRow(QWidget):
    """`changed` carries the new value; `jump` a frame of the clip to move the playhead to;
    `file_wanted` asks for a file that the project does not have yet.

    A row that is not `keyed` is of something that has one value for all its length.
    """

    changed = Signal(object)
    jump = Signal(int)
    file_wanted = Signal()

    def __init__(
        self, parameter: Parameter, choices: Choices = Choices(), *, keyed: bool = True
    ) -> None:
        super().__init__()
        self.parameter = parameter
        self._value: Value = parameter.default
        self._frame = 0
        self.strip: CurveStrip | None = None
        self._keyed = keyed
        self._layout = row(spacing=3)
        whole = column(spacing=3)
        whole.addLayout(self._layout)
        self.setLayout(whole)
        name = ElidedLabel(parameter.label, "dim")
        name.setFixedWidth(LABEL_PX)
        name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._layout.addWidget(name)
        self.control = self._control(parameter, choices)
        if isinstance(parameter, NumberParameter):
            self._layout.addStretch(1)
            self.control.setFixedWidth(FIELD_PX)
            self._layout.addWidget(self.control)
            if keyed:
                self._add_keyframe_buttons()
        elif isinstance(parameter, PointsParameter):
            self._layout.addStretch(1)
            whole.addWidget(self.control)
        else:
            self._layout.addWidget(self.control, 1)

    def show_value(self, value: Value, frame: int, frames: int = 0) -> None:
        """Show a value as it is at a frame of a clip that lasts for `frames`."""
        self._value, self._frame = value, frame
        if isinstance(value, Curve) and frames:
            self._show_strip(value, frames)
        elif self.strip is not None:
            self.strip.hide()
        match self.control:
            case NumberField() if isinstance(value, float | int | Curve):
                self.control.show_value(value_at(value, frame) * self._scale)
                self._show_keyframes(value)
            case QCheckBox():
                self.control.setChecked(bool(value))
            case QComboBox():
                self.control.setCurrentIndex(max(0, self.control.findData(value)))
            case QPushButton():
                self._show_colour(str(value))
            case PointsPad():
                self.control.show_points(str(value))

    def _show_strip(self, curve: Curve, frames: int) -> None:
        """The curve under the field, from the first keyframe on."""
        number = self.parameter
        assert isinstance(number, NumberParameter)
        if self.strip is None:
            self.strip = CurveStrip(number.low, number.high, scale=self._scale, unit=self._unit)
            self.strip.changed.connect(self.changed)
            self.strip.jump.connect(self.jump)
            whole = self.layout()
            assert whole is not None
            whole.addWidget(self.strip)
        self.strip.show()
        self.strip.show_curve(curve, self._frame, frames)

    @property
    def _unit(self) -> str:
        number = self.parameter
        if not isinstance(number, NumberParameter):
            return ""
        return " %" if _is_percent(number) else f" {number.unit.value}" if number.unit.value else ""

    @property
    def _scale(self) -> float:
        number = self.parameter
        return PERCENT if isinstance(number, NumberParameter) and _is_percent(number) else 1.0

    def _control(self, parameter: Parameter, choices: Choices) -> QWidget:
        match parameter:
            case NumberParameter():
                control: QWidget = self._number(parameter)
            case SwitchParameter():
                control = QCheckBox()
                control.clicked.connect(self.changed.emit)
            case ChoiceParameter(choices=words):
                named = tuple((word, word.replace("_", " ").capitalize()) for word in words)
                control = self._combo(named)
            case ColourParameter():
                control = QPushButton()
                control.clicked.connect(self._pick_colour)
            case PointsParameter():
                control = self._points(parameter, choices)
            case AssetParameter() | TrackParameter():
                control = self._combo(self._named(choices))
        return control

    def _named(self, choices: Choices) -> tuple[tuple[str, str], ...]:
        """What can be chosen: tracks, or files of the project and one that is not there yet."""
        if isinstance(self.parameter, TrackParameter):
            return ("", "None"), *choices.tracks
        return ("", "None"), *choices.assets, (ANOTHER_FILE, "Load a file…")

    def show_choices(self, choices: Choices) -> None:
        """Offer what the project has now."""
        if isinstance(self.control, OutlinePad):
            self.control.show_shape(choices.frame_shape)
        if not isinstance(self.parameter, AssetParameter | TrackParameter):
            return
        box, named = self.control, self._named(choices)
        assert isinstance(box, QComboBox)
        if [box.itemData(at) for at in range(box.count())] != [key for key, _ in named]:
            box.clear()
            for key, text in named:
                box.addItem(text, key)

    def _points(self, parameter: PointsParameter, choices: Choices) -> PointsPad:
        tint = QColor(_TINTS.get(parameter.name, current().text))
        name = parameter.label
        pad = OutlinePad(name, choices.frame_shape) if parameter.outline else TonePad(name, tint)
        pad.changed.connect(self.changed)
        return pad

    def _number(self, parameter: NumberParameter) -> NumberField:
        percent = _is_percent(parameter)
        scale = PERCENT if percent else 1.0
        step = 1.0 if percent else _STEPS.get(parameter.unit, max(parameter.step, 0.01))
        field = NumberField(
            parameter.low * scale,
            parameter.high * scale,
            parameter.default * scale,
            step=step,
            decimals=1 if percent else 0 if step >= 1 else 2,
            suffix=self._unit,
        )
        field.committed.connect(self._number_set)
        return field

    def _combo(self, choices: tuple[tuple[str, str], ...]) -> QComboBox:
        box = combo(*((text, key) for key, text in choices))
        box.activated.connect(lambda _place: self._chosen(box))
        return box

    def _chosen(self, box: QComboBox) -> None:
        if box.currentData() == ANOTHER_FILE:
            box.setCurrentIndex(max(0, box.findData(self._value)))
            self.file_wanted.emit()
        else:
            self.changed.emit(box.currentData())

    def _number_set(self, shown: float) -> None:
        number = shown / self._scale
        if isinstance(self._value, Curve):
            self.changed.emit(with_keyframe(self._value, self._frame, number))
        else:
            self.changed.emit(number)

    def _pick_colour(self) -> None:
        chosen = QColorDialog.getColor(QColor(str(self._value)[:7]), self, self.parameter.label)
        if chosen.isValid():
            self.changed.emit(chosen.name())

    def _show_colour(self, value: str) -> None:
        self.control.setStyleSheet(
            f"background: {value[:7]}; border: 1px solid {current().border}; border-radius: 4px;"
        )
        self.control.setToolTip(value)

    def _add_keyframe_buttons(self) -> None:
        self._before = tool_button("chevron-left", "Previous keyframe", self._go_before, size=12)
        self.keyframe = tool_button(
            "diamond", "Set or remove a keyframe here", self._toggle, size=12
        )
        self._after = tool_button("chevron-right", "Next keyframe", self._go_after, size=12)
        for button in (self._before, self.keyframe, self._after):
            button.setFixedSize(17, 20)
            self._layout.addWidget(button)

    def _keyframes(self) -> list[int]:
        return [k.at for k in self._value.keyframes] if isinstance(self._value, Curve) else []

    def _show_keyframes(self, value: Value) -> None:
        if not self._keyed:
            return
        frames = self._keyframes()
        here = self._frame in frames
        tint = current().accent if here else current().text if frames else current().faint
        self.keyframe.setIcon(themed_icon("diamond", 12, tint))
        self._before.setEnabled(any(at < self._frame for at in frames))
        self._after.setEnabled(any(at > self._frame for at in frames))

    def _toggle(self) -> None:
        value = self._value
        if isinstance(value, bool | str):
            return
        if self._frame in self._keyframes():
            self.changed.emit(without_keyframe(value, self._frame))
        else:
            self.changed.emit(with_keyframe(value, self._frame, value_at(value, self._frame)))

    def _go_before(self) -> None:
        self.jump.emit(max(at for at in self._keyframes() if at < self._frame))

    def _go_after(self) -> None:
        self.jump.emit(min(at for at in self._keyframes() if at > self._frame))


def _is_percent(parameter: NumberParameter) -> bool:
    """Shares, and plain numbers from nothing to all, are shown in per cent."""
    whole = (parameter.low, parameter.high) == (0.0, 1.0) and parameter.unit is Unit.NONE
    return parameter.unit is Unit.SHARE or whole
