"""Plans for films that are enlarged: what counts is the film's own size, and no film is held."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.planning.calibration import Calibration
from engine.planning.planner import Circumstances, plan_job, run_key
from engine.planning.sizes import MIB
from engine.planning.timing import work_of
from engine.protocol.plans import Offload, Plan, Precision
from engine.protocol.recipes import Ability, Recipe
from engine.worker.messages import RunJob
from engine.worker.pace import record_pace
from tests.engine.planning.machines import catalogue, processor

ENTRY = catalogue().entry("pocket-enlarge")


def _recipe(width: int, height: int, frames: int, source: str = "") -> Recipe:
    return Recipe(
        ability=Ability.UPSCALE_VIDEO,
        model=ENTRY.id,
        width=width,
        height=height,
        frames=frames,
        options={"source_size": source} if source else {},
    )


def _plan(recipe: Recipe) -> Plan:
    return plan_job(recipe, ENTRY, processor(16.0))


def test_it_is_what_enlarges_unless_another_is_named() -> None:
    assert next(iter(catalogue().serving(Ability.UPSCALE_VIDEO))).id == ENTRY.id


def test_memory_does_not_grow_with_length_and_time_does() -> None:
    short, long = (_plan(_recipe(3840, 2160, frames)) for frames in (24, 2400))
    assert short.refusal is long.refusal is None
    assert short.ram_bytes == long.ram_bytes
    assert short.ram_bytes < 2.5 * 1024 * MIB
    assert [part.name for part in short.parts] == ["enlarge"]
    assert short.seconds is not None
    assert long.seconds == pytest.approx(100 * short.seconds, rel=0.02)


def test_the_film_decides_how_long_it_takes() -> None:
    twice = _plan(_recipe(1024, 576, 24)).seconds
    told = _plan(_recipe(1024, 576, 24, "512x288")).seconds
    four_times = _plan(_recipe(2048, 1152, 24, "512x288")).seconds
    assert twice == told == four_times
    nonsense = _plan(_recipe(1024, 576, 24, "large")).seconds
    assert nonsense == twice


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (_recipe(8000, 4500, 24), "at most 4096 × 2160 pixels"),
        (_recipe(640, 360, 18_001), "at most 18000 frames"),
        (_recipe(-2, 360, 2), "cannot be negative"),
    ],
)
def test_what_is_beyond_its_limits_is_told(recipe: Recipe, said: str) -> None:
    refusal = _plan(recipe).refusal
    assert refusal is not None
    assert said in refusal.message


def test_a_size_that_is_left_open_is_planned() -> None:
    assert _plan(_recipe(0, 0, 0)).refusal is None


def test_a_run_is_measured_for_the_next(tmp_path: Path) -> None:
    recipe = _recipe(1024, 576, 24, "512x288")
    past = Calibration(tmp_path / "past.sqlite")
    plan = _plan(recipe)
    job = RunJob(
        job_id="one",
        recipe=recipe,
        plan=plan,
        card=ENTRY.card(installed=True),
        weights="",
        scratch="",
        assets={},
    )
    record_pace(job, {"enlarging": 48.0}, past)
    key = run_key(ENTRY.id, plan.device_name, Precision.FP32, Offload.NONE)
    assert past.rate(key, "denoise") == work_of(recipe, ENTRY, 0, False).denoise / 48.0
    again = plan_job(recipe, ENTRY, processor(16.0), Circumstances(past=past))
    assert again.seconds == pytest.approx(48.0, rel=0.01)
    longer = msgspec.structs.replace(recipe, frames=48)
    twice = plan_job(longer, ENTRY, processor(16.0), Circumstances(past=past))
    assert twice.seconds == pytest.approx(96.0, rel=0.01)
    assert not any("first guess" in note for note in again.notes)
