"""Traces as images: the light of each scope in its colours, with nothing written on it."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from PySide6.QtGui import QImage

from studio.media.facts import Matrix
from studio.media.matrices import rgb_of_planes
from studio.media.scopes import traces
from studio.media.scopes.scale import LEVELS, Scope
from studio.media.scopes.traces import lit
from studio.ui.scopes.colours import BEAM, PARTS
from studio.ui.viewer.images import image_of

LEVELS_LIT = 96
"""A column whose hits are spread over so many levels is half lit."""
PLACES_LIT = 20_000
"""A picture whose hits are spread over so many places of a vectorscope half lights it."""
HALO = 0.45
"""How bright the beam is beside its middle, so that a flat colour is more than a speck."""
HISTOGRAM_ROWS = 160
FILL, EDGE = 0.28, 0.9
TALLEST_PERCENTILE = 97
"""Of the levels that occur, those that may be cut off: black bars would flatten the rest."""


def trace_image(scope: Scope, rgb: np.ndarray, brightness: float) -> QImage:
    """The trace of a picture, uint8 (H, W, 3), the highest level on top."""
    match scope:
        case Scope.WAVEFORM:
            pixels = _wave(traces.luma_waveform(rgb), brightness, BEAM)
        case Scope.PARADE:
            waves = zip(traces.parade(rgb), PARTS, strict=True)
            pixels = np.hstack([_wave(wave, brightness, part) for wave, part in waves])
        case Scope.VECTORSCOPE:
            counts = traces.vectorscope(rgb)
            points = lit(counts, counts.sum() / PLACES_LIT, brightness)
            pixels = (_spot(points)[..., None] * _hues()).astype(np.uint8)
        case Scope.HISTOGRAM:
            pixels = (_areas(traces.histogram(rgb), brightness) * 255).astype(np.uint8)
    return image_of(pixels[::-1])


def _wave(counts: np.ndarray, brightness: float, colour: tuple[int, int, int]) -> np.ndarray:
    """A waveform in a colour, uint8 (256, columns, 3)."""
    light = lit(counts, counts.sum() / counts.shape[1] / LEVELS_LIT, brightness)
    tints = np.outer(np.arange(256), np.array(colour) / 255).astype(np.uint8)
    return cv2.LUT(cv2.cvtColor((light * 255).astype(np.uint8), cv2.COLOR_GRAY2RGB), tints[:, None])


def _spot(light: np.ndarray) -> np.ndarray:
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return np.maximum(light, cv2.dilate(light, cross) * np.float32(HALO))


def _areas(counts: np.ndarray, brightness: float) -> np.ndarray:
    """Red, green and blue as areas that add up, and luma as a line over them."""
    highest = np.percentile(counts[counts > 0], TALLEST_PERCENTILE)
    heights = (np.minimum(counts / highest, 1.0) * (HISTOGRAM_ROWS - 1)).astype(np.float32)
    rows = np.arange(HISTOGRAM_ROWS, dtype=np.float32)[:, None]
    light = np.zeros((HISTOGRAM_ROWS, LEVELS, 3), np.float32)
    for height, part in zip(heights[:3], PARTS, strict=True):
        area = np.clip(height[None, :] - rows, 0, 1) * FILL * brightness
        light += area[..., None] * _colour(part)
    luma = heights[3]
    before = np.concatenate([luma[:1], luma[:-1]])
    low, high = np.minimum(luma, before), np.maximum(luma, before)
    edge = np.clip(np.minimum(high + 1.5 - rows, rows + 1.5 - low), 0, 1) * EDGE * (high > 0)
    return np.clip(np.maximum(light, edge[..., None] * _colour(BEAM)), 0, 1)


def _colour(rgb: tuple[int, int, int]) -> np.ndarray:
    return np.array(rgb, np.float32) / 255


@lru_cache(maxsize=1)
def _hues() -> np.ndarray:
    """The colour of each place of a vectorscope, 0 to 255, light enough to be seen."""
    red, blue = np.mgrid[0:LEVELS, 0:LEVELS].astype(np.uint8)
    luma = np.full((LEVELS, LEVELS), 150, np.uint8)
    rgb = rgb_of_planes(luma, blue, red, Matrix.BT709, full_range=False)
    return 90 + 0.65 * rgb.astype(np.float32)
