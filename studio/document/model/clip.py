"""Clip, Gap and Transition: what a track is a row of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, TypeAlias

from studio.document.model.curve import Number
from studio.document.model.effect import Effect, Value
from studio.document.model.generated import GeneratedMedia
from studio.document.model.marker import Marker
from studio.document.model.record import Id, Record
from studio.document.model.title import Title
from studio.document.time import ZERO, Time


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetMedia(Record):
    """A file. `stream` counts the asset's streams of the track's kind (picture or sound)."""

    asset_id: Id
    stream: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleMedia(Record):
    """Styled text over transparency."""

    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionMedia(Record):
    """A line of speech on a caption track; its look is the track's `caption_style`."""

    text: str
    speaker: str = ""


class GeneratorKind(StrEnum):
    """Pictures and sounds made by arithmetic; parameters are in `catalogue.GENERATORS`."""

    COLOUR = "colour"
    GRADIENT = "gradient"
    BARS = "bars"
    TONE = "tone"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorMedia(Record):
    """A synthetic source. `params` as in `Effect`."""

    kind: GeneratorKind
    params: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentMedia(Record):
    """No picture of its own: the clip's effects apply to everything beneath it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceMedia(Record):
    """Another sequence, nested; source time is that sequence's time from its first frame."""

    sequence_id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownMedia(Record):
    """Media of a kind that only a newer version knows: it keeps its place, and shows as offline."""

    text: str


Media: TypeAlias = (
    AssetMedia
    | GeneratedMedia
    | TitleMedia
    | CaptionMedia
    | GeneratorMedia
    | AdjustmentMedia
    | SequenceMedia
    | UnknownMedia
)


@dataclass(frozen=True, slots=True)
class ConstantSpeed(Record):
    """Source seconds per sequence second: 1 as shot, 1/2 slow, -1 in reverse, 0 a freeze."""

    factor: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class SpeedPoint(Record):
    """The speed at a frame, counted from the clip's first; it may lie outside the clip."""

    at: int
    factor: Fraction


@dataclass(frozen=True, slots=True)
class SpeedRamp(Record):
    """Speed that changes in straight lines between points, and is constant beyond the ends."""

    points: tuple[SpeedPoint, ...]


Speed: TypeAlias = ConstantSpeed | SpeedRamp

AS_SHOT = ConstantSpeed()


class BlendMode(StrEnum):
    """How a layer meets the layers beneath it."""

    NORMAL = "normal"
    ADD = "add"
    MULTIPLY = "multiply"
    SCREEN = "screen"
    OVERLAY = "overlay"
    SOFT_LIGHT = "soft_light"
    HARD_LIGHT = "hard_light"
    DARKEN = "darken"
    LIGHTEN = "lighten"
    DIFFERENCE = "difference"


class Fit(StrEnum):
    """How a picture of another size sits in the frame before its transform.

    FIT shows all of it, FILL covers the frame, STRETCH ignores its shape, ORIGINAL keeps pixels.
    """

    FIT = "fit"
    FILL = "fill"
    STRETCH = "stretch"
    ORIGINAL = "original"


class FadeShape(StrEnum):
    """The gain of a fade over its length."""

    LINEAR = "linear"
    EQUAL_POWER = "equal_power"
    SMOOTH = "smooth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip(Record):
    """A stretch of media on a track.

    `duration` counts sequence frames. `source_start` is the media time at the clip's first
    instant; how it runs on from there is `speed`, and the stretch it covers is
    `queries.source_range`. Under reverse it therefore names the late end. Clips with the same
    `link` are selected and moved as one (picture and its sound); so are those of a `group`.
    `gain_db`, `pan` (-1 left to 1 right) and `opacity` (0 to 1) may be keyframed. Fades act on
    the opacity of a picture and the gain of a sound. Effects apply first to last. `colour` is a
    `Label`, or "#rrggbb" as another program chose it; "" is the track's.
    """

    id: Id
    name: str = ""
    duration: int
    media: Media
    source_start: Time = ZERO
    speed: Speed = AS_SHOT
    preserve_pitch: bool = True
    enabled: bool = True
    link: Id | None = None
    group: Id | None = None
    opacity: Number = 1.0
    blend: BlendMode = BlendMode.NORMAL
    fit: Fit = Fit.FIT
    gain_db: Number = 0.0
    pan: Number = 0.0
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    fade_shape: FadeShape = FadeShape.LINEAR
    effects: tuple[Effect, ...] = ()
    markers: tuple[Marker, ...] = ()
    colour: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Record):
    """Nothing, for `duration` frames. A track never ends in one, nor holds two in a row."""

    id: Id
    duration: int


class TransitionKind(StrEnum):
    """How one clip becomes the next. CROSSFADE is for sound, the others for pictures."""

    DISSOLVE = "dissolve"
    ADDITIVE = "additive"
    DIP = "dip"
    WIPE = "wipe"
    PUSH = "push"
    SLIDE = "slide"
    CROSSFADE = "crossfade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Record):
    """Lies on the cut between the items before and after it in the track, and takes no time.

    It covers `in_offset` frames before the cut and `out_offset` after it, as in OpenTimelineIO.
    Beside a gap, or at either end of the track, it fades from or to nothing. Parameters
    (direction, softness, colour, shape) are in `catalogue.TRANSITIONS`.
    """

    duration: ClassVar[int] = 0

    id: Id
    kind: TransitionKind
    in_offset: int
    out_offset: int
    params: tuple[tuple[str, Value], ...] = ()


Item: TypeAlias = Clip | Gap | Transition
