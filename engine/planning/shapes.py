"""From a recipe to the shape a model really makes: sizes and lengths it allows, and its tokens."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from engine.catalogue import Entry, Latent
from engine.protocol.models import FrameRules
from engine.protocol.recipes import EDIT_IN_S, EDIT_OUT_S, SOURCE_SIZE, Ability, InputRole, Recipe

DIRECTION, RETAKE_IN_S, RETAKE_OUT_S = "direction", "retake_in_s", "retake_out_s"
"""Options of a recipe: where an extension goes, and the range that a retake makes again."""

DRAWN_STICKER_PIXELS = 256
"""Side of what is drawn for a sticker, which may be laid larger."""
_STILLS = frozenset({Ability.TEXT_TO_IMAGE, Ability.TEXT_TO_STICKER})
LIKE_SOURCE = frozenset(
    {Ability.RETAKE, Ability.EDIT_VIDEO, Ability.UPSCALE_VIDEO, Ability.CUT_OUT}
    | {Ability.INTERPOLATE_FRAMES}
)
"""Abilities whose output has its source's length and rate, whatever the recipe says; of frames that

are interpolated the recipe says both, and any are made.
"""
_FROM_VIDEO = (LIKE_SOURCE - {Ability.CUT_OUT}) | {Ability.EXTEND_VIDEO}

SOUND = frozenset({Ability.VIDEO_TO_AUDIO, Ability.TEXT_TO_AUDIO, Ability.EXTEND_AUDIO})
"""Abilities that make sound: it has a length, counted in latents, and no size."""

MULTIPLANE = "multiplane"
"""The family that moves given pictures."""
_MAX_SIDE = 16_384
_MAX_FRAMES = 100_000


@dataclass(frozen=True, slots=True)
class TokenGrid:
    """Latent frames, and the rows and columns of patches in each."""

    frames: int
    rows: int
    columns: int

    @property
    def tokens(self) -> int:
        """Length of the transformer's sequence."""
        return self.frames * self.rows * self.columns


@dataclass(frozen=True, slots=True)
class Snapped:
    """A recipe with a size, a length and a rate that the model makes, and what was changed."""

    recipe: Recipe
    notes: tuple[str, ...]


def token_grid(width: int, height: int, frames: int, latent: Latent) -> TokenGrid:
    """How many tokens a video of `frames` frames of width × height pixels becomes.

    Source: papers, Movie Gen section 3.1.2: 256 frames of 768 × 768 are 73,728 tokens.
    """
    return TokenGrid(
        frames=latent_frames(frames, latent),
        rows=math.ceil(height / (latent.space * latent.patch)),
        columns=math.ceil(width / (latent.space * latent.patch)),
    )


def latent_frames(frames: int, latent: Latent) -> int:
    """Frames of the latent video."""
    if latent.causal:
        return 1 + math.ceil((frames - 1) / latent.time)
    return math.ceil(frames / latent.time)


def snap(recipe: Recipe, entry: Entry) -> Snapped:
    """Bring a recipe to what the model makes: the nearest size, the next length, its rate.

    A size or length of 0 means the model's own, or for work on a video what suits that video. What
    is beyond the model's limits stays as it is, for the plan to refuse.
    """
    if recipe.ability in LIKE_SOURCE:
        return Snapped(recipe, ())
    if recipe.ability in SOUND:
        return Snapped(_sounding(recipe, entry), ())
    notes: list[str] = []
    width, height = _size(recipe, entry.rules, notes)
    frames = _frames(recipe, entry, notes)
    rate = recipe.rate if _has_films_rate(recipe, entry) else _rate(recipe, entry.rules, notes)
    return Snapped(
        msgspec.structs.replace(recipe, width=width, height=height, frames=frames, rate=rate),
        tuple(notes),
    )


def _sounding(recipe: Recipe, entry: Entry) -> Recipe:
    """A recipe of sound in the model's latents, as long as it was in its own frames."""
    rate = entry.rules.rates[0]
    frames = recipe.frames or entry.defaults.frames
    if recipe.frames > 0:
        frames = math.ceil(recipe.frames / Fraction(recipe.rate) * Fraction(rate))
    return msgspec.structs.replace(recipe, width=0, height=0, frames=frames, rate=rate)


