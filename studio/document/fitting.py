"""Fitting a picture into a frame of another shape: where it lies before any effect moves it."""

from __future__ import annotations

from typing import TypeAlias

from studio.document.model.clip import Fit

Size: TypeAlias = tuple[int, int]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height in pixels."""


def fit_box(picture: Size, canvas: Size, fit: Fit, canvas_scale: float) -> Box:
    """Where a picture sits before its transform.

    `canvas_scale` is the canvas's width over the sequence's: less than 1 for a small preview.
    """
    wide, high = canvas[0] / picture[0], canvas[1] / picture[1]
    match fit:
        case Fit.STRETCH:
            return 0.0, 0.0, float(canvas[0]), float(canvas[1])
        case Fit.FIT:
            scale = min(wide, high)
        case Fit.FILL:
            scale = max(wide, high)
        case Fit.ORIGINAL:
            scale = canvas_scale
    width, height = picture[0] * scale, picture[1] * scale
    return (canvas[0] - width) / 2, (canvas[1] - height) / 2, width, height
