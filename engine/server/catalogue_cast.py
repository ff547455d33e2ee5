"""The cast as the catalogue has it, the store holds it and the planner plans it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.catalogue import Catalogue, Entry, load_catalogue
from engine.downloads.adopting import adopt
from engine.downloads.store import ModelStore, TransferProgress, default_store
from engine.errors import BadRequest
from engine.planning.machine import Machine, this_machine
from engine.planning.planner import Circumstances, plan_job
from engine.protocol.installs import InstallAction, InstallDone, Installing, InstallRequest
from engine.protocol.models import ModelCard
from engine.protocol.plans import DeviceInfo, Plan, PlanRequest
from engine.protocol.recipes import Recipe


class CatalogueCast:
    """The models of resources/catalogue; see Cast."""

    def __init__(self, catalogue: Catalogue, store: ModelStore) -> None:
        self._catalogue = catalogue
        self._store = store

    def cards(self) -> tuple[ModelCard, ...]:
        """See Cast."""
        return tuple(self._card(entry) for entry in self._catalogue)

    def card(self, model_id: str) -> ModelCard:
        """See Cast."""
        return self._card(self._catalogue.entry(model_id))

    def weights(self, model_id: str) -> Path:
        """See Cast."""
        return self._store.weights(self._catalogue.entry(model_id))

    def plan(
        self, recipe: Recipe, devices: tuple[DeviceInfo, ...], below: Plan | None = None
    ) -> Plan:
        """See Cast."""
        return self._plan(recipe, self._machine(devices), below)

    def plan_elsewhere(self, request: PlanRequest, devices: tuple[DeviceInfo, ...]) -> Plan:
        """See Cast."""
        machine = self._machine(devices)
        if request.devices:
            machine = replace(machine, devices=request.devices)
        if request.ram_bytes:
            ram_bytes = request.ram_bytes
            machine = replace(machine, ram_bytes=ram_bytes, ram_free_bytes=ram_bytes)
        if request.disk_bytes:
            machine = replace(machine, disk_free_bytes=request.disk_bytes)
        return self._plan(request.recipe, machine, None)

    def install(
        self, model_id: str, request: InstallRequest, report: Callable[[Installing], None]
    ) -> InstallDone:
        """See Cast."""
        entry = self._catalogue.entry(model_id)
        damaged: tuple[str, ...] = ()

        def told(progress: TransferProgress) -> None:
            done, total = progress.done_bytes, progress.total_bytes
            report(Installing(file=progress.path, done_bytes=done, total_bytes=total))

        if request.accept_licence:
            self._store.accept_licence(entry)
        match request.action:
            case InstallAction.DOWNLOAD:
                self._store.download(entry, told)
            case InstallAction.VERIFY:
                damaged = self._store.verify(entry, told)
            case InstallAction.IMPORT:
                if not request.folder:
                    raise BadRequest("No folder was named to import from.", "Name one.")
                adopt(self._store, entry, Path(request.folder), told)
        return InstallDone(card=self._card(entry), damaged=damaged)

    def _plan(self, recipe: Recipe, machine: Machine, below: Plan | None) -> Plan:
        entry = self._catalogue.entry(recipe.model)
        given = Circumstances(
            installed=self._store.installed(entry), past=self._store.calibration, below=below
        )
        return plan_job(recipe, entry, machine, given)

    def _machine(self, devices: tuple[DeviceInfo, ...]) -> Machine:
        return this_machine(devices, self._store.folder)

    def _card(self, entry: Entry) -> ModelCard:
        is_here = self._store.installed(entry)
        return entry.card(is_here, self._store.weights_sha256(entry) if is_here else "")


def load_cast() -> CatalogueCast:
    """The cast of this installation."""
    return CatalogueCast(load_catalogue(), default_store())