MOST_DRAWN_PIXELS, _DRAWN_STEP = 512 * 288, 32
"""What the pocket models learnt to draw, in steps of so many pixels; larger pictures are drawn at

half the size.
"""


def drawn_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a place is drawn for a film of a size."""
    if width * height <= MOST_DRAWN_PIXELS:
        return width, height
    return width // (2 * _DRAWN_STEP) * _DRAWN_STEP, height // (2 * _DRAWN_STEP) * _DRAWN_STEP


def worked(recipe: Recipe, entry: Entry) -> Recipe:
    """The shape at which the networks work for a snapped recipe, where that is not its own.

    A retake is made at the model's own size and only where it is new, with frames around it known;
    an extension has its known frames too. An edit is made at the model's own size. What only the
    source can tell is taken to be the model's own.
    """
    if recipe.ability in SOUND:
        return msgspec.structs.replace(recipe, width=1, height=1)
    if entry.draws_stills:
        still = _still(recipe, entry.rules)
        width, height = drawn_size(still.width, still.height)
        return msgspec.structs.replace(still, width=width, height=height)
    if recipe.ability is Ability.PERSONALIZE_VIDEO and entry.is_controlled:
        shown = sum(item.role is InputRole.REFERENCE for item in recipe.inputs)
        return msgspec.structs.replace(recipe, frames=recipe.frames + shown * entry.latent.time)
    if recipe.ability not in _FROM_VIDEO:
        return recipe
    rules, frames = entry.rules, recipe.frames or entry.defaults.frames
    overlap = entry.windows.overlap if entry.windows else 0
    width, height = recipe.width, recipe.height
    if width <= 0 or height <= 0:
        width, height = next(iter(rules.aspects.values()))
    if recipe.ability is Ability.EXTEND_VIDEO:
        frames += overlap
    if recipe.ability is Ability.EDIT_VIDEO:
        width, height = nearest_aspect(width, height, rules)
        frames = _drawn_frames(recipe, entry) or frames
    if recipe.ability is Ability.RETAKE:
        width, height = nearest_aspect(width, height, rules)
        length_s = retaken_s(recipe)
        if length_s is not None:
            frames = model_frames(length_s, rules) + 2 * overlap
            frames = min(frames, rules.max_frames) if entry.is_controlled else frames
    return msgspec.structs.replace(recipe, width=width, height=height, frames=frames)


def _still(recipe: Recipe, rules: FrameRules) -> Recipe:
    """The picture that is drawn for a clip of moved pictures, or for an edit."""
    width, height = recipe.width, recipe.height
    if width <= 0 or height <= 0:
        width, height = next(iter(rules.aspects.values()))
    if recipe.ability is Ability.EDIT_VIDEO:
        width, height = nearest_aspect(width, height, rules)
    if recipe.ability is Ability.TEXT_TO_STICKER:
        width = height = DRAWN_STICKER_PIXELS
    return msgspec.structs.replace(recipe, width=width, height=height, frames=1)


def at_once(recipe: Recipe, entry: Entry) -> Recipe:
    """A worked recipe no longer than what the denoiser sees at once."""
    if entry.windows is None:
        return recipe
    return msgspec.structs.replace(recipe, frames=min(recipe.frames, entry.windows.frames))


def retaken_s(recipe: Recipe) -> Fraction | None:
    """Seconds of the range that a retake makes again; None where its options do not say."""
    given = (recipe.options.get(name) for name in (RETAKE_IN_S, RETAKE_OUT_S))
    try:
        start_s, end_s = (Fraction(str(point)) for point in given)
    except (ValueError, ZeroDivisionError):
        return None
    return end_s - start_s if end_s > start_s else None


def edited_frames(recipe: Recipe) -> int:
    """Frames that an edit changes: those of its range, or all."""
    given = (recipe.options.get(name) for name in (EDIT_IN_S, EDIT_OUT_S))
    try:
        start_s, end_s = (Fraction(str(point)) for point in given)
    except (ValueError, ZeroDivisionError):
        return recipe.frames
    return max(1, math.ceil((end_s - start_s) * Fraction(recipe.rate)))


def _drawn_frames(recipe: Recipe, entry: Entry) -> int:
    """Frames that a model draws for an edit: the film's own, or as many at the model's rate."""
    frames = edited_frames(recipe)
    if not entry.is_controlled or not frames:
        return frames
    return model_frames(frames / Fraction(recipe.rate), entry.rules)


def source_pixels(recipe: Recipe) -> int:
    """Pixels of a frame of the film that is enlarged: as the recipe says, or half the size."""
    width, _, height = str(recipe.options.get(SOURCE_SIZE, "")).partition("x")
    if width.isdecimal() and height.isdecimal():
        return int(width) * int(height)
    return recipe.width * recipe.height // 4


def model_frames(length_s: Fraction, rules: FrameRules) -> int:
    """Frames of the model that fill a stretch of time, no slower than its rate."""
    steps = math.ceil(length_s * Fraction(rules.rates[0]) / rules.frame_step)
    return max(1, steps) * rules.frame_step


def limits_broken(recipe: Recipe, entry: Entry, asked: Recipe) -> str:
    """Why a snapped recipe is beyond what the model was made for; "" if it is not.

    `asked` is the recipe before it was snapped: the one whose numbers its author knows.
    """
    rules = entry.rules
    if recipe.ability is Ability.RETAKE:
        length_s = retaken_s(recipe)
        made = model_frames(length_s, rules) if length_s else 0
        most_s = rules.max_frames / Fraction(rules.rates[0])
        return f"{entry.title} retakes at most {float(most_s):g} s." * (made > rules.max_frames)
    if recipe.ability is Ability.EDIT_VIDEO:
        most, frames = rules.max_frames, _drawn_frames(recipe, entry)
        say = f"{entry.title} edits at most {most} frames at once, not {frames}."
        return say * (frames > most)
    if recipe.ability in SOUND:
        rate = Fraction(rules.rates[0])
        length_s, most_s = recipe.frames / rate, rules.max_frames / rate
        if not 0 < length_s <= most_s:
            return f"{entry.title} makes at most {float(most_s):g} s, not {float(length_s):g} s."
        return ""
    pixels, most = recipe.width * recipe.height, largest_aspect(rules)
    if recipe.ability is Ability.INTERPOLATE_FRAMES:
        return _beyond_films(recipe, entry)
    if recipe.width < 0 or recipe.height < 0 or recipe.frames < 0:
        return "A size or a length cannot be negative."
    if rules.max_pixels and pixels > rules.max_pixels:
        return (
            f"{entry.title} makes at most {most[0]} × {most[1]} pixels or as many in another "
            f"shape, and {asked.width} × {asked.height} is "
            f"{asked.width * asked.height / rules.max_pixels:.1f} times that."
        )
    if recipe.frames > rules.max_frames:
        return f"{entry.title} makes at most {rules.max_frames} frames, not {asked.frames}."
    return ""


def _beyond_films(recipe: Recipe, entry: Entry) -> str:
    """Why frames of a film are too large, or too many; "" if they are not."""
    pixels, most = recipe.width * recipe.height, entry.rules.max_pixels
    if pixels > most:
        return (
            f"{entry.title} makes frames of up to {most / 1e6:.1f} million pixels, and "
            f"{recipe.width} × {recipe.height} are {pixels / 1e6:.1f}."
        )
    if recipe.frames > entry.rules.max_frames:
        return (
            f"{entry.title} makes at most {entry.rules.max_frames} frames at once, not "
            f"{recipe.frames}."
        )
    return ""


def largest_aspect(rules: FrameRules) -> tuple[int, int]:
    """The largest of the model's own sizes."""
    return max(rules.aspects.values(), key=lambda size: size[0] * size[1])


