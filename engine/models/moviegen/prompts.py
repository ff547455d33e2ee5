"""Prompts as the training captions were written: rate, camera, then what is seen (papers, A.3)."""

from __future__ import annotations

from fractions import Fraction

from engine.protocol.recipes import CAMERA_MOVES


def caption_of(prompt: str, frames: int, rate: str) -> str:
    """The caption that a prompt stands for.

    A camera move is a part of the prompt between commas, wherever it stands: "a fox runs, zoom
    in". A still has neither rate nor camera. `rate` is frames per second as "num/den".
    """
    parts = [part.strip() for part in prompt.strip().rstrip(".").split(",")]
    cameras = [part.lower() for part in parts if part.lower() in CAMERA_MOVES]
    seen = ", ".join(part for part in parts if part and part.lower() not in CAMERA_MOVES)
    if frames == 1:
        return seen
    camera = cameras[0] if cameras else CAMERA_MOVES[0]
    return f"FPS-{round(Fraction(rate))}, {camera}, {seen}"


LOOP_FPS = 8


EMPTY = "an empty scene"
"""What stands in a caption where a setting has no subject."""


def sticker_caption(prompt: str) -> str:
    """The caption of a sticker: what it shows, and the style that ships."""
    return f"{prompt.strip()}, die-cut sticker with a white border"


def cut_out_caption(prompt: str) -> str:
    """The caption of what is moved over a plate: drawn as the scenes are, without a border."""
    return f"{prompt.strip()}, 3d emoji"


def loop_caption(prompt: str, motion_size: str) -> str:
    """The caption of a loop: rate, how far it moves, and what it does.

    Its style is that of the still that it starts from.
    """
    return f"FPS-{LOOP_FPS}, {motion_size} motion, {prompt.strip()}"
