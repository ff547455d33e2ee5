"""A proxy has its original's pictures at its original's times."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue

import av
import pytest

from studio.document.model.asset import Proxy
from studio.document.model.clip import Fit
from studio.media.compositor.render import Scene, render_frame
from studio.media.decode.video import VideoReader
from studio.media.errors import Cancelled, NotMedia
from studio.media.footage import Footage
from studio.media.probe import probe
from studio.media.proxies import Made, NotMade, ProxyMaker, make_proxy, wants_proxy
from tests.studio.media.cuts import SIZE, asset, cut, shot, video
from tests.studio.media.footage import Shot, make_video, number_of


@pytest.mark.parametrize("late", [0, 7200])
def test_every_picture_is_a_key_frame_at_its_own_time(tmp_path: Path, late: int) -> None:
    stamps = [n * 3600 + (n % 3) * 900 + late for n in range(30)]
    film = make_video(tmp_path / "vfr.mp4", Shot(30, stamps=stamps))
    made = make_proxy(film, tmp_path / "proxy.mp4", 90)
    assert (made.width, made.height) == (160, 90)
    with av.open(made.path) as container:
        assert all(packet.is_keyframe for packet in container.demux(video=0) if packet.size)
    reader = VideoReader(Path(made.path))
    for number, stamp in enumerate(stamps):
        picture = reader.frame_at(Fraction(stamp - late, 90000)).reformat(format="rgb24")
        assert number_of(picture.to_ndarray()) == number


def test_a_cut_looks_the_same_through_a_proxy(reel: Path, tmp_path: Path) -> None:
    made = make_proxy(reel / "a.mp4", tmp_path / "proxy.mp4", 90)
    for fit in (Fit.FIT, Fit.ORIGINAL):
        film = replace(
            asset("a.mp4"), proxies=(Proxy(sha256="", path=made.path, width=160, height=90),)
        )
        project = cut(video(shot("a.mp4", 10, fit=fit)), assets=(film,), width=640, height=360)
        pictures = [
            render_frame(Scene(project, Footage(reel, use_proxies=proxied)), "s", 4, (640, 360))
            for proxied in (False, True)
        ]
        assert abs(pictures[0].astype(int) - pictures[1]).mean() < 6


def test_a_proxy_is_made_in_the_background_and_found_again(reel: Path, tmp_path: Path) -> None:
    done: SimpleQueue[Made | NotMade] = SimpleQueue()
    maker = ProxyMaker(tmp_path / "proxies", done.put)
    film = asset("a.mp4")
    maker.ask(film, reel / "a.mp4")
    maker.ask(film, reel / "tone.wav")
    maker.ask(film, reel / "a.mp4")
    first, second, third = (done.get(timeout=500) for _ in range(3))
    maker.close()
    assert isinstance(first, Made)
    assert first == third
    assert isinstance(second, NotMade)
    assert "no picture" in second.reason


def test_a_cancelled_proxy_leaves_nothing(reel: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        make_proxy(reel / "a.mp4", tmp_path / "proxy.mp4", should_cancel=lambda: True)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotMedia):
        make_proxy(reel / "tone.wav", tmp_path / "proxy.mp4")


def test_who_wants_one(reel: Path) -> None:
    facts = probe(reel / "a.mp4").video
    assert facts is not None
    assert wants_proxy(facts, 90)
    assert not wants_proxy(facts, SIZE[1])
    assert not wants_proxy(replace(facts, alpha=True), 90)


def test_stamps_that_go_back_do_not_stop_a_proxy(tmp_path: Path) -> None:
    """As after a recorder's restart: the clock of the second half begins again."""
    once = make_video(tmp_path / "once.ts", Shot(12)).read_bytes()
    (tmp_path / "twice.ts").write_bytes(once + once)
    made = make_proxy(tmp_path / "twice.ts", tmp_path / "proxy.mp4", 90)
    reader = VideoReader(Path(made.path))
    assert [
        number_of(reader.frame_at(Fraction(number, 25)).reformat(format="rgb24").to_ndarray())
        for number in range(12)
    ] == list(range(12))


def test_a_place_that_cannot_be_written_does_not_stop_the_maker(reel: Path, tmp_path: Path) -> None:
    done: SimpleQueue[Made | NotMade] = SimpleQueue()
    (tmp_path / "proxies").write_text("a file where the folder should be")
    maker = ProxyMaker(tmp_path / "proxies", done.put)
    for _ in range(2):
        maker.ask(asset("a.mp4"), reel / "a.mp4")
    first, second = done.get(timeout=500), done.get(timeout=500)
    maker.close()
    assert isinstance(first, NotMade)
    assert "cannot be written" in first.reason
    assert first == second
