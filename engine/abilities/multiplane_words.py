"""What is asked of a given picture: what stands out in it does something, and a camera moves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.abilities.animatic import movement_of
from engine.abilities.context import JobContext
from engine.abilities.personal_prompt import likeliest, note_shown
from engine.abilities.prompt_reading import VECTORS_BYTES, phrases_of
from engine.models.moviegen.camera_words import camera_of, without_camera
from engine.models.moviegen.rewriting import Rewriter
from engine.planning.vocabulary import POCKET_VIDEO
from engine.protocol.recipes import CAMERA_MOVES, Recipe

_SENTENCES = re.compile(r"[,;.]")
_JOINTS = re.compile(r"\b(?:and|while|as|then)\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """A movement of `ACTIONS`, and a camera's; "" where none is named."""

    action: str = ""
    camera: str = ""


def asked_of(recipe: Recipe, context: JobContext) -> Asked:
    """What a recipe's prompt asks for; notes say what was not understood.

    Raises: WeightsNotInstalled.
    """
    if not recipe.prompt.strip():
        return Asked()
    told, moves = cameras_apart(recipe.prompt)
    camera = moves[0].replace(" ", "_") if moves else ""
    if moves[1:]:
        left_out = " and ".join(f"“{move}”" for move in moves[1:])
        context.note(f"The camera does one thing at a time, so {left_out} is left out.")
    if not told:
        return Asked(camera=camera)
    reading = likeliest(_rewriter(recipe, context), told)
    action = movement_of(reading.clause.action)
    if action is None:
        context.note(f"“{told}” names no movement that this model knows.")
        return Asked(camera=camera)
    read = f"it {reading.clause.action}{camera and ', '}{camera.replace('_', ' ')}"
    context.note(f"Read as: {read}")
    note_shown(reading, context)
    return Asked(action, camera)


def cameras_apart(prompt: str) -> tuple[str, tuple[str, ...]]:
    """A prompt without what it says of the camera, and the camera's moves, of CAMERA_MOVES."""
    moves: list[str] = []
    told = [_told(part, moves) for part in _SENTENCES.split(prompt)]
    return ", ".join(filter(None, told)), tuple(dict.fromkeys(moves))


def _told(part: str, moves: list[str]) -> str:
    """What a part of a prompt says beside the camera's moves, which are added to `moves`."""
    kept = []
    for piece in filter(None, (each.strip(" !") for each in _JOINTS.split(part))):
        move = piece.lower() if piece.lower() in CAMERA_MOVES else camera_of(piece)
        rest = "" if move else piece
        if move is None:
            rest, move = without_camera(piece)
        moves += [move] if move else []
        kept.append(rest)
    return " and ".join(filter(None, kept))


def _rewriter(recipe: Recipe, context: JobContext) -> Rewriter:
    embed = phrases_of(context)
    key = f"{recipe.model}/rewriter"
    return context.models.get(key, VECTORS_BYTES, lambda: Rewriter(POCKET_VIDEO, embed()))
