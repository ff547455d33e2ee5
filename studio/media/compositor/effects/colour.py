"""Colour effects: exposure, white balance, lift-gamma-gain, curves and .cube tables.

Whatever acts on each channel by itself becomes one table of 256 entries a channel, with straight
lines between them for pixels of 16 bits; only saturation and vibrance look at the three together.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame

from studio.document.catalogue.entry import parse_points
from studio.media.compositor.layer import Layer
from studio.media.compositor.saturation import LUMA, Saturation
from studio.media.depth import DEEP_WHITE, rounded, white
from studio.media.lut import apply_cube
from studio.media.picture import DEEP_RGB, packed

Values = dict[str, float | bool | str]

DISPLAY_GAMMA = 2.2
REFERENCE_KELVIN = 6500.0
RAMP = np.arange(256) / 255.0


def exposure(layer: Layer, values: Values) -> None:
    """Stops of light, contrast about a pivot, then saturation and vibrance."""
    stops, contrast = float(values["exposure"]), float(values["contrast"])
    pivot = float(values["pivot"])
    saturation, vibrance = float(values["saturation"]), float(values["vibrance"])
    if stops or contrast != 1.0:
        _through_table(layer, _same_for_all(_exposed(stops, contrast, pivot)))
    if saturation != 1.0:
        layer.colour(Saturation(saturation))
    if vibrance:
        layer.colour(lambda rgb: vibrant(rgb, vibrance))


def _exposed(stops: float, contrast: float, pivot: float) -> np.ndarray:
    light = RAMP**DISPLAY_GAMMA * 2.0**stops
    return (light ** (1 / DISPLAY_GAMMA) - pivot) * contrast + pivot


def vibrant(rgb: np.ndarray, amount: float) -> np.ndarray:
    """More colour where there is little, less effect where there is much: RGB (H, W, 3)."""
    full = white(rgb)
    colour = rgb.astype(np.float32)
    high, low = colour.max(axis=2), colour.min(axis=2)
    spread = (high - low) / np.maximum(high, full / 255)
    scale = 1 + amount * (1 - spread)
    luma = colour @ LUMA.astype(np.float32)
    out = luma[..., None] + (colour - luma[..., None]) * scale[..., None]
    return rounded(np.clip(out, 0, full), rgb)


def white_balance(layer: Layer, values: Values) -> None:
    """Gains in linear light that make a light of this colour white; tint goes green to magenta."""
    kelvin, tint = float(values["temperature"]), float(values["tint"])
    if kelvin == REFERENCE_KELVIN and tint == 0:
        return
    gains = light_of(REFERENCE_KELVIN) / light_of(kelvin)
    gains[1] *= 2.0 ** (-tint / 2)
    gains /= gains @ LUMA
    linear = RAMP[:, None] ** DISPLAY_GAMMA * gains[None, :]
    _through_table(layer, linear ** (1 / DISPLAY_GAMMA))


def light_of(kelvin: float) -> np.ndarray:
    """Linear RGB of a black body, brightest channel about 1.

    Source: the daylight locus and Planckian fit of Kim et al. (2002) in CIE xy, then BT.709.
    """
    t = 1000.0 / kelvin
    if kelvin <= 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if kelvin <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    big = np.array([x / y, 1.0, (1 - x - y) / y])
    to_rgb = np.array(
        [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    )
    return np.maximum(to_rgb @ big, 0.02)


def lift_gamma_gain(layer: Layer, values: Values) -> None:
    """out = (in · gain + lift · (1 − in · gain)) ^ (1 / gamma), together and by channel."""
    columns = []
    for channel in "rgb":
        lift = float(values["lift"]) + float(values[f"lift_{channel}"])
        gamma = float(values["gamma"]) * float(values[f"gamma_{channel}"])
        gain = float(values["gain"]) * float(values[f"gain_{channel}"])
        lit = RAMP * gain
        lit = np.clip(lit + lift * (1 - lit), 0, None)
        columns.append(lit ** (1 / max(gamma, 0.01)))
    table = np.stack(columns, axis=1)
    if not np.allclose(table, RAMP[:, None]):
        _through_table(layer, table)


def curves(layer: Layer, values: Values) -> None:
    """Tone curves: each channel's own, then the master."""
    master = curve_table(str(values["master"]))
    columns = []
    for name in ("red", "green", "blue"):
        own = curve_table(str(values[name]))
        columns.append(np.interp(own, RAMP, master))
    table = np.stack(columns, axis=1)
    if not np.allclose(table, RAMP[:, None]):
        _through_table(layer, table)


