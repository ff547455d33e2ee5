"""A curated folder as training data: kept clips by index, as frames and a caption."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.training.curation.curating import CLIPS
from engine.training.curation.footage import BadFootage, Picture, pictures, upright


@dataclass(frozen=True, slots=True)
class Kept:
    """A clip as clips.jsonl names it; `path` is the cut file, from 0, or else the source."""

    path: Path
    in_s: Fraction
    out_s: Fraction
    width: int
    height: int
    caption: str


class CuratedClips:
    """The clips kept in a folder that `curate` made.

    Args:
        folder: what was given as --out.
        size: (width, height) of all frames, as shown; None for each source's own. The middle of
            a picture of another shape is used.
        frames: how many, spread evenly over each clip; None for all.
    """

    def __init__(
        self, folder: Path, size: tuple[int, int] | None = None, frames: int | None = None
    ) -> None:
        """Read the list.

        Raises:
            BadFootage: the folder was not made by `curate`.
        """
        self.size, self.frames = size, frames
        self.clips = read_kept(folder)

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], str]:
        """Frames (T, H, W, 3) uint8 and the caption, "" where the source has none.

        Raises:
            IndexError: there is no clip of that number.
            BadFootage: the clip cannot be read.
        """
        clip = self.clips[index]
        width, height = self.size or (clip.width, clip.height)
        scale = max(width / clip.width, height / clip.height)
        within = max(width, round(clip.width * scale)), max(height, round(clip.height * scale))
        left, top = (within[0] - width) // 2, (within[1] - height) // 2
        inside = np.s_[top : top + height, left : left + width]
        shown = [upright(picture.frame, within)[inside].copy() for picture in _pictures_of(clip)]
        if not shown:
            raise BadFootage(
                f"{clip.path} has no picture at {float(clip.in_s):.2f} s; curate anew."
            )
        chosen = range(len(shown)) if self.frames is None else _spread(len(shown), self.frames)
        return np.stack([shown[place] for place in chosen]), clip.caption


def read_kept(folder: Path) -> list[Kept]:
    """The kept clips of a curated folder, in its order.

    Raises:
        BadFootage: the folder has no list, or one that cannot be read.
    """
    path = folder / CLIPS
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [_kept(row, folder) for row in rows if row["verdict"] == "keep"]
    except FileNotFoundError as problem:
        raise BadFootage(f"{path} is missing. Make it with: main.py curate") from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise BadFootage(f"{path} is damaged. Make it anew with: main.py curate") from problem


def _kept(row: dict, folder: Path) -> Kept:
    start, end = Fraction(row["in_s"]), Fraction(row["out_s"])
    path = Path(row["source"])
    if row["file"]:
        path, start, end = folder / row["file"], Fraction(0), end - start
    facts = row["facts"]
    return Kept(path, start, end, facts["width"], facts["height"], row["caption"])


def _pictures_of(clip: Kept) -> Iterator[Picture]:
    for tick_s, picture in pictures(clip.path):
        at_s = picture.stamp * tick_s
        if at_s >= clip.out_s:
            return
        if at_s >= clip.in_s:
            yield picture


def _spread(count: int, wanted: int) -> list[int]:
    return [round(place) for place in np.linspace(0, count - 1, wanted)]
