"""What is kept for speed: bounded in bytes, right after a change, and never in the way."""

from __future__ import annotations

import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from studio.document.model.asset import Proxy
from studio.media.cache import FrameCache
from studio.media.errors import Cancelled, NotMedia
from studio.media.footage import Footage
from studio.media.shelf import Shelf
from studio.media.thumbnails import Thumbnails
from studio.media.waveform import Peaks, Waveforms
from tests.studio.media.cuts import asset
from tests.studio.media.footage import make_sound, number_of, tone


def test_the_cache_is_bounded_and_lets_go_of_the_oldest() -> None:
    cache: FrameCache[str] = FrameCache(100)
    cache.put("a", "A", 60)
    cache.put("b", "B", 30)
    assert cache.get("a") == "A"
    cache.put("c", "C", 30)
    assert cache.get("b") is None
    assert cache.get("a") == "A"
    cache.put("huge", "H", 101)
    assert cache.get("huge") is None
    cache.put("a", "A2", 10)
    assert cache.held_bytes == 40


@pytest.mark.parametrize(
    ("name", "codec"),
    [("x.wav", "pcm_s16le"), ("x.m4a", "aac"), ("x24.wav", "pcm_s24le"), ("f.wav", "pcm_f32le")],
)
def test_a_waveform_shows_the_sound(tmp_path: Path, name: str, codec: str) -> None:
    samples = np.zeros((96000, 2), np.float32)
    samples[48000:] = 0.8 * tone(48000, 48000) / 0.5
    path = make_sound(tmp_path / name, samples, 48000, codec)
    waveforms = Waveforms(tmp_path / "cache")
    low, high = waveforms.peaks(path).columns(0.0, 2.0, 8)
    assert np.abs(high[:4]).max() < 0.03
    assert high[5:].min() == pytest.approx(0.8, abs=0.05)
    assert low[5:].max() == pytest.approx(-0.8, abs=0.05)


def test_a_waveform_is_read_back_and_made_anew_when_the_file_changes(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "x.wav", tone(48000, 48000), 48000)
    waveforms = Waveforms(tmp_path / "cache")
    first = waveforms.peaks(path)
    kept = next((tmp_path / "cache").iterdir())
    assert Peaks.from_bytes(kept.read_bytes()).rate == 48000  # type: ignore[union-attr]
    kept.write_bytes(b"rubbish")
    assert np.array_equal(waveforms.peaks(path).high, first.high)
    make_sound(path, np.zeros((48000, 2), np.float32), 48000)
    assert waveforms.peaks(path).high.max() == 0


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "x.wav", tone(4800, 48000), 48000)
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert len(Waveforms(tmp_path / "cache").peaks(path).low) == 20


def test_reading_a_sound_can_be_cancelled_and_refused(tmp_path: Path, reel: Path) -> None:
    with pytest.raises(Cancelled):
        Waveforms(tmp_path).peaks(reel / "tone.wav", should_cancel=lambda: True)
    with pytest.raises(NotMedia, match="no sound"):
        Waveforms(tmp_path).peaks(reel / "b.mp4")


def test_an_odd_wav_is_left_to_the_decoder(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 1, 8000, 0, "NONE", ""))
        out.writeframes(bytes([128] * 4000 + [255] * 4000))
    peaks = Waveforms(tmp_path / "cache").peaks(path)
    assert peaks.duration == 1
    assert peaks.columns(0.6, 0.9, 1)[1][0] > 0.95


def test_thumbnails_show_the_frame_asked_for(tmp_path: Path, reel: Path) -> None:
    film = asset("a.mp4")
    thumbnails = Thumbnails(Footage(reel), tmp_path)
    assert thumbnails.known(film, Fraction(13, 25), 90) is None
    picture = thumbnails.thumbnail(film, Fraction(13, 25), 90)
    assert picture.shape == (90, 160, 3)
    assert number_of(picture) == 13
    assert thumbnails.known(film, Fraction(13, 25), 90) is not None
    again = Thumbnails(Footage(reel), tmp_path).thumbnail(film, Fraction(13, 25), 90)
    assert number_of(again) == 13


def test_footage_keeps_pictures_within_its_bytes(reel: Path) -> None:
    one = 320 * 180 * 3 // 2
    footage = Footage(reel, cache_bytes=4 * one + 1000)
    for number in range(12):
        footage.picture(asset("a.mp4"), Fraction(number, 25))
    assert footage.cached_bytes <= 4 * one + 1000
    first = footage.picture(asset("a.mp4"), Fraction(11, 25))
    assert footage.picture(asset("a.mp4"), Fraction(11, 25)) is first


def test_a_proxy_stands_in_where_it_is_wanted_and_there(reel: Path) -> None:
    proxy = Proxy(sha256="", path="b.mp4", width=320, height=180)
    film = replace(asset("a.mp4"), proxies=(proxy, replace(proxy, path="gone.mp4", width=100)))
    assert Footage(reel, use_proxies=True).picture_path(film) == reel / "b.mp4"
    assert Footage(reel).picture_path(film) == reel / "a.mp4"


class Reader:
    """A file that can be open or not."""

    def __init__(self) -> None:
        self.open = True

    def close(self) -> None:
        self.open = False


def test_a_reader_nobody_asks_for_is_closed_and_one_in_use_never() -> None:
    shelf: Shelf[Reader] = Shelf(16, patience=3)
    with shelf.borrowed("a", Fraction(0), Reader) as left:
        pass
    with shelf.borrowed("b", Fraction(0), Reader) as lent:
        for second in range(3):
            with shelf.borrowed("c", Fraction(second), Reader) as wanted:
                assert wanted.open
        assert not left.open
        assert lent.open
    with shelf.borrowed("c", Fraction(3), Reader) as again:
        assert again is wanted
    assert lent.open
    shelf.close()
    assert not lent.open
