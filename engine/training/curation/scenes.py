"""Scene cuts, and clips of single scenes.

A cut is a picture whose hue, saturation and value differ from the one before by more than a limit
and by far more than the pictures around it differ: PySceneDetect's content and adaptive detectors
in one. Written here since the pictures are decoded already and that package would decode them
again; docs/curation.md has the reasons.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.curation.facts import Clip, Measurement
from engine.training.curation.thresholds import Thresholds

CONTENT_LIMIT = 27.0
_TIMES_ITS_NEIGHBOURS = 3.0
_NEIGHBOURS = 2

Span = tuple[int, int]
"""Pictures from the first up to, and without, the second number."""


def rule(limits: Thresholds) -> str:
    """What `not_one_scene` asks for."""
    return f"{limits.min_clip_s:g} to {limits.max_clip_s:g} s of one scene"


def not_one_scene(clip: Clip, limits: Thresholds) -> str | None:
    """Why no clip is to be had here."""
    seconds = float(clip.seconds)
    if seconds >= limits.min_clip_s:
        return None
    scene_s = float(clip.looked_at.scene_s)
    if scene_s > seconds:
        return f"{seconds:.2f} s are left over of a scene of {scene_s:.2f} s"
    return f"the scene lasts {seconds:.2f} s"


def content_change(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Mean difference in levels of hue, saturation and value between HSV pictures (H, W, 3)."""
    return float(cv2.absdiff(before, after).mean())


def cuts(changes: NDArray[np.float64]) -> list[int]:
    """The pictures that begin a new scene; `changes[i]` leads from picture i to picture i + 1."""
    found = []
    for index in np.flatnonzero(changes > CONTENT_LIMIT):
        around = np.r_[
            changes[max(0, index - _NEIGHBOURS) : index],
            changes[index + 1 : index + 1 + _NEIGHBOURS],
        ]
        if not around.size or changes[index] > _TIMES_ITS_NEIGHBOURS * float(around.mean()):
            found.append(int(index) + 1)
    return found


def scenes(measured: Measurement) -> list[Span]:
    """The scenes of a file, in order and without gaps."""
    changes = np.array([step.change for step in measured.steps])
    ends = [0, *cuts(changes), len(measured.stamps)]
    return [(first, last) for first, last in pairwise(ends) if first < last]


def spans(scene: Span, measured: Measurement, limits: Thresholds) -> list[Span]:
    """A scene cut into clips of the longest length; what remains at its end is one more span."""
    longest = Fraction(limits.max_clip_s)
    start, end = scene
    found = []
    for frame in range(start + 1, end):
        if measured.time_s(frame + 1) - measured.time_s(start) > longest:
            found.append((start, frame))
            start = frame
    return [*found, (start, end)]


def after_the_start(scene: Span, measured: Measurement, limits: Thresholds) -> Span:
    """The scene without the first seconds of its file, which may leave nothing of it."""
    first = next(
        (f for f in range(*scene) if measured.time_s(f) >= Fraction(limits.skip_start_s)), scene[1]
    )
    return first, scene[1]
