"""Reporter: progress and cancelling in one call, so that what reports cannot forget to stop."""

from __future__ import annotations

from time import monotonic

from studio.media.errors import Cancelled
from studio.media.export.job import OnProgress, Progress, ShouldCancel

REPORT_EVERY_S = 0.1


class Reporter:
    """Tells how far an export of `total` frames is, and stops it where the person asked."""

    def __init__(self, total: int, on_progress: OnProgress, should_cancel: ShouldCancel) -> None:
        self._total = total
        self._on_progress = on_progress
        self._should_cancel = should_cancel
        self._started = monotonic()
        self._told = float("-inf")

    def report(self, phase: str, done: int) -> None:
        """Say what is going on, at most ten times a second.

        Raises:
            Cancelled: the person asked to stop.
        """
        asked = monotonic()
        if self._should_cancel():
            raise Cancelled("The export was cancelled; nothing was left behind.")
        now = monotonic()
        self._started += now - asked  # it may have been paused there, which is no work
        if now - self._told < REPORT_EVERY_S and done < self._total:
            return
        self._told = now
        speed = done / (now - self._started) if done and now > self._started else 0.0
        left = (self._total - done) / speed if speed else None
        self._on_progress(Progress(phase, done, self._total, speed, left))

    def restart(self) -> None:
        """Time anew, at the start of the phase that is counted."""
        self._started = monotonic()
