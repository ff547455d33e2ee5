"""Contact sheets: what a model makes of prompts, laid out for a person to judge."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_TILE_WIDTH = 200
_COLUMNS = 2
_MOMENTS = (0.0, 0.5, 1.0)
_TEXT_HEIGHT = 34


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt and the frames (F, H, W, 3) uint8 made of it."""

    prompt: str
    frames: NDArray[np.uint8]


def save_sheet(rows: Sequence[Row], path: Path) -> None:
    """Write a PNG or JPEG with the first, middle and last frame of every row under its prompt."""
    tile_height = round(_TILE_WIDTH * rows[0].frames.shape[1] / rows[0].frames.shape[2])
    cell = _TILE_WIDTH * len(_MOMENTS) + 12, tile_height + _TEXT_HEIGHT + 8
    lines = -(-len(rows) // _COLUMNS)
    sheet = Image.new("RGB", (cell[0] * _COLUMNS, cell[1] * lines), (24, 24, 26))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for index, row in enumerate(rows):
        left, top = cell[0] * (index % _COLUMNS) + 6, cell[1] * (index // _COLUMNS) + 4
        text = "\n".join(textwrap.wrap(row.prompt, 84)[:2])
        draw.text((left, top), text, fill=(225, 225, 225), font=font)
        for column, moment in enumerate(_MOMENTS):
            frame = row.frames[round(moment * (len(row.frames) - 1))]
            tile = Image.fromarray(frame).resize(
                (_TILE_WIDTH - 4, tile_height), Image.Resampling.LANCZOS
            )
            sheet.paste(tile, (left + column * _TILE_WIDTH, top + _TEXT_HEIGHT))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, quality=90)
