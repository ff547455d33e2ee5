"""Options for work on a film: which part of it, and what that asks of the recipe."""

from __future__ import annotations

import argparse
import math
from fractions import Fraction
from pathlib import Path

import msgspec

from engine.protocol.recipes import SOURCE_SIZE, Ability, Recipe
from studio.commands import units
from studio.commands.failures import UsageError
from studio.commands.parser import one_of
from studio.media.facts import VideoFacts
from studio.media.probe import probe

_NEED_A_FILM = frozenset(
    {Ability.EXTEND_VIDEO, Ability.RETAKE, Ability.EDIT_VIDEO, Ability.UPSCALE_VIDEO}
    | {Ability.VIDEO_TO_AUDIO, Ability.INTERPOLATE_FRAMES}
)
_TIMES_LARGER = 2
_DIRECTIONS = ("after", "before")


def add_stretch(group: argparse._ArgumentGroup) -> None:
    """The options that choose a part of a film, and on which side of it to go on."""
    group.add_argument(
        "--range",
        type=units.seconds_from_0,
        nargs=2,
        metavar=("IN", "OUT"),
        help="the part of --video to use, or with retake to make again, in seconds",
    )
    group.add_argument(
        "--direction",
        type=one_of("direction", _DIRECTIONS),
        metavar="|".join(_DIRECTIONS),
        help="with extend_video: what follows the film (the default), or what comes before it",
    )


def check_stretch(ability: Ability, arguments: argparse.Namespace) -> None:
    """See that the part that was asked for is one, and that it goes with the ability.

    Raises: UsageError.
    """
    if arguments.range and arguments.range[1] <= arguments.range[0]:
        raise UsageError("The range is empty: IN comes before OUT, both in seconds.")
    if arguments.direction and ability is not Ability.EXTEND_VIDEO:
        raise UsageError("--direction goes with extend_video.")


def require_film(ability: Ability, arguments: argparse.Namespace) -> None:
    """See that work on a film has one, and a retake its range.

    Raises: UsageError.
    """
    if ability in _NEED_A_FILM and arguments.video is None:
        raise UsageError(f"{ability} works on a film. Give it with --video FILE.")
    if ability is Ability.EXTEND_AUDIO and arguments.video is None:
        raise UsageError("extend_audio goes on after a sound. Give it with --video FILE.")
    if arguments.range and arguments.video is None:
        raise UsageError("--range is a part of a film. Give it with --video FILE.")
    if ability is Ability.RETAKE and not arguments.range:
        raise UsageError("Say which part to make again, in seconds, with --range IN OUT.")


def part_of_source(ability: Ability, arguments: argparse.Namespace) -> list[Fraction] | None:
    """The part of the source that is used; a retake uses all of it."""
    return None if ability is Ability.RETAKE else arguments.range


def with_stretch(recipe: Recipe, arguments: argparse.Namespace) -> Recipe:
    """The recipe with what --range and --direction mean for it."""
    options = dict(recipe.options)
    if recipe.ability is Ability.RETAKE and arguments.range:
        options["retake_in_s"], options["retake_out_s"] = map(str, arguments.range)
    if arguments.direction:
        options["direction"] = arguments.direction
    return msgspec.structs.replace(recipe, options=options)


def like_source(recipe: Recipe, video: Path | None, part: list[Fraction] | None) -> Recipe:
    """The recipe with the size, length and rate of its output, where the source decides them.

    Raises: UsageError for a source that is no film, MediaError for one that cannot be read.
    """
    if video is None or recipe.ability not in {*_NEED_A_FILM, Ability.EXTEND_AUDIO}:
        return recipe
    found = probe(video)
    if recipe.ability is Ability.EXTEND_AUDIO:
        if not found.audio:
            raise UsageError(f"{video} has no sound. extend_audio goes on after one.")
        return recipe
    facts = found.video
    if facts is None:
        raise UsageError(f"{video} has no picture. {recipe.ability} works on a film.")
    if facts.still:
        raise UsageError(f"{video} is a still. To begin a film with it, use image_to_video.")
    if recipe.ability is Ability.EXTEND_VIDEO:
        return recipe
    if recipe.ability is Ability.VIDEO_TO_AUDIO:
        return _as_long(recipe, facts, part)
    enlarges = recipe.ability is Ability.UPSCALE_VIDEO
    times = _TIMES_LARGER if enlarges else 1
    width, height = facts.display_size
    is_sized = enlarges and recipe.width > 0
    told = {SOURCE_SIZE: f"{width}x{height}"} if enlarges else {}
    return msgspec.structs.replace(
        recipe,
        width=recipe.width if is_sized else width * times,
        height=recipe.height if is_sized else height * times,
        frames=_frames(facts, part),
        rate=f"{facts.rate.numerator}/{facts.rate.denominator}",
        options={**recipe.options, **told},
    )


def _as_long(recipe: Recipe, facts: VideoFacts, part: list[Fraction] | None) -> Recipe:
    """A recipe of sound for all of a film, or for a part of it."""
    first, end = part or (Fraction(0), facts.duration)
    length = min(end, facts.duration) - first
    return msgspec.structs.replace(
        recipe, width=0, height=0, frames=max(1, math.ceil(length * Fraction(recipe.rate)))
    )


def _frames(facts: VideoFacts, part: list[Fraction] | None) -> int:
    if part is None:
        return facts.frame_count
    length = min(part[1], facts.duration) - part[0]
    return max(1, round(length * facts.rate))
