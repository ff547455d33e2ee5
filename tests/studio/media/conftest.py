"""Footage made once for all of these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.studio.media.footage import Shot, make_sound, make_video, tone


@pytest.fixture(scope="session")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `a.mp4`, `b.mp4` (the pictures numbered from 0) and `tone.wav`, `mono.wav`."""
    folder = tmp_path_factory.mktemp("reel")
    make_video(folder / "a.mp4", Shot(sound_rate=48000))
    make_video(
        folder / "b.mp4",
        Shot(frames=50, options={"preset": "ultrafast", "g": "25", "bf": "0", "qp": "10"}),
    )
    make_sound(folder / "tone.wav", tone(5 * 48000, 48000), 48000)
    make_sound(folder / "mono.wav", tone(5 * 44100, 44100, channels=1), 44100)
    return folder
