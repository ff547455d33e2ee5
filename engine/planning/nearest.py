"""The recipe nearest to one that does not fit: a smaller picture first, then a shorter clip."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import msgspec

from engine.catalogue import Entry
from engine.planning.shapes import valid_frames
from engine.protocol.models import FrameRules
from engine.protocol.recipes import Recipe

_COST_OF_TIME = 2.0
"""A clip that no longer fills its place in the cut is worse than one with a smaller picture."""


def nearest_that_fits(
    recipe: Recipe, entry: Entry, fits: Callable[[Recipe], bool]
) -> Recipe | None:
    """The recipe of the same shape that fits and is least unlike `recipe`; None if none does.

    What fits at a size and length fits at every smaller one, so for each length the largest size
    is found by halving.
    """
    sizes = _sizes(recipe, entry.rules)
    lengths = [n for n in valid_frames(entry.rules) if n <= recipe.frames] or [recipe.frames]
    best: tuple[float, Recipe] | None = None
    for frames in reversed(lengths):
        if best is not None and _COST_OF_TIME * math.log(recipe.frames / frames) >= best[0]:
            break
        found = _largest(recipe, frames, sizes, fits)
        if found is not None:
            unlike = _unlikeness(recipe, found)
            best = min(best or (math.inf, found), (unlike, found), key=lambda pair: pair[0])
    return None if best is None else best[1]


def _largest(
    recipe: Recipe, frames: int, sizes: list[tuple[int, int]], fits: Callable[[Recipe], bool]
) -> Recipe | None:
    """The largest of `sizes`, ordered from small to large, that fits at this length."""
    low, high = 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        if fits(_resized(recipe, sizes[middle], frames)):
            low = middle + 1
        else:
            high = middle
    return None if low == 0 else _resized(recipe, sizes[low - 1], frames)


def _sizes(recipe: Recipe, rules: FrameRules) -> list[tuple[int, int]]:
    """Sizes of about the recipe's shape, from the smallest worth making to the recipe's own."""
    return sorted(set(_smaller(recipe, rules)), key=lambda size: size[0] * size[1])


def _smaller(recipe: Recipe, rules: FrameRules) -> Iterator[tuple[int, int]]:
    """No side shorter than half the shortest the model was made for: below that it sees nothing."""
    yield recipe.width, recipe.height
    multiple = rules.size_multiple
    shortest = min(min(size) for size in rules.aspects.values()) // 2
    long_side = max(recipe.width, recipe.height)
    for side in range(long_side // multiple * multiple, multiple - 1, -multiple):
        scale = side / long_side
        width = round(recipe.width * scale / multiple) * multiple
        height = round(recipe.height * scale / multiple) * multiple
        if min(width, height) >= shortest:
            yield width, height


def _unlikeness(recipe: Recipe, other: Recipe) -> float:
    area = (recipe.width * recipe.height) / (other.width * other.height)
    return math.log(area) + _COST_OF_TIME * math.log(recipe.frames / other.frames)


def _resized(recipe: Recipe, size: tuple[int, int], frames: int) -> Recipe:
    return msgspec.structs.replace(recipe, width=size[0], height=size[1], frames=frames)
