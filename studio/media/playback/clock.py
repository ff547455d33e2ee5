"""Clocks: what time it is in the sequence while it plays, counted in samples at 48 kHz.

`SoundClock` is driven by the sound device: it says which sample is being heard now, however long
before that the device has asked for it. Without a device the sound is made all the same and played
to nobody, so that meters show it. Sound is never dropped: if it comes late the clock waits for it,
and pictures wait with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Lock, Thread
from typing import Protocol

import numpy as np

from studio.media.playback.device import Device, UnheardDevice, open_device

RATE = 48000
BLOCK = 1024
BLOCKS_AHEAD = 24
"""Half a second of sound made ahead."""

BLOCKS_FIRST = 4
BLOCKS_KEPT = 256
"""What is remembered for a meter that does not ask: five seconds."""
LONGEST_PRIMING_S = 0.5

MakeSound = Callable[[int, int, float], np.ndarray]
"""Samples from a place on at a speed: (start, count, speed) to float32 (count, 2), not clipped."""


class Clock(Protocol):
    """Tells the time of the sequence. `volume` is the monitor's, and turns no meter."""

    volume: float

    def start(self, sample: int, speed: float) -> None:
        """Run from a sample on; `speed` 1 is as it is, negative backwards."""
        ...

    def stop(self) -> None:
        """Stand still."""
        ...

    def now(self) -> float:
        """The sample of the sequence that is heard (or would be) at this moment."""
        ...

    def take_heard(self) -> np.ndarray:
        """What was heard since this was last asked, before the volume: float32 (count, 2)."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


@dataclass(frozen=True, slots=True)
class _Given:
    """A block that the device was given: the sequence's sample it begins with, when it is heard
    by the device's clock, in seconds, and what it is, before the volume."""

    sample: float
    at_s: float
    samples: np.ndarray

    def heard_by(self, time_s: float) -> int:
        """How many of its samples have been heard at a time."""
        return min(max(int((time_s - self.at_s) * RATE), 0), len(self.samples))


class SoundClock:
    """Runs by the sound device, which asks for samples as it needs them."""

    def __init__(self, make: MakeSound, device: Device) -> None:
        self._make = make
        self._device = device
        self._blocks: deque[np.ndarray] = deque()
        self._changed = Condition()
        self._running = False
        self._speed = 1.0
        self._next = 0
        self._stands_at = 0.0  # where it stands until something is heard
        self._following = 0.0  # the sample that the next block given begins with
        self._given: deque[_Given] = deque()
        self._unmetered: deque[_Given] = deque(maxlen=BLOCKS_KEPT)
        self._metered_s = 0.0  # by the device's clock: what was heard before has been asked for
        self._rest: list[np.ndarray] = []  # heard before it last stopped, and not asked for
        self.underruns = 0
        self.volume = 1.0
        self._lock = Lock()
        self._feeder: Thread | None = None
        self._generation = 0

    def start(self, sample: int, speed: float) -> None:
        """Run from a sample on."""
        self.stop()
        with self._changed:
            self._speed, self._next = speed, sample
            self._blocks.clear()
            self._running = True
            self._generation += 1
            generation = self._generation
        with self._lock:
            self._stands_at = self._following = float(sample)
        self._feeder = Thread(target=self._feed, args=(generation,), name="sound", daemon=True)
        self._feeder.start()
        with self._changed:
            self._changed.wait_for(lambda: len(self._blocks) >= BLOCKS_FIRST, LONGEST_PRIMING_S)
        self._device.start(self._give)

    def stop(self) -> None:
        """Stand still at the sample being heard."""
        place = self.now()
        with self._lock:
            self._rest += self._newly_heard()
        with self._changed:
            was_running, self._running = self._running, False
            self._changed.notify_all()
        if was_running:
            self._device.stop()
        with self._lock:
            self._stands_at = place
            self._given.clear()
            self._unmetered.clear()

    def now(self) -> float:
        """The sample of the sequence that is heard at this moment."""
        with self._lock:
            if not self._given:
                return self._stands_at
            time_s = self._device.time()
            while len(self._given) > 1 and self._given[1].at_s <= time_s:
                self._given.popleft()
            heard = self._given[0]
            played = min(max((time_s - heard.at_s) * RATE, 0.0), float(len(heard.samples)))
            return heard.sample + played * self._speed

    def take_heard(self) -> np.ndarray:
        """What was heard since this was last asked, or the last five seconds of it."""
        with self._lock:
            parts = [*self._rest, *self._newly_heard()]
            self._rest = []
        return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)

    def _newly_heard(self) -> list[np.ndarray]:
        """Under the lock: the device has more than this by now, which is not heard yet."""
        if not self._unmetered:
            return []
        before_s, self._metered_s = self._metered_s, self._device.time()
        parts: list[np.ndarray] = []
        while self._unmetered:
            given = self._unmetered[0]
            end = given.heard_by(self._metered_s)
            parts.append(given.samples[given.heard_by(before_s) : end])
            if end < len(given.samples):
                break
            self._unmetered.popleft()
        return parts

    def close(self) -> None:
        """Let go of the device."""
        self.stop()
        self._device.close()

    def _feed(self, generation: int) -> None:
        """Make sound ahead of the device until stopped."""
        while True:
            with self._changed:
                while self._running and len(self._blocks) >= BLOCKS_AHEAD:
                    self._changed.wait()
                if not self._running or generation != self._generation:
                    return
                start, speed = self._next, self._speed
                self._next += round(BLOCK * speed)
            block = self._make(start, BLOCK, speed)
            with self._changed:
                if generation == self._generation:
                    self._blocks.append(block)
                    self._changed.notify_all()

    def _give(self, out: np.ndarray, heard_at: float) -> None:
        """Fill the device's buffer, float32 (count, 2), which is heard at `heard_at`."""
        with self._changed:
            block = self._blocks.popleft() if self._blocks else None
            self._changed.notify_all()
        if block is None:
            out[:] = 0
            self.underruns += 1
            return  # the clock waits: no sample of the sequence was heard
        np.multiply(block[: len(out)], np.float32(self.volume), out=out)
        with self._lock:
            if self._given and heard_at < self._given[-1].at_s:
                self._given.clear()  # another device has taken over, with a clock of its own
                self._unmetered.clear()
                self._metered_s = heard_at
            given = _Given(self._following, heard_at, block[: len(out)])
            self._given.append(given)
            self._unmetered.append(given)
            self._following += len(out) * self._speed


def open_clock(make: MakeSound) -> Clock:
    """The sound device's clock, or that of none on a machine without."""
    return SoundClock(make, open_device(BLOCK) or UnheardDevice(BLOCK))
