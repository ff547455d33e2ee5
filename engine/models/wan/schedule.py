"""The schedules a Wan model is sampled with: the checkpoint's own, or one that a recipe names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
    FlowMatchEulerDiscreteScheduler,
)

from engine.errors import BadRequest
from engine.models.checkpoint import damaged, missing
from engine.sampling.schedules import linear_quadratic

LINEAR_QUADRATIC = "linear_quadratic"
EULER = "euler"
SCHEDULES = (LINEAR_QUADRATIC, EULER)

_KNOWN = ("UniPCMultistepScheduler", "FlowMatchEulerDiscreteScheduler")


def make_scheduler(folder: Path, schedule: str | None, steps: int, device: torch.device) -> Any:
    """A diffusers scheduler with its time steps set.

    None takes the checkpoint's own. "euler" is first-order on the same shifted steps;
    "linear_quadratic" is Movie Gen's schedule, unshifted.

    Raises: BadRequest, WeightsNotInstalled, BadWeights.
    """
    own = _read(folder / "scheduler_config.json")
    if schedule is None:
        scheduler = getattr(diffusers, own["_class_name"]).from_config(own)
        scheduler.set_timesteps(steps, device=device)
    elif schedule == EULER:
        shift = own.get("flow_shift") or own.get("shift") or 1.0
        scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
        scheduler.set_timesteps(steps, device=device)
    elif schedule == LINEAR_QUADRATIC:
        if steps < 2:
            raise BadRequest("The linear-quadratic schedule needs 2 steps.", "Ask for more steps.")
        scheduler = FlowMatchEulerDiscreteScheduler(shift=1.0)
        sigmas = [1.0 - time for time in linear_quadratic(steps, max(250, steps))[:-1]]
        scheduler.set_timesteps(sigmas=sigmas, device=device)
    else:
        raise BadRequest(
            f'There is no schedule "{schedule}".', f"Choose from {', '.join(SCHEDULES)}."
        )
    scheduler.set_begin_index(0)
    return scheduler


def _read(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise missing(path) from None
    except ValueError as problem:
        raise damaged(path, str(problem)) from problem
    if config.get("_class_name") not in _KNOWN:
        raise damaged(path, f"it names the scheduler {config.get('_class_name')}")
    return config
