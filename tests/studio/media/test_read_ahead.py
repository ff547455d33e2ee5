"""Going backwards shows the right pictures, each decoded once: they are kept on the way."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studio.media.compositor.render import Scene, render_frame
from studio.media.decode.video import VideoReader
from studio.media.footage import Footage
from tests.studio.media.cuts import SIZE, asset, cut, shot, video
from tests.studio.media.footage import Shot, make_video, number_of

LONG_GROUP = Shot(60, options={"preset": "veryfast", "g": "250", "bf": "3", "qp": "12"})
BACK = Fraction(-1, 25)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("long")
    make_video(made / "a.mp4", LONG_GROUP)
    return made


class CountedReader(VideoReader):
    """A reader that counts how often it was put elsewhere."""

    seeks = 0

    def _seek(self, tick: int) -> None:
        CountedReader.seeks += 1
        super()._seek(tick)


class CountedFootage(Footage):
    """Footage that reads films with it."""

    def _open_video(self, path: Path, card: str) -> VideoReader:
        return CountedReader(path, 1, card)


@pytest.mark.parametrize("cache_bytes", [0, 1 << 26])
def test_backwards_costs_a_seek_now_and_then(folder: Path, cache_bytes: int) -> None:
    footage, film = CountedFootage(folder, cache_bytes=cache_bytes), asset("a.mp4")
    CountedReader.seeks = 0
    for number in range(59, -1, -1):
        source = footage.picture(film, Fraction(number, 25), step_s=BACK)
        assert number_of(source.frame.reformat(format="rgb24").to_ndarray()) == number
    assert CountedReader.seeks <= 4
    footage.close()


def test_a_cut_played_backwards_is_the_same_cut(folder: Path) -> None:
    project = cut(video(shot("a.mp4", 40)))
    forwards, backwards = (
        Scene(project, Footage(folder), step_s=step) for step in (Fraction(1, 25), BACK)
    )
    for number in range(39, 0, -7):
        one, two = (render_frame(scene, "s", number, SIZE) for scene in (forwards, backwards))
        assert number_of(one) == number
        assert (one == two).all()
