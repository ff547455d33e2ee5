"""A VACE model as an editor uses it: stills, films gone on with, retakes, redrawn parts, people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.abilities import wan_edit, wan_extend, wan_person, wan_retake, wan_video
from engine.abilities.context import JobContext
from engine.abilities.video_output import Frames, write_film
from engine.abilities.wan_retake import stretch_of
from engine.catalogue import FOLDER_VARIABLE, Entry
from engine.errors import BadMedia, BadRequest
from engine.planning.machine import this_machine
from engine.planning.planner import plan_job
from engine.protocol.assets import Output
from engine.protocol.models import FrameRules
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from engine.worker.device import CpuDevice
from tests.engine.models.wan import jobs

Entries = Callable[[str], Entry]
Run = Callable[[Recipe, JobContext], tuple[Output, ...]]
VACE = "tiny-wan-vace"


@pytest.fixture(autouse=True)
def _tiny_catalogue(tiny_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tiny_home / "catalogue"))


@pytest.fixture
def made(tiny_home: Path, tiny_entry: Entries, tmp_path: Path) -> Callable[..., tuple[Frames, Any]]:
    """Runs an ability over files by role; -> the frames it made, and the job."""

    def make(
        run: Run, ability: Ability, files: dict[InputRole, Path], **fields: Any
    ) -> tuple[Frames, Any]:
        assets = {_sha256(path): str(path) for path in files.values()}
        inputs = tuple(InputAsset(role=role, sha256=_sha256(path)) for role, path in files.items())
        values: dict[str, Any] = {
            "prompt": "a red boat",
            "width": 64,
            "height": 64,
            "frames": 5,
            "rate": "16/1",
            "sampler": Sampler(steps=1),
            **fields,
        }
        recipe = Recipe(ability=ability, model=VACE, inputs=inputs, **values)
        scratch = tmp_path / f"scratch-{len(list(tmp_path.iterdir()))}"
        scratch.mkdir()
        done = jobs.job(recipe, tiny_entry("vace"), tiny_home, scratch, assets=assets)
        (output,) = run(recipe, done.context)
        return _frames(done.outputs / output.asset.sha256), done

    return make


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _frames(path: Path) -> Frames:
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def _still(path: Path, colour: tuple[int, int, int] = (200, 200, 200)) -> Path:
    Image.fromarray(np.full((90, 120, 3), colour, np.uint8)).save(path)
    return path


def _film(path: Path, frames: int = 24, rate: int = 16) -> Path:
    """A bright square that goes across a dark picture of 96 × 96."""
    pictures = np.full((frames, 96, 96, 3), 40, np.uint8)
    for index, picture in enumerate(pictures):
        cv2.rectangle(picture, (10 + index, 30), (40 + index, 60), (230, 60, 60), -1)
    write_film(pictures, Fraction(rate), path)
    return path


@pytest.mark.parametrize(
    "roles",
    [
        (InputRole.FIRST_FRAME,),
        (InputRole.LAST_FRAME,),
        (InputRole.FIRST_FRAME, InputRole.MIDDLE_FRAME, InputRole.LAST_FRAME),
    ],
)
def test_a_clip_passes_through_stills_wherever_they_are(
    made: Callable[..., tuple[Frames, Any]], tmp_path: Path, roles: tuple[InputRole, ...]
) -> None:
    # Strong colours and a few steps: a network this small sees little, least of a last frame.
    sampler, colours = Sampler(steps=3), ((255, 0, 0), (0, 255, 0), (0, 0, 255))
    files = {
        role: _still(tmp_path / f"{role.value}.png", colour)
        for role, colour in zip(roles, colours, strict=False)
    }
    frames, _ = made(wan_video.run, Ability.IMAGE_TO_VIDEO, files, sampler=sampler)
    without, _ = made(wan_video.run, Ability.TEXT_TO_VIDEO, {}, sampler=sampler)
    assert frames.shape == without.shape == (5, 64, 64, 3)
    assert not np.array_equal(frames, without)


@pytest.mark.parametrize("direction", ["after", "before"])
def test_a_film_is_gone_on_with_stretch_by_stretch(
    made: Callable[..., tuple[Frames, Any]], tmp_path: Path, direction: str
) -> None:
    film = {InputRole.SOURCE: _film(tmp_path / "film.mp4")}
    frames, done = made(
        wan_extend.run,
        Ability.EXTEND_VIDEO,
        film,
        width=0,
        height=0,
        frames=81,
        options={"direction": direction},
    )
    assert frames.shape == (81, 64, 64, 3)
    stretches = sum(p.phase == "decoding" and p.step == 0 for p in done.sent)
    assert stretches == 2, "what the model makes at once is 81 frames, five of them known"


def test_a_film_that_is_too_short_to_go_on_from_is_told_so(
    made: Callable[..., tuple[Frames, Any]], tmp_path: Path
) -> None:
    short = _film(tmp_path / "short.mp4", frames=2, rate=60)
    with pytest.raises(BadMedia, match="too short to go on from"):
        made(wan_extend.run, Ability.EXTEND_VIDEO, {InputRole.SOURCE: short})


def test_a_retake_leaves_every_frame_around_it_untouched(
    made: Callable[..., tuple[Frames, Any]], tmp_path: Path
) -> None:
    film = _film(tmp_path / "film.mp4")
    frames, _ = made(
        wan_retake.run,
        Ability.RETAKE,
        {InputRole.SOURCE: film},
        options={"retake_in_s": "1/2", "retake_out_s": "1"},
    )
    before = _frames(film)
    assert frames.shape == before.shape
    changed = [not np.array_equal(one, other) for one, other in zip(frames, before, strict=True)]
    assert changed == [8 <= index < 16 for index in range(24)]


def test_only_what_stands_in_a_drawn_region_is_drawn_anew(
    made: Callable[..., tuple[Frames, Any]], tmp_path: Path
) -> None:
    film, mask = _film(tmp_path / "film.mp4", frames=9), np.zeros((96, 96), np.uint8)
    mask[40:80, 50:90] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    files = {InputRole.SOURCE: film, InputRole.MASK: tmp_path / "mask.png"}
    frames, done = made(wan_edit.run, Ability.EDIT_VIDEO, files, prompt="add a steam engine")
    before = _frames(film)
    change = np.abs(frames.astype(int) - before).mean(axis=(0, 3))
    assert change[45:75, 55:85].min() > 8
    # Colour lies at half the size in the file, and is laid over its neighbours at sharp edges.
    assert change[:30].max() < 8
    assert change[:, :40].mean() < 0.5
    assert any("drawn region" in note for note in done.notes)


def test_a_new_thing_needs_a_region_to_be_in(
    made: Callable[..., tuple[Frames, Any]], tmp_path: Path
) -> None:
    film = {InputRole.SOURCE: _film(tmp_path / "film.mp4", frames=9)}
    with pytest.raises(BadRequest, match="not said where"):
        made(wan_edit.run, Ability.EDIT_VIDEO, film, prompt="add a steam engine")


def test_people_are_shown_on_white_before_the_clip(
    made: Callable[..., tuple[Frames, Any]], tmp_path: Path
) -> None:
    toy = np.zeros((200, 160, 4), np.uint8)
    cv2.circle(toy, (80, 100), 60, (200, 80, 40, 255), -1)
    Image.fromarray(toy).save(tmp_path / "toy.png")
    files = {InputRole.REFERENCE: tmp_path / "toy.png"}
    frames, done = made(
        wan_person.run, Ability.PERSONALIZE_VIDEO, files, prompt="it waves on a beach"
    )
    without, _ = made(wan_video.run, Ability.TEXT_TO_VIDEO, {}, prompt="it waves on a beach")
    assert frames.shape == without.shape == (5, 64, 64, 3)
    assert not np.array_equal(frames, without)
    assert done.context.plan.tokens == 2 * 16 + 16, "the reference is a latent frame of its own"


RULES = FrameRules(
    size_multiple=16,
    frame_step=4,
    frame_offset=1,
    max_frames=81,
    max_pixels=0,
    rates=("16/1",),
    aspects={},
)


@given(
    in_s=st.fractions(0, 20, max_denominator=100),
    length_s=st.fractions(Fraction(1, 50), Fraction(80, 16), max_denominator=100),
    rest_s=st.fractions(0, 20, max_denominator=100),
)
def test_a_retakes_frames_are_a_length_that_the_model_makes(
    in_s: Fraction, length_s: Fraction, rest_s: Fraction
) -> None:
    out_s = in_s + length_s
    stretch = stretch_of((in_s, out_s), out_s + rest_s, RULES, 17)
    assert stretch.total % 4 == 1
    assert stretch.total <= 81
    assert stretch.step_s <= Fraction(1, 16), "never slower than the model's rate"
    assert stretch.in_s - stretch.before * stretch.step_s >= 0
    assert out_s + stretch.after * stretch.step_s <= out_s + rest_s
    assert stretch.frame_at(in_s) == 0
    assert stretch.frame_at(out_s) == stretch.frames - 1


def test_the_plan_counts_what_is_known_with_what_is_made(
    tiny_home: Path, tiny_entry: Entries
) -> None:
    entry, machine = tiny_entry("vace"), this_machine((CpuDevice().info,), tiny_home)
    source = InputAsset(role=InputRole.SOURCE, sha256="0" * 64)
    asked: dict[str, Any] = {
        "model": VACE,
        "width": 64,
        "height": 64,
        "rate": "16/1",
        "inputs": (source,),
    }
    onward = Recipe(ability=Ability.EXTEND_VIDEO, frames=9, **asked)
    assert plan_job(onward, entry, machine).tokens == 5 * 16


@pytest.mark.parametrize(
    ("prompt", "says", "hint"),
    [
        ("make it snow", "draws a part of the picture anew", "add, remove or replace"),
        ("hm", "asks for no edit", "remove the dog"),
    ],
)
def test_the_plan_refuses_what_it_cannot_edit(
    tiny_home: Path, tiny_entry: Entries, prompt: str, says: str, hint: str
) -> None:
    machine = this_machine((CpuDevice().info,), tiny_home)
    source = InputAsset(role=InputRole.SOURCE, sha256="0" * 64)
    asked = Recipe(ability=Ability.EDIT_VIDEO, model=VACE, prompt=prompt, inputs=(source,))
    refusal = plan_job(asked, tiny_entry("vace"), machine).refusal
    assert refusal is not None
    assert says in refusal.message
    assert hint in refusal.hint
    assert "snow" not in refusal.hint
