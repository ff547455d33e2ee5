"""A small cast whose clips can be cut: films of moving colour, made without weights."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.errors import BadRequest, UnknownModel
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.installs import (
    InstallAction,
    InstallDone,
    Installing,
    InstallRequest,
)
from engine.protocol.models import FrameRules, Licence, ModelCard
from engine.protocol.plans import DeviceInfo, Offload, Plan, PlanRequest, Precision
from engine.protocol.recipes import Ability, Recipe

FAMILY = "scene"
DRAFT, BIG, ABSENT = "pocket-video", "scene-big", "scene-absent"
LONGEST, RATE, SIZE = 48, "12/1", (192, 108)
LARGEST_PIXELS = 1920 * 1080
ABLE = (
    Ability.TEXT_TO_VIDEO,
    Ability.TEXT_TO_IMAGE,
    Ability.IMAGE_TO_VIDEO,
    Ability.REWRITE_PROMPT,
)

ABILITIES = {(ability, FAMILY): "tests.fakes.scene_ability" for ability in ABLE}
PREWARM = ("tests.fakes.scene_ability",)


class FakeSceneCast:
    """See engine.server.cast.Cast: a draft, a larger model, and one that is not installed."""

    def cards(self) -> tuple[ModelCard, ...]:
        """See Cast."""
        return (
            _card(DRAFT, "draft", installed=True),
            _card(BIG, "local", installed=True),
            _card(ABSENT, "local", installed=False),
        )

    def card(self, model_id: str) -> ModelCard:
        """See Cast."""
        for card in self.cards():
            if card.id == model_id:
                return card
        raise UnknownModel(f"There is no model {model_id!r} here.", f"Choose {DRAFT}.")

    def weights(self, model_id: str) -> Path:
        """See Cast: there are none."""
        return Path(__file__).parent / model_id

    def plan(
        self, recipe: Recipe, devices: tuple[DeviceInfo, ...], below: Plan | None = None
    ) -> Plan:
        """A byte of memory for each byte of picture."""
        made = _made(recipe)
        size_bytes = made.width * made.height * made.frames * 3
        device = devices[0]
        return Plan(
            model=recipe.model,
            device=device.id,
            device_name=device.name,
            precision=Precision.BF16 if below else Precision.FP32,
            offload=Offload.NONE,
            tiled_decode=False,
            tokens=made.frames,
            vram_bytes=size_bytes if device.kind == "cuda" else 0,
            ram_bytes=size_bytes,
            disk_bytes=size_bytes,
            download_bytes=0,
            seconds=1.0,
            device_free_bytes=device.free_bytes,
            recipe=made,
            refusal=_refusal(made, device),
            nearest=msgspec.structs.replace(made, frames=LONGEST, width=SIZE[0], height=SIZE[1]),
        )

    def plan_elsewhere(self, request: PlanRequest, devices: tuple[DeviceInfo, ...]) -> Plan:
        """See Cast."""
        return self.plan(request.recipe, request.devices or devices)

    def install(
        self, model_id: str, request: InstallRequest, report: Callable[[Installing], None]
    ) -> InstallDone:
        """See Cast: a verification that reads nothing, and takes a while for the large model."""
        if request.action is not InstallAction.VERIFY:
            raise BadRequest(f"{model_id} cannot be had.", "Choose another model.")
        steps = 200 if model_id == BIG else 4
        for step in range(steps):
            time.sleep(0.02)
            report(Installing(file="weights", done_bytes=step, total_bytes=steps))
        damaged = ("weights",) if model_id == ABSENT else ()
        return InstallDone(card=self.card(model_id), damaged=damaged)


def load_cast() -> FakeSceneCast:
    """What `--cast` calls."""
    return FakeSceneCast()


def _made(recipe: Recipe) -> Recipe:
    """What is left open becomes the model's own."""
    width, height = (recipe.width, recipe.height) if recipe.width else SIZE
    frames = recipe.frames or LONGEST
    return msgspec.structs.replace(recipe, width=width, height=height, frames=frames)


def _refusal(recipe: Recipe, device: DeviceInfo) -> ErrorInfo | None:
    if recipe.width * recipe.height > LARGEST_PIXELS or recipe.frames > LONGEST:
        return ErrorInfo(
            code=ErrorCode.BAD_REQUEST,
            message=f"It makes at most {LONGEST} frames of {LARGEST_PIXELS} pixels.",
            hint="Ask for less.",
        )
    if recipe.width * recipe.height * recipe.frames * 3 > device.free_bytes:
        return ErrorInfo(
            code=ErrorCode.DOES_NOT_FIT, message="It needs more memory.", hint="Ask for less."
        )
    return None


def _card(model_id: str, tier: str, *, installed: bool) -> ModelCard:
    return ModelCard(
        id=model_id,
        title=model_id.replace("-", " ").title(),
        family=FAMILY,
        tier=tier,
        abilities=ABLE,
        licence=Licence(spdx="CC0-1.0", title="None", commercial=True),
        rules=FrameRules(
            size_multiple=2,
            frame_step=1,
            frame_offset=0,
            max_frames=LONGEST,
            rates=(RATE,),
            aspects={"16:9": SIZE, "9:16": (108, 192), "1:1": (144, 144)},
            max_pixels=LARGEST_PIXELS,
        ),
        size_bytes=12_345_678,
        installed=installed,
        weights_sha256="5" * 64,
    )
