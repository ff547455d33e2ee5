"""An ability that makes real films and stills: a moving square, coloured by seed and model.

Words of the prompt: "held" stays at its first frame until it is cancelled, "impossible" fails with
a sentence.
A prompt is read with every vixen as a fox.
"""

from __future__ import annotations

import time

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.abilities.video_output import preview_jpeg, save_video
from engine.errors import BadMedia
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import Ability, Recipe

FRAME_S = 0.05


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """See engine.abilities.context.Run."""
    words = set(recipe.prompt.split())
    context.report("loading")
    if "impossible" in words:
        raise BadMedia("The scene cannot be painted.", "Describe another one.")
    if recipe.ability is Ability.REWRITE_PROMPT:
        told = recipe.prompt.replace("vixen", "fox").encode()
        return (context.save(told, "text/plain", MediaInfo(), "prompt"),)
    count = 1 if recipe.ability is Ability.TEXT_TO_IMAGE else recipe.frames
    frames = np.empty((count, recipe.height, recipe.width, 3), np.uint8)
    for index in range(count):
        _paint(frames[index], index, recipe)
        context.report(
            "denoising", index + 1, count, lambda index=index: preview_jpeg(frames[index])
        )
        while "held" in words:
            time.sleep(FRAME_S)
            context.report("denoising", 1, count)
    if recipe.ability is Ability.TEXT_TO_IMAGE:
        return (_save_still(frames[0], context),)
    return (save_video(frames, recipe.rate, context),)


def _paint(frame: NDArray[np.uint8], index: int, recipe: Recipe) -> None:
    rng = np.random.default_rng([recipe.seed, *recipe.model.encode()])
    frame[:] = rng.integers(0, 255, 3)
    side = recipe.height // 3
    left = (index * 4) % (recipe.width - side)
    frame[side : 2 * side, left : left + side] = rng.integers(0, 255, 3)


def _save_still(frame: NDArray[np.uint8], context: JobContext) -> Output:
    _, png = cv2.imencode(".png", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    height, width = frame.shape[:2]
    return context.save(png.tobytes(), "image/png", MediaInfo(width=width, height=height, frames=1))
