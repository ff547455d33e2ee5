"""Effects that look at neighbours or at the place in the frame: blur, sharpen, vignette."""

from __future__ import annotations

import cv2
import numpy as np

from studio.media.compositor.layer import Layer
from studio.media.compositor.patch import Rect
from studio.media.depth import rounded

Values = dict[str, float | bool | str]
SMALLEST_SIGMA = 0.1


def blur(layer: Layer, values: Values) -> None:
    """Gaussian; the radius, a share of the frame's height, is two standard deviations."""
    sigma = float(values["radius"]) * layer.canvas[1] / 2
    if sigma >= SMALLEST_SIGMA:
        layer.change(lambda pixels, _: blurred(pixels, sigma), margin=int(3 * sigma) + 1)


def blurred(pixels: np.ndarray, sigma: float) -> np.ndarray:
    """Premultiplied pixels blurred; edges of the frame are repeated outwards.

    A wide blur is made on a smaller picture: what it would keep of the detail is nothing.
    """
    shrink = max(1, int(sigma / 4))
    if shrink == 1:
        return cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    height, width = pixels.shape[:2]
    size = (max(1, width // shrink), max(1, height // shrink))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), sigma / shrink, borderType=cv2.BORDER_REPLICATE)
    return cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)


def sharpen(layer: Layer, values: Values) -> None:
    """Unsharp mask: the picture, and `amount` of what a blur would take from it."""
    amount = float(values["amount"])
    sigma = float(values["radius"]) * layer.canvas[1]
    if amount <= 0 or sigma < SMALLEST_SIGMA:
        return

    def sharpened(pixels: np.ndarray, _: Rect) -> np.ndarray:
        soft = cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        out = cv2.addWeighted(pixels, 1 + amount, soft, -amount, 0)
        out[..., 3] = pixels[..., 3]
        return np.minimum(out, out[..., 3:])

    layer.change(sharpened)


def vignette(layer: Layer, values: Values) -> None:
    """Darker, or lighter below zero, from `size` outwards, in the shape of the frame."""
    amount = float(values["amount"])
    if amount == 0:
        return
    size, softness = float(values["size"]), float(values["softness"])
    field = _falloff(layer.canvas, size, softness) * amount

    def shaded(pixels: np.ndarray, rect: Rect) -> np.ndarray:
        local = _cut_field(field, rect)[..., None]
        colour = pixels[..., :3].astype(np.float32)
        full = pixels[..., 3:].astype(np.float32)
        lit = np.where(local > 0, colour * (1 - local), colour + (full - colour) * -local)
        return np.dstack([rounded(lit, pixels), pixels[..., 3]])

    layer.change(shaded)


def _falloff(canvas: tuple[int, int], size: float, softness: float) -> np.ndarray:
    """0 in the middle to 1 in the corners, float32 (H, W)."""
    x = np.linspace(-1, 1, canvas[0], dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, canvas[1], dtype=np.float32)[:, None]
    distance = np.hypot(x, y) / np.sqrt(2)
    soft = max(softness, 0.01)
    share = np.clip((distance - size + soft / 2) / soft, 0, 1)
    return share * share * (3 - 2 * share)


def _cut_field(field: np.ndarray, rect: Rect) -> np.ndarray:
    """The part of a field of the canvas that lies under a rectangle, its edge repeated outside."""
    rows = np.clip(np.arange(rect.y, rect.y + rect.height), 0, field.shape[0] - 1)
    columns = np.clip(np.arange(rect.x, rect.x + rect.width), 0, field.shape[1] - 1)
    return field[rows][:, columns]
