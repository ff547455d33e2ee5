"""What is asked of a given picture: what stands out in it does something, and a camera moves."""

from __future__ import annotations

from dataclasses import dataclass

from engine.abilities.animatic import movement_of
from engine.abilities.context import JobContext
from engine.abilities.personal_prompt import likeliest, note_shown
from engine.abilities.prompt_reading import VECTORS_BYTES, phrases_of
from engine.models.moviegen.camera_words import camera_of, without_camera
from engine.models.moviegen.rewriting import Rewriter
from engine.planning.vocabulary import POCKET_VIDEO
from engine.protocol.recipes import CAMERA_MOVES, Recipe


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
    told, camera = camera_apart(recipe.prompt)
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


def camera_apart(prompt: str) -> tuple[str, str]:
    """A prompt without what it says of the camera, and the camera's move, as "zoom_in", or ""."""
    camera, kept = "", []
    for part in filter(None, (each.strip(" .!") for each in prompt.split(","))):
        move = part.lower() if part.lower() in CAMERA_MOVES else camera_of(part)
        rest = "" if move else part
        if move is None:
            rest, move = without_camera(part)
        camera = camera or (move or "")
        kept.append(rest)
    return ", ".join(filter(None, kept)), camera.replace(" ", "_")


def _rewriter(recipe: Recipe, context: JobContext) -> Rewriter:
    embed = phrases_of(context)
    key = f"{recipe.model}/rewriter"
    return context.models.get(key, VECTORS_BYTES, lambda: Rewriter(POCKET_VIDEO, embed()))