def within_limits(recipe: Recipe, rules: FrameRules) -> Recipe:
    """The recipe with its size and length brought down to the model's limits, shape kept."""
    width, height = max(recipe.width, 1), max(recipe.height, 1)
    if rules.max_pixels and width * height > rules.max_pixels:
        width, height = nearest_aspect(width, height, rules)
    frames = min(recipe.frames, rules.max_frames)
    return msgspec.structs.replace(recipe, width=width, height=height, frames=frames)


def nearest_aspect(width: int, height: int, rules: FrameRules) -> tuple[int, int]:
    """The model's own size whose shape is most like width × height."""
    wanted = math.log(width / height)
    return min(rules.aspects.values(), key=lambda size: abs(math.log(size[0] / size[1]) - wanted))


def valid_frames(rules: FrameRules) -> list[int]:
    """Every length the model makes, shortest first."""
    first = rules.frame_offset or rules.frame_step
    return list(range(first, rules.max_frames + 1, rules.frame_step))


def _size(recipe: Recipe, rules: FrameRules, notes: list[str]) -> tuple[int, int]:
    if recipe.width <= 0 or recipe.height <= 0:
        if recipe.width < 0 or recipe.height < 0 or recipe.ability in _FROM_VIDEO:
            return recipe.width, recipe.height
        return next(iter(rules.aspects.values()))
    width = _to_multiple(min(recipe.width, _MAX_SIDE), rules.size_multiple)
    height = _to_multiple(min(recipe.height, _MAX_SIDE), rules.size_multiple)
    if (width, height) != (recipe.width, recipe.height):
        notes.append(
            f"The size becomes {width} × {height}: this model works in multiples of "
            f"{rules.size_multiple} pixels."
        )
    return width, height


