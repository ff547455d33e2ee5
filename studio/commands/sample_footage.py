"""Footage for benches: moving 1080p pictures with film grain, coded as cameras code them.

Long groups, a key frame every 60 and two B-frames, so that a seek costs what it costs on real
footage. The same seed gives the same file.
"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from studio.document.model.asset import Asset, AssetKind, VideoFacts
from studio.document.time import Rate, Time
from studio.media.libav import add_pictures

FPS = Rate(30)
SIZE = (1920, 1080)
GROUP = 60
_OPTIONS = {"preset": "veryfast", "crf": "20", "g": str(GROUP), "keyint_min": str(GROUP), "bf": "2"}


def make_film(path: Path, frames: int, seed: int) -> Asset:
    """A film of 1080p30 at `path`, as an asset named by its file."""
    width, height = SIZE
    world = _world(seed)
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


def _world(seed: int) -> np.ndarray:
    """A picture to pan over, uint8 (2H, 2W): soft shapes under grain."""
    draw = np.random.default_rng(seed)
    coarse = draw.integers(40, 210, (36, 64), np.uint8)
    soft = np.kron(coarse, np.ones((60, 60), np.uint8))
    grain = draw.integers(-6, 7, soft.shape, np.int8)
    return np.clip(soft.astype(np.int16) + grain, 16, 235).astype(np.uint8)


def _tints(number: int, seed: int) -> tuple[int, int]:
    return 100 + (number + seed) % 56, 156 - (number + 2 * seed) % 56
