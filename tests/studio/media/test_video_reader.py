"""The right picture for every moment, forward, backward and at random, whatever the container."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from studio.media.decode.video import VideoReader
from studio.media.errors import FileUnreadable, NotMedia
from studio.media.probe import probe
from tests.studio.media.footage import Shot, make_video, number_of

NTSC = Fraction(30000, 1001)
OPEN = "open-gop=1:keyint=12:bframes=3"
HEVC = "keyint=12:log-level=none:pools=none:frame-threads=1"
VP9 = {"g": "12", "crf": "20", "b": "0", "deadline": "realtime", "cpu-used": "8"}
HOLDS = [n * 3600 if n < 20 else 20 * 3600 + (n - 20) * 9000 for n in range(48)]
JITTER = [n * 3600 + n % 3 * 900 for n in range(48)]
SHOTS = {
    "b_frames.mp4": Shot(48),
    "one_key.mp4": Shot(48, options={"preset": "veryfast", "g": "250", "bf": "3", "qp": "12"}),
    "open_group.mp4": Shot(48, options={"preset": "veryfast", "x264-params": OPEN, "qp": "10"}),
    "ntsc_milliseconds.mkv": Shot(48, NTSC),
    "stream.ts": Shot(48, sound_rate=44100),
    "b_frames.avi": Shot(48, codec="mpeg4", options={"g": "12", "bf": "2", "qscale": "2"}),
    "program.mpg": Shot(48, codec="mpeg2video", options={"g": "12", "bf": "2", "q": "2"}),
    "variable.mp4": Shot(48, stamps=JITTER),
    "variable.mkv": Shot(48, stamps=HOLDS),
    "late_start.mp4": Shot(48, stamps=[n * 3600 + 36000 for n in range(48)], sound_rate=44100),
    "negative.mkv": Shot(48, stamps=[n * 3600 - 7200 for n in range(48)],
                         container_options={"avoid_negative_ts": "disabled"}),
    "intra.mov": Shot(48, codec="prores_ks", pixel_format="yuv422p10le", options={}),
    "unstamped.h264": Shot(48),
    "hevc.mp4": Shot(48, codec="libx265", options={"x265-params": HEVC, "preset": "ultrafast"}),
    "vp9.webm": Shot(48, codec="libvpx-vp9",
                     options=VP9),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shots")
    for name, shot in SHOTS.items():
        make_video(made / name, shot)
    return made


def _times(shot: Shot) -> list[Fraction]:
    if shot.stamps:
        return [Fraction(stamp - shot.stamps[0], 90000) for stamp in shot.stamps]
    return [number / shot.rate for number in range(shot.frames)]


def _number(reader: VideoReader, time: Fraction) -> int:
    return number_of(reader.frame_at(time).reformat(format="rgb24").to_ndarray())


@pytest.mark.parametrize("name", SHOTS)
def test_every_picture_forward(folder: Path, name: str) -> None:
    reader = VideoReader(folder / name)
    seen = [_number(reader, time) for time in _times(SHOTS[name])]
    assert seen == list(range(48))


@pytest.mark.parametrize("name", SHOTS)
def test_any_picture_at_random_and_between(folder: Path, name: str) -> None:
    reader, times, draw = VideoReader(folder / name), _times(SHOTS[name]), random.Random(name)
    for _ in range(24):
        number = draw.randrange(48)
        after = times[number + 1] if number < 47 else times[number] + Fraction(1, 25)
        time = times[number] + draw.choice([Fraction(0), Fraction(2, 3)]) * (after - times[number])
        assert _number(reader, time) == number


@pytest.mark.parametrize("name", ["b_frames.mp4", "stream.ts", "variable.mkv", "unstamped.h264"])
def test_the_ends_hold(folder: Path, name: str) -> None:
    reader = VideoReader(folder / name)
    assert _number(reader, Fraction(-3)) == 0
    assert _number(reader, Fraction(1000)) == 47
    assert _number(reader, Fraction(1000)) == 47
    assert _number(reader, Fraction(0)) == 0


def test_backwards_one_by_one(folder: Path) -> None:
    reader, times = VideoReader(folder / "one_key.mp4"), _times(SHOTS["one_key.mp4"])
    assert [_number(reader, times[n]) for n in reversed(range(0, 48, 3))] == list(
        reversed(range(0, 48, 3))
    )


def test_what_an_encoder_does_to_a_picture_does_not_confuse_the_reader(folder: Path) -> None:
    reader = VideoReader(folder / "b_frames.mp4")
    for number in range(10):
        frame = reader.frame_at(Fraction(number, 25))
        frame.pts = 9999 - number
    assert _number(reader, Fraction(10, 25)) == 10


@pytest.mark.parametrize(
    ("name", "rate", "variable"),
    [
        ("b_frames.mp4", Fraction(25), False),
        ("ntsc_milliseconds.mkv", NTSC, False),
        ("stream.ts", Fraction(25), False),
        ("program.mpg", Fraction(25), False),
        ("unstamped.h264", Fraction(25), False),
        ("variable.mkv", None, True),
    ],
)
def test_the_rate_is_exact(folder: Path, name: str, rate: Fraction | None, variable: bool) -> None:
    facts = probe(folder / name).video
    assert facts is not None
    assert facts.variable_rate is variable
    if rate is not None:
        assert facts.rate == rate
        assert facts.frame_count == 48


def test_time_zero_is_the_first_picture(folder: Path) -> None:
    facts = probe(folder / "late_start.mp4")
    assert facts.duration == Fraction(48, 25)
    assert facts.audio[0].start == Fraction(-2, 5)


def test_damage_costs_what_is_damaged(folder: Path, tmp_path: Path) -> None:
    data = bytearray((folder / "stream.ts").read_bytes())
    broken = tmp_path / "cut_short.ts"
    broken.write_bytes(data[: len(data) * 2 // 3])
    reader = VideoReader(broken)
    assert _number(reader, Fraction(5, 25)) == 5
    assert 20 <= _number(reader, Fraction(1000)) <= 47


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", NotMedia, "empty"),
        (b"this is a letter, not a film\n" * 50, NotMedia, "not a picture, film or sound"),
    ],
)
def test_what_is_not_media_is_said_so(
    tmp_path: Path, content: bytes, error: type[Exception], words: str
) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(content)
    with pytest.raises(error, match=words):
        probe(path)


def test_missing_files_and_folders_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="does not exist"):
        probe(tmp_path / "none.mp4")
    with pytest.raises(FileUnreadable, match="is a folder"):
        probe(tmp_path)
