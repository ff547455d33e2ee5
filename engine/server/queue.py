"""The job queue: every job and every event of it, in SQLite, so that they outlive the process.

One thread uses it. Each method is one transaction; what it returns has been committed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.errors import BadRequest, NotFound
from engine.protocol.codec import decode, encode
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.jobs import (
    Cancelled,
    Done,
    Failed,
    Job,
    JobEvent,
    JobList,
    JobRequest,
    JobState,
    Queued,
    Running,
)
from engine.protocol.recipes import Ability, Recipe
from engine.server.bell import Bell

MAX_ATTEMPTS = 3
"""A job that takes its worker or its engine down with it is not tried for ever."""

STARTING = "starting"
_EVENTS_AT_ONCE = 500
_LAST = 2**62
_TOLD_THEIR_PLACE = 50
_IN_VIEW = f"json_extract(CAST(recipe AS TEXT), '$.ability') != '{Ability.REWRITE_PROMPT.value}'"
"""Whether people see a job: prompts are read in passing, and no list of jobs shows it."""
_COLUMNS = "id, owner, recipe, state, priority, created_at_s, attempt"

Ended = Done | Failed | Cancelled


@dataclass(frozen=True, slots=True)
class OwnedJob:
    """A job, whose it is, and how often it has been begun."""

    job: Job
    owner: str
    attempt: int


class JobQueue:
    """Jobs in order of priority, then of arrival. Rings `changed` with each event it writes."""

    def __init__(self, database: sqlite3.Connection, changed: Bell) -> None:
        self._database = database
        self._changed = changed
        database.row_factory = sqlite3.Row

    def put(self, request: JobRequest, owner: str) -> Job:
        """Queue a job; an id that is known queues nothing.

        Raises: BadRequest, when the id is another job's.
        """
        known = self.find(request.id)
        if known is not None:
            if known.owner != owner or known.job.recipe != request.recipe:
                raise BadRequest(
                    f"There is another job with the id {request.id}.", "Give each job a new id."
                )
            return known.job
        with self._transaction():
            state = Queued(ahead=self._ahead(request.priority, _LAST))
            self._database.execute(
                "INSERT INTO jobs (id, owner, recipe, status, state, priority, created_at_s)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    request.id,
                    owner,
                    encode(request.recipe),
                    _status(state),
                    encode(state),
                    request.priority,
                    time.time(),
                ),
            )
            self._use_assets(request.id, _inputs(request.recipe))
            self._add_event(request.id, owner, state)
            self._tell_places()
        return self.get(request.id, owner)

    def find(self, job_id: str) -> OwnedJob | None:
        """The job of that id, whoever owns it."""
        row = self._database.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)
        ).fetchone()
        return None if row is None else self._owned(row)

    def get(self, job_id: str, owner: str) -> Job:
        """One of this owner's jobs.

        Raises: NotFound.
        """
        found = self.find(job_id)
        if found is None or found.owner != owner:
            raise NotFound(f"There is no job {job_id} here.", "It may have been removed since.")
        return found.job

    def list(self, owner: str) -> JobList:
        """All of this owner's jobs, and the sequence they stood at."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE owner = ? ORDER BY position", (owner,)
        )
        jobs = tuple(self._owned(row).job for row in rows.fetchall())
        return JobList(jobs=jobs, sequence=self.last_sequence())

    def count(self, kind: type[Queued | Running], owner: str | None = None) -> int:
        """How many jobs are waiting or running, of one owner or of all."""
        (count,) = self._database.execute(
            "SELECT count(*) FROM jobs WHERE status = ? AND owner = coalesce(?, owner)",
            (_tag(kind), owner),
        ).fetchone()
        return int(count)

    def take(self, suits: Callable[[Recipe], bool]) -> OwnedJob | None:
        """The next waiting job that suits, now running; None if there is none."""
        for found in self._waiting():
            if suits(found.job.recipe):
                self.update(found.job.id, Running(phase=STARTING, attempt=found.attempt))
                return self.find(found.job.id)
        return None

    def update(self, job_id: str, state: JobState) -> int:
        """Write a job's new state and the event that tells of it; -> the event's sequence."""
        with self._transaction():
            if isinstance(state, Done):
                self._use_assets(job_id, (o.asset.sha256 for o in state.outputs))
            ended_at_s = time.time() if isinstance(state, Ended) else None
            (owner,) = self._database.execute(
                "UPDATE jobs SET status = ?, state = ?, ended_at_s = ? WHERE id = ?"
                " RETURNING owner",
                (_status(state), encode(state), ended_at_s, job_id),
            ).fetchone()
            sequence = self._add_event(job_id, owner, state)
            if isinstance(state, Ended):
                self._tell_places()
            return sequence

    def begin_again(self, job_id: str) -> int:
        """Count another attempt at a running job; -> its number."""
        (attempt,) = self._database.execute(
            "UPDATE jobs SET attempt = attempt + 1 WHERE id = ? RETURNING attempt", (job_id,)
        ).fetchone()
        self.update(job_id, Running(phase=STARTING, attempt=attempt))
        return int(attempt)

    def recover(self) -> None:
        """After an engine was killed: its running jobs wait again, but not for ever."""
        for found in self._running():
            if found.attempt >= MAX_ATTEMPTS:
                self.update(found.job.id, Failed(error=_gave_up(found.attempt)))
                continue
            self._database.execute(
                "UPDATE jobs SET attempt = attempt + 1 WHERE id = ?", (found.job.id,)
            )
            self._wait_again(found)

    def suspend(self) -> None:
        """Before an engine ends in good order: its running jobs wait for the next engine."""
        for found in self._running():
            self._wait_again(found)

    def release(self, job_id: str) -> None:
        """The owner has this job's outputs, or does not want them."""
        self._database.execute("UPDATE jobs SET released = 1 WHERE id = ?", (job_id,))

    def events_after(self, sequence: int, owner: str, job_id: str | None = None) -> list[JobEvent]:
        """The owner's next events, or one job's, oldest first, some hundreds at a time."""
        one_job, values = ("", ()) if job_id is None else (" AND job_id = ?", (job_id,))
        rows = self._database.execute(
            f"SELECT sequence, job_id, state FROM events WHERE sequence > ? AND owner = ?{one_job}"
            f" ORDER BY sequence LIMIT {_EVENTS_AT_ONCE}",
            (sequence, owner, *values),
        )
        return [
            JobEvent(sequence=number, job_id=job_id, state=_decode_state(state))
            for number, job_id, state in rows.fetchall()
        ]

    def last_sequence(self) -> int:
        """The newest event's number."""
        (last,) = self._database.execute("SELECT coalesce(max(sequence), 0) FROM events").fetchone()
        return int(last)

    def forget_before(self, time_s: float) -> None:
        """Remove jobs, and their events, that ended before then and hold nothing uncollected."""
        self._database.execute(
            "DELETE FROM jobs WHERE ended_at_s < ? AND (status != 'done' OR released)", (time_s,)
        )

    def _wait_again(self, found: OwnedJob) -> None:
        self.update(found.job.id, Queued(ahead=self._ahead(found.job.priority, 0)))

    def _waiting(self, limit: int = _LAST) -> list[OwnedJob]:
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE status = 'queued'"
            f" ORDER BY priority DESC, position LIMIT {limit}"
        )
        return [self._owned(row) for row in rows.fetchall()]

    def _running(self) -> list[OwnedJob]:
        rows = self._database.execute(f"SELECT {_COLUMNS} FROM jobs WHERE status = 'running'")
        return [self._owned(row) for row in rows.fetchall()]

    def _ahead(self, priority: int, position: int) -> int:
        """How many jobs run before one of that priority and position, running ones included.

        Those that nobody sees do not count: an editor with one job in view is told of no other.
        """
        (ahead,) = self._database.execute(
            f"SELECT count(*) FROM jobs WHERE {_IN_VIEW} AND (status = 'running' OR"
            " (status = 'queued' AND (priority > ? OR (priority = ? AND position < ?))))",
            (priority, priority, position),
        ).fetchone()
        return int(ahead)

    def _tell_places(self) -> None:
        """Tell the next waiting jobs how many are before them, where that has changed."""
        ahead = sum(_is_in_view(found.job.recipe) for found in self._running())
        for found in self._waiting(_TOLD_THEIR_PLACE):
            state = Queued(ahead=ahead)
            ahead += _is_in_view(found.job.recipe)
            if found.job.state != state:
                self._database.execute(
                    "UPDATE jobs SET state = ? WHERE id = ?", (encode(state), found.job.id)
                )
                self._add_event(found.job.id, found.owner, state)

    def _use_assets(self, job_id: str, hashes: Iterable[str]) -> None:
        self._database.executemany(
            "INSERT OR IGNORE INTO job_assets VALUES (?, ?)", [(job_id, h) for h in hashes]
        )

    def _add_event(self, job_id: str, owner: str, state: JobState) -> int:
        cursor = self._database.execute(
            "INSERT INTO events (job_id, owner, state) VALUES (?, ?, ?)",
            (job_id, owner, encode(state)),
        )
        self._changed.ring()
        return int(cursor.lastrowid or 0)

    def _owned(self, row: sqlite3.Row) -> OwnedJob:
        job = Job(
            id=row["id"],
            recipe=decode(row["recipe"], Recipe),
            state=_decode_state(row["state"]),
            priority=row["priority"],
            created_at_s=row["created_at_s"],
        )
        return OwnedJob(job, row["owner"], row["attempt"])

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def needed_assets(path: Path) -> set[str]:
    """What must stay: inputs of jobs not ended, and outputs that nobody has collected.

    For the asset store's threads: it reads the queue's file over a connection of its own.
    """
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT DISTINCT sha256 FROM job_assets JOIN jobs ON jobs.id = job_assets.job_id"
            " WHERE status IN ('queued', 'running') OR (status = 'done' AND NOT released)"
        )
        return {sha256 for (sha256,) in rows.fetchall()}


def _decode_state(data: bytes) -> JobState:
    return msgspec.json.decode(data, type=JobState)


def _tag(kind: type[JobState]) -> str:
    return str(kind.__struct_config__.tag)


def _is_in_view(recipe: Recipe) -> bool:
    return recipe.ability is not Ability.REWRITE_PROMPT


def _status(state: JobState) -> str:
    return _tag(type(state))


def _inputs(recipe: Recipe) -> Iterator[str]:
    yield from (item.sha256 for item in recipe.inputs)
    yield from (adapter.sha256 for adapter in recipe.adapters)


def _gave_up(attempts: int) -> ErrorInfo:
    return ErrorInfo(
        code=ErrorCode.WORKER_DIED,
        message=f"The engine or its worker stopped {attempts} times while making this.",
        hint="Try a smaller size or fewer frames, then queue it again.",
    )
