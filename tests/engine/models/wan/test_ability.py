"""The Wan ability in the worker's own context: files out, notes, and bad input."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.abilities import wan_video
from engine.catalogue import FOLDER_VARIABLE, Entry
from engine.errors import BadMedia, BadRequest, JobCancelled, WeightsNotInstalled
from engine.planning.calibration import Calibration, RunKey
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from engine.worker.messages import RunJob
from engine.worker.pace import record_pace
from tests.engine.models.wan import jobs

Entries = Callable[[str], Entry]


@pytest.fixture(autouse=True)
def _tiny_catalogue(tiny_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tiny_home / "catalogue"))


def recipe(model: str, **fields: Any) -> Recipe:
    values: dict[str, Any] = {
        "ability": Ability.TEXT_TO_VIDEO,
        "prompt": "a red boat",
        "width": 64,
        "height": 64,
        "frames": 5,
        "rate": "16/1",
        "sampler": Sampler(steps=2),
        **fields,
    }
    return Recipe(model=model, **values)


def test_a_recipe_becomes_a_film(tiny_home: Path, tiny_entry: Entries, tmp_path: Path) -> None:
    entry = tiny_entry("t2v")
    asked = recipe(entry.id, width=70, height=60, frames=6, rate="24/1")
    done = jobs.job(asked, entry, tiny_home, tmp_path)
    (output,) = wan_video.run(asked, done.context)
    assert output.asset.media_type == "video/mp4"
    assert (output.media.width, output.media.height, output.media.frames) == (64, 64, 9)
    with av.open(str(done.outputs / output.asset.sha256)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert film.streams.video[0].average_rate == 16
    assert len(frames) == 9
    assert frames[0].shape == (64, 64, 3)
    assert [note.split()[1] for note in done.notes] == ["size", "clip", "clip"]
    phases = list(dict.fromkeys(progress.phase for progress in done.sent))
    assert phases[-2:] == ["denoising", "decoding"]
    assert "reading the prompt" in phases
    assert any(progress.preview for progress in done.sent)


def test_a_still_becomes_a_picture(tiny_home: Path, tiny_entry: Entries, tmp_path: Path) -> None:
    entry = tiny_entry("t2v")
    asked = recipe(entry.id, ability=Ability.TEXT_TO_IMAGE)
    done = jobs.job(asked, entry, tiny_home, tmp_path)
    (output,) = wan_video.run(asked, done.context)
    assert output.asset.media_type == "image/png"
    with Image.open(done.outputs / output.asset.sha256) as picture:
        assert picture.size == (64, 64)


def given_picture(content: bytes, folder: Path) -> tuple[InputAsset, dict[str, str]]:
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / "picture"
    path.write_bytes(content)
    return InputAsset(role=InputRole.FIRST_FRAME, sha256=sha256), {sha256: str(path)}


def test_a_clip_starts_from_a_picture(tiny_home: Path, tiny_entry: Entries, tmp_path: Path) -> None:
    entry = tiny_entry("ti2v")
    path = tmp_path / "picture.png"
    Image.fromarray(np.full((90, 120, 3), 200, np.uint8)).save(path)
    asset, assets = given_picture(path.read_bytes(), tmp_path)
    asked = recipe(entry.id, ability=Ability.IMAGE_TO_VIDEO, inputs=(asset,))
    (tmp_path / "scratch").mkdir()
    done = jobs.job(asked, entry, tiny_home, tmp_path / "scratch", assets=assets)
    (output,) = wan_video.run(asked, done.context)
    assert output.media.frames == 5


def test_what_is_no_picture_is_told_so(
    tiny_home: Path, tiny_entry: Entries, tmp_path: Path
) -> None:
    entry = tiny_entry("ti2v")
    asset, assets = given_picture(b"not a picture", tmp_path)
    asked = recipe(entry.id, ability=Ability.IMAGE_TO_VIDEO, inputs=(asset,))
    (tmp_path / "scratch").mkdir()
    done = jobs.job(asked, entry, tiny_home, tmp_path / "scratch", assets=assets)
    with pytest.raises(BadMedia, match="cannot be read as a picture"):
        wan_video.run(asked, done.context)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"prompt": "  "}, "prompt is empty"),
        ({"sampler": Sampler(steps=2, schedule="karras")}, 'no schedule "karras"'),
        ({"ability": Ability.IMAGE_TO_VIDEO}, "starts from a first frame"),
    ],
)
def test_nonsense_is_refused(
    tiny_home: Path, tiny_entry: Entries, tmp_path: Path, fields: dict[str, Any], says: str
) -> None:
    entry = tiny_entry("ti2v")
    asked = recipe(entry.id, **fields)
    done = jobs.job(asked, entry, tiny_home, tmp_path)
    with pytest.raises(BadRequest, match=says):
        wan_video.run(asked, done.context)


def test_a_cancelled_job_ends_at_its_next_report(
    tiny_home: Path, tiny_entry: Entries, tmp_path: Path
) -> None:
    entry = tiny_entry("t2v")
    asked = recipe(entry.id, sampler=Sampler(steps=500))
    asked_so_often = count()
    done = jobs.job(
        asked, entry, tiny_home, tmp_path, is_cancelled=lambda: next(asked_so_often) > 40
    )
    with pytest.raises(JobCancelled):
        wan_video.run(asked, done.context)
    assert done.sent[-1].step < 400
    assert not done.outputs.exists()


def test_a_checkpoint_that_is_gone_is_told_so(
    tiny_home: Path, tiny_entry: Entries, tmp_path: Path
) -> None:
    entry = tiny_entry("t2v")
    asked = recipe(entry.id)
    (tmp_path / "models").mkdir()
    done = jobs.job(asked, entry, tmp_path, tmp_path)
    with pytest.raises(WeightsNotInstalled, match="not complete"):
        wan_video.run(asked, done.context)


def test_a_finished_job_sets_the_pace_of_forecasts(
    tiny_home: Path, tiny_entry: Entries, tmp_path: Path
) -> None:
    entry, past = tiny_entry("t2v"), Calibration(tmp_path / "calibration")
    asked = recipe(entry.id)
    done = jobs.job(asked, entry, tiny_home, tmp_path)
    plan = msgspec.structs.replace(done.context.plan, device_name="a card")
    order = RunJob(
        job_id="job",
        recipe=asked,
        card=entry.card(installed=True),
        weights="",
        plan=plan,
        assets={},
        scratch="",
    )
    record_pace(order, {"denoising": 2.0, "decoding": 1.0}, past)
    key = RunKey(entry.id, "a card", f"{plan.precision.value}/{plan.offload.value}")
    assert past.rate(key, "denoise") is not None
    assert past.rate(key, "decode") is not None
    assert past.rate(key, "text") is None
