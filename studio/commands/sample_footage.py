"""Footage for benches, and cuts of it: moving 1080p pictures with grain, as cameras code them.

Long groups, a key frame every 60 and two B-frames, so that a seek costs what it costs on real
footage. The same seed gives the same file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np

from studio.document.edits.sequences import add_sequence
from studio.document.model.asset import Asset, AssetKind, VideoFacts
from studio.document.model.clip import AssetMedia, Clip, Item
from studio.document.model.project import Project
from studio.document.time import Rate, Time
from studio.media.libav import add_pictures

FPS = Rate(30)
SIZE = (1920, 1080)
GROUP = 60
_OPTIONS = {"preset": "veryfast", "crf": "20", "g": str(GROUP), "keyint_min": str(GROUP), "bf": "2"}


def make_film(path: Path, frames: int, seed: int, *, grain: bool = True) -> Asset:
    """A film of 1080p30 at `path`, as an asset named by its file.

    Without grain it is quick to code and to decode, and tells nothing of how fast either is.
    """
    width, height = SIZE
    world = _world(seed, grain)
    with av.open(str(path), "w") as out:
        stream = add_pictures(out, "libx264", FPS.fraction, _OPTIONS)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            x, y = 3 * number % width, number % height
            luma = world[y : y + height, x : x + width]
            frame = av.VideoFrame(width, height, "yuv420p")
            frame.planes[0].update(luma.tobytes())
            for plane, tint in zip(frame.planes[1:], _tints(number, seed), strict=True):
                plane.update(bytes([tint]) * (width * height // 4))
            frame.pts, frame.time_base = number, 1 / FPS.fraction
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    facts = VideoFacts(width=width, height=height, rate=FPS, frames=frames, codec="h264")
    return Asset(
        id=path.stem,
        name=path.name,
        kind=AssetKind.VIDEO,
        path=path.name,
        duration=Time(frames, FPS),
        video=(facts,),
    )


def clip_of(film: Asset, name: str, start: int, frames: int) -> Clip:
    """Some frames of a film from `start` on, as a clip with that id."""
    media = AssetMedia(asset_id=film.id)
    return Clip(id=name, duration=frames, media=media, source_start=Time(start, FPS))


def cut_of(films: Sequence[Asset], *rows: tuple[Item, ...]) -> Project:
    """A film of those films: a row of items for each track, from the lowest up."""
    project = add_sequence(Project(name="bench"), "Cut", FPS, *SIZE)
    sequence = project.sequences[0]
    tracks = tuple(
        replace(track, items=rows[place] if place < len(rows) else ())
        for place, track in enumerate(sequence.tracks)
    )
    whole = replace(sequence, tracks=tracks)
    return replace(project, sequences=(whole,), assets=tuple(films), next_id=1000)


def _world(seed: int, grain: bool) -> np.ndarray:
    """A picture to pan over, uint8 (2H, 2W): soft shapes, under grain where wanted."""
    draw = np.random.default_rng(seed)
    coarse = draw.integers(40, 210, (36, 64), np.uint8)
    soft = np.kron(coarse, np.ones((60, 60), np.uint8))
    rough = draw.integers(-6, 7, soft.shape, np.int8) if grain else 0
    return np.clip(soft.astype(np.int16) + rough, 16, 235).astype(np.uint8)


def _tints(number: int, seed: int) -> tuple[int, int]:
    return 100 + (number + seed) % 56, 156 - (number + 2 * seed) % 56
