"""Frames of a given film as what the Movie Gen family knows of a clip before it makes the rest."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import torch
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.video_input import Film, open_film, pictures_at
from engine.abilities.video_output import Frames
from engine.errors import BadRequest
from engine.protocol.recipes import InputAsset, InputRole, Recipe


def source_of(recipe: Recipe, context: JobContext) -> tuple[InputAsset, Film]:
    """The film that a recipe works on.

    Raises: BadRequest where there is none, BadMedia where it is no film.
    """
    given = next((item for item in recipe.inputs if item.role is InputRole.SOURCE), None)
    if given is None:
        raise BadRequest("The recipe has no film to work on.", "Add one as its source.")
    return given, open_film(context.asset(given.sha256))


def times_between(start_s: Fraction, end_s: Fraction, count: int) -> list[Fraction]:
    """When `count` frames begin that fill a stretch of time evenly."""
    step = (end_s - start_s) / count
    return [start_s + index * step for index in range(count)]


def known_pixels(
    film: Film, times_s: Sequence[Fraction], size: tuple[int, int], *, crop: bool
) -> Tensor:
    """The film at these times as a model takes it: (1, 3, F, H, W) float32 in [-1, 1]."""
    return to_pixels(pictures_at(film, times_s, size, crop=crop))


def to_pixels(frames: Frames) -> Tensor:
    """Frames (F, H, W, 3) as a model takes them: (1, 3, F, H, W) float32 in [-1, 1]."""
    return torch.from_numpy(frames).permute(3, 0, 1, 2)[None].float() / 127.5 - 1.0
