"""`plan`: what a job would need, told by the engine before anything is loaded."""

from __future__ import annotations

from pathlib import Path

from engine.protocol.codec import decode
from engine.protocol.plans import Plan
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import command, sentence

VIDEO = ("plan", "text_to_video")


def test_a_plan_is_the_engines_own_message(here: Here) -> None:
    planned = command(*VIDEO, "--length", "2", "--json", *here)
    assert planned.code == 0, planned.err
    plan = decode(planned.out, Plan)
    assert plan.recipe is not None
    assert (plan.recipe.frames, plan.recipe.width) == (24, 192)
    assert plan.ram_bytes == 192 * 108 * 24 * 3


def test_a_plan_can_be_read(here: Here) -> None:
    planned = command(*VIDEO, *here)
    assert "192 × 108, 48 frames at 12 a second (4.0 s)" in planned.out
    assert "Pocket Video (pocket-video), installed" in planned.out
    assert "commercial use allowed" in planned.out


def test_another_machine_can_be_planned_for(here: Here) -> None:
    planned = command(*VIDEO, "--device-memory", "8GiB", "--json", *here)
    assert planned.body["vram_bytes"] == 192 * 108 * 48 * 3
    assert planned.body["device_name"] == "a GPU with 8.0 GiB"


def test_a_job_that_does_not_fit_is_an_answer_with_the_nearest_that_does(here: Here) -> None:
    size = ("--width", "1280", "--height", "720", "--frames", "40")
    planned = command(*VIDEO, *size, "--device-memory", "1MiB", "--json", *here)
    assert planned.code == 0, planned.err
    assert planned.body["refusal"]["code"] == "does_not_fit"
    assert planned.body["nearest"]["width"] == 192
    told = command(*VIDEO, *size, "--device-memory", "1MiB", *here)
    assert "The nearest that fits: 192 × 108" in told.out


def test_what_no_machine_could_make_is_refused(here: Here) -> None:
    absurd = command(*VIDEO, "--width", "99999", "--height", "99999", *here)
    assert "at most" in sentence(absurd, 2)
    assert "Did you mean" in sentence(command(*VIDEO, "--model", "pocketvideo", *here), 2)
    sound = command("plan", "text_to_audio", *here)
    assert "No model of the tier draft does text_to_audio" in sentence(sound, 1)


def test_a_size_that_is_none_is_told(tmp_path: Path) -> None:
    ended = command(*VIDEO, "--device-memory", "much", "--engine-state", tmp_path / "none")
    assert "not a size such as 8GiB" in sentence(ended, 2)


def test_the_true_catalogue_is_planned_for_without_its_models(tmp_path: Path) -> None:
    wanted = (*VIDEO, "--model", "wan2.1-1.3b", "--device-memory", "24GiB", "--json")
    planned = command(*wanted, "--engine-state", tmp_path / "engine")
    assert planned.code == 0, planned.err
    plan = decode(planned.out, Plan)
    assert plan.refusal is None
    assert plan.download_bytes > 2**30
    assert 0 < plan.vram_bytes < 24 * 2**30
