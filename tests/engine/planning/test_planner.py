"""Plans: what fits is said to fit, what does not is refused with a way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.planning.calibration import Calibration, RunKey
from engine.planning.machine import usable_bytes, what_if
from engine.planning.needs import Setting, needs_of
from engine.planning.planner import Circumstances, plan_job
from engine.planning.sizes import GIB
from engine.protocol.errors import ErrorCode
from engine.protocol.plans import Offload, Plan, Precision
from engine.protocol.recipes import Ability, Sampler
from tests.engine.planning.machines import catalogue, gpu, processor, video

WAN = [e.id for e in catalogue() if e.family == "wan" and Ability.TEXT_TO_VIDEO in e.abilities]
SETTINGS = [
    Setting(precision, offload, tiled)
    for precision in (Precision.BF16, Precision.INT8, Precision.NF4)
    for offload in Offload
    for tiled in (False, True)
]


def plan(model: str, machine: object, **recipe: object) -> Plan:
    return plan_job(video(model, **recipe), catalogue().entry(model), machine)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(
    model=st.sampled_from(WAN),
    setting=st.sampled_from(SETTINGS),
    small=st.tuples(st.integers(16, 90), st.integers(16, 60), st.integers(0, 20)),
    more=st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)),
)
def test_a_larger_or_longer_clip_never_needs_less(
    model: str,
    setting: Setting,
    small: tuple[int, int, int],
    more: tuple[int, int, int],
) -> None:
    entry, device = catalogue().entry(model), gpu(24).devices[0]
    columns, rows, steps = small
    one = video(model, columns * 16, rows * 16, steps * 4 + 1)
    other = video(model, (columns + more[0]) * 16, (rows + more[1]) * 16, (steps + more[2]) * 4 + 1)
    a, b = (needs_of(recipe, entry, device, setting) for recipe in (one, other))
    assert a.vram <= b.vram
    assert a.ram <= b.ram


@settings(max_examples=40)
@given(
    model=st.sampled_from(WAN),
    vram=st.floats(4, 96),
    ram=st.floats(8, 256),
    frames=st.integers(1, 81),
    side=st.integers(240, 1280),
)
def test_a_plan_that_fits_never_exceeds_the_machine(
    model: str, vram: float, ram: float, frames: int, side: int
) -> None:
    machine = gpu(vram, ram)
    made = plan(model, machine, width=side, height=side // 16 * 9, frames=frames)
    if made.refusal is None:
        assert made.vram_bytes <= usable_bytes(machine.devices[0]) < machine.devices[0].memory_bytes
        assert made.ram_bytes <= machine.usable_ram_bytes < machine.ram_bytes
    elif made.nearest is not None:
        again = plan_job(made.nearest, catalogue().entry(model), machine)
        assert again.refusal is None
        assert again.recipe == made.nearest


@settings(max_examples=40)
@given(model=st.sampled_from(WAN), gib=st.floats(6, 60), more=st.floats(0, 40))
def test_more_memory_never_turns_a_plan_into_a_refusal(model: str, gib: float, more: float) -> None:
    if plan(model, gpu(gib)).refusal is None:
        assert plan(model, gpu(gib + more)).refusal is None


@pytest.mark.parametrize(
    ("vram", "ram", "precision", "offload"),
    [
        (80, 128, Precision.BF16, Offload.NONE),
        (24, 64, Precision.BF16, Offload.NONE),
        (12, 64, Precision.BF16, Offload.MODEL),
        (12, 12, Precision.BF16, Offload.STAGE),
        (8, 64, Precision.BF16, Offload.GROUP),
        (8, 16, Precision.INT8, Offload.MODEL),
        (6, 16, Precision.NF4, Offload.MODEL),
    ],
)
def test_the_small_wan_is_arranged_by_what_there_is(
    vram: float, ram: float, precision: Precision, offload: Offload
) -> None:
    made = plan("wan2.1-1.3b", gpu(vram, ram))
    assert (made.precision, made.offload) == (precision, offload)
    assert made.refusal is None


@pytest.mark.parametrize(("quick", "precision"), [(True, Precision.BF16), (False, Precision.FP32)])
@pytest.mark.parametrize("model", ["wan2.1-1.3b", "pocket-video"])
def test_a_processor_slow_at_bfloat16_gets_float32(
    model: str, quick: bool, precision: Precision
) -> None:
    machine = processor(96)
    devices = tuple(msgspec.structs.replace(d, supports_bf16=quick) for d in machine.devices)
    made = plan(model, replace(machine, devices=devices))
    assert (made.refusal, made.precision) == (None, precision)


def test_eight_gibibytes_and_little_ram_stream_the_large_model_from_disk() -> None:
    made = plan("wan2.1-14b", gpu(8, 16), width=832, height=480, frames=81)
    assert (made.precision, made.offload) == (Precision.BF16, Offload.DISK)
    assert any("stream from the disk" in note for note in made.notes)


def test_what_does_not_fit_is_refused_with_the_nearest_that_does() -> None:
    made = plan("wan2.1-14b", gpu(8, 32))
    assert made.refusal is not None
    assert made.refusal.code is ErrorCode.DOES_NOT_FIT
    assert "14B at 1280 × 720 and 81 frames needs" in made.refusal.message
    assert made.nearest is not None
    assert made.nearest.frames == 81
    assert f"{made.nearest.width} × {made.nearest.height}" in made.refusal.hint


def test_a_machine_too_small_for_anything_worth_making_gets_no_nearest() -> None:
    made = plan("wan2.1-14b", gpu(3, 8))
    assert made.refusal is not None
    assert made.nearest is None
    assert made.refusal.hint == "Choose a smaller model, or run it on a GPU server."


def test_short_memory_is_blamed_on_the_memory_that_is_short() -> None:
    made = plan("wan2.1-1.3b", processor(4))
    assert made.refusal is not None
    assert "of this machine's memory" in made.refusal.message


@pytest.mark.parametrize(
    ("fields", "code", "says"),
    [
        ({"width": 16384, "height": 16384}, ErrorCode.BAD_REQUEST, "832 × 480 pixels or as many"),
        ({"frames": 100_000}, ErrorCode.BAD_REQUEST, "at most 81 frames"),
        ({"width": -1, "height": 480}, ErrorCode.BAD_REQUEST, "cannot be negative"),
        ({"options": {"precision": "fp2"}}, ErrorCode.BAD_REQUEST, 'cannot be "fp2"'),
        ({"options": {"offload": "group", "precision": "nf4"}}, ErrorCode.BAD_REQUEST, "that way"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(
    fields: dict[str, object], code: ErrorCode, says: str
) -> None:
    made = plan("wan2.1-1.3b", gpu(24), **fields)
    assert made.refusal is not None
    assert made.refusal.code is code
    assert says in made.refusal.message


def test_a_model_is_not_planned_for_what_it_cannot_do() -> None:
    entry = catalogue().entry("wan2.1-1.3b")
    recipe = msgspec.structs.replace(video(entry.id), ability=Ability.TEXT_TO_AUDIO)
    made = plan_job(recipe, entry, gpu(24))
    assert made.refusal is not None
    assert made.refusal.code is ErrorCode.UNSUPPORTED_ABILITY
    assert made.refusal.hint == "It can do text_to_video, text_to_image."


def test_the_user_may_override_the_plan() -> None:
    made = plan("wan2.1-1.3b", gpu(80, 128), options={"precision": "nf4", "offload": "stage"})
    assert (made.precision, made.offload) == (Precision.NF4, Offload.STAGE)


def test_after_running_out_the_next_plan_needs_less() -> None:
    entry, machine, recipe = catalogue().entry("wan2.1-1.3b"), gpu(24), video("wan2.1-1.3b")
    first = plan_job(recipe, entry, machine)
    seen = [first.vram_bytes]
    while (made := plan_job(recipe, entry, machine, Circumstances(below=first))).refusal is None:
        assert made.vram_bytes < seen[-1]
        seen.append(made.vram_bytes)
        first = made
    assert len(seen) > 3


def test_a_disk_too_small_for_the_download_is_found_out_before_it() -> None:
    entry = catalogue().entry("wan2.1-1.3b")
    made = plan_job(video(entry.id), entry, gpu(24, disk_gib=10), Circumstances(installed=False))
    assert made.download_bytes == entry.download_bytes
    assert made.refusal is not None
    assert made.refusal.code is ErrorCode.DISK_FULL
    assert "26.9 GiB of disk" in made.refusal.message
    assert plan_job(video(entry.id), entry, gpu(24, disk_gib=10)).refusal is None


def test_other_machines_can_be_asked_about() -> None:
    machine = what_if(processor(32), 8 * GIB)
    made = plan("wan2.1-1.3b", machine)
    assert made.device == "cuda:0"
    assert made.device_name == "a GPU with 8 GiB"
    assert made.refusal is None


def test_a_forecast_of_time_rests_on_runs_once_there_are_some(tmp_path: Path) -> None:
    entry, machine, past = catalogue().entry("wan2.1-1.3b"), gpu(24), Calibration(tmp_path / "c")
    recipe = video(entry.id, sampler=Sampler(steps=10))
    guess = plan_job(recipe, entry, machine, Circumstances(past=past))
    assert guess.seconds is not None
    assert any("first guess" in note for note in guess.notes)
    key = RunKey(entry.id, "RTX 4090", "bf16/none")
    for stage in ("text", "denoise", "decode"):
        past.record(key, stage, 1e15, 1.0)
    known = plan_job(recipe, entry, machine, Circumstances(past=past))
    assert known.seconds is not None
    assert known.seconds < guess.seconds
    assert not any("first guess" in note for note in known.notes)
    longer = plan_job(
        msgspec.structs.replace(recipe, sampler=Sampler(steps=20)),
        entry,
        machine,
        Circumstances(past=past),
    )
    assert longer.seconds is not None
    assert longer.seconds > known.seconds


def test_an_unknown_card_has_no_forecast_and_says_so() -> None:
    made = plan("wan2.1-1.3b", what_if(processor(64), 24 * GIB))
    assert made.seconds is None
    assert "The time is not known until this model has run here once." in made.notes


def test_the_paper_is_counted_but_not_run() -> None:
    entry = catalogue().entry("movie-gen-30b")
    made = plan(entry.id, gpu(80, 128), width=768, height=768, frames=256)
    assert made.tokens == 73_728
    transformer = entry.components[0]
    layers, width, ffn = (transformer.number(k) for k in ("layers", "width", "ffn"))
    assert transformer.parameters == layers * (8 * width**2 + 3 * width * ffn) == 28_991_029_248
    assert "This version cannot run this model; the plan is for information." in made.notes


def test_what_must_not_appear_is_told_to_be_ignored_where_there_is_no_guidance() -> None:
    entry = catalogue().entry("pocket-video")
    recipe = msgspec.structs.replace(video(entry.id), negative_prompt="trees")
    ignored = plan_job(recipe, entry, processor(16.0))
    assert any("must not appear" in note for note in ignored.notes)
    guided = msgspec.structs.replace(recipe, sampler=Sampler(guidance_scale=2.0))
    assert not any("must not appear" in n for n in plan_job(guided, entry, processor(16.0)).notes)
