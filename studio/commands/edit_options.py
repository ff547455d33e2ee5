"""Options of an edit by instruction: its task, and how closely it keeps and follows."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import msgspec

from engine.protocol.recipes import (
    EDIT_TASKS,
    FOLLOW,
    KEEP_SOURCE,
    LARGEST_SCALE,
    TASK,
    USUAL_SCALE,
    Ability,
    Recipe,
)
from studio.commands.failures import UsageError
from studio.commands.parser import one_of

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


def with_edit(recipe: Recipe, arguments: argparse.Namespace) -> Recipe:
    """The recipe with what these options mean for it.

    Raises: UsageError, where it is no edit.
    """
    given = {name: value for name in _NAMES if (value := getattr(arguments, name)) is not None}
    if given and recipe.ability is not Ability.EDIT_VIDEO:
        raise UsageError(f"{_NAMES[next(iter(given))]} goes with edit_video.")
    return msgspec.structs.replace(recipe, options=recipe.options | given)


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
