"""Picture and sound together: the clock tells what is heard whatever the device's delay, the
offset is measured where the picture is seen, and a device that goes away ends nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from studio.media.playback.clock import BLOCK, RATE, SoundClock
from studio.media.playback.device import PortAudioDevice, UnheardDevice
from studio.media.playback.player import Player
from tests.studio.media.cuts import SIZE, cut, scene, shot, video

LIMIT_S = 500


class LateDevice:
    """A sound device that asks for each block some blocks before it is heard."""

    def __init__(self, blocks: int) -> None:
        self.now_s = 100.0
        self._ahead_s = blocks * BLOCK / RATE
        self._asked_s = self.now_s
        self._give: Callable[[np.ndarray, float], None] | None = None

    def start(self, give: Callable[[np.ndarray, float], None]) -> None:
        self._give = give
        self._asked_s = self.now_s

    def stop(self) -> None:
        self._give = None

    def time(self) -> float:
        return self.now_s

    def close(self) -> None:
        self._give = None

    def run(self, samples: int) -> None:
        """Let time pass, asking for what is due."""
        assert self._give is not None
        until = self.now_s + samples / RATE
        out = np.empty((BLOCK, 2), np.float32)
        while self._asked_s <= until + 1e-9:
            self._give(out, self._asked_s + self._ahead_s)
            if out.any():  # silence is what comes where the sound is not made yet: ask again
                self._asked_s += BLOCK / RATE
        self.now_s = until


def _loud(_start: int, count: int, _speed: float) -> np.ndarray:
    return np.ones((count, 2), np.float32)


@pytest.mark.parametrize("ahead", [0, 1, 5])
@pytest.mark.parametrize("speed", [1.0, 2.0, -1.0])
def test_the_clock_tells_what_is_heard_however_early_it_was_asked_for(
    ahead: int, speed: float
) -> None:
    device = LateDevice(ahead)
    clock = SoundClock(_loud, device)
    clock.start(480_000, speed)
    device.run(0)
    assert clock.now() == pytest.approx(480_000, abs=1)
    delay = ahead * BLOCK
    for passed in (200, 2 * BLOCK + 300, 4 * BLOCK):
        device.run(passed - round((device.now_s - 100) * RATE))
        heard = max(0, passed - delay)
        assert clock.now() == pytest.approx(480_000 + heard * speed, abs=2)
    clock.close()


class SteppedClock:
    """A clock that is where it is put."""

    def __init__(self) -> None:
        self.volume = 1.0
        self.sample = 0.0

    def start(self, sample: int, speed: float) -> None:
        self.sample = float(sample)

    def stop(self) -> None:
        """It stands anyway."""

    def now(self) -> float:
        return self.sample

    def take_heard(self) -> np.ndarray:
        return np.zeros((0, 2), np.float32)

    def close(self) -> None:
        """It holds nothing."""


def test_the_offset_is_measured_where_the_picture_is_seen(reel: Path) -> None:
    clock, shown = SteppedClock(), Event()
    player = Player(lambda _n, _rgb: shown.set(), lambda: None, clock)
    player.load(scene(cut(video(shot("a.mp4", 20))), reel), "s", SIZE)
    player.play(0)
    assert shown.wait(LIMIT_S)
    assert player.stats.offset_mean_s == 0.0  # handed on as its sound began
    clock.sample = 0.012 * RATE
    player.note_seen(0)
    clock.sample = (1 / 25 + 0.004) * RATE
    player.note_seen(1)
    assert player.stats.offset_mean_s == pytest.approx(0.008)
    assert player.stats.offset_most_s == pytest.approx(0.012)
    player.close()


class Stream:
    """A stream of a device that may be unplugged."""

    latency = 0.1

    def __init__(self, broken: bool, called: Callable[..., None], end: Callable[[], None]) -> None:
        self.broken, self.called, self.end = broken, called, end
        self.time = 0.0
        self.started = 0

    def start(self) -> None:
        if self.broken:
            raise OSError("Device unavailable")
        self.started += 1

    def abort(self) -> None:
        self.end()

    def close(self) -> None:
        self.broken = True


class Outputs:
    """What is plugged in: each stream that is opened is broken or not, in turn."""

    def __init__(self, *broken: bool) -> None:
        self._broken = list(broken)
        self.opened: list[Stream] = []

    def open(self, _block: int, called: Callable[..., None], end: Callable[[], None]) -> Stream:
        self.opened.append(Stream(self._broken.pop(0), called, end))
        return self.opened[-1]


class Times:
    """What PortAudio says of a block."""

    def __init__(self, heard_at: float) -> None:
        self.outputBufferDacTime = heard_at


def _given(device: PortAudioDevice, stream: Stream, heard_at: float) -> float:
    heard: list[float] = []
    device.start(lambda _out, at: heard.append(at))
    times: Any = Times(heard_at)
    stream.called(np.zeros((4, 2), np.float32), 4, times, None)
    return heard[0]


def test_a_host_that_does_not_know_when_a_block_is_heard_is_not_believed() -> None:
    outputs = Outputs(False)
    device = PortAudioDevice(BLOCK, outputs.open)
    outputs.opened[0].time = 500.0
    assert _given(device, outputs.opened[0], 500.03) == 500.03
    assert _given(device, outputs.opened[0], 0.0) == pytest.approx(500.1)


def test_another_device_is_taken_where_one_does_not_start() -> None:
    outputs = Outputs(True, False)
    device = PortAudioDevice(BLOCK, outputs.open)
    device.start(lambda _out, _at: None)
    assert [stream.started for stream in outputs.opened] == [0, 1]
    device.close()


def test_playing_goes_on_unheard_when_the_device_goes_away() -> None:
    outputs, asked = Outputs(False, True), Event()
    device = PortAudioDevice(BLOCK, outputs.open)
    device.start(lambda _out, _at: asked.set())
    outputs.opened[0].end()  # pulled out
    assert asked.wait(LIMIT_S)
    before = device.time()
    assert device.time() >= before
    device.stop()
    device.close()


def _counted(start: int, count: int, _speed: float) -> np.ndarray:
    """Samples that tell their own number, from 1 on."""
    return np.repeat(np.arange(start + 1, start + 1 + count, dtype=np.float32)[:, None], 2, axis=1)


@pytest.mark.parametrize("ahead", [0, 1, 5])
def test_meters_are_given_what_is_heard_and_none_of_what_the_device_only_has(ahead: int) -> None:
    device = LateDevice(ahead)
    clock = SoundClock(_counted, device)
    clock.volume = 0.5
    clock.start(0, 1.0)
    taken: list[np.ndarray] = []
    device.run(0)
    for samples in (700, BLOCK, 3 * BLOCK + 17, 1):
        device.run(samples)
        taken.append(clock.take_heard())
        assert abs(sum(map(len, taken)) - clock.now()) <= 2
    device.run(333)
    clock.stop()
    taken.append(clock.take_heard())  # what was heard before it stopped is not lost
    numbers = np.concatenate(taken)[:, 0]
    assert np.array_equal(numbers, np.arange(1, len(numbers) + 1))
    assert len(numbers) == pytest.approx(max(0, 4 * BLOCK + 1051 - ahead * BLOCK), abs=2)
    assert len(clock.take_heard()) == 0
    clock.close()


def test_the_monitors_volume_is_heard_at_once_and_a_device_gets_no_more_than_full_scale() -> None:
    outputs = Outputs(False)
    device = PortAudioDevice(BLOCK, outputs.open)
    clock = SoundClock(lambda _start, count, _speed: np.full((count, 2), 3, np.float32), device)
    clock.start(0, 1.0)
    out, times = np.zeros((BLOCK, 2), np.float32), Times(0.0)
    heard: list[float] = []
    for volume in (1.0, 0.25, 0.0):
        clock.volume = volume
        outputs.opened[0].called(out, BLOCK, times, None)
        heard.append(float(out[-1, 0]))
    assert heard == [1.0, 0.75, 0.0]
    outputs.opened[0].time = 10.0
    assert clock.take_heard().max() == 3.0  # the meters see what lies above
    clock.close()


def test_without_a_device_playing_goes_on_by_the_computers_clock_and_is_metered() -> None:
    asked = Event()

    def make(start: int, count: int, speed: float) -> np.ndarray:
        if start >= 8 * BLOCK:
            asked.set()
        return _counted(start, count, speed)

    clock = SoundClock(make, UnheardDevice(BLOCK))
    clock.start(0, 1.0)
    assert asked.wait(LIMIT_S)
    while not len(taken := clock.take_heard()):
        assert clock.now() >= 0
    assert taken[0, 0] == 1
    clock.stop()
    stood = clock.now()
    assert stood == clock.now() > 0
    clock.close()
