"""Jobs: a recipe on its way to outputs. State is a union; each state has only its own fields."""

from __future__ import annotations

import msgspec

from engine.protocol.assets import Output
from engine.protocol.errors import ErrorInfo
from engine.protocol.recipes import Recipe


class Queued(msgspec.Struct, frozen=True, kw_only=True, tag="queued"):
    """Waiting for a worker; `ahead` jobs run first."""

    ahead: int = 0


class Running(msgspec.Struct, frozen=True, kw_only=True, tag="running"):
    """In a worker. `steps` is None while the length of the phase is unknown."""

    phase: str
    step: int = 0
    steps: int | None = None
    seconds_left: float | None = None
    attempt: int = 1


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """Finished. `recipe` is the request completed with weights hash and engine version.

    `model_s` is the time spent in the ability itself, without saving, for measuring the engine's
    overhead. Peaks are the worker's over this job. `notes` are sentences for the user, such as
    that the job ran out of memory and was made at a lower plan.
    """

    outputs: tuple[Output, ...]
    recipe: Recipe
    model_s: float
    notes: tuple[str, ...] = ()
    peak_ram_bytes: int = 0
    peak_vram_bytes: int = 0


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """Ended without outputs."""

    error: ErrorInfo
    notes: tuple[str, ...] = ()


class Cancelled(msgspec.Struct, frozen=True, kw_only=True, tag="cancelled"):
    """Stopped because someone asked."""


JobState = Queued | Running | Done | Failed | Cancelled


class JobRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a client sends. The client makes the id, so that sending twice queues once."""

    id: str
    recipe: Recipe
    priority: int = 0


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as the engine knows it. Times are seconds since the epoch."""

    id: str
    recipe: Recipe
    state: JobState
    priority: int = 0
    created_at_s: float = 0.0


class JobEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a job on the event stream.

    `sequence` rises over the whole engine, so a client that reconnects asks for what came after
    the last it saw. It may skip numbers: a client hears of its own jobs alone. A preview, when
    there is one, is a JPEG or PNG of the latest frame; it is sent to those who listen and not
    stored.
    """

    sequence: int
    job_id: str
    state: JobState
    preview: bytes | None = None


class JobList(msgspec.Struct, frozen=True, kw_only=True):
    """Jobs, oldest first, as they stood at `sequence`: follow events from there to miss none."""

    jobs: tuple[Job, ...]
    sequence: int
