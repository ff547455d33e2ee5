"""Options of an edit by instruction: its task, how closely it keeps and follows, and where."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.protocol.recipes import (
    EDIT_TASKS,
    FOLLOW,
    KEEP_SOURCE,
    LARGEST_SCALE,
    MASK_AT_S,
    TASK,
    USUAL_SCALE,
    Ability,
    Recipe,
)
from studio.commands import units
from studio.commands.failures import UsageError
from studio.commands.parser import one_of
from studio.media.probe import probe

_NAMES = {TASK: "--task", KEEP_SOURCE: "--keep-source", FOLLOW: "--follow"}


def add_edit(parser: argparse.ArgumentParser) -> None:
    """The options of `edit_video`; its instruction is the prompt."""
    group = parser.add_argument_group("edit_video")
    group.add_argument(
        "--task",
        type=one_of("task", EDIT_TASKS),
        metavar="TASK",
        help=f"{', '.join(EDIT_TASKS)}; read from the words if left out",
    )
    group.add_argument(
        "--keep-source",
        type=_scale(KEEP_SOURCE),
        metavar="SCALE",
        help=f"how closely to keep the film, to {LARGEST_SCALE[KEEP_SOURCE]:g}"
        f" ({USUAL_SCALE[KEEP_SOURCE]:g})",
    )
    group.add_argument(
        "--follow",
        type=_scale(FOLLOW),
        metavar="SCALE",
        help=f"how closely to follow the words, to {LARGEST_SCALE[FOLLOW]:g}"
        f" ({USUAL_SCALE[FOLLOW]:g})",
    )
    group.add_argument(
        "--mask",
        type=Path,
        metavar="FILE",
        help="a picture of any size, white or opaque at what is meant; soft edges stay soft",
    )
    group.add_argument(
        "--mask-at",
        type=units.seconds_from_0,
        metavar="SECONDS",
        help="when in --video the mask lies where it was drawn (where the edit begins)",
    )


def check_mask(ability: Ability, arguments: argparse.Namespace) -> None:
    """See that a mask is a still picture, and goes with an edit.

    Raises: UsageError, MediaError.
    """
    if arguments.mask is None:
        if arguments.mask_at is not None:
            raise UsageError("--mask-at says when a mask fits. Give it with --mask FILE.")
        return
    if ability is not Ability.EDIT_VIDEO:
        raise UsageError("--mask goes with edit_video.")
    facts = probe(arguments.mask).video
    if facts is None or not facts.still:
        raise UsageError(
            f"{arguments.mask} is no still picture. A mask is one, such as a PNG, white at what is"
            " meant."
        )


def with_edit(recipe: Recipe, arguments: argparse.Namespace) -> Recipe:
    """The recipe with what these options mean for it.

    Raises: UsageError, where it is no edit.
    """
    given = {name: value for name in _NAMES if (value := getattr(arguments, name)) is not None}
    if given and recipe.ability is not Ability.EDIT_VIDEO:
        raise UsageError(f"{_NAMES[next(iter(given))]} goes with edit_video.")
    at = {} if arguments.mask_at is None else {MASK_AT_S: str(arguments.mask_at)}
    return msgspec.structs.replace(recipe, options=recipe.options | given | at)


def _scale(option: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            scale = float(text)
        except ValueError:
            scale = -1.0
        if not 0 <= scale <= LARGEST_SCALE[option]:
            most = f"{LARGEST_SCALE[option]:g}"
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {most}")
        return scale

    return read
