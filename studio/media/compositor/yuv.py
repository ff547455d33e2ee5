"""Colour and transparency in 4:2:0: a flat colour, and RGBA painted over planes.

Mixing is linear and so is the matrix, hence premultiplied RGBA turned into premultiplied YUV and
mixed plane by plane gives what mixing in RGB would have given.
"""

from __future__ import annotations

import cv2
import numpy as np

from studio.media.compositor.patch import Rect
from studio.media.picture import Size

KR, KB = 0.2126, 0.0722
KG = 1 - KR - KB
LUMA = np.array([KR, KG, KB]) * 219 / 255
BLUE = np.array([-KR, -KG, 1 - KB]) / (2 * (1 - KB)) * 224 / 255
RED = np.array([1 - KR, -KG, -KB]) / (2 * (1 - KR)) * 224 / 255
TO_YUV = np.array([LUMA, BLUE, RED], np.float32)
"""Full-range R'G'B' in 0–255 to BT.709 limited Y'CbCr without its offsets (16, 128, 128)."""
OFFSETS = (16.0, 128.0, 128.0)

Planes = tuple[np.ndarray, np.ndarray, np.ndarray]


def colour_planes(size: Size, rgb: tuple[int, int, int]) -> np.ndarray:
    """A flat colour as I420, uint8 (H·3/2, W)."""
    width, height = size
    values = TO_YUV @ np.array(rgb, np.float32) + np.array(OFFSETS)
    y, u, v = (int(value + 0.5) for value in values)
    planes = np.full((height * 3 // 2, width), y, np.uint8)
    flat = planes.reshape(-1)[height * width :]
    flat[: height * width // 4] = u
    flat[height * width // 4 :] = v
    return planes


def paint_rgba(planes: Planes, pixels: np.ndarray, rect: Rect, opacity: float) -> None:
    """Draw premultiplied RGBA, uint8 (h, w, 4), at `rect` of the planes, in place."""
    grown, pixels = _on_even_pixels(rect, pixels)
    alpha = pixels[..., 3].astype(np.float32) * (opacity / 255)
    coded = _coded(pixels, opacity)
    half = (grown.width // 2, grown.height // 2)
    alpha_half = cv2.resize(alpha, half, interpolation=cv2.INTER_AREA)
    for index, plane in enumerate(planes):
        layer, cover, shrink = coded[..., index], alpha, 1
        if index:
            layer = cv2.resize(layer, half, interpolation=cv2.INTER_AREA)
            cover, shrink = alpha_half, 2
        rows = slice(grown.y // shrink, (grown.y + grown.height) // shrink)
        columns = slice(grown.x // shrink, (grown.x + grown.width) // shrink)
        beneath = plane[rows, columns].astype(np.float32)
        mixed = beneath + layer + (OFFSETS[index] - beneath) * cover
        plane[rows, columns] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def _coded(pixels: np.ndarray, opacity: float) -> np.ndarray:
    """Premultiplied Y'CbCr without offsets, float32 (h, w, 3)."""
    colour = pixels[..., :3].astype(np.float32)
    return cv2.transform(colour, TO_YUV * np.float32(opacity))


def _on_even_pixels(rect: Rect, pixels: np.ndarray) -> tuple[Rect, np.ndarray]:
    """Grow a rectangle to even edges, with transparent pixels, since chroma is shared by two."""
    left, top = rect.x % 2, rect.y % 2
    right, bottom = (rect.x + rect.width) % 2, (rect.y + rect.height) % 2
    if not (left or top or right or bottom):
        return rect, pixels
    padded = cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_CONSTANT, value=0)
    return Rect(
        rect.x - left, rect.y - top, rect.width + left + right, rect.height + top + bottom
    ), padded
