"""Route names and headers: the one list of paths that a server answers and a client asks for."""

from __future__ import annotations

from typing import Final

PREFIX: Final = "/v1"

HEALTH: Final = f"{PREFIX}/health"
"""GET -> Health."""

MODELS: Final = f"{PREFIX}/models"
"""GET -> list[ModelCard]."""

INSTALL: Final = f"{PREFIX}/models/{{model_id}}/install"
"""Local engines only. POST InstallRequest -> InstallNews, one line each as it happens.

The last line is InstallDone or InstallFailed. Closing the connection stops the work, and what has
arrived is kept for the next try.
"""

PLAN: Final = f"{PREFIX}/plan"
"""POST PlanRequest -> Plan."""

JOBS: Final = f"{PREFIX}/jobs"
"""GET -> JobList."""

JOB: Final = f"{PREFIX}/jobs/{{job_id}}"
"""PUT JobRequest -> Job (queues once however often it is sent), GET -> Job, DELETE -> Job.

DELETE says that the job is no longer wanted: it is cancelled if it has not ended, and its
outputs need no longer be kept if it has.
"""

EVENTS: Final = f"{PREFIX}/events"
"""WebSocket, `?after=SEQUENCE&job=ID` -> JobEvent, one text frame each, older ones first.

Without `after` from the first event that is kept, without `job` those of every job of the token.
"""

ASSET: Final = f"{PREFIX}/assets/{{sha256}}"
"""HEAD and GET (with Range) -> the bytes. PUT with `Content-Range: bytes A-B/SIZE` -> UploadStatus.

A part that does not begin where the engine's copy ends is answered 409 with the UploadStatus.
"""

UPLOAD: Final = f"{PREFIX}/uploads/{{sha256}}"
"""GET -> UploadStatus, for an upload that was interrupted."""

HOLDER: Final = f"{PREFIX}/holders/{{pid}}"
"""Local engines only. PUT: live as long as that process of this machine does. DELETE: no more.

All, and GET, -> Holding.
"""

PROTOCOL_HEADER: Final = "Workprint-Protocol"
"""The version a client speaks; a newer one than the server's is answered 426."""


def job_path(job_id: str) -> str:
    """Path of one job."""
    return JOB.format(job_id=job_id)


def install_path(model_id: str) -> str:
    """Path by which a model is downloaded, verified or imported."""
    return INSTALL.format(model_id=model_id)


def asset_path(sha256: str) -> str:
    """Path of one asset's bytes."""
    return ASSET.format(sha256=sha256)


def upload_path(sha256: str) -> str:
    """Path of the state of one upload."""
    return UPLOAD.format(sha256=sha256)


def holder_path(pid: int) -> str:
    """Path by which a process asks a local engine to live as long as it does."""
    return HOLDER.format(pid=pid)
