"""One job on one device, through as many attempts as it is worth.

A worker that died is replaced and the job begun again; a job that ran out of memory is begun
once more at a lower plan; everything else that fails, fails the job with its sentence.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import msgspec

from engine import __version__
from engine.errors import EngineError, OutOfMemory, WorkerDied, error_from
from engine.protocol.errors import ErrorCode
from engine.protocol.jobs import Cancelled, Done, Failed
from engine.protocol.models import ModelCard
from engine.protocol.plans import DeviceInfo, Plan
from engine.protocol.recipes import Recipe
from engine.server.assets import AssetStore
from engine.server.cast import Cast
from engine.server.executor import Executor, Lost, OnProgress, Outcome
from engine.server.intake import require_runnable
from engine.server.queue import MAX_ATTEMPTS, Ended
from engine.worker.messages import Broke, Finished, RunJob, Stopped
from engine.worker.saving import raise_for_disk


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every run works with."""

    cast: Cast
    assets: AssetStore
    executor: Executor
    scratch: Path


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties one run to its job in the queue."""

    begin_again: Callable[[], int]
    on_progress: OnProgress
    is_cancelled: Callable[[], bool]


class JobRun:
    """Makes one recipe on one device; `make` gives the state the job ends in."""

    def __init__(
        self, shop: Workshop, job_id: str, recipe: Recipe, attempt: int, ties: Ties
    ) -> None:
        self._shop = shop
        self._job_id = job_id
        self._asked = recipe
        self._attempt = attempt
        self._ties = ties
        self._notes: list[str] = []
        self._is_lowered = False

    async def make(self, device: DeviceInfo) -> Ended:
        """Run until the job has ended, one way or another."""
        try:
            return await self._make(device)
        except EngineError as problem:
            return Failed(error=problem.info, notes=tuple(self._notes))

    async def _make(self, device: DeviceInfo) -> Ended:
        card = self._runnable_card()
        plan = _fitting(self._shop.cast.plan(self._asked, (device,)))
        recipe = plan.recipe or self._asked
        while not self._ties.is_cancelled():
            scratch = self._fresh_scratch()
            job = self._order(recipe, card, plan, scratch)
            outcome = await self._shop.executor.run(device.id, job, self._ties.on_progress)
            ended = await self._judge(outcome, recipe, card)
            if ended is not None:
                return ended
            if _is_out_of_memory(outcome):
                plan = self._lower(plan, recipe, device)
        return Cancelled()

    async def _judge(self, outcome: Outcome, recipe: Recipe, card: ModelCard) -> Ended | None:
        """The job's end, or None when it is worth another attempt."""
        match outcome:
            case Finished():
                return await self._done(outcome, recipe, card)
            case Stopped():
                return Cancelled()
            case Broke(error=error, notes=notes):
                self._notes.extend(notes)
                if error.code is ErrorCode.OUT_OF_MEMORY:
                    return None
                return Failed(error=error, notes=tuple(self._notes))
            case Lost(reason=reason):
                self._count_loss(reason)
                return None
            case _:
                assert_never(outcome)

    def _runnable_card(self) -> ModelCard:
        card = self._shop.cast.card(self._asked.model)
        require_runnable(card)
        return card

    def _order(self, recipe: Recipe, card: ModelCard, plan: Plan, scratch: Path) -> RunJob:
        hashes = [*(i.sha256 for i in recipe.inputs), *(a.sha256 for a in recipe.adapters)]
        return RunJob(
            job_id=self._job_id,
            recipe=recipe,
            card=card,
            weights=str(self._shop.cast.weights(card.id)),
            plan=plan,
            assets={sha256: str(self._shop.assets.path(sha256)) for sha256 in hashes},
            scratch=str(scratch),
        )

    def _fresh_scratch(self) -> Path:
        scratch = self._shop.scratch / self._job_id
        shutil.rmtree(scratch, ignore_errors=True)
        try:
            scratch.mkdir(parents=True)
        except OSError as problem:
            raise_for_disk(problem, self._shop.scratch)
        return scratch

    def _lower(self, plan: Plan, recipe: Recipe, device: DeviceInfo) -> Plan:
        """A plan that needs less, once; the worker has let go of all it kept."""
        lower = self._shop.cast.plan(recipe, (device,), below=plan)
        if self._is_lowered or lower.refusal is not None:
            raise OutOfMemory(
                f"The job ran out of memory on {device.name or device.id}.",
                "Choose a smaller size, fewer frames or a smaller model.",
            )
        self._is_lowered = True
        self._notes.append(
            f"The job ran out of memory as {_manner(plan)}, and was made again as {_manner(lower)}."
        )
        return lower

    def _count_loss(self, reason: str) -> None:
        if self._attempt >= MAX_ATTEMPTS:
            raise WorkerDied(
                f"The worker process {reason}, {self._attempt} times over.",
                "Try a smaller size or fewer frames; the worker's log has more.",
            )
        self._attempt = self._ties.begin_again()
        self._notes.append(f"The worker process {reason}; the job was begun again.")

    async def _done(self, finished: Finished, recipe: Recipe, card: ModelCard) -> Done:
        for saved in finished.outputs:
            sha256 = saved.output.asset.sha256
            await asyncio.to_thread(self._shop.assets.adopt, Path(saved.path), sha256)
        return Done(
            outputs=tuple(saved.output for saved in finished.outputs),
            recipe=msgspec.structs.replace(
                recipe, weights_sha256=card.weights_sha256, engine_version=__version__
            ),
            model_s=finished.model_s,
            notes=(*self._notes, *finished.notes, *_differences(recipe, card)),
            peak_ram_bytes=finished.peak_ram_bytes,
            peak_vram_bytes=finished.peak_vram_bytes,
        )


def _fitting(plan: Plan) -> Plan:
    if plan.refusal is not None:
        raise error_from(plan.refusal)
    return plan


def _is_out_of_memory(outcome: Outcome) -> bool:
    match outcome:
        case Broke(error=error):
            return error.code is ErrorCode.OUT_OF_MEMORY
        case Lost(out_of_memory=out_of_memory):
            return out_of_memory
        case _:
            return False


def _manner(plan: Plan) -> str:
    tiles = ", tiled" if plan.tiled_decode else ""
    return f"{plan.precision.value} with offload {plan.offload.value}{tiles}"


def _differences(recipe: Recipe, card: ModelCard) -> list[str]:
    """Why a recipe that ran before may not come out the same, bit for bit."""
    notes: list[str] = []
    if recipe.weights_sha256 and recipe.weights_sha256 != card.weights_sha256:
        notes.append("The model's weights have changed since this recipe first ran.")
    if recipe.engine_version and recipe.engine_version != __version__:
        notes.append(f"This recipe first ran in version {recipe.engine_version} of the engine.")
    return notes
