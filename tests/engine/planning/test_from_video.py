"""Plans for work on a film, and for clips that are longer than the model sees at once."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from engine.catalogue import Windows
from engine.planning.planner import plan_job
from engine.planning.shapes import snap, token_grid, worked
from engine.protocol.errors import ErrorCode
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability, Recipe
from engine.sampling.spans import covering
from tests.engine.planning.machines import catalogue, processor, video

ENTRY = catalogue().entry("pocket-video")
RULES = ENTRY.rules


def _recipe(ability: Ability, **fields: object) -> Recipe:
    asked = video(ENTRY.id, rate="12/1")
    return msgspec.structs.replace(asked, ability=ability, **fields)


def _plan(recipe: Recipe, ram_gib: float = 16.0) -> Plan:
    return plan_job(recipe, ENTRY, processor(ram_gib))


@pytest.mark.parametrize("name", ["16:9", "9:16", "1:1", "4:3", "3:4"])
def test_five_aspects_are_planned_from_one_second_to_sixteen(name: str) -> None:
    width, height = RULES.aspects[name]
    across, down = (int(side) for side in name.split(":"))
    assert Fraction(width, height) == Fraction(across, down)
    assert width % RULES.size_multiple == height % RULES.size_multiple == 0
    assert token_grid(width, height, 4, ENTRY.latent).tokens <= 144
    seconds = []
    for length_s in (1, 4, 16):
        made = _plan(video(ENTRY.id, width, height, 12 * length_s, rate="12/1"))
        assert made.refusal is None
        assert made.notes == tuple(note for note in made.notes if "becomes" not in note)
        seconds.append(made.seconds)
    assert seconds == sorted(seconds)
    beyond = _plan(video(ENTRY.id, width, height, 196, rate="12/1"))
    assert beyond.refusal is not None


def test_a_long_clip_needs_more_time_and_not_more_memory_for_thinking() -> None:
    short, long = (_plan(video(ENTRY.id, frames=n, rate="12/1")) for n in (48, 192))
    assert short.tokens == long.tokens == 12 * 144
    parts = [{p.name: p.working_bytes for p in plan.parts}["denoise"] for plan in (short, long)]
    assert parts[1] < parts[0] * 1.1
    assert short.seconds is not None
    assert long.seconds is not None
    assert long.seconds > 3 * short.seconds


@pytest.mark.parametrize(("frames", "overlap"), [(12, 4), (14, 4), (5, 0)])
def test_the_plan_counts_the_windows_that_are_made(frames: int, overlap: int) -> None:
    for length in range(1, 80):
        windows = Windows(frames=frames, overlap=overlap)
        assert windows.count(length) == len(covering(length, frames, overlap))


def test_an_extension_is_planned_with_the_frames_it_goes_on_from() -> None:
    recipe = _recipe(Ability.EXTEND_VIDEO, frames=24)
    made = _plan(recipe)
    assert made.refusal is None
    assert made.recipe is not None
    assert (made.recipe.width, made.recipe.height) == (0, 0), "the source decides"
    assert made.tokens == 144 * (24 + 16) // 4
    sized = snap(_recipe(Ability.EXTEND_VIDEO, frames=23, width=500, height=300), ENTRY)
    assert (sized.recipe.width, sized.recipe.height, sized.recipe.frames) == (512, 288, 24)


def test_a_retake_is_planned_for_its_range_alone() -> None:
    options = {"retake_in_s": "2", "retake_out_s": "3"}
    recipe = _recipe(
        Ability.RETAKE, width=1920, height=1080, frames=2400, rate="24/1", options=options
    )
    made = _plan(recipe)
    assert made.refusal is None
    assert made.recipe == recipe, "its source's size, length and rate are kept"
    assert worked(recipe, ENTRY).frames == 12 + 2 * 16
    long = {"retake_in_s": "0", "retake_out_s": "17"}
    refused = _plan(msgspec.structs.replace(recipe, options=long))
    assert refused.refusal is not None
    assert "retakes at most 16 s" in refused.refusal.message


def test_an_upscale_is_planned_by_the_upsampler() -> None:
    made = _plan(_recipe(Ability.UPSCALE_VIDEO, width=1024, height=576, frames=24))
    assert made.refusal is None
    assert made.tokens == 14 * 18 * 32
    assert made.seconds is not None
    too_large = _plan(_recipe(Ability.UPSCALE_VIDEO, width=3840, height=2160))
    assert too_large.refusal is not None
    assert "at most 1024 × 576" in too_large.refusal.message
    left_open = _plan(_recipe(Ability.UPSCALE_VIDEO, frames=0))
    assert left_open.refusal is None


@pytest.mark.parametrize("ability", [Ability.EXTEND_VIDEO, Ability.RETAKE, Ability.UPSCALE_VIDEO])
def test_a_machine_too_small_for_work_on_a_film_is_told(ability: Ability) -> None:
    made = _plan(_recipe(ability), ram_gib=0.5)
    assert made.refusal is not None
    assert made.refusal.code is ErrorCode.DOES_NOT_FIT
