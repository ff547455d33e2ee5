"""The zoom slider's scale: equal steps of the slider multiply the zoom equally."""

from __future__ import annotations

import math

from studio.ui.timeline.geometry import MAX_PIXELS_PER_FRAME, MIN_PIXELS_PER_FRAME

SLIDER_STEPS = 1000
_SPAN = math.log(MAX_PIXELS_PER_FRAME / MIN_PIXELS_PER_FRAME)


def position_of(pixels_per_frame: float) -> int:
    """Where the slider stands for a zoom."""
    return round(math.log(pixels_per_frame / MIN_PIXELS_PER_FRAME) / _SPAN * SLIDER_STEPS)


def scale_of(position: int) -> float:
    """The zoom, in pixels a frame, that a slider's position means."""
    return MIN_PIXELS_PER_FRAME * math.exp(position / SLIDER_STEPS * _SPAN)
