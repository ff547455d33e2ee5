"""The demo's cut by itself: sound that was made lies under its shot, linked, and begins with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.commands.demo_cut import MUSIC_UNDER_SOUND_DB, Shot, cut
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia, Recipe, Take
from studio.document.model.sequence import Track
from studio.session.describing import describe
from tests.studio.media import footage

TAKE = Take(id="", asset_id="", recipe=Recipe(text="{}"))


def clips(track: Track) -> list[Clip]:
    return [item for item in track.items if isinstance(item, Clip)]


@pytest.fixture
def made(tmp_path: Path) -> tuple[Shot, Shot, Shot]:
    """A film, a soundtrack as long as it, and music."""
    film = footage.make_video(tmp_path / "film.mp4", footage.Shot(frames=96, size=(64, 36)))
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (4 * 48_000, 1)).astype(np.float32)
    heard, music = (
        footage.make_sound(tmp_path / name, noise, 48_000) for name in ("heard.wav", "music.wav")
    )
    film, heard, music = (describe(path, tmp_path) for path in (film, heard, music))
    return Shot(film, TAKE), Shot(heard, TAKE), Shot(music, TAKE)


def test_a_shots_own_sound_lies_under_it_in_time(made: tuple[Shot, Shot, Shot]) -> None:
    film, heard, music = made
    shots = [Shot(film.asset, TAKE, sound=heard), Shot(film.asset, TAKE, sound=heard)]
    picture, _, sound, score = cut("demo", shots, music.asset).sequences[0].tracks
    for above, below in zip(clips(picture), clips(sound), strict=True):
        assert isinstance(below.media, GeneratedMedia)
        assert below.media.take is not None
        assert above.link is not None
        assert (below.link, below.duration) == (above.link, above.duration)
        assert below.source_start == above.source_start
    assert clips(picture)[0].link != clips(picture)[1].link
    assert {clip.gain_db for clip in clips(score)} == {MUSIC_UNDER_SOUND_DB}


def test_without_sound_the_music_is_at_its_own_level(made: tuple[Shot, Shot, Shot]) -> None:
    film, _, music = made
    _, _, sound, score = cut("demo", [film], music.asset).sequences[0].tracks
    assert clips(sound) == []
    assert {clip.gain_db for clip in clips(score)} == {0.0}
