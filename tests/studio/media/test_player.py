"""Playback keeps time with its sound, drops pictures rather than sound, and ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from studio.document.time import FrameRange
from studio.media.playback.clock import BLOCK, SoundClock
from studio.media.playback.player import Player
from tests.fakes.clock import FakeClock
from tests.studio.media.cuts import SIZE, audio, cut, scene, shot, video
from tests.studio.media.footage import number_of, tone

LIMIT_S = 500


class FakeDevice:
    """A sound device that plays when told to: its time is what has been asked for."""

    def __init__(self) -> None:
        self.heard: list[np.ndarray] = []
        self._give: Callable[[np.ndarray, float], None] | None = None
        self._played = 0

    def start(self, give: Callable[[np.ndarray, float], None]) -> None:
        self._give = give

    def stop(self) -> None:
        self._give = None

    def time(self) -> float:
        return self._played / 48000

    def close(self) -> None:
        self._give = None

    def play(self) -> None:
        """Ask for a block and play all of it."""
        assert self._give is not None
        out = np.empty((BLOCK, 2), np.float32)
        self._give(out, self._played / 48000)
        self.heard.append(out)
        self._played += BLOCK


def _made(start: int, count: int, speed: float) -> np.ndarray:
    return np.full((count, 2), start, np.float32)


def test_the_clock_tells_the_sample_that_is_heard() -> None:
    device = FakeDevice()
    clock = SoundClock(_made, device)
    clock.start(48000, 1.0)
    assert clock.now() == 48000
    for count in range(1, 5):
        device.play()
        assert clock.now() == 48000 + count * BLOCK
    assert [int(block[0, 0]) for block in device.heard] == [48000 + k * BLOCK for k in range(4)]
    clock.stop()
    assert clock.now() == 48000 + 4 * BLOCK


def test_when_sound_is_late_the_clock_waits_and_nothing_is_lost() -> None:
    device, gate = FakeDevice(), Event()

    def slow(start: int, count: int, speed: float) -> np.ndarray:
        if start:
            gate.wait()
        return _made(start, count, speed)

    clock = SoundClock(slow, device)
    clock.start(0, 1.0)
    device.play()
    device.play()
    assert clock.underruns == 1
    assert clock.now() == BLOCK
    gate.set()
    clock.close()


def _play(player: Player, ended: Event, frame: int, speed: float = 1.0) -> None:
    player.play(frame, speed)
    assert ended.wait(LIMIT_S)


class SetClock:
    """A clock that says what it is told to."""

    def __init__(self) -> None:
        self.volume = 1.0
        self.sample = 0.0
        self.speed = 1.0

    def start(self, sample: int, speed: float) -> None:
        self.sample, self.speed = float(sample), speed

    def next_frame(self) -> None:
        """On by a frame of a cut at 25 frames a second."""
        self.sample += self.speed * 48000 / 25

    def stop(self) -> None:
        """It stands anyway."""

    def now(self) -> float:
        return self.sample

    def take_heard(self) -> np.ndarray:
        return np.zeros((0, 2), np.float32)

    def close(self) -> None:
        """It holds nothing."""


def test_a_cut_plays_to_its_end_in_order(reel: Path) -> None:
    seen: list[tuple[int, int]] = []
    ended, clock = Event(), SetClock()

    def watch(number: int, rgb: np.ndarray) -> None:
        seen.append((number, number_of(rgb)))
        clock.next_frame()

    player = Player(watch, ended.set, clock)
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    _play(player, ended, 3)
    assert seen == [(number, number) for number in range(3, 20)]
    assert (player.stats.shown, player.stats.dropped) == (17, 0)
    assert not player.playing
    player.close()


def test_by_its_own_clock_it_comes_to_the_end(reel: Path) -> None:
    """However busy the machine is: what is shown is right and in order, if not all of it."""
    seen: list[tuple[int, int]] = []
    ended = Event()
    player = Player(lambda n, rgb: seen.append((n, number_of(rgb))), ended.set, FakeClock())
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    _play(player, ended, 3)
    numbers = [number for number, _ in seen]
    assert numbers == sorted(set(numbers))
    assert all(number == shown for number, shown in seen)
    player.close()


def test_backwards(reel: Path) -> None:
    seen: list[int] = []
    ended, clock = Event(), SetClock()

    def watch(number: int, rgb: np.ndarray) -> None:
        seen.append(number)
        clock.next_frame()

    player = Player(watch, ended.set, clock)
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    _play(player, ended, 15, -1.0)
    assert seen == list(range(15, -1, -1))
    player.close()


def test_pause_stands_where_it_is_and_a_loop_goes_round(reel: Path) -> None:
    seen: list[int] = []
    again = Event()

    def watch(number: int, rgb: np.ndarray) -> None:
        seen.append(number)
        if seen.count(5) == 2:
            again.set()

    player = Player(watch, lambda: None, FakeClock())
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    player.play(5, 1.0, FrameRange(5, 9))
    assert again.wait(LIMIT_S)
    stood = player.pause()
    assert 5 <= stood <= 8
    assert player.frame == stood
    assert set(seen) <= {5, 6, 7, 8}
    player.close()


def test_the_frame_past_the_end_of_a_loop_is_never_on(reel: Path) -> None:
    clock = SetClock()
    shown = Event()
    player = Player(lambda n, rgb: shown.set(), lambda: None, clock)
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    player.play(2, 1.0, FrameRange(5, 9))
    assert shown.wait(LIMIT_S)
    assert player.frame == 5
    clock.sample = 48000 * 8.5 / 25
    assert player.frame == 8
    clock.sample = 48000 * 9 / 25  # the end of the loop has been heard, and it has not gone round
    assert player.frame in (5, 8)
    assert player.pause() in (5, 8)
    player.close()


def test_the_sound_is_the_mix_and_none_of_it_is_lost(reel: Path) -> None:
    device = FakeDevice()
    player = Player(lambda n, rgb: None, lambda: None, FakeClock())
    clock = SoundClock(player._make_sound, device)
    player.load(scene(cut(video(shot("a.mp4", 20)), audio(shot("tone.wav", 20))), reel), "s", SIZE)
    clock.start(1000, 1.0)
    while sum(block.any() for block in device.heard) < 3:  # silence is what comes when it is late
        device.play()
    heard = np.concatenate([block for block in device.heard if block.any()])
    assert np.abs(heard - tone(1000 + len(heard), 48000)[1000:]).max() < 1e-4
    clock.close()
    player.close()


def test_each_tracks_peak_is_told_as_it_is_heard_after_its_own_level(reel: Path) -> None:
    clock = SetClock()
    player = Player(lambda n, rgb: None, lambda: None, clock)
    loud, soft = audio(shot("tone.wav", 20)), audio(shot("tone.wav", 20), gain_db=-20.0)
    player.load(scene(cut(video(shot("a.mp4", 20)), loud, soft), reel), "s", SIZE)
    for block in range(3):
        player._make_sound(block * BLOCK, BLOCK, 1.0)
    clock.sample = BLOCK * 1.5  # the third is not heard yet
    peaks = player.take_track_peaks()
    assert peaks[loud.id] == pytest.approx(0.5, abs=0.01)
    assert peaks[soft.id] == pytest.approx(0.05, abs=0.001)
    assert player.take_track_peaks() == {}
    clock.sample = BLOCK * 2.0
    assert set(player.take_track_peaks()) == {loud.id, soft.id}
    player.close()
