"""Parts of long films: the very pictures, the sound beside them, and how little is copied."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from studio.media.decode.audio import AudioReader
from studio.media.decode.video import VideoReader
from studio.media.errors import MediaError
from studio.media.excerpt import write_excerpt
from tests.studio.media.footage import Shot, make_sound, make_video, number_of, tone

IN_S, OUT_S = Fraction(4), Fraction(5)


def _numbers(path: Path, start_s: Fraction, count: int) -> list[int]:
    reader = VideoReader(path)
    times = (start_s + Fraction(n, 25) for n in range(count))
    numbers = [number_of(reader.frame_at(time).to_ndarray(format="rgb24")) for time in times]
    reader.close()
    return numbers


@pytest.mark.parametrize(
    ("name", "shot"),
    [
        ("film.mp4", Shot(frames=250, sound_rate=48000)),
        ("film.mkv", Shot(frames=250, sound_rate=48000)),
        ("open.mkv", Shot(frames=250, options={"x264-params": "open-gop=1:keyint=32:bframes=3"})),
        ("late.mp4", Shot(frames=250, stamps=[9000 + 3600 * n for n in range(250)])),
        ("photos.mov", Shot(frames=250, codec="mjpeg", pixel_format="yuvj420p", options={})),
        ("tape.ts", Shot(frames=250, codec="mpeg2video", options={"qscale": "2"})),
    ],
)
def test_a_part_holds_the_very_pictures_and_little_else(
    name: str, shot: Shot, tmp_path: Path
) -> None:
    film = make_video(tmp_path / name, shot)
    excerpt = write_excerpt(film, IN_S, OUT_S, tmp_path)
    assert 0 <= excerpt.began_s <= IN_S
    assert _numbers(excerpt.path, IN_S - excerpt.began_s, 25) == list(range(100, 125))
    assert excerpt.path.stat().st_size < film.stat().st_size / 2


def test_its_sound_is_where_it_was(tmp_path: Path) -> None:
    film = make_video(
        tmp_path / "film.mov", Shot(frames=250, sound_rate=48000, sound_codec="pcm_s16le")
    )
    excerpt = write_excerpt(film, IN_S, OUT_S, tmp_path)
    whole, part = AudioReader(film), AudioReader(excerpt.path)
    wanted = whole.read(int(IN_S * 48000), 24000)
    heard = part.read(int((IN_S - excerpt.began_s) * 48000), 24000)
    assert np.abs(wanted).max() > 0.1
    assert np.array_equal(wanted, heard)
    whole.close()
    part.close()


def test_a_part_of_a_sound_alone(tmp_path: Path) -> None:
    sound = make_sound(tmp_path / "long.wav", tone(10 * 48000, 48000), 48000)
    excerpt = write_excerpt(sound, IN_S, OUT_S, tmp_path)
    with av.open(str(excerpt.path)) as made:
        length = sum(frame.samples for frame in made.decode(audio=0))
    assert length == pytest.approx(48000, abs=10_000)
    assert excerpt.began_s == pytest.approx(4, abs=0.1)


def test_what_is_no_film_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film at all" * 100)
    with pytest.raises(MediaError, match=r"film\.mp4"):
        write_excerpt(path, IN_S, OUT_S, tmp_path)


def test_a_part_that_goes_on_beyond_the_end_is_what_there_is(tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mp4", Shot(frames=25))
    excerpt = write_excerpt(film, Fraction(0), Fraction(100), tmp_path)
    assert _numbers(excerpt.path, Fraction(0), 25) == list(range(25))
