"""Samples of any range, the same ones however they are reached."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from studio.media.decode.audio import AudioReader
from studio.media.errors import NotMedia
from tests.studio.media.footage import Shot, make_sound, make_video, tone

SECONDS = 3
SOUNDS = {
    "a.wav": (48000, 2, "pcm_s16le", 1e-4, 0.0),
    "mono441.wav": (44100, 1, "pcm_s16le", 1e-4, 1e-6),
    "high.flac": (96000, 2, "flac", 1e-4, 1e-6),
    "odd.wav": (11025, 2, "pcm_s16le", 2e-4, 1e-6),
    "aac.m4a": (44100, 2, "aac", 0.03, 1e-4),
    "milliseconds.mkv": (44100, 2, "aac", 0.03, 1e-4),
    "lame.mp3": (44100, 2, "libmp3lame", 0.04, 1e-4),
    "talk.opus": (48000, 2, "libopus", 0.03, 5e-3),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sounds")
    for name, (rate, channels, codec, _, _) in SOUNDS.items():
        make_sound(made / name, tone(SECONDS * rate, rate, channels), rate, codec)
    return made


def _whole(reader: AudioReader) -> np.ndarray:
    return np.concatenate([reader.read(k, 4800) for k in range(0, SECONDS * 48000, 4800)])


@pytest.mark.parametrize("name", SOUNDS)
def test_every_sample_is_where_it_belongs(folder: Path, name: str) -> None:
    _, channels, _, tolerance, _ = SOUNDS[name]
    heard = _whole(AudioReader(folder / name))
    wanted = tone(SECONDS * 48000, 48000)
    if channels == 1:
        wanted[:, 1] = wanted[:, 0]
    assert np.abs(heard - wanted)[3000:-3000].max() < tolerance


@pytest.mark.parametrize("name", SOUNDS)
def test_a_jump_gives_the_same_samples(folder: Path, name: str) -> None:
    reader, draw = AudioReader(folder / name), random.Random(name)
    whole = _whole(reader)
    for _ in range(12):
        start = draw.randrange(0, (SECONDS - 1) * 48000)
        again = reader.read(start, 1500)
        assert np.abs(again - whole[start : start + 1500]).max() <= SOUNDS[name][4]


def test_outside_the_file_there_is_silence(folder: Path) -> None:
    reader = AudioReader(folder / "a.wav")
    assert not reader.read(-1000, 1000).any()
    assert not reader.read(SECONDS * 48000, 1000).any()
    across = reader.read(-10, 20)
    assert not across[:10].any()
    assert np.abs(across[10:] - tone(10, 48000)).max() < 1e-4


def test_sound_keeps_its_place_beside_a_late_picture(tmp_path: Path) -> None:
    stamps = [n * 3600 + 36000 for n in range(50)]
    path = make_video(
        tmp_path / "late.mov", Shot(50, stamps=stamps, sound_rate=48000, sound_codec="pcm_s16le")
    )
    heard = AudioReader(path).read(0, 4800)
    began = int(Fraction(36000, 90000) * 48000)
    assert np.abs(heard - tone(began + 4800, 48000)[began:]).max() < 1e-3


def test_six_channels_are_mixed_down(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "surround.wav", tone(48000, 48000, 6) * 0.2, 48000)
    heard = AudioReader(path).read(0, 48000)
    assert heard.shape == (48000, 2)
    assert 0.05 < np.abs(heard).max() < 1.0


def test_a_silent_film_says_so(tmp_path: Path) -> None:
    path = make_video(tmp_path / "mute.mp4", Shot(5))
    with pytest.raises(NotMedia, match="no sound"):
        AudioReader(path)


@pytest.mark.parametrize(
    ("name", "codec", "apart"),
    [
        ("x.wav", "adpcm_ima_wav", 1e-3),  # stamps after a seek are guessed from the bit rate
        ("y.wav", "adpcm_ms", 1e-3),
        ("x.mka", "ac3", 0.02),  # stamps in milliseconds; the decoder adds noise of its own
        ("x.ts", "mp2", 1e-3),
    ],
)
def test_a_seek_lands_on_the_sample_whatever_the_stamps_are_worth(
    tmp_path: Path, name: str, codec: str, apart: float
) -> None:
    draw = np.random.default_rng(8)
    places = np.arange(20 * 44100)
    wave = 0.3 * np.sin(2 * np.pi * (300 * places / 44100 + (places / 44100) ** 2 * 20))
    wave = (wave * draw.uniform(0.5, 1.0, 200).repeat(4410)).astype(np.float32)
    path = make_sound(tmp_path / name, np.stack([wave, wave], 1), 44100, codec)
    whole = AudioReader(path).read(0, 19 * 48000)
    for start in (8 * 48000 + 17, 13 * 48000 + 5003, 17 * 48000 + 1):
        found = AudioReader(path).read(start, 9600)
        assert np.abs(found - whole[start : start + 9600]).max() < apart
