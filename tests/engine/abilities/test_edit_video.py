"""A film edited by instruction: what stays untouched, what comes out, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.abilities import edit_video
from engine.abilities.edit_blending import blend, change_masks, shapes_kept
from engine.errors import BadMedia, BadRequest, JobCancelled, WeightsNotInstalled
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext
from tests.studio.media.footage import Shot, make_video

RECIPE = Recipe(
    ability=Ability.EDIT_VIDEO,
    model="pocket-edit",
    prompt="make it snow",
    seed=1,
    frames=0,
    sampler=Sampler(steps=2),
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
)
PORTRAITS = Path(__file__).resolve().parents[3] / "resources" / "models" / "portraits"
_ODD = Shot(frames=27, rate=Fraction(24000, 1001), size=(100, 60))


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    made = FakeJobContext(tmp_path, write_tiny_pocket(tmp_path / "models", editor=True))
    (tmp_path / "models" / "portraits").symlink_to(PORTRAITS)
    made.assets["film"] = make_video(tmp_path / "film.mp4", _ODD)
    return made


def _rgb(path: Path | bytes) -> NDArray[np.uint8]:
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def _noise(seed: int, *shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


# Blending


def test_pixels_outside_the_mask_are_the_sources_bit_for_bit() -> None:
    picture, before = _noise(1, 240, 400, 3), _noise(2, 3, 120, 200, 3)
    after = before.copy()
    after[:, 50:70, 30:60] = 255 - after[:, 50:70, 30:60]
    mask = change_masks(before, after)[1]
    out = blend(picture, before[1], after[1], mask)
    changed = (out != picture).any(axis=2)
    assert changed[104:136, 64:116].mean() > 0.9
    reach = 26  # of the model's pixels
    inside = np.zeros((240, 400), bool)
    inside[2 * (50 - reach) : 2 * (70 + reach), 2 * (30 - reach) : 2 * (60 + reach)] = True
    assert not changed[~inside].any()
    assert float(mask[:, 60 + reach :].max()) == 0.0


def test_what_did_not_change_gives_an_empty_mask_and_the_picture_itself() -> None:
    before = _noise(3, 2, 60, 100, 3)
    grainy = np.clip(before.astype(int) + 6, 0, 255).astype(np.uint8)
    masks = change_masks(before, grainy)
    assert not masks.any()
    picture = _noise(4, 60, 100, 3)
    assert blend(picture, before[0], grainy[0], masks[0]) is picture


def test_a_change_is_masked_a_frame_before_and_after_it_too() -> None:
    before = np.full((5, 60, 100, 3), 90, np.uint8)
    after = before.copy()
    after[2, 20:40, 40:60] = 200
    covered = change_masks(before, after)[:, 30, 50]
    assert covered[2] == pytest.approx(1.0)
    assert 0 < covered[1] <= 1
    assert 0 < covered[3] <= 1


def test_a_change_of_colour_keeps_fine_detail_and_a_new_shape_does_not() -> None:
    rows = np.linspace(60, 200, 60).astype(np.uint8)
    before = np.broadcast_to(rows[:, None, None], (60, 100, 3)).copy()
    darker = (before // 2).astype(np.uint8)
    assert float(shapes_kept(before, darker).mean()) > 0.8
    assert float(shapes_kept(_noise(5, 60, 100, 3), _noise(6, 60, 100, 3)).mean()) < 0.3
    picture = np.repeat(np.repeat(before, 4, axis=0), 4, axis=1)
    picture[::2] += 20
    out = blend(picture, before, darker, np.ones((60, 100), np.float32)).astype(int)
    stripes = np.abs(out[81:160:2] - out[80:159:2]).mean()
    assert stripes > 10
    smooth = blend(
        picture, before, darker, np.ones((60, 100), np.float32), keeps_detail=False
    ).astype(int)
    assert np.abs(smooth[81:160:2] - smooth[80:159:2]).mean() < 5


# The ability


def test_size_rate_length_and_sound_are_the_films(context: FakeJobContext, tmp_path: Path) -> None:
    loud = replace(_ODD, sound_rate=48_000)
    context.assets["film"] = make_video(tmp_path / "loud.mp4", loud)
    (output,) = edit_video.run(RECIPE, context)
    made = context.saved[-1]
    assert _rgb(made).shape == (27, 60, 100, 3)
    assert output.media.rate == "24000/1001"
    with av.open(str(made)) as film:
        assert len(film.streams.audio) == 1
        assert sum(frame.samples for frame in film.decode(audio=0)) > 40_000
    denoised = [r for r in context.reports if r[0] == "denoising"]
    assert denoised == [("denoising", 1, 2), ("denoising", 2, 2)]
    assert all(preview.startswith(b"\xff\xd8") for preview in context.previews)


def test_a_seed_gives_the_same_film_again(context: FakeJobContext) -> None:
    films = []
    for seed in (1, 1, 2):
        edit_video.run(msgspec.structs.replace(RECIPE, seed=seed), context)
        films.append(_rgb(context.saved[-1]))
    assert np.array_equal(films[0], films[1])
    assert not np.array_equal(films[0], films[2])


def test_the_part_that_is_used_is_what_comes_back(context: FakeJobContext) -> None:
    given = InputAsset(role=InputRole.SOURCE, sha256="film", in_s="1/4", out_s="3/4")
    edit_video.run(msgspec.structs.replace(RECIPE, inputs=(given,)), context)
    assert len(_rgb(context.saved[-1])) == 12  # the first begins a quarter millisecond after 1/4 s


def test_outside_its_range_the_film_stays_as_it_is(context: FakeJobContext) -> None:
    options = {"edit_in_s": "1/4", "edit_out_s": "3/4"}
    edit_video.run(msgspec.structs.replace(RECIPE, options=options), context)
    before, after = _rgb(context.assets["film"]), _rgb(context.saved[-1])
    assert len(after) == 27
    assert np.array_equal(after[:5], before[:5])
    assert np.array_equal(after[18:], before[18:])
    assert not np.array_equal(after[5:18], before[5:18])
    late = {"edit_in_s": "3", "edit_out_s": "4"}
    with pytest.raises(BadRequest, match="holds no frame"):
        edit_video.run(msgspec.structs.replace(RECIPE, options=late), context)


def test_synonyms_are_read_and_said(context: FakeJobContext) -> None:
    recipe = msgspec.structs.replace(RECIPE, prompt="Please make it misty")
    edit_video.run(recipe, context)
    assert "Read as: make it foggy" in context.notes


def test_where_nothing_stands_out_it_is_said_that_nothing_does(
    context: FakeJobContext, tmp_path: Path
) -> None:
    with av.open(str(tmp_path / "grey.mp4"), "w") as out:
        stream = out.add_stream("libx264", 12)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for _ in range(4):
            grey = np.full((64, 96, 3), 128, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
        out.mux(stream.encode())
    context.assets["film"] = tmp_path / "grey.mp4"
    with pytest.raises(BadMedia, match="Nothing stands out"):
        edit_video.run(msgspec.structs.replace(RECIPE, prompt="remove the dog"), context)
    assert not context.saved


@pytest.mark.parametrize("words", ["make it snow", "paint the dog blue", "remove the dog"])
def test_a_region_that_was_drawn_is_all_that_changes(
    context: FakeJobContext, tmp_path: Path, words: str
) -> None:
    drawn = np.zeros((60, 100), np.uint8)
    drawn[:, 60:] = 255
    Image.fromarray(drawn).save(tmp_path / "mask.png")
    context.assets["mask"] = tmp_path / "mask.png"
    context.assets["film"] = make_video(tmp_path / "short.mp4", replace(_ODD, frames=6))
    mask = InputAsset(role=InputRole.MASK, sha256="mask")
    edit_video.run(
        msgspec.structs.replace(RECIPE, prompt=words, inputs=(*RECIPE.inputs, mask)), context
    )
    before, after = (_rgb(of)[0].astype(int) for of in (context.assets["film"], context.saved[-1]))
    apart = np.abs(after - before).max(axis=2)
    assert apart[:, :50].mean() < 2  # coded again, at most
    assert np.median(apart[:, 70:]) > 10


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"prompt": "add a lightsaber"}, 'no word for "lightsaber"'),
        ({"prompt": "make it better"}, "asks for no edit"),
        ({"options": {"task": "explode"}}, 'no editing task "explode"'),
        ({"options": {"keep_source": "much"}}, "keep_source is 'much'"),
        ({"options": {"follow": 90}}, "follow is 90"),
        ({"inputs": ()}, "no film"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    context: FakeJobContext, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        edit_video.run(msgspec.structs.replace(RECIPE, **changes), context)


def test_a_file_that_is_no_film_and_one_that_is_too_long_are_refused(
    context: FakeJobContext, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film at all")
    context.assets["film"] = broken
    with pytest.raises(BadMedia, match="cannot be read as a film"):
        edit_video.run(RECIPE, context)
    context.assets["film"] = make_video(tmp_path / "long.mp4", Shot(frames=481, size=(32, 32)))
    with pytest.raises(BadMedia, match="at most 480 frames"):
        edit_video.run(RECIPE, context)


def test_before_it_was_trained_the_model_is_not_there(tmp_path: Path) -> None:
    context = FakeJobContext(tmp_path, write_tiny_pocket(tmp_path / "models"))
    context.assets["film"] = make_video(tmp_path / "film.mp4", _ODD)
    with pytest.raises(WeightsNotInstalled):
        edit_video.run(RECIPE, context)


def test_an_edit_can_be_stopped(context: FakeJobContext) -> None:
    context.cancel_after = 2
    with pytest.raises(JobCancelled):
        edit_video.run(RECIPE, context)
    assert not context.saved
