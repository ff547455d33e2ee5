"""Options for a film at another pace: smoother at its own speed, or slower and as smooth."""

from __future__ import annotations

import argparse
from fractions import Fraction

import msgspec

from engine.protocol.recipes import Ability, Recipe
from studio.commands.failures import UsageError
from studio.media.probe import probe

_SLOWEST, _FASTEST = Fraction(1, 100), Fraction(10)


def add_pace(group: argparse._ArgumentGroup) -> None:
    """The option that says how fast a film is to play."""
    group.add_argument(
        "--speed",
        type=_speed,
        metavar="PERCENT",
        help="with interpolate_frames: play --video so fast, such as 25%%, and as smoothly as"
        " --rate says, which is the film's own if left out",
    )


def check_pace(ability: Ability, arguments: argparse.Namespace) -> None:
    """See that a pace goes with the ability, and that one is said where it has to be.

    Raises: UsageError.
    """
    if ability is not Ability.INTERPOLATE_FRAMES:
        if arguments.speed is not None:
            raise UsageError("--speed goes with interpolate_frames.")
        return
    lengths = (arguments.speed, arguments.frames, arguments.length)
    if arguments.speed is not None and lengths.count(None) < len(lengths) - 1:
        raise UsageError("--speed says how long it is already. Leave out --frames and --length.")
    if not any((arguments.rate, *lengths)):
        raise UsageError(
            "Say how smooth or how slow it shall be: --rate 60 for frames a second, --speed 25%"
            " for slow motion."
        )


def with_pace(
    recipe: Recipe, arguments: argparse.Namespace, part: list[Fraction] | None
) -> tuple[Recipe, list[Fraction] | None]:
    """The recipe, which has its source's rate, at the rate and the length that are asked for.

    The part that is used then ends where a whole number of frames does, so that none is off by a
    little. Raises: MediaError for a source that cannot be read.
    """
    if recipe.ability is not Ability.INTERPOLATE_FRAMES:
        return recipe, part
    facts = probe(arguments.video).video
    assert facts is not None  # or there would be no recipe
    first, end = part or (Fraction(0), facts.duration)
    rate = arguments.rate or recipe.rate
    used_s, speed = min(end, facts.duration) - first, arguments.speed or Fraction(1)
    length_s = arguments.length or used_s / speed
    frames = arguments.frames or max(1, round(length_s * Fraction(rate)))
    if arguments.frames is None and arguments.length is None:
        used_s = frames / Fraction(rate) * speed
    paced = msgspec.structs.replace(recipe, frames=frames, rate=rate)
    return paced, [first, first + used_s]


def _speed(text: str) -> Fraction:
    number, percent, rest = text.strip().partition("%")
    try:
        speed = Fraction(number.strip()) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        speed = Fraction(0)
    if rest or not _SLOWEST <= speed <= _FASTEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed such as 25% or 0.25")
    return speed
