"""A hand-held shot is steadied, within its zoom limit, alike for viewer and export."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from studio.media.compositor.render import Scene, render_frame
from studio.media.footage import Footage
from studio.media.motion import Motion, Motions, measure
from tests.studio.media.cuts import SIZE, cut, effect, shot, video

FRAMES = 40


@pytest.fixture(scope="module")
def shaky(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """A folder with `shaky.mp4`, and by how many pixels each picture is off: (n, 2)."""
    folder = tmp_path_factory.mktemp("shaky")
    draw = np.random.default_rng(5)
    world = cv2.GaussianBlur(draw.integers(0, 255, (400, 600, 3), np.uint8), (0, 0), 3)
    world = cv2.normalize(world, world.copy(), 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    shifts = draw.integers(-6, 7, (FRAMES, 2))
    with av.open(str(folder / "shaky.mp4"), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "crf": "12"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for x, y in shifts:
            piece = np.ascontiguousarray(world[100 + y : 280 + y, 120 + x : 440 + x])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(piece, format="rgb24")))
        out.mux(stream.encode(None))
    return folder, shifts


def _shake(pictures: list[np.ndarray]) -> float:
    """The mean step between pictures, in pixels, by phase correlation of their middles."""
    greys = [
        cv2.cvtColor(p, cv2.COLOR_RGB2GRAY)[40:140, 60:260].astype(np.float32) for p in pictures
    ]
    steps = [cv2.phaseCorrelate(a, b)[0] for a, b in pairwise(greys)]
    return float(np.hypot(*np.array(steps).T).mean())


def test_the_path_of_the_camera_is_found(shaky: tuple[Path, np.ndarray]) -> None:
    folder, shifts = shaky
    path = measure(folder / "shaky.mp4").path
    seen = -path[:, :2] * SIZE[0]
    assert np.abs(seen - (shifts - shifts[0])).max() < 0.5


def test_a_steadied_shot_shakes_far_less(shaky: tuple[Path, np.ndarray]) -> None:
    folder, _ = shaky
    steady = shot("shaky.mp4", FRAMES, effects=(effect("stabilise", smoothness=0.5),))
    scenes = [
        Scene(cut(video(clip)), Footage(folder), forgiving=False)
        for clip in (shot("shaky.mp4", FRAMES), steady)
    ]
    before, after = ([render_frame(s, "s", n, SIZE) for n in range(5, 35)] for s in scenes)
    assert _shake(after) < 0.25 * _shake(before)
    assert min(int(picture[:2].max()) for picture in after) > 20  # no empty edge is seen


def test_the_zoom_stays_within_its_limit(shaky: tuple[Path, np.ndarray]) -> None:
    motion = measure(shaky[0] / "shaky.mp4")
    for limit in (0.0, 0.02, 0.2):
        zooms = {round(float(motion.steadied(Fraction(n, 25), 0.5, limit)[3]), 9) for n in range(5)}
        assert max(zooms) <= np.log1p(limit) + 0.01
    assert not motion.steadied(Fraction(3, 25), 0.0, 0.2).any()


def test_it_is_measured_once_and_read_back(shaky: tuple[Path, np.ndarray], tmp_path: Path) -> None:
    first = Motions(tmp_path).motion(shaky[0] / "shaky.mp4")
    kept = next(tmp_path.iterdir())
    again = Motion.from_bytes(kept.read_bytes())
    assert again is not None
    assert np.array_equal(first.path, again.path)
    kept.write_bytes(b"rubbish")
    assert np.array_equal(Motions(tmp_path).motion(shaky[0] / "shaky.mp4").path, first.path)
