"""A still sticker to a loop of eight frames, moved as a cut-out: its edges stay, and it closes."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

import msgspec

from engine.abilities.animate_sticker import RATE
from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_sticker import motion_size, read_still
from engine.abilities.prompt_reading import VECTORS_BYTES, phrases_of
from engine.abilities.video_output import save_video
from engine.catalogue import load_catalogue
from engine.models.collage.looping import FRAMES, loop, shapes
from engine.models.collage.movements import MOVEMENTS, REACHES
from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.planning.collage_vocabulary import POCKET_COLLAGE_LOOP
from engine.protocol.assets import Output
from engine.protocol.recipes import OFF, REWRITE, Recipe

LIVELY = ("dance", "jump", "jelly", "rock", "squash")
"""What a sticker does whose maker did not say; chance settles which."""
_UNKNOWN, _SOFTLY = "sway", 0.6
"""What a sticker does in place of something that is no movement of cut-outs, and how far."""
_WORDINGS: Mapping[str, str] = {
    wording: name
    for name, group in zip(MOVEMENTS, POCKET_COLLAGE_LOOP.motions.learnt, strict=True)
    for wording in group
}
_WORD = re.compile(r"[\w'-]+")
_LESS = re.compile(
    r"\b(?:gently|softly|slightly|slowly|a little|a bit|calmly|lazily)$", re.IGNORECASE
)
_MORE = re.compile(
    r"\b(?:wildly|madly|like crazy|a lot|hard|high|strongly|quickly|fast)$", re.IGNORECASE
)


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A loop in which the sticker does what the prompt says, RGBA.

    Raises: BadRequest, BadMedia, WeightsNotInstalled.
    """
    reach = REACHES[motion_size(recipe)]
    still = read_still(recipe, context)
    recipe = msgspec.structs.replace(recipe, frames=FRAMES, rate=RATE)
    recipe = snap_and_tell(recipe, load_catalogue().entry(recipe.model), context)
    movement, share = _movement(recipe, context)
    context.report("moving")
    side = min(recipe.width, recipe.height)
    frames = loop(still, shapes(movement, reach * share), side)
    return (save_video(frames, recipe.rate, context),)


def _movement(recipe: Recipe, context: JobContext) -> tuple[str, float]:
    """What the sticker does, and how far of the usual; notes say what was taken for what."""
    prompt = recipe.prompt.strip().rstrip(".!")
    if not prompt:
        return random.Random(recipe.seed).choice(LIVELY), 1.0
    told = prompt
    if recipe.options.get(REWRITE) != OFF:
        told = _rewriter(recipe, context).motion(prompt)
    movement = movement_of(told)
    if movement is None:
        context.note(
            f"“{prompt}” names no movement that a cut-out can make, so the sticker sways softly."
        )
        return _UNKNOWN, _SOFTLY
    if told != prompt:
        context.note(f"Read as: {told}")
    return movement, _share(told)


def movement_of(told: str) -> str | None:
    """The movement whose wording comes first in what was told, the longest of those; or None."""
    said = f" {' '.join(_WORD.findall(told.lower()))} "
    found = [(said.find(f" {wording} "), -len(wording), wording) for wording in _WORDINGS]
    places = [each for each in found if each[0] >= 0]
    return _WORDINGS[min(places)[2]] if places else None


def _share(told: str) -> float:
    """How far a movement goes that is done gently or wildly."""
    if _LESS.search(told):
        return _SOFTLY
    return 1 / _SOFTLY**0.5 if _MORE.search(told) else 1.0


def _rewriter(recipe: Recipe, context: JobContext) -> StickerRewriter:
    """What reads motions. Raises: WeightsNotInstalled."""
    embed = phrases_of(context)
    return context.models.get(
        f"{recipe.model}/words",
        VECTORS_BYTES,
        lambda: StickerRewriter(POCKET_COLLAGE_LOOP, embed()),
    )
