"""Playback keeps time with its sound, drops pictures rather than sound, and ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np

from studio.document.time import FrameRange
from studio.media.playback.clock import BLOCK, SilentClock, SoundClock
from studio.media.playback.player import Player
from tests.studio.media.cuts import SIZE, audio, cut, scene, shot, video
from tests.studio.media.footage import number_of, tone


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
    assert ended.wait(30)


def test_a_cut_plays_to_its_end_in_order(reel: Path) -> None:
    seen: list[tuple[int, int]] = []
    ended = Event()
    player = Player(lambda n, rgb: seen.append((n, number_of(rgb))), ended.set, SilentClock())
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    _play(player, ended, 3)
    numbers = [number for number, _ in seen]
    assert numbers[0] == 3
    assert numbers == sorted(set(numbers))
    assert all(number == shown for number, shown in seen)
    assert player.stats.shown + player.stats.dropped >= 1
    assert not player.playing
    player.close()


def test_backwards(reel: Path) -> None:
    seen: list[int] = []
    ended = Event()
    player = Player(lambda n, rgb: seen.append(n), ended.set, SilentClock())
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    _play(player, ended, 15, -1.0)
    assert seen[0] == 15
    assert seen == sorted(seen, reverse=True)
    player.close()


def test_pause_stands_where_it_is_and_a_loop_goes_round(reel: Path) -> None:
    seen: list[int] = []
    again = Event()

    def watch(number: int, rgb: np.ndarray) -> None:
        seen.append(number)
        if seen.count(5) == 2:
            again.set()

    player = Player(watch, lambda: None, SilentClock())
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    player.play(5, 1.0, FrameRange(5, 9))
    assert again.wait(30)
    stood = player.pause()
    assert 5 <= stood <= 8
    assert player.frame == stood
    assert set(seen) <= {5, 6, 7, 8}
    player.close()


class SetClock:
    """A clock that says what it is told to."""

    def __init__(self) -> None:
        self.sample = 0.0
        self.started = Event()

    def start(self, sample: int, speed: float) -> None:
        self.sample = float(sample)
        self.started.set()

    def stop(self) -> None:
        pass

    def now(self) -> float:
        return self.sample

    def close(self) -> None:
        pass


def test_the_frame_past_the_end_of_a_loop_is_never_on(reel: Path) -> None:
    clock = SetClock()
    shown = Event()
    player = Player(lambda n, rgb: shown.set(), lambda: None, clock)
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    player.play(2, 1.0, FrameRange(5, 9))
    assert shown.wait(30)
    assert player.frame == 5
    clock.sample = 48000 * 8.5 / 25
    assert player.frame == 8
    clock.sample = 48000 * 9 / 25  # the end of the loop has been heard, and it has not gone round
    assert player.frame in (5, 8)
    assert player.pause() in (5, 8)
    player.close()


def test_the_sound_is_the_mix_and_none_of_it_is_lost(reel: Path) -> None:
    device = FakeDevice()
    player = Player(lambda n, rgb: None, lambda: None, SilentClock())
    clock = SoundClock(player._make_sound, device)
    player.load(scene(cut(video(shot("a.mp4", 20)), audio(shot("tone.wav", 20))), reel), "s", SIZE)
    clock.start(1000, 1.0)
    while sum(block.any() for block in device.heard) < 3:  # silence is what comes when it is late
        device.play()
    heard = np.concatenate([block for block in device.heard if block.any()])
    assert np.abs(heard - tone(1000 + len(heard), 48000)[1000:]).max() < 1e-4
    clock.close()
    player.close()
