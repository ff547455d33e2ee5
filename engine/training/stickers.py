"""The sticker library of the scene grammar: captioned RGBA cut-outs by emoji label."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.training.packages import EMOJIBASE, FLUENT_3D, fetch

Rgba = NDArray[np.float32]


@cache
def _hexcodes() -> dict[str, str]:
    entries = json.loads((fetch(EMOJIBASE) / "package/en/data.json").read_text())
    return {entry["label"]: entry["hexcode"] for entry in entries}


@cache
def _files() -> dict[str, Path]:
    assets = fetch(FLUENT_3D) / "package/assets"
    return {path.stem.lower(): path for path in sorted(assets.iterdir())}


def _file(hexcode: str) -> Path | None:
    """Files are named with or without the variation selector FE0F, not by one rule."""
    code = hexcode.lower()
    names = (code, code.replace("-fe0f", ""), f"{code}-fe0f")
    return next((_files()[name] for name in names if name in _files()), None)


def sticker_path(label: str) -> Path:
    """The file of the sticker whose emojibase label is `label`.

    Raises:
        KeyError: no sticker has that label.
    """
    path = _file(_hexcodes()[label])
    if path is None:
        raise KeyError(label)
    return path


def all_labels() -> list[str]:
    """Every emojibase label that has a sticker, in emojibase order."""
    return [label for label, code in _hexcodes().items() if _file(code) is not None]


@cache
def sticker(label: str, size: int = 256) -> Rgba:
    """The sticker as premultiplied RGBA, shape (size, size, 4), float32 in [0, 1]."""
    image = Image.open(sticker_path(label)).convert("RGBA")
    rgba = np.asarray(image, dtype=np.float32) / 255.0
    rgba = np.concatenate([rgba[..., :3] * rgba[..., 3:], rgba[..., 3:]], axis=-1)
    if size != rgba.shape[0]:
        rgba = cv2.resize(rgba, (size, size), interpolation=cv2.INTER_AREA)
    return rgba.astype(np.float32, copy=False)
