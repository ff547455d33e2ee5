"""The forecast of moved pictures: looked at once, laid frame by frame, and not held whole."""

from __future__ import annotations

import msgspec

from engine.catalogue import load_catalogue
from engine.planning.multiplane_work import multiplane_work
from engine.planning.planner import plan_job
from engine.planning.shapes import snap
from engine.planning.timing import work_of
from engine.protocol.recipes import Ability, Recipe
from tests.engine.planning.machines import processor

ENTRY = load_catalogue().entry("pocket-multiplane")
STILL = Recipe(
    ability=Ability.IMAGE_TO_VIDEO, model=ENTRY.id, width=1280, height=720, frames=96, rate="24/1"
)
RETAKE = msgspec.structs.replace(
    STILL, ability=Ability.RETAKE, options={"retake_in_s": "0", "retake_out_s": "8"}
)


def test_a_longer_clip_is_laid_longer_and_looked_at_as_long() -> None:
    short, long = (
        multiplane_work(msgspec.structs.replace(STILL, frames=frames)) for frames in (48, 96)
    )
    assert long.laying == 2 * short.laying
    assert (long.looking, long.held_bytes) == (short.looking, short.held_bytes)


def test_a_longer_range_is_looked_at_longer() -> None:
    shorter = msgspec.structs.replace(RETAKE, options={**RETAKE.options, "retake_out_s": "1"})
    assert multiplane_work(RETAKE).looking > multiplane_work(shorter).looking


def test_a_film_gone_on_from_holds_its_last_second() -> None:
    extended = msgspec.structs.replace(STILL, ability=Ability.EXTEND_VIDEO)
    assert multiplane_work(extended).held_bytes == 30 * 12 * 1280 * 720


def test_nothing_is_denoised() -> None:
    work = work_of(STILL, ENTRY, load_bytes=1, tiled=False)
    assert work.denoise == 0
    assert work.text > 0
    assert work.decode > 0


def test_what_goes_on_keeps_its_films_rate_and_a_still_has_one_of_the_models() -> None:
    odd = msgspec.structs.replace(STILL, rate="2997/125")
    extended = msgspec.structs.replace(odd, ability=Ability.EXTEND_VIDEO)
    assert snap(extended, ENTRY).recipe == extended
    assert snap(odd, ENTRY).recipe.rate == "24/1"


def test_frames_in_between_are_not_held_and_cost_as_many_as_they_are() -> None:
    between = msgspec.structs.replace(STILL, ability=Ability.INTERPOLATE_FRAMES)
    short, long = (
        multiplane_work(msgspec.structs.replace(between, frames=frames)) for frames in (50, 5000)
    )
    assert long.interpolating == 100 * short.interpolating
    assert long.held_bytes == short.held_bytes
    assert (long.looking, long.laying) == (0, 0)


def test_frames_in_between_are_planned_as_they_are_asked_for_within_limits_of_their_own() -> None:
    asked = msgspec.structs.replace(
        STILL, ability=Ability.INTERPOLATE_FRAMES, width=3840, height=2160, frames=2401, rate="96/1"
    )
    machine = processor(16.0)
    plan = plan_job(asked, ENTRY, machine)
    assert (plan.refusal, plan.recipe) == (None, asked)
    many = plan_job(msgspec.structs.replace(asked, frames=18_001), ENTRY, machine)
    assert many.refusal is not None
    assert "at most 18000 frames at once, not 18001" in many.refusal.message
    large = plan_job(msgspec.structs.replace(asked, width=8192), ENTRY, machine)
    assert large.refusal is not None
    assert "up to 8.8 million pixels" in large.refusal.message
    longer = msgspec.structs.replace(STILL, frames=2401)
    assert plan_job(longer, ENTRY, machine).refusal is not None, "the others keep theirs"
