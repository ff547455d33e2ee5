"""Loops cut from Microsoft's animated emoji: real movement, whose captions name the thing alone.

They are the weakly captioned animations of the first stage (papers, E): which way something moves
is not said, how far is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from engine.training.grammar import Subject
from engine.training.packages import FLUENT_ANIMATED, fetch
from engine.training.sticker_grammar import LOOP_FRAMES, MOVING_SUBJECTS, article
from engine.training.sticker_latents import Drawn
from engine.training.sticker_pictures import SIZE_PIXELS, on_matte
from engine.training.stickers import sticker_path

_ROOM = 0.78
"""Side of the emoji in the square, as stickers of the grammar have it."""

_SMALL_BELOW, _LARGE_FROM = 1.6, 4.0
"""Bounds of the motion buckets, as mean change between neighbouring frames in levels of 255."""


@dataclass(frozen=True, slots=True)
class Animation:
    """One emoji's loop: premultiplied `frames` (8, 256, 256, 4); how far it moves, in levels."""

    subject: Subject
    frames: NDArray[np.float32]
    motion: float


def animations() -> Iterator[Animation]:
    """The loops of the grammar's subjects that Microsoft animated. Raises: DataError."""
    folders = [fetch(package) / "package/assets" for package in FLUENT_ANIMATED]
    for subject in MOVING_SUBJECTS:
        name = sticker_path(subject.label).name
        path = next((folder / name for folder in folders if (folder / name).exists()), None)
        frames = None if path is None else _loop(path)
        if frames is not None:
            yield Animation(subject, frames, motion_size(on_matte(frames)))


def motion_size(frames: NDArray[np.uint8]) -> float:
    """Mean absolute change between neighbouring frames (F, H, W, 3), in levels of 255."""
    return float(np.abs(np.diff(frames.astype(np.float32), axis=0)).mean())


def bucket(motion: float) -> str:
    """The motion bucket of a size in levels."""
    if motion < _SMALL_BELOW:
        return "small"
    return "large" if motion >= _LARGE_FROM else "medium"


def drawn(animation: Animation) -> Drawn:
    """The loop as a training sample, shown its first frame."""
    words = f"FPS-4, {bucket(animation.motion)} motion, {article(animation.subject.noun)} moves"
    return Drawn(animation.frames, words, 0)


def _loop(path: Path) -> NDArray[np.float32] | None:
    """Eight frames spread evenly over the whole loop; None for a still."""
    with Image.open(path) as picture:
        count = getattr(picture, "n_frames", 1)
        if count < LOOP_FRAMES:
            return None
        wanted = {round(index * count / LOOP_FRAMES) for index in range(LOOP_FRAMES)}
        chosen = [
            np.asarray(frame.convert("RGBA"), dtype=np.float32) / 255.0
            for index, frame in enumerate(ImageSequence.Iterator(picture))
            if index in wanted
        ]
    return np.stack([_placed(frame) for frame in chosen])


def _placed(rgba: NDArray[np.float32]) -> NDArray[np.float32]:
    """A straight frame, premultiplied and centred in the square."""
    colours = rgba[..., :3] * rgba[..., 3:]
    side = round(SIZE_PIXELS * _ROOM)
    small = cv2.resize(
        np.concatenate([colours, rgba[..., 3:]], axis=-1, dtype=np.float32),
        (side, side),
        interpolation=cv2.INTER_AREA,
    )
    canvas = np.zeros((SIZE_PIXELS, SIZE_PIXELS, 4), np.float32)
    edge = (SIZE_PIXELS - side) // 2
    canvas[edge : edge + side, edge : edge + side] = small
    return canvas
