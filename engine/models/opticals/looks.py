"""Looks of a whole picture: styles, weathers and times of day, in proportion to its size."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.colours import lightness
from engine.models.opticals.falling import fall

Picture = NDArray[np.float32]
"""(H, W, 3) in [0, 1]."""

_USUAL_HEIGHT = 288
"""Of a picture whose lines and dots are as thick as is written here, in pixels."""
_SEPIA = np.array([1.06, 0.92, 0.68], np.float32)
_INK = 0.12
_PIXEL_ROWS = 36
_TEAL, _ORANGE = (
    np.array([-0.05, 0.03, 0.08], np.float32),
    np.array([0.07, 0.01, -0.07], np.float32),
)


def styled(picture: Picture, style: str, time_s: float = 0.0) -> Picture:
    """The picture in a style of `engine.planning.edit_words`, a moment of a film of it."""
    if style == "vhs":
        return _video_tape(picture, time_s)
    return _STYLES[style](picture)


def weathered(picture: Picture, weather: str, time_s: float, seed: int) -> Picture:
    """The picture in one of the weathers or times of day, a moment of a film of them."""
    down = np.linspace(0, 1, picture.shape[0], dtype=np.float32)[:, None, None]
    grey = _grey(picture)
    if weather == "night":
        dark = (0.35 * grey + 0.65 * picture) * np.array([0.24, 0.3, 0.55], np.float32)
        return dark.astype(np.float32)
    if weather == "day":
        return np.clip(1.08 * picture**0.62 * np.array([1.02, 1.0, 0.94], np.float32), 0, 1)
    if weather == "sunset":
        glow = np.array([0.98, 0.5, 0.22], np.float32)
        warm = picture * np.array([1.02, 0.74, 0.55], np.float32)
        return np.clip(warm + glow * 0.35 * (1 - down) ** 1.5, 0, 1).astype(np.float32)
    if weather == "fog":
        thick = 0.78 - 0.38 * down
        return (picture * (1 - thick) + np.float32(0.84) * thick).astype(np.float32)
    if weather == "rain":
        wet = (0.6 * grey + 0.4 * picture) * np.array([0.62, 0.68, 0.76], np.float32)
        return fall(wet.astype(np.float32), weather, time_s, seed)
    lying = 0.8 * np.clip((down - 0.55) * 4, 0, 1) * grey**0.6 + 0.12  # what is dark stays bare
    white = np.array([0.93, 0.95, 0.99], np.float32) * (0.86 + 0.14 * grey)
    cold = (0.4 * grey + 0.6 * picture) * (1 - lying) + white * lying
    return fall(cold.astype(np.float32), weather, time_s, seed)


def _unit(picture: Picture) -> float:
    """How much larger than usual the picture is."""
    return min(picture.shape[:2]) / _USUAL_HEIGHT


def _grey(picture: Picture) -> Picture:
    return lightness(picture)[..., None]


def _soft(picture: Picture, sigma: float) -> Picture:
    """The picture blurred by so many pixels of a usual one."""
    soft = cv2.GaussianBlur(picture, (0, 0), sigma * _unit(picture))
    return soft.astype(np.float32, copy=False)


def _mono(picture: Picture) -> Picture:
    return np.repeat(_grey(picture), 3, axis=2)


def _old_film(picture: Picture) -> Picture:
    return np.clip((0.12 + 0.8 * _grey(picture)) * _SEPIA, 0, 1).astype(np.float32)


def _pixels(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    block = max(1, round(min(height, width) / _PIXEL_ROWS))
    size = max(1, width // block), max(1, height // block)
    few = np.round(cv2.resize(picture, size, interpolation=cv2.INTER_AREA) * 5) / 5
    big = cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST)
    return big.astype(np.float32, copy=False)


def _painting(picture: Picture) -> Picture:
    return _in_strokes(_in_strokes(picture, 9), 7)


def _in_strokes(picture: Picture, size: int) -> Picture:
    """The median around each place, `size` pixels of a usual picture wide."""
    small = cv2.convertScaleAbs(_usual(picture), alpha=255.0)
    painted = cv2.medianBlur(small, size).astype(np.float32) / np.float32(255.0)
    return _enlarged(painted, picture)


def _usual(picture: Picture) -> Picture:
    """The picture in no more than its usual size."""
    unit = max(1.0, _unit(picture))
    size = round(picture.shape[1] / unit), round(picture.shape[0] / unit)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small.astype(np.float32, copy=False)


def _enlarged(small: Picture, picture: Picture) -> Picture:
    size = picture.shape[1], picture.shape[0]
    large = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
    return np.clip(large, 0, 1).astype(np.float32, copy=False)


def _sketch(picture: Picture) -> Picture:
    grey = _grey(picture)
    soft = 1 - _grey(_soft(np.repeat(grey, 3, axis=2), 4))
    drawn = np.clip(grey / np.maximum(1 - soft, 0.05), 0, 1)
    return np.repeat(0.12 + 0.86 * drawn**2, 3, axis=2).astype(np.float32)


def _comic(picture: Picture) -> Picture:
    """Few colours, and a line where they change."""
    few = np.round(cv2.bilateralFilter(_usual(picture), 7, 0.15, 5) * 4) / 4
    return _inked(_enlarged(few.astype(np.float32), picture), picture)


def _inked(flat: Picture, picture: Picture) -> Picture:
    unit = np.float32(_unit(picture))
    grey = _grey(_soft(picture, 1.2))[..., 0] * unit
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    line = np.clip(np.hypot(across, down) * 3 - 0.3, 0, 1)[..., None]
    return (flat * (1 - line) + _INK * line).astype(np.float32)


def _watercolour(picture: Picture) -> Picture:
    """Washes that run into each other, darker where they end, on paper."""
    wash = _in_strokes(_in_strokes(picture, 11), 9)
    unit = _unit(picture)
    grey = _grey(_soft(wash, 1.5))[..., 0] * np.float32(unit)
    rim = np.clip(
        np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)), 0, 0.25
    )
    light = 1 - (1 - wash) * 0.82
    return np.clip(light - 0.5 * rim[..., None], 0, 1).astype(np.float32)


def _dream(picture: Picture) -> Picture:
    """Lights that glow over soft shapes."""
    soft = _soft(picture, 7)
    screen = 1 - (1 - picture) * (1 - 0.75 * soft)
    warm = screen * np.array([1.0, 0.97, 0.95], np.float32)
    return np.clip(0.35 * picture + 0.65 * warm, 0, 1).astype(np.float32)


def _cinematic(picture: Picture) -> Picture:
    """Darks towards teal, lights towards orange, and more contrast between."""
    grey = _grey(picture)
    steep = picture * picture * (3 - 2 * picture) * 0.6 + picture * 0.4
    tint = _TEAL * (1 - grey) ** 2 + _ORANGE * grey
    return np.clip(steep + tint, 0, 1).astype(np.float32)


def _video_tape(picture: Picture, time_s: float) -> Picture:
    """Few colours across, a bright edge beside each dark one, lines, and noise that jumps."""
    height, width = picture.shape[:2]
    rng = np.random.default_rng(round(time_s * 1000))
    small = cv2.resize(picture, (max(8, width // max(1, round(4 * _unit(picture)))), height))
    wide = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    run = np.roll(wide, round(3 * _unit(picture)), axis=1).astype(np.float32)
    colour = run - _grey(run)
    grey = _grey(_soft(picture, 0.9))
    sharp = grey + 0.6 * (grey - _grey(_soft(picture, 2.5)))
    rows = 1 - 0.07 * (np.arange(height) // max(1, round(_unit(picture))) % 2)[:, None, None]
    noise = rng.normal(0, 0.028, (height, width, 1)).astype(np.float32)
    tape = (0.05 + 0.9 * (sharp + noise) + 1.1 * colour) * rows
    return np.clip(tape, 0, 1).astype(np.float32)


def blurred(picture: Picture) -> Picture:
    """Out of focus, as what is far behind is."""
    return _soft(picture, 6)


def anonymous(picture: Picture) -> Picture:
    """So far out of focus that nobody is known by it."""
    return _soft(picture, 18)


_STYLES: Mapping[str, Callable[[Picture], Picture]] = {
    "mono": _mono,
    "old film": _old_film,
    "comic": _comic,
    "sketch": _sketch,
    "painting": _painting,
    "pixel art": _pixels,
    "watercolour": _watercolour,
    "dream": _dream,
    "cinematic": _cinematic,
    "blur": blurred,
}
