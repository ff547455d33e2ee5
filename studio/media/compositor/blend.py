"""Blend modes: how a layer's colour meets the colour beneath it.

`blended` works on premultiplied pixels of 8 or 16 bits. The formulas are those of the W3C's
Compositing and Blending Level 1, applied to display code values as editors do.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from studio.document.model.clip import BlendMode
from studio.media.depth import rounded, white
from studio.media.picture import without_alpha

Mixing = Callable[[np.ndarray, np.ndarray], np.ndarray]


def blended(beneath: np.ndarray, layer: np.ndarray, opacity: float, mode: BlendMode) -> np.ndarray:
    """A layer over what is beneath.

    `beneath` is opaque RGB (H, W, 3) or premultiplied RGBA (H, W, 4), `layer` premultiplied RGBA
    (H, W, 4), both uint8 or both uint16; the result has the form of `beneath`.
    """
    if opacity < 1.0:
        layer = cv2.multiply(layer, np.array([opacity] * 4))
    if mode is BlendMode.NORMAL:
        return _over(beneath, layer)
    return _mixed(beneath, layer, MODES[mode])


def _over(beneath: np.ndarray, layer: np.ndarray) -> np.ndarray:
    channels = beneath.shape[2]
    free = cv2.bitwise_not(layer[..., 3])
    kept = cv2.multiply(beneath, cv2.merge([free] * channels), scale=1 / white(beneath))
    return cv2.add(kept, without_alpha(layer) if channels == 3 else layer)


def _mixed(beneath: np.ndarray, layer: np.ndarray, mixing: Mixing) -> np.ndarray:
    """co = cs·αs·(1 − αb) + αs·αb·B(cb, cs) + (1 − αs)·cb·αb, αs and αb the two alphas."""
    full = white(layer)
    source = layer.astype(np.float32) / full
    source_alpha = source[..., 3:]
    colour = source[..., :3] / np.maximum(source_alpha, 1e-6)
    back = beneath.astype(np.float32) / full
    back_alpha = back[..., 3:] if beneath.shape[2] == 4 else np.float32(1.0)
    back_colour = back[..., :3] / np.maximum(back_alpha, 1e-6)
    mix = np.clip(mixing(back_colour, colour), 0, 1)
    out = (
        source[..., :3] * (1 - back_alpha)
        + source_alpha * back_alpha * mix
        + (1 - source_alpha) * back[..., :3]
    )
    if beneath.shape[2] == 4:
        out = np.concatenate([out, source_alpha + back_alpha * (1 - source_alpha)], axis=2)
    return rounded(np.clip(out * full, 0, full), layer)


def _overlay(back: np.ndarray, colour: np.ndarray) -> np.ndarray:
    return _hard_light(colour, back)


def _hard_light(back: np.ndarray, colour: np.ndarray) -> np.ndarray:
    dark = 2 * back * colour
    light = 1 - 2 * (1 - back) * (1 - colour)
    return np.where(colour <= 0.5, dark, light)


def _soft_light(back: np.ndarray, colour: np.ndarray) -> np.ndarray:
    lifted = np.where(back <= 0.25, ((16 * back - 12) * back + 4) * back, np.sqrt(back))
    dark = back - (1 - 2 * colour) * back * (1 - back)
    light = back + (2 * colour - 1) * (lifted - back)
    return np.where(colour <= 0.5, dark, light)


MODES: dict[BlendMode, Mixing] = {
    BlendMode.ADD: lambda back, colour: back + colour,
    BlendMode.MULTIPLY: lambda back, colour: back * colour,
    BlendMode.SCREEN: lambda back, colour: back + colour - back * colour,
    BlendMode.OVERLAY: _overlay,
    BlendMode.SOFT_LIGHT: _soft_light,
    BlendMode.HARD_LIGHT: _hard_light,
    BlendMode.DARKEN: np.minimum,
    BlendMode.LIGHTEN: np.maximum,
    BlendMode.DIFFERENCE: lambda back, colour: np.abs(back - colour),
}
