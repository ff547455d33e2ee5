"""How far a job is and how long it still takes, thinned out for the wire."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.abilities.context import Preview
from engine.worker.messages import Progress

REPORT_INTERVAL_S = 0.1
PREVIEW_INTERVAL_S = 0.5
PREVIEW_SHARE = 0.1
"""Share of a job's time that may go into showing how it looks so far."""


@dataclass
class PhaseTimes:
    """How long each phase took last time, by what was being made; one per worker."""

    seconds: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])

    def after(self, kind: str, phases: list[str]) -> float:
        """Seconds that followed those phases the last time this kind of thing was made."""
        return sum(s for phase, s in self.seconds.get(kind, {}).items() if phase not in phases)


class ProgressMeter:
    """One job's progress: sends a change of phase at once and steps ten times a second at most."""

    def __init__(
        self,
        job_id: str,
        kind: str,
        times: PhaseTimes,
        send: Callable[[Progress], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._job_id = job_id
        self._kind = kind
        self._times = times
        self._send = send
        self._clock = clock
        self._spent: dict[str, float] = {}
        self._phase = ""
        self._phase_began_s = clock()
        self._first_step = 0
        self._sent_s = float("-inf")
        self._next_preview_s = float("-inf")

    def report(self, phase: str, step: int, steps: int | None, preview: Preview | None) -> None:
        """Take note of a step, and pass it on if it is time."""
        now_s = self._clock()
        if phase != self._phase:
            self._begin(phase, step, now_s)
        elif now_s - self._sent_s < REPORT_INTERVAL_S and step != steps:
            return
        self._sent_s = now_s
        self._send(
            Progress(
                job_id=self._job_id,
                phase=phase,
                step=step,
                steps=steps,
                seconds_left=self._seconds_left(step, steps, now_s),
                preview=self._render(preview, now_s),
            )
        )

    def finish(self) -> None:
        """Remember this job's phases for the next of its kind."""
        self._close_phase(self._clock())
        self._times.seconds[self._kind] = self._spent

    def _begin(self, phase: str, step: int, now_s: float) -> None:
        self._close_phase(now_s)
        self._phase, self._phase_began_s, self._first_step = phase, now_s, step

    def _close_phase(self, now_s: float) -> None:
        if self._phase:
            spent_s = now_s - self._phase_began_s
            self._spent[self._phase] = self._spent.get(self._phase, 0.0) + spent_s

    def _render(self, preview: Preview | None, now_s: float) -> bytes | None:
        if preview is None or now_s < self._next_preview_s:
            return None
        shown = preview() if callable(preview) else preview
        cost_s = self._clock() - now_s
        self._next_preview_s = now_s + max(PREVIEW_INTERVAL_S, cost_s / PREVIEW_SHARE)
        return shown

    def _seconds_left(self, step: int, steps: int | None, now_s: float) -> float | None:
        done = step - self._first_step
        later_s = self._times.after(self._kind, [*self._spent, self._phase])
        if steps is not None and done > 0:
            return (now_s - self._phase_began_s) / done * (steps - step) + later_s
        before_s = self._times.seconds.get(self._kind, {}).get(self._phase)
        if before_s is None:
            return None
        return max(0.0, before_s - (now_s - self._phase_began_s)) + later_s