@lru_cache(maxsize=256)
def curve_table(text: str) -> np.ndarray:
    """A smooth curve through points that never overshoots between them, at 256 places.

    Source: Fritsch and Carlson, monotone piecewise cubic interpolation (1980).
    """
    points = sorted(parse_points(text) or ())
    if not points:
        return RAMP
    x, first = np.unique([point[0] for point in points], return_index=True)
    y = np.array([points[index][1] for index in first])
    if len(x) == 1:
        return np.full(256, y[0])
    slopes = _monotone_slopes(x, y)
    return np.clip(_hermite(x, y, slopes, np.clip(RAMP, x[0], x[-1])), 0, 1)


def _monotone_slopes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    steps = np.diff(y) / np.diff(x)
    slopes = np.concatenate([[steps[0]], (steps[:-1] + steps[1:]) / 2, [steps[-1]]])
    for index, step in enumerate(steps):
        if step == 0:
            slopes[index] = slopes[index + 1] = 0
            continue
        before, after = slopes[index] / step, slopes[index + 1] / step
        if before < 0:
            slopes[index] = before = 0
        if after < 0:
            slopes[index + 1] = after = 0
        length = np.hypot(before, after)
        if length > 3:
            slopes[index], slopes[index + 1] = 3 * before / length * step, 3 * after / length * step
    return slopes


def _hermite(x: np.ndarray, y: np.ndarray, slopes: np.ndarray, at: np.ndarray) -> np.ndarray:
    index = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    width = x[index + 1] - x[index]
    t = (at - x[index]) / width
    return (
        (2 * t**3 - 3 * t**2 + 1) * y[index]
        + (t**3 - 2 * t**2 + t) * width * slopes[index]
        + (3 * t**2 - 2 * t**3) * y[index + 1]
        + (t**3 - t**2) * width * slopes[index + 1]
    )


def lut(layer: Layer, values: Values, file_of: Callable[[str], Path | None]) -> None:
    """A .cube table, mixed with the picture as it was by `strength`."""
    strength = float(values["strength"])
    path = file_of(str(values["lut"])) if values["lut"] else None
    if path is None or strength <= 0:
        return
    layer.colour(lambda rgb: _tabled(rgb, path, strength))


def _tabled(rgb: np.ndarray, path: Path, strength: float) -> np.ndarray:
    layout = "rgb24" if rgb.dtype == np.uint8 else DEEP_RGB
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format=layout)
    looked_up = packed(apply_cube(frame, path), 3)
    if strength >= 1:
        return looked_up
    return cv2.addWeighted(looked_up, strength, rgb, 1 - strength, 0)


def _same_for_all(column: np.ndarray) -> np.ndarray:
    return np.repeat(column[:, None], 3, axis=1)


def _through_table(layer: Layer, table: np.ndarray) -> None:
    """Add a step that looks each channel up, `table` float (256, 3) in [0, 1]."""
    layer.colour(lambda rgb: _looked_up(rgb, np.clip(table, 0, 1)))


def _looked_up(rgb: np.ndarray, table: np.ndarray) -> np.ndarray:
    if rgb.dtype == np.uint8:
        return cv2.LUT(rgb, rounded(table * 255, rgb)[None])
    places = np.arange(DEEP_WHITE + 1) / DEEP_WHITE
    out = np.empty_like(rgb)
    for channel in range(3):
        codes = rounded(np.interp(places, RAMP, table[:, channel]) * DEEP_WHITE, rgb)
        out[..., channel] = codes[rgb[..., channel]]
    return out
