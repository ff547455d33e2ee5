"""Intake: what a job must pass to be queued. A refusal comes at once, before anything loads."""

from __future__ import annotations

import re

from engine.errors import (
    BadRequest,
    MissingAsset,
    QuotaReached,
    UnsupportedAbility,
    WeightsNotInstalled,
    error_from,
)
from engine.protocol.jobs import Job, JobRequest, Queued
from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan, PlanRequest
from engine.protocol.recipes import Recipe
from engine.server.assets import AssetStore
from engine.server.auth import Owner
from engine.server.cast import Cast
from engine.server.executor import Executor
from engine.server.queue import JobQueue
from engine.server.recipe_check import check_recipe

_JOB_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Intake:
    """The door to the queue."""

    def __init__(self, queue: JobQueue, assets: AssetStore, cast: Cast, executor: Executor) -> None:
        self._queue = queue
        self._assets = assets
        self._cast = cast
        self._executor = executor

    def plan(self, request: PlanRequest) -> Plan:
        """What a recipe would need on the best device here, or on another machine.

        Raises: UnknownModel.
        """
        return self._cast.plan_elsewhere(request, self._executor.devices())

    def submit(self, request: JobRequest, owner: Owner) -> Job:
        """Queue a job, unless it has been queued already.

        Raises: an EngineError that says why it cannot be run.
        """
        if self._queue.find(request.id) is None:
            self._check(request, owner)
        return self._queue.put(request, owner.name)

    def _check(self, request: JobRequest, owner: Owner) -> None:
        if _JOB_ID.fullmatch(request.id) is None:
            raise BadRequest(
                f"{request.id[:80]!r} is not a job id.",
                "Use 8 to 64 letters, digits, dashes or underscores.",
            )
        require_runnable(self._cast.card(request.recipe.model))
        check_recipe(request.recipe)
        plan = self._cast.plan(request.recipe, self._executor.devices())
        if plan.refusal is not None:
            raise error_from(plan.refusal)
        self._check_inputs(request.recipe)
        if self._queue.count(Queued, owner.name) >= owner.max_waiting:
            raise QuotaReached(
                f"{owner.max_waiting} jobs of {owner.name} are waiting already.",
                "Wait for some to finish, or cancel some.",
            )

    def _check_inputs(self, recipe: Recipe) -> None:
        for sha256 in [*(i.sha256 for i in recipe.inputs), *(a.sha256 for a in recipe.adapters)]:
            if self._assets.find(sha256) is None:
                raise MissingAsset(
                    f"The engine has not got the input {sha256[:12]}.", "Upload it first."
                )


def require_runnable(card: ModelCard) -> None:
    """Raises: UnsupportedAbility, WeightsNotInstalled."""
    if not card.runnable:
        raise UnsupportedAbility(
            f"This version can plan {card.title} but not run it.", "Choose another model."
        )
    if not card.installed and card.tier == "draft":
        raise WeightsNotInstalled(
            f"{card.title} is not installed: this copy of Workprint has no weights for it.",
            f"Train it with python3 main.py train {card.id}, or get a newer copy.",
        )
    if not card.installed:
        raise WeightsNotInstalled(
            f"{card.title} is not installed.",
            f"Run python3 main.py models download {card.id} and try again.",
        )
