"""The cast: the models this engine has, and what each job of theirs would need.

The facts are the catalogue's (engine.catalogue) and the arithmetic is the planner's
(engine.worker.plan); neither imports torch, nor does this.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from engine.protocol.installs import InstallDone, Installing, InstallRequest
from engine.protocol.models import ModelCard
from engine.protocol.plans import DeviceInfo, Plan, PlanRequest
from engine.protocol.recipes import Recipe


class Cast(Protocol):
    """Models by id, their weights on this machine, and plans for their jobs."""

    def cards(self) -> tuple[ModelCard, ...]:
        """Every model in the catalogue, with `installed` as it is at this moment."""
        ...

    def card(self, model_id: str) -> ModelCard:
        """One model.

        Raises: UnknownModel.
        """
        ...

    def weights(self, model_id: str) -> Path:
        """The folder that holds, or would hold, the weights of a model."""
        ...

    def plan(
        self, recipe: Recipe, devices: tuple[DeviceInfo, ...], below: Plan | None = None
    ) -> Plan:
        """What the recipe needs on the best of these devices.

        `below` asks for a plan that needs less memory than that one, after a job that ran out.
        A plan that cannot be made has a `refusal`; one that can has the `recipe` to run, brought
        to sizes that the model makes.

        Raises: UnknownModel.
        """
        ...

    def plan_elsewhere(self, request: PlanRequest, devices: tuple[DeviceInfo, ...]) -> Plan:
        """What a recipe would need on a machine that may be another than this one.

        `devices` are this machine's, for a request that names none. Raises: UnknownModel.
        """
        ...

    def install(
        self, model_id: str, request: InstallRequest, report: Callable[[Installing], None]
    ) -> InstallDone:
        """Bring a model's files here, prove them, or take over another program's. Blocks.

        `report` may raise to stop it. Raises: an EngineError with a sentence.
        """
        ...
