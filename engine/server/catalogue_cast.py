"""The cast as the catalogue has it and the planner plans it."""

from __future__ import annotations

from pathlib import Path

from engine.catalogue import CatalogueEntry, load_catalogue
from engine.errors import UnknownModel
from engine.protocol.models import ModelCard
from engine.protocol.plans import DeviceInfo, Plan
from engine.protocol.recipes import Recipe
from engine.worker.plan import plan as make_plan


class CatalogueCast:
    """The models of resources/catalogue; see Cast."""

    def __init__(self, entries: dict[str, CatalogueEntry]) -> None:
        self._entries = entries

    def cards(self) -> tuple[ModelCard, ...]:
        """See Cast."""
        return tuple(entry.card() for entry in self._entries.values())

    def card(self, model_id: str) -> ModelCard:
        """See Cast."""
        return self._entry(model_id).card()

    def weights(self, model_id: str) -> Path:
        """See Cast."""
        return self._entry(model_id).weights_folder()

    def plan(
        self, recipe: Recipe, devices: tuple[DeviceInfo, ...], below: Plan | None = None
    ) -> Plan:
        """See Cast."""
        return make_plan(recipe, self.card(recipe.model), devices, below=below)

    def _entry(self, model_id: str) -> CatalogueEntry:
        entry = self._entries.get(model_id)
        if entry is None:
            known = ", ".join(sorted(self._entries))
            raise UnknownModel(f"There is no model {model_id!r} here.", f"Choose from {known}.")
        return entry


def load_cast() -> CatalogueCast:
    """The cast of this installation."""
    return CatalogueCast(load_catalogue())
