"""A cast of one model that needs no weights, for the server, and its ability, for the worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.errors import BadRequest, UnknownModel
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.installs import InstallDone, Installing, InstallRequest
from engine.protocol.models import FrameRules, Licence, ModelCard
from engine.protocol.plans import DeviceInfo, Offload, Plan, PlanRequest, Precision
from engine.protocol.recipes import Ability, Recipe

NOISE = "noise"
ABSENT = "absent"
LARGEST_PIXELS = 512 * 512

ABILITIES = {
    (Ability.TEXT_TO_VIDEO, NOISE): "tests.fakes.noise_ability",
    (Ability.EDIT_VIDEO, NOISE): "tests.fakes.noise_ability",
}
PREWARM: tuple[str, ...] = ("tests.fakes.noise_ability",)


class FakeCast:
    """Plans as a real cast does, from figures simple enough to check by hand."""

    def cards(self) -> tuple[ModelCard, ...]:
        """One model that is installed, and one that is not."""
        return (_card(NOISE, True), _card(ABSENT, False))

    def card(self, model_id: str) -> ModelCard:
        """See Cast."""
        for card in self.cards():
            if card.id == model_id:
                return card
        raise UnknownModel(f"There is no model {model_id!r} here.", "Choose from noise, absent.")

    def weights(self, model_id: str) -> Path:
        """See Cast: noise needs none."""
        return Path(__file__).parent / model_id

    def plan(
        self, recipe: Recipe, devices: tuple[DeviceInfo, ...], below: Plan | None = None
    ) -> Plan:
        """Full precision first, half below that, and nothing below half."""
        self.card(recipe.model)
        need = recipe.width * recipe.height * recipe.frames * 12
        refusal = None
        if recipe.frames > 100 or (below is not None and below.precision is Precision.BF16):
            refusal = ErrorInfo(
                code=ErrorCode.DOES_NOT_FIT,
                message="It needs more memory than there is.",
                hint="Ask for fewer frames.",
            )
        return Plan(
            model=recipe.model,
            device=devices[0].id,
            precision=Precision.BF16 if below else Precision.FP32,
            offload=Offload.NONE,
            tiled_decode=False,
            tokens=recipe.frames,
            vram_bytes=0,
            ram_bytes=need,
            disk_bytes=need,
            download_bytes=0,
            refusal=refusal,
            recipe=_sized(recipe),
        )

    def plan_elsewhere(self, request: PlanRequest, devices: tuple[DeviceInfo, ...]) -> Plan:
        """See Cast."""
        return self.plan(request.recipe, request.devices or devices)

    def install(
        self, model_id: str, request: InstallRequest, report: Callable[[Installing], None]
    ) -> InstallDone:
        """See Cast: there is nothing to fetch for noise."""
        raise BadRequest(f"{model_id} has no weights.", f"It needs no {request.action}.")


def load_cast() -> FakeCast:
    """What `--cast` calls."""
    return FakeCast()


def _sized(recipe: Recipe) -> Recipe:
    """A recipe that leaves its size open gets the model's own."""
    if recipe.width:
        return recipe
    return msgspec.structs.replace(recipe, width=64, height=64)


def _card(model_id: str, installed: bool) -> ModelCard:
    return ModelCard(
        id=model_id,
        title=model_id.title(),
        family=NOISE,
        tier="draft",
        abilities=(Ability.TEXT_TO_VIDEO, Ability.EDIT_VIDEO),
        licence=Licence(spdx="CC0-1.0", title="None", commercial=True),
        rules=FrameRules(
            size_multiple=8,
            frame_step=1,
            frame_offset=0,
            max_frames=100,
            rates=("12/1", "24/1"),
            aspects={"1:1": (64, 64)},
            max_pixels=LARGEST_PIXELS,
        ),
        size_bytes=0,
        installed=installed,
        weights_sha256="0" * 64,
    )
