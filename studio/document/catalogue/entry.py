"""Entry and Parameter: how the catalogue describes one effect, and reads one's values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from studio.document.keyframes import value_at
from studio.document.model.curve import Curve
from studio.document.model.effect import Value


class Target(Enum):
    """What an effect works on."""

    PICTURE = "picture"
    SOUND = "sound"


class Unit(Enum):
    """What a number counts. SHARE is a part of the frame's width or height, or of the whole."""

    NONE = ""
    SHARE = "share"
    DEGREES = "°"
    STOPS = "stops"
    KELVIN = "K"
    DECIBELS = "dB"
    HERTZ = "Hz"
    MILLISECONDS = "ms"
    RATIO = ":1"
    SEMITONES = "semitones"


@dataclass(frozen=True, slots=True)
class NumberParameter:
    """A number that can be keyframed. Values outside `low` to `high` are refused."""

    name: str
    label: str
    default: float
    low: float
    high: float
    unit: Unit = Unit.NONE
    step: float = 0.01


@dataclass(frozen=True, slots=True)
class SwitchParameter:
    """On or off."""

    name: str
    label: str
    default: bool


@dataclass(frozen=True, slots=True)
class ChoiceParameter:
    """One of several words."""

    name: str
    label: str
    default: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColourParameter:
    """A colour, "#rrggbb" or "#rrggbbaa"."""

    name: str
    label: str
    default: str


@dataclass(frozen=True, slots=True)
class PointsParameter:
    """A list of points in the unit square, "x,y x,y …": a tone curve, or the outline of a mask.

    An `outline` is closed, with y downwards; each of its corners is a point, its incoming handle
    and its outgoing one.
    """

    name: str
    label: str
    default: str
    outline: bool = False


@dataclass(frozen=True, slots=True)
class AssetParameter:
    """The id of an asset in the project, such as a .cube LUT; "" for none."""

    name: str
    label: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class TrackParameter:
    """The id of another track of the sequence, such as the one that ducks this; "" for none."""

    name: str
    label: str
    default: str = ""


Parameter: TypeAlias = (
    NumberParameter
    | SwitchParameter
    | ChoiceParameter
    | ColourParameter
    | PointsParameter
    | AssetParameter
    | TrackParameter
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of effect, transition or generator: its name, for whom, and its parameters."""

    kind: str
    label: str
    target: Target
    parameters: tuple[Parameter, ...] = ()
    group: str = ""
    about: str = ""

    def parameter(self, name: str) -> Parameter | None:
        return next((each for each in self.parameters if each.name == name), None)

    def value(self, params: tuple[tuple[str, Value], ...], name: str) -> Value:
        """A parameter's stored value, or its default.

        Raises: KeyError for a name that the entry does not have.
        """
        for stored, value in params:
            if stored == name:
                return value
        parameter = self.parameter(name)
        if parameter is None:
            raise KeyError(name)
        return parameter.default

    def values_at(
        self, params: tuple[tuple[str, Value], ...], frame: float
    ) -> dict[str, float | bool | str]:
        """Every parameter's value at a frame, keyframes evaluated and defaults filled in."""
        stored = dict(params)
        resolved: dict[str, float | bool | str] = {}
        for parameter in self.parameters:
            value = stored.get(parameter.name, parameter.default)
            resolved[parameter.name] = value_at(value, frame) if isinstance(value, Curve) else value
        return resolved


def complaint(parameter: Parameter, value: Value) -> str:
    """Why a parameter cannot hold a value, as a sentence; "" when it can."""
    match parameter:
        case NumberParameter():
            return _number_complaint(parameter, value)
        case SwitchParameter():
            return "" if isinstance(value, bool) else f"{parameter.label} is on or off."
        case ChoiceParameter(choices=choices):
            one_of = ", ".join(choices)
            return "" if value in choices else f"{parameter.label} is one of {one_of}."
        case ColourParameter():
            return "" if _is_colour(value) else f"{parameter.label} is a colour such as #ff8800."
        case PointsParameter():
            return "" if _are_points(value) else f"{parameter.label} is points such as 0,0 1,1."
        case AssetParameter() | TrackParameter():
            return "" if isinstance(value, str) else f"{parameter.label} names an object by its id."


def _number_complaint(parameter: NumberParameter, value: Value) -> str:
    if isinstance(value, bool | str):
        return f"{parameter.label} is a number."
    values = [key.value for key in value.keyframes] if isinstance(value, Curve) else [value]
    if all(parameter.low <= each <= parameter.high for each in values):
        return ""
    unit = f" {parameter.unit.value}" if parameter.unit not in (Unit.NONE, Unit.SHARE) else ""
    return f"{parameter.label} goes from {parameter.low:g} to {parameter.high:g}{unit}."


def _is_colour(value: Value) -> bool:
    if not isinstance(value, str) or not value.startswith("#") or len(value) not in (7, 9):
        return False
    return all(letter in "0123456789abcdefABCDEF" for letter in value[1:])


def _are_points(value: Value) -> bool:
    return isinstance(value, str) and parse_points(value) is not None


def parse_points(text: str) -> tuple[tuple[float, float], ...] | None:
    """Read "x,y x,y …"; None when it is something else."""
    try:
        pairs = [tuple(float(part) for part in pair.split(",")) for pair in text.split()]
    except ValueError:
        return None
    if any(len(pair) != 2 for pair in pairs):
        return None
    return tuple((pair[0], pair[1]) for pair in pairs)
