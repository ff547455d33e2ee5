"""Thumbnails: small pictures of footage, kept in memory and on disk as JPEG or PNG."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from studio.document.model.asset import Asset
from studio.media.cache import FrameCache
from studio.media.conform import to_rgb, to_rgba
from studio.media.diskcache import DiskCache, cache_folder, name_for
from studio.media.footage import Footage

MEMORY_BYTES = 64 * 1024 * 1024
QUALITY = 85


class Thumbnails:
    """Small pictures of assets. For any thread; blocks while a picture is being decoded."""

    def __init__(self, footage: Footage, folder: Path | None = None) -> None:
        self._footage = footage
        self._cache = DiskCache(folder or cache_folder("thumbnails"))
        self._memory: FrameCache[np.ndarray] = FrameCache(MEMORY_BYTES)

    def thumbnail(self, asset: Asset, time: Fraction, height: int) -> np.ndarray:
        """The picture at a time, in seconds of the asset's clock, of that height.

        RGB uint8 (height, W, 3), or RGBA not premultiplied where the asset is transparent.

        Raises:
            FootageMissing, MediaError: it cannot be read.
        """
        key = (asset.id, asset.path, time, height)
        found = self._memory.get(key)
        if found is None:
            found = self._from_disk(asset, time, height)
            self._memory.put(key, found, found.nbytes)
        return found

    def known(self, asset: Asset, time: Fraction, height: int) -> np.ndarray | None:
        """The picture if it is in memory: never waits."""
        return self._memory.get((asset.id, asset.path, time, height))

    def _from_disk(self, asset: Asset, time: Fraction, height: int) -> np.ndarray:
        path = self._footage.picture_path(asset)
        if "%" in path.name or not path.exists():
            return self._decoded(asset, time, height)
        name = name_for(path, "thumbnail", time, height)
        kept = self._cache.read(name)
        found = _decode(kept) if kept is not None else None
        if found is None:
            found = self._decoded(asset, time, height)
            self._cache.write(name, _encode(found))
        return found

    def _decoded(self, asset: Asset, time: Fraction, height: int) -> np.ndarray:
        source = self._footage.picture(asset, time)
        width, tall = source.display_size
        size = (max(2, round(width * height / tall)), height)
        if not source.facts.alpha:
            return np.ascontiguousarray(to_rgb(source, size))
        pixels = to_rgba(source, size)
        alpha = np.maximum(pixels[..., 3:], 1)
        pixels[..., :3] = np.minimum(pixels[..., :3].astype(np.uint16) * 255 // alpha, 255)
        return pixels


def _encode(pixels: np.ndarray) -> bytes:
    if pixels.shape[2] == 4:
        out = io.BytesIO()
        Image.fromarray(pixels, "RGBA").save(out, "PNG", compress_level=3)
        return out.getvalue()
    swapped = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def _decode(data: bytes) -> np.ndarray | None:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return np.asarray(image.convert("RGBA" if image.mode == "RGBA" else "RGB"))
    except (OSError, ValueError, SyntaxError):
        return None
