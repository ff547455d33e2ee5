"""Running a Wan job over a tiny checkpoint, with the worker's own job context."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from engine.catalogue import Entry
from engine.models.networks import Arrangement, Networks
from engine.models.wan.builders import BUILDERS
from engine.models.wan.conditions import Pictures
from engine.models.wan.generation import Kind, Request
from engine.models.wan.known import Known
from engine.planning.machine import this_machine
from engine.planning.planner import plan_job
from engine.protocol.plans import Offload, Precision
from engine.protocol.recipes import Recipe
from engine.worker.device import CpuDevice
from engine.worker.job_context import PipeJobContext
from engine.worker.messages import Progress, RunJob
from engine.worker.progress import PhaseTimes, ProgressMeter
from engine.worker.warm_models import WarmModels


def warm() -> WarmModels:
    """Room for models that outlive a job."""
    return WarmModels(10**9, lambda: None)


def networks(
    entry: Entry,
    checkpoint: Path,
    precision: Precision = Precision.FP32,
    offload: Offload = Offload.NONE,
    kept: WarmModels | None = None,
) -> Networks:
    """The networks of a tiny checkpoint on the processor."""
    arrangement = Arrangement(
        model=entry.id,
        checkpoint=checkpoint,
        components={component.name: component for component in entry.components},
        builders=BUILDERS,
        precision=precision,
        offload=offload,
        device=torch.device("cpu"),
    )
    return Networks(arrangement, kept or warm(), lambda _phase, _step, _steps: None)


def request(
    frames: int = 5,
    size: tuple[int, int] = (32, 32),
    steps: int = 3,
    given: Pictures | Known | None = None,
    **fields: object,
) -> Request:
    """Three guided steps of a small clip."""
    values: dict[str, object] = {
        "prompt": "a red boat on the sea",
        "negative_prompt": "blurred",
        "guidance": 5.0,
        "guidance_2": 3.0,
        "seed": 7,
        "schedule": None,
        "tiled": False,
        **fields,
    }
    return Request(
        width=size[0],
        height=size[1],
        frames=frames,
        steps=steps,
        given=given,
        **values,  # type: ignore[arg-type]
    )


def kind_of(
    entry: Entry,
    boundary: float | None = None,
    per_token_time: bool = False,
    controlled: bool = False,
) -> Kind:
    """How an entry's checkpoint is run."""
    return Kind(boundary, per_token_time, entry.latent, controlled)


def ignore(*_: object) -> None:
    """A report that nobody reads."""


@dataclass
class Job:
    """One job in the worker's own context, and what it sent."""

    context: PipeJobContext
    notes: list[str]
    sent: list[Progress] = field(default_factory=list[Progress])

    @property
    def outputs(self) -> Path:
        """Where finished products lie."""
        return self.context.scratch.parent / "outputs"


def job(
    recipe: Recipe,
    entry: Entry,
    home: Path,
    scratch: Path,
    is_cancelled: Callable[[], bool] = lambda: False,
    assets: dict[str, str] | None = None,
) -> Job:
    """Plan a recipe and give it a context, as the server and the worker do."""
    models = home / "models"
    made = plan_job(recipe, entry, this_machine((CpuDevice().info,), models))
    assert made.refusal is None, made.refusal
    order = RunJob(
        job_id="job",
        recipe=recipe,
        card=entry.card(installed=True),
        weights=str(models / entry.id),
        plan=made,
        assets=assets or {},
        scratch=str(scratch),
    )
    sent: list[Progress] = []
    meter = ProgressMeter("job", "kind", PhaseTimes(), sent.append)
    notes: list[str] = []
    return Job(PipeJobContext(order, warm(), meter, notes, is_cancelled), notes, sent)
