"""How fast a finished job went, told to the planner for its next forecasts."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping

from engine.catalogue import load_catalogue
from engine.downloads.store import default_store
from engine.errors import EngineError
from engine.planning.calibration import Calibration, Stage
from engine.planning.planner import run_key
from engine.planning.timing import Work, work_of
from engine.worker.messages import RunJob

_STAGES: dict[str, Stage] = {
    "reading the prompt": "text",
    "looking": "text",
    "denoising": "denoise",
    "enlarging": "denoise",
    "interpolating": "denoise",
    "decoding": "decode",
    "printing": "decode",
    "laying": "decode",
}
"""Phases that abilities report -> the planner's stages."""

log = logging.getLogger(__name__)


def record_pace(job: RunJob, seconds: Mapping[str, float], past: Calibration | None = None) -> None:
    """Keep the seconds of each phase as a rate of work; a job must not fail for it."""
    past = past or default_store().calibration
    plan, recipe = job.plan, job.plan.recipe or job.recipe
    try:
        entry = load_catalogue().entry(job.card.id).doing(recipe.ability)
        work = work_of(recipe, entry, 0, plan.tiled_decode)
        device = plan.device_name or plan.device
        key = run_key(entry.id, device, plan.precision, plan.offload)
        for phase, stage in _STAGES.items():
            past.record(key, stage, _of(work, stage), seconds.get(phase, 0.0))
    except (EngineError, OSError, sqlite3.Error):
        log.warning("the pace of job %s was not kept", job.job_id, exc_info=True)


def _of(work: Work, stage: Stage) -> float:
    return float(getattr(work, stage))