def _frames(recipe: Recipe, entry: Entry, notes: list[str]) -> int:
    rules = entry.rules
    if recipe.ability in _STILLS:
        return 1
    if recipe.frames <= 0:
        return _usual_frames(recipe, entry) if recipe.frames == 0 else recipe.frames
    steps = math.ceil((recipe.frames - rules.frame_offset) / rules.frame_step)
    least = 0 if rules.frame_offset else 1
    frames = max(least, steps) * rules.frame_step + rules.frame_offset
    if frames != recipe.frames:
        notes.append(
            f"The clip becomes {frames} frames long: this model makes "
            f"{_length_rule(rules)}, and {recipe.frames} is not one of them."
        )
    return min(frames, _MAX_FRAMES)


def _usual_frames(recipe: Recipe, entry: Entry) -> int:
    """The model's usual length, which is told at its own rate, at the recipe's."""
    rates, frames = entry.rules.rates, entry.defaults.frames
    if recipe.rate not in rates[1:]:
        return frames
    return round(frames / Fraction(rates[0]) * Fraction(recipe.rate))


def _rate(recipe: Recipe, rules: FrameRules, notes: list[str]) -> str:
    if recipe.rate in rules.rates or not rules.rates:
        return recipe.rate
    if recipe.ability in _STILLS:  # a still plays at none
        return rules.rates[0]
    notes.append(
        f"The clip plays at {_spoken(rules.rates[0])} frames a second, the rate this model "
        f"was made for, and not at {_spoken(recipe.rate)}."
    )
    return rules.rates[0]


def _has_films_rate(recipe: Recipe, entry: Entry) -> bool:
    """Whether a clip goes on from a film at that film's own rate, whatever it is."""
    return recipe.ability is Ability.EXTEND_VIDEO and entry.family == MULTIPLANE


def _spoken(rate: str) -> str:
    numerator, _, denominator = rate.partition("/")
    return numerator if denominator in ("", "1") else rate


def _length_rule(rules: FrameRules) -> str:
    if rules.frame_offset == 0:
        return f"multiples of {rules.frame_step} frames"
    return f"multiples of {rules.frame_step} frames and {rules.frame_offset} more"


def _to_multiple(pixels: int, multiple: int) -> int:
    return max(multiple, round(pixels / multiple) * multiple)
