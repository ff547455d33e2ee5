"""Motion: neither too slow nor too fast, and not jittery.

Two measures of motion, as in the paper: the difference of smoothed luma (VMAF's motion feature),
and the mean length of motion vectors, here of dense optical flow. Two of jitter: jumps of content
a second, counted by a detector that calls every jump a cut, and the camera's shake: how much
the median motion changes from one picture to the next.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.curation.facts import Clip, Step
from engine.training.curation.scenes import CONTENT_LIMIT, content_change
from engine.training.curation.thresholds import Thresholds

_PAPER_LINES, _PAPER_RATE = 768, 24
_VMAF_TAPS = np.array([3571, 16004, 26386, 16004, 3571], np.float64) / 65536


def motion_rule(limits: Thresholds) -> str:
    """What `too_slow_or_fast` asks for."""
    return (
        f"luma motion > {limits.min_luma_motion:g}, "
        f"{limits.min_vector:g} < vector < {limits.max_vector:g}"
    )


def too_slow_or_fast(clip: Clip, limits: Thresholds) -> str | None:
    """Why it moves too little or too much."""
    seen = clip.looked_at
    if seen.luma_motion <= limits.min_luma_motion:
        return f"its luma changes by {seen.luma_motion:.2f} levels"
    if not limits.min_vector < seen.vector < limits.max_vector:
        return f"its mean motion is {seen.vector:.2f} pixels"
    return None


def jitter_rule(limits: Thresholds) -> str:
    """What `jittery` asks for."""
    return f"jumps a second < {limits.max_shots_per_s:g}, shake < {limits.max_shake:g}"


def jittery(clip: Clip, limits: Thresholds) -> str | None:
    """Why it cannot be watched."""
    seen = clip.looked_at
    if seen.shots_per_s >= limits.max_shots_per_s:
        return f"its content jumps {seen.shots_per_s:.2f} times a second"
    return (
        None if seen.shake < limits.max_shake else f"the camera shakes by {seen.shake:.1f} pixels"
    )


class StepMeter:
    """Measures from picture to picture; give it the pictures of one file in order."""

    def __init__(self) -> None:
        self._hsv: NDArray[np.uint8] | None = None
        self._luma: NDArray[np.uint8]
        self._smooth: NDArray[np.float32]

    def next(self, rgb: NDArray[np.uint8], seconds: float) -> Step | None:
        """The step to (H, W, 3), shown `seconds` after the last; None for the first of all."""
        hsv = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV), np.uint8)
        luma = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        smooth = np.asarray(cv2.sepFilter2D(luma, cv2.CV_32F, _VMAF_TAPS, _VMAF_TAPS), np.float32)
        step = None
        if self._hsv is not None:
            flow = _flow().calc(self._luma, luma, np.zeros((*luma.shape, 2), np.float32))
            scale = _PAPER_LINES / min(luma.shape) / (max(seconds, 1e-6) * _PAPER_RATE)
            step = Step(
                change=round(content_change(self._hsv, hsv), 3),
                luma=round(float(np.abs(smooth - self._smooth).mean()), 3),
                vector=round(scale * float(np.hypot(flow[..., 0], flow[..., 1]).mean()), 3),
                pan_x=round(scale * float(np.median(flow[..., 0])), 3),
                pan_y=round(scale * float(np.median(flow[..., 1])), 3),
            )
        self._hsv, self._luma, self._smooth = hsv, luma, smooth
        return step


@cache
def _flow() -> cv2.DISOpticalFlow:
    return cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)


def jumps_per_s(steps: tuple[Step, ...], seconds: float) -> float:
    """Changes of content over the limit, a second."""
    return sum(step.change > CONTENT_LIMIT for step in steps) / max(seconds, 1e-6)


def shake(steps: tuple[Step, ...]) -> float:
    """Mean change of the camera's motion from one step to the next."""
    pans = np.array([(step.pan_x, step.pan_y) for step in steps]).reshape(-1, 2)
    return float(np.hypot(*np.diff(pans, axis=0).T).mean()) if len(pans) > 1 else 0.0
