"""Plans of sound: its length in latents, no size, memory that does not grow, what is too long."""

from __future__ import annotations

import msgspec
import pytest

from engine.catalogue import load_catalogue
from engine.planning.machine import Machine
from engine.planning.planner import plan_job
from engine.planning.sizes import GIB
from engine.protocol.plans import DeviceInfo, Plan
from engine.protocol.recipes import Ability, Recipe

CPU = DeviceInfo(
    id="cpu", kind="cpu", name="CPU", memory_bytes=8 * GIB, free_bytes=6 * GIB, supports_bf16=True
)
MACHINE = Machine(
    devices=(CPU,), ram_bytes=8 * GIB, ram_free_bytes=6 * GIB, disk_free_bytes=8 * GIB
)


def _plan(**fields: object) -> Plan:
    recipe = Recipe(ability=Ability.TEXT_TO_AUDIO, model="pocket-sound", prompt="rain")
    recipe = msgspec.structs.replace(recipe, **fields)
    return plan_job(recipe, load_catalogue().entry("pocket-sound"), MACHINE)


def test_a_length_in_any_rate_becomes_latents() -> None:
    plan = _plan(frames=48, rate="12/1")
    assert plan.refusal is None
    assert plan.recipe is not None
    assert (plan.recipe.frames, plan.recipe.rate) == (100, "25/1")
    assert (plan.recipe.width, plan.recipe.height) == (0, 0)
    assert plan.tokens == 100


def test_a_length_left_open_is_the_models_own() -> None:
    plan = _plan(frames=0)
    assert plan.recipe is not None
    assert plan.recipe.frames == 250


def test_long_sound_takes_time_but_little_more_memory() -> None:
    short, long = (_plan(frames=count, rate="25/1") for count in (250, 7500))
    assert short.seconds is not None
    assert long.seconds is not None
    assert long.seconds > 10 * short.seconds
    assert long.ram_bytes < 1.2 * short.ram_bytes
    assert long.disk_bytes > 10 * short.disk_bytes


@pytest.mark.parametrize("ability", [Ability.VIDEO_TO_AUDIO, Ability.EXTEND_AUDIO])
def test_the_other_abilities_are_planned_too(ability: Ability) -> None:
    assert _plan(ability=ability, frames=100, rate="25/1").refusal is None


def test_what_is_too_long_is_told_in_seconds() -> None:
    plan = _plan(frames=20_000, rate="25/1")
    assert plan.refusal is not None
    assert "at most 600 s, not 800 s" in plan.refusal.message
    assert plan.nearest is None
