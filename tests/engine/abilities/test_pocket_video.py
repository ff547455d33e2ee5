"""The shipped pocket model behind its abilities, with its real weights and few steps."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.abilities import image_to_video, text_to_image, text_to_video
from engine.errors import BadMedia, BadRequest, BadWeights, JobCancelled, WeightsNotInstalled
from engine.protocol.recipes import Ability, InputAsset, InputRole, Sampler
from tests.engine.abilities.tiny_pocket import CLIP
from tests.fakes.job_context import FakeJobContext

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    return FakeJobContext(tmp_path, MODELS / "pocket-video")


def _frames(path: object) -> NDArray[np.uint8]:
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def test_a_clip_has_the_frames_size_and_rate_that_were_asked_for(context: FakeJobContext) -> None:
    (output,) = text_to_video.run(CLIP, context)
    assert _frames(context.saved[0]).shape == (8, 288, 512, 3)
    assert (output.media.frames, output.media.rate) == (8, "12/1")
    told = [r for r in context.reports if r[0] == "denoising"]
    # Two steps each for its place and its subject, and the second of two for the clip itself,
    # which is made from halfway.
    assert told == [("denoising", step, 6) for step in (1, 2, 3, 4, 6)]
    assert all(preview.startswith(b"\xff\xd8") for preview in context.previews)


def test_a_seed_gives_the_same_clip_again_and_another_seed_another(
    context: FakeJobContext,
) -> None:
    for seed in (5, 5, 6):
        text_to_video.run(msgspec.structs.replace(CLIP, seed=seed), context)
        made = context.saved[-1]
        assert isinstance(made, Path)
        context.saved[-1] = made.rename(context.scratch / f"{len(context.saved)}.mp4")
    first, again, other = (_frames(path) for path in context.saved)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_still_is_a_video_of_one_frame(context: FakeJobContext) -> None:
    (output,) = text_to_image.run(
        msgspec.structs.replace(CLIP, ability=Ability.TEXT_TO_IMAGE), context
    )
    assert output.media.frames == 1
    assert output.asset.media_type.startswith("image/")


def test_a_clip_begins_with_the_given_frame(context: FakeJobContext, tmp_path: Path) -> None:
    picture = tmp_path / "blue.png"
    Image.new("RGB", (640, 360), (30, 60, 200)).save(picture)
    context.assets["a"] = picture
    recipe = msgspec.structs.replace(
        CLIP,
        ability=Ability.IMAGE_TO_VIDEO,
        inputs=(InputAsset(role=InputRole.FIRST_FRAME, sha256="a"),),
    )
    image_to_video.run(recipe, context)
    first = _frames(context.saved[0])[0].reshape(-1, 3).mean(axis=0)
    assert np.abs(first - (30, 60, 200)).max() < 25


def test_what_cannot_be_made_is_said(context: FakeJobContext, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="prompt is empty"):
        text_to_video.run(msgspec.structs.replace(CLIP, prompt=" "), context)
    with pytest.raises(BadRequest, match="no picture to start from"):
        image_to_video.run(CLIP, context)
    context.assets["a"] = tmp_path / "not.png"
    context.assets["a"].write_text("no picture")
    given = (InputAsset(role=InputRole.LAST_FRAME, sha256="a"),)
    with pytest.raises(BadMedia, match="cannot be read"):
        image_to_video.run(msgspec.structs.replace(CLIP, inputs=given), context)


def test_cancelling_stops_within_a_step(context: FakeJobContext) -> None:
    context.cancel_after = 2
    with pytest.raises(JobCancelled):
        text_to_video.run(msgspec.structs.replace(CLIP, sampler=Sampler(steps=8)), context)
    assert context.reports[-1] == ("denoising", 1, 24)
    assert not context.saved


def test_damaged_and_missing_weights_are_told_apart(
    context: FakeJobContext, tmp_path: Path
) -> None:
    shutil.copytree(MODELS / "pocket-video", tmp_path / "models/pocket-video")
    (tmp_path / "models/text-encoder").symlink_to(MODELS / "text-encoder")
    context.weights = tmp_path / "models/pocket-video"
    weights = context.weights / "transformer/packed.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(BadWeights, match="damaged"):
        text_to_video.run(CLIP, context)
    shutil.rmtree(context.weights / "transformer")
    with pytest.raises(WeightsNotInstalled, match="not complete"):
        text_to_video.run(CLIP, context)
