"""The job board: every job this studio follows, with its latest news. It starts none itself.

News is kept in memory alone; what must outlive the studio is in the project (a clip's pending
jobs) and in the engine's queue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from engine.protocol.jobs import Cancelled, Done, Failed, JobState, Queued, Running
from engine.protocol.recipes import Recipe

FINISHED_LIMIT = 50
UNDONE = "Undo took its finished take away."
"""Said of a clip that seems to wait for a job which was taken in already."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Done in the engine; its output is on the way here. Bytes."""

    received: int
    total: int


News = JobState | Fetching


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as shown. `clip_id` is "" when its clip has gone; `preview` is JPEG or PNG bytes.

    Without `plays_at_once` its take waits to be chosen, whatever ability made it.
    """

    job_id: str
    clip_id: str
    recipe: Recipe
    engine: str
    news: News
    preview: bytes | None = None
    plays_at_once: bool = True

    @property
    def active(self) -> bool:
        return isinstance(self.news, Queued | Running | Fetching)

    @property
    def fraction(self) -> float | None:
        """Progress from 0 to 1, or None while it is not known."""
        match self.news:
            case Running(step=step, steps=steps) if steps:
                return min(1.0, step / steps)
            case Fetching(received=received, total=total) if total:
                return received / total
            case Done():
                return 1.0
            case Queued():
                return 0.0
            case Running() | Fetching() | Failed() | Cancelled():
                return None


def news_text(row: JobRow) -> str:
    """A job's state in a few words."""
    match row.news:
        case Queued(ahead=ahead):
            words = f"Queued · {ahead} ahead" if ahead else "Queued"
        case Running():
            words = _running_text(row.news)
        case Fetching():
            words = "Fetching the result"
        case Done():
            words = "Done"
        case Failed(error=error):
            words = error.message
        case Cancelled():
            words = "Cancelled"
    return words


def _running_text(state: Running) -> str:
    words = state.phase.replace("_", " ").capitalize() or "Running"
    if state.steps:
        words = f"{words} {state.step}/{state.steps}"
    if state.seconds_left is not None:
        words = f"{words} · {duration_text(state.seconds_left)} left"
    return f"{words} · attempt {state.attempt}" if state.attempt > 1 else words


def duration_text(seconds: float) -> str:
    """Seconds as people say them: "8 s", "3 min", "2 h 5 min"."""
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


class JobBoard(QObject):
    """Jobs by id, newest last."""

    updated = Signal(str)
    listed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, JobRow] = {}

    @property
    def rows(self) -> tuple[JobRow, ...]:
        return tuple(self._rows.values())

    @property
    def active_count(self) -> int:
        return sum(row.active for row in self._rows.values())

    def row(self, job_id: str) -> JobRow | None:
        """The row of a job, or None when this studio does not know it."""
        return self._rows.get(job_id)

    def add(self, row: JobRow) -> None:
        """Follow a job from now on."""
        self._rows[row.job_id] = row
        self._forget_oldest()
        self.listed.emit()
        self.updated.emit(row.job_id)

    def post(self, job_id: str, news: News, preview: bytes | None = None) -> None:
        """Take in news of a job; the last preview stays until there is another."""
        row = self._rows.get(job_id)
        if row is None:
            return
        was_active = row.active
        kept = preview if preview is not None else row.preview
        self._rows[job_id] = replace(row, news=news, preview=kept)
        self.updated.emit(job_id)
        if self._rows[job_id].active != was_active:
            self.listed.emit()

    def forget(self, job_id: str) -> None:
        """Take one row off the board."""
        if self._rows.pop(job_id, None) is not None:
            self.listed.emit()

    def clear_finished(self) -> None:
        """Take every job off the board that is over."""
        self._rows = {key: row for key, row in self._rows.items() if row.active}
        self.listed.emit()

    def clear(self) -> None:
        """Start afresh, for another project."""
        self._rows.clear()
        self.listed.emit()

    def _forget_oldest(self) -> None:
        finished = [key for key, row in self._rows.items() if not row.active]
        for key in finished[: max(0, len(finished) - FINISHED_LIMIT)]:
            del self._rows[key]
