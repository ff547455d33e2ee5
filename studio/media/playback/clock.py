"""Clocks: what time it is in the sequence while it plays, counted in samples at 48 kHz.

`SoundClock` is driven by the sound device: it says which sample is being heard now, however long
before that the device has asked for it. Without a device, `SilentClock` runs by the computer's
clock. Sound is never dropped: if it comes late the clock waits for it, and pictures wait with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Protocol

import numpy as np

from studio.media.playback.device import Device, open_device

RATE = 48000
BLOCK = 1024
BLOCKS_AHEAD = 24
"""Half a second of sound made ahead."""

BLOCKS_FIRST = 4
LONGEST_PRIMING_S = 0.5

MakeSound = Callable[[int, int, float], np.ndarray]
"""Samples from a place on at a speed: (start, count, speed) to float32 (count, 2)."""


class Clock(Protocol):
    """Tells the time of the sequence."""

    def start(self, sample: int, speed: float) -> None:
        """Run from a sample on; `speed` 1 is as it is, negative backwards."""
        ...

    def stop(self) -> None:
        """Stand still."""
        ...

    def now(self) -> float:
        """The sample of the sequence that is heard (or would be) at this moment."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


class SilentClock:
    """Runs by the computer's own clock."""

    def __init__(self) -> None:
        self._origin = 0.0
        self._since: float | None = None
        self._speed = 1.0

    def start(self, sample: int, speed: float) -> None:
        """Run from a sample on."""
        self._origin, self._speed, self._since = float(sample), speed, monotonic()

    def stop(self) -> None:
        """Stand still."""
        self._origin, self._since = self.now(), None

    def now(self) -> float:
        """The sample that would be heard at this moment."""
        if self._since is None:
            return self._origin
        return self._origin + (monotonic() - self._since) * RATE * self._speed

    def close(self) -> None:
        """Nothing to let go of."""
        self._since = None


@dataclass(frozen=True, slots=True)
class _Given:
    """A block that the device was given: the sequence's sample it begins with, and when it is
    heard by the device's clock, in seconds."""

    sample: float
    at_s: float
    count: int


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
        self.underruns = 0
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
        with self._changed:
            was_running, self._running = self._running, False
            self._changed.notify_all()
        if was_running:
            self._device.stop()
        with self._lock:
            self._stands_at = place
            self._given.clear()

    def now(self) -> float:
        """The sample of the sequence that is heard at this moment."""
        with self._lock:
            if not self._given:
                return self._stands_at
            time_s = self._device.time()
            while len(self._given) > 1 and self._given[1].at_s <= time_s:
                self._given.popleft()
            heard = self._given[0]
            played = min(max((time_s - heard.at_s) * RATE, 0.0), float(heard.count))
            return heard.sample + played * self._speed

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
        out[:] = block[: len(out)]
        with self._lock:
            if self._given and heard_at < self._given[-1].at_s:
                self._given.clear()  # another device has taken over, with a clock of its own
            self._given.append(_Given(self._following, heard_at, len(out)))
            self._following += len(out) * self._speed


def open_clock(make: MakeSound) -> Clock:
    """The sound device's clock, or a silent one on a machine without."""
    device = open_device(BLOCK)
    return SilentClock() if device is None else SoundClock(make, device)
