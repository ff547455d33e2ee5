"""Drawn art in place of the packaged one, which tests do not fetch: no network, the same always."""

from __future__ import annotations

import colorsys
import json

import cv2
import pytest
from PIL import Image, ImageDraw
from platformdirs import user_cache_path

from engine.training.packages import EMOJIBASE, FLUENT_3D, folder_of
from engine.training.sticker_grammar import MOVING_SUBJECTS

_SIDE = 256
_PROPS = (
    "blossom", "coral", "couch and lamp", "deciduous tree", "evergreen tree", "framed picture",
    "herb", "palm tree", "potted plant", "ringed planet", "rock", "seedling", "spiral shell",
    "tulip", "volcano",
)  # fmt: skip
_STRANGERS = tuple(f"stranger {number}" for number in range(24))
"""Whom no grammar names, some of them held out."""


@pytest.fixture(scope="session", autouse=True)
def _drawn_art() -> None:
    """A figure of its own colour for every sticker that scenes are made of."""
    cv2.setNumThreads(1)  # a process that is forked beside a pool of threads waits for them
    cache = user_cache_path("workprint")
    bodies = {subject.body for subject in MOVING_SUBJECTS if subject.body}
    labels = sorted({*_PROPS, *_STRANGERS, *bodies, *(each.label for each in MOVING_SUBJECTS)})
    codes = {label: f"1f{number:03x}" for number, label in enumerate(labels)}
    names = folder_of(EMOJIBASE, cache) / "package/en/data.json"
    names.parent.mkdir(parents=True)
    entries = [
        {"label": label, "hexcode": code, "group": 5 if label in _PROPS else 3}
        for label, code in codes.items()
    ]
    names.write_text(json.dumps(entries))
    assets = folder_of(FLUENT_3D, cache) / "package/assets"
    assets.mkdir(parents=True)
    for place, code in enumerate(codes.values()):
        _figure(place / len(codes)).save(assets / f"{code}.png")


def _figure(hue: float) -> Image.Image:
    """A striped head with an eye and a foot: full of edges, and no two sides of it alike."""
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.8, 0.9))
    picture = Image.new("RGBA", (_SIDE, _SIDE))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((20, 10, 236, 220), fill=(red, green, blue, 255))
    for left in range(60, 200, 28):
        pen.rectangle((left, 50, left + 12, 180), fill=(255, 255, 255, 255))
    pen.rectangle((60, 180, 120, 250), fill=(red // 2, green // 2, blue // 2, 255))
    pen.ellipse((150, 60, 190, 100), fill=(20, 20, 20, 255))
    return picture
