"""From a recipe to the shape a model really makes: sizes and lengths it allows, and its tokens."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec

from engine.catalogue import Entry, Latent
from engine.protocol.models import FrameRules
from engine.protocol.recipes import Ability, Recipe

_STILLS = frozenset({Ability.TEXT_TO_IMAGE, Ability.TEXT_TO_STICKER})
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

    A size or length of 0 means the model's own. What is beyond the model's limits stays as it
    is, for the plan to refuse.
    """
    notes: list[str] = []
    width, height = _size(recipe, entry.rules, notes)
    frames = _frames(recipe, entry, notes)
    rate = _rate(recipe, entry.rules, notes)
    return Snapped(
        msgspec.structs.replace(recipe, width=width, height=height, frames=frames, rate=rate),
        tuple(notes),
    )


def limits_broken(recipe: Recipe, entry: Entry, asked: Recipe) -> str:
    """Why a snapped recipe is beyond what the model was made for; "" if it is not.

    `asked` is the recipe before it was snapped: the one whose numbers its author knows.
    """
    rules = entry.rules
    pixels, most = recipe.width * recipe.height, largest_aspect(rules)
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
        if recipe.width < 0 or recipe.height < 0:
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
        return entry.defaults.frames if recipe.frames == 0 else recipe.frames
    steps = math.ceil((recipe.frames - rules.frame_offset) / rules.frame_step)
    least = 0 if rules.frame_offset else 1
    frames = max(least, steps) * rules.frame_step + rules.frame_offset
    if frames != recipe.frames:
        notes.append(
            f"The clip becomes {frames} frames long: this model makes "
            f"{_length_rule(rules)}, and {recipe.frames} is not one of them."
        )
    return min(frames, _MAX_FRAMES)


def _rate(recipe: Recipe, rules: FrameRules, notes: list[str]) -> str:
    if recipe.rate in rules.rates or not rules.rates:
        return recipe.rate
    notes.append(
        f"The clip plays at {_spoken(rules.rates[0])} frames a second, the rate this model "
        f"was made for, and not at {_spoken(recipe.rate)}."
    )
    return rules.rates[0]


def _spoken(rate: str) -> str:
    numerator, _, denominator = rate.partition("/")
    return numerator if denominator in ("", "1") else rate


def _length_rule(rules: FrameRules) -> str:
    if rules.frame_offset == 0:
        return f"multiples of {rules.frame_step} frames"
    return f"multiples of {rules.frame_step} frames and {rules.frame_offset} more"


def _to_multiple(pixels: int, multiple: int) -> int:
    return max(multiple, round(pixels / multiple) * multiple)
