"""A sound meter: peaks at once, loudness ten times a second, of what is being heard."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from studio.media.peak_meter import Needle, dbfs, moved
from studio.media.running_loudness import HOP, LoudnessNow, RunningLoudness

CHANNELS = 2


class SoundMeter:
    """Fed with what is heard as time passes; read whenever it is drawn."""

    def __init__(self) -> None:
        self.needles: tuple[Needle, ...] = (Needle(),) * CHANNELS
        self.loudness = LoudnessNow()
        self.highest_dbfs = -inf
        self._running = RunningLoudness()
        self._waiting: list[np.ndarray] = []

    @property
    def at_rest(self) -> bool:
        """Whether it would show the same a moment later, if nothing more is heard."""
        return all(needle.at_rest for needle in self.needles)

    def hear(self, samples: np.ndarray, passed_s: float) -> None:
        """`passed_s` seconds have passed, and samples were heard in them: float32 (count, 2)."""
        self.needles = moved(self.needles, samples, passed_s)
        if not len(samples):
            return
        self.highest_dbfs = max(self.highest_dbfs, dbfs(float(np.abs(samples).max())))
        self._waiting.append(samples)
        if sum(map(len, self._waiting)) >= HOP:  # a filter run over much costs little more
            self._running.add(np.concatenate(self._waiting))
            self._waiting.clear()
            self.loudness = self._running.now

    def begin(self) -> None:
        """Measure loudness, and the highest peak, from here on."""
        self._running = RunningLoudness()
        self._waiting.clear()
        self.loudness = LoudnessNow()
        self.highest_dbfs = -inf

    def clear_over(self) -> None:
        """Put the over lights out."""
        self.needles = tuple(replace(needle, over=False) for needle in self.needles)
