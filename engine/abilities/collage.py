"""Text to a sticker laid of cut-outs: every thing of the prompt found or drawn, dyed, and laid.

What the art library has is taken from there. The sticker model draws the rest, alone: two things
it does not draw well, and paper and scissors do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import load_pipeline, preview_of, request_of, snap_and_tell
from engine.abilities.moviegen_sticker import SIZE_PIXELS, required_prompt
from engine.abilities.prompt_reading import read_sticker_things
from engine.abilities.video_output import save_image
from engine.catalogue import Entry, load_catalogue
from engine.models.art import art_of, named_in
from engine.models.collage.arranging import Group, Place, arranged
from engine.models.collage.cut_outs import CutOut
from engine.models.collage.laying import sticker
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.prompts import cut_out_caption
from engine.models.moviegen.sticker_things import IN, ON, WEARING, Thing, Told
from engine.models.opticals.colours import TONES
from engine.planning.vocabulary import listed
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

NETWORK = "sticker-transformer"

_MOST_DRAWN = 2
"""Drawings of one kind: more of it are the same ones again, turned."""
_HATS = frozenset({"crown", "top hat", "graduation cap", "billed cap", "military helmet"})
_FLYING = frozenset(
    listed(
        """
red balloon, yellow star, red heart, butterfly, bee, helicopter, rocket, flying saucer, ghost,
rainbow, smiling sun, owl
"""
    )
)
"""What is in the air beside the first thing."""
_SMALL = frozenset(
    listed(
        """
birthday cake, gift box, rose, guitar, slice of pizza, trophy, cup of coffee, soccer ball, crown,
snail, turtle, frog, mouse, crab, duck, penguin, red apple, banana, strawberry, hamburger, doughnut,
cupcake, cactus, flame, thumbs up, skull, halloween pumpkin, yellow smiley face, laughing face,
face with heart eyes, face with sunglasses, crying face, angry face, sleeping face, thinking face,
party face, teddy bear
"""
    )
)
"""What stands small beside it; everything else is about as large as it."""

Tell = Callable[[int, int, Tensor], None]
"""(steps done, of, estimated latents) -> None; may raise to stop."""
Draw = Callable[[Thing, tuple[int, int]], CutOut]
"""(a thing, which of how many drawings) -> it alone, in its own colours."""


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A die-cut sticker of what the prompt says, RGBA.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    words = required_prompt(recipe, "the sticker should show")
    entry = load_catalogue().entry(recipe.model)
    recipe = msgspec.structs.replace(recipe, prompt=words, frames=1)
    recipe = snap_and_tell(recipe, entry, context)
    context.report("loading")
    pipeline = load_pipeline(entry, context, NETWORK)
    told = read_sticker_things(recipe, context, pipeline)
    for note in notes_of(told):
        context.note(note)

    def tell(step: int, steps: int, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: preview_of(pipeline, estimate))

    draw = drawer(recipe, entry, pipeline, tell)
    return (save_image(make_sticker(told, recipe, draw), context),)


def notes_of(told: Told) -> Iterator[str]:
    """What is told of a prompt that no sticker can show as it was meant."""
    for thing in told.things:
        if not thing.is_known:
            yield f"There is no art of “{thing.name}”, so what is drawn is a guess."
    if told.left_out:
        parts = ", ".join(f"“{part}”" for part in told.left_out)
        yield f"A sticker shows which things, how many and in which colour: {parts} is left out."


def drawer(recipe: Recipe, entry: Entry, pipeline: MovieGenPipeline, tell: Tell) -> Draw:
    """How things are drawn for a snapped recipe: each alone, with a seed of its own."""

    def draw(thing: Thing, part: tuple[int, int]) -> CutOut:
        named = named_in(thing.name)
        if named is not None:
            return CutOut.of_art(art_of(named.noun))
        done, total = part
        alone = replace(thing, count=1, colour="")
        request = replace(
            request_of(recipe, entry, cut_out_caption(alone.words)),
            width=SIZE_PIXELS,
            height=SIZE_PIXELS,
            seed=recipe.seed + done,
            apart=True,
        )

        def on_step(step: int, steps: int, estimate: Tensor) -> None:
            tell(done * steps + step, total * steps, estimate)

        latents = pipeline.denoise(request, on_step)
        return CutOut.of(pipeline.decode_rgba(latents).numpy()[0])

    return draw


def make_sticker(told: Told, recipe: Recipe, draw: Draw) -> NDArray[np.uint8]:
    """Straight RGBA (H, W, 4) of a snapped recipe."""
    counts = [min(thing.count, _MOST_DRAWN) for thing in told.things]
    parts = iter([(done, sum(counts)) for done in range(sum(counts))])
    groups: list[Group] = []
    for thing, count in zip(told.things, counts, strict=True):
        drawn = [draw(thing, next(parts)) for _ in range(count)]
        arts = [art.in_colour(TONES[thing.colour]) if thing.colour else art for art in drawn]
        groups.append(Group(tuple(arts[n % count] for n in range(thing.count)), *placed(thing)))
    picture = sticker(arranged(groups, random.Random(recipe.seed)))
    return _in_shape(picture, recipe.width, recipe.height)


def placed(thing: Thing) -> tuple[Place | None, float]:
    """How a thing lies with the first one, and how much larger than usual it is."""
    if not thing.joint:
        return None, 1.0
    if thing.joint == ON:
        return Place.UNDER, thing.scale
    if thing.joint == IN:
        return Place.AROUND, thing.scale
    if thing.joint == WEARING and thing.name in _HATS:
        return Place.WORN, thing.scale
    if thing.name in _FLYING:
        return Place.AFLOAT, thing.scale
    return (Place.NEAR if thing.name in _SMALL else Place.EQUAL), thing.scale


def _in_shape(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A square picture, straight RGBA, in the middle of another shape, no larger than it is."""
    side = min(width, height, picture.shape[0])
    art = picture.astype(np.float32) / 255
    art[..., :3] *= art[..., 3:]
    small = cv2.resize(art, (side, side), interpolation=cv2.INTER_AREA)
    canvas = np.zeros((height, width, 4), np.float32)
    top, left = (height - side) // 2, (width - side) // 2
    canvas[top : top + side, left : left + side] = small
    cover = canvas[..., 3:]
    canvas[..., :3] = np.where(cover > 0, canvas[..., :3] / np.maximum(cover, 1e-4), 1.0)
    return (canvas.clip(0, 1) * 255).round().astype(np.uint8)
