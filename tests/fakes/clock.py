"""A clock of playback without sound, by the computer's own."""

from __future__ import annotations

from time import monotonic

import numpy as np

from studio.media.playback.clock import RATE


class FakeClock:
    """Runs by the computer's own clock, and nothing is heard."""

    def __init__(self) -> None:
        self.volume = 1.0
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

    def take_heard(self) -> np.ndarray:
        """Nothing is heard."""
        return np.zeros((0, 2), np.float32)

    def close(self) -> None:
        """Nothing to let go of."""
        self._since = None
