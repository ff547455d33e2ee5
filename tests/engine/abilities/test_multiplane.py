"""Given stills and films moved: what is seen at a cut, what is left untouched, what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.abilities import multiplane_extend, multiplane_retake, multiplane_stills
from engine.abilities.multiplane_words import cameras_apart
from engine.errors import BadMedia, BadRequest, JobCancelled
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from tests.fakes.job_context import FakeJobContext, FakeModels
from tests.studio.media.footage import Shot, make_video

PORTRAITS = Path(__file__).resolve().parents[3] / "resources" / "models" / "portraits"
SIZE = WIDTH, HEIGHT = 256, 144
RATE = Fraction(12)
ORANGE = np.array([235, 120, 20])
STILLS = Recipe(
    ability=Ability.IMAGE_TO_VIDEO,
    model="pocket-multiplane",
    width=WIDTH,
    height=HEIGHT,
    frames=12,
    rate="12/1",
    inputs=(InputAsset(role=InputRole.FIRST_FRAME, sha256="still"),),
)
EXTEND = Recipe(
    ability=Ability.EXTEND_VIDEO,
    model="pocket-multiplane",
    frames=12,
    rate="24/1",
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
)
RETAKE = msgspec.structs.replace(
    EXTEND, ability=Ability.RETAKE, options={"retake_in_s": "1/2", "retake_out_s": "1"}
)


@pytest.fixture(scope="module")
def models() -> FakeModels:
    """What is loaded once for all of them."""
    return FakeModels()


@pytest.fixture
def context(tmp_path: Path, models: FakeModels) -> FakeJobContext:
    return FakeJobContext(tmp_path, PORTRAITS, model="pocket-multiplane", models=models)


def _ball(x: int, y: int = 88) -> NDArray[np.uint8]:
    """An orange ball over grey and green."""
    picture = np.full((HEIGHT, WIDTH, 3), (120, 130, 140), np.uint8)
    picture[96:] = (70, 120, 60)
    for column in range(0, WIDTH, 16):
        picture[:96, column : column + 6] = (104, 114, 124)
    cv2.circle(picture, (x, y), 26, ORANGE.tolist(), -1, cv2.LINE_AA)
    cv2.circle(picture, (x - 8, y - 8), 7, (250, 190, 120), -1, cv2.LINE_AA)
    return picture


def _still(context: FakeJobContext, picture: NDArray[np.uint8], name: str = "still") -> None:
    path = context.scratch / f"{name}.png"
    order = cv2.COLOR_RGB2BGR if picture.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    cv2.imwrite(str(path), cv2.cvtColor(picture, order))
    context.assets[name] = path


def _film(context: FakeJobContext, pictures: list[NDArray[np.uint8]]) -> Path:
    path = context.scratch / "film.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", RATE, {"qp": "0", "preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv444p"
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode())
    context.assets["film"] = path
    return path


def _rolling(context: FakeJobContext, frames: int = 24) -> Path:
    """A film of a ball that rolls to the right, four pixels a frame."""
    return _film(context, [_ball(60 + 4 * index) for index in range(frames)])


def _made(context: FakeJobContext) -> NDArray[np.uint8]:
    made = context.saved[-1]
    assert isinstance(made, Path)
    return _pixels(made)


def _pixels(path: Path) -> NDArray[np.uint8]:
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def _place(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Where the orange of a picture lies."""
    rows, columns = np.nonzero(np.abs(picture.astype(int) - ORANGE).max(axis=2) < 40)
    return float(columns.mean()), float(rows.mean())


def _apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def test_what_stands_out_in_a_still_does_what_is_said(context: FakeJobContext) -> None:
    _still(context, _ball(128))
    recipe = msgspec.structs.replace(STILLS, prompt="the ball jumps", frames=16)
    (output,) = multiplane_stills.run(recipe, context)
    assert (output.media.width, output.media.height, output.media.frames) == (*SIZE, 16)
    frames = _made(context)
    assert _apart(frames[0], _ball(128)) < 2
    heights = [_place(frame)[1] for frame in frames]
    assert min(heights) < heights[0] - 8
    assert any("jumps up and down" in note for note in context.notes)


def test_without_words_the_camera_comes_nearer_and_that_is_told(context: FakeJobContext) -> None:
    _still(context, _ball(128))
    multiplane_stills.run(STILLS, context)
    frames = _made(context)

    def wide(picture: NDArray[np.uint8]) -> int:
        return int((np.abs(picture.astype(int) - ORANGE).max(axis=2) < 40).sum())

    assert wide(frames[-1]) > 1.05 * wide(frames[0])
    assert any("comes nearer" in note for note in context.notes)


def test_where_nothing_stands_out_the_camera_moves_alone(context: FakeJobContext) -> None:
    grey = np.tile(np.linspace(60, 180, WIDTH).astype(np.uint8)[None, :, None], (HEIGHT, 1, 3))
    _still(context, grey)
    recipe = msgspec.structs.replace(STILLS, prompt="it jumps, pan right")
    multiplane_stills.run(recipe, context)
    frames = _made(context)
    assert frames[-1].mean() > frames[0].mean() + 3
    assert any("Nothing stands out" in note for note in context.notes)


def test_words_that_name_no_movement_are_told_of(context: FakeJobContext) -> None:
    _still(context, _ball(128))
    multiplane_stills.run(msgspec.structs.replace(STILLS, prompt="philosophy, static"), context)
    frames = _made(context)
    assert _apart(frames[0], frames[-1]) < 1
    assert any("names no movement" in note for note in context.notes)


def test_a_last_frame_is_where_the_film_ends(context: FakeJobContext) -> None:
    _still(context, _ball(128))
    given = (InputAsset(role=InputRole.LAST_FRAME, sha256="still"),)
    recipe = msgspec.structs.replace(STILLS, inputs=given, prompt="it jumps, pan left")
    multiplane_stills.run(recipe, context)
    frames = _made(context)
    assert _apart(frames[-1], _ball(128)) < 2
    assert _apart(frames[0], _ball(128)) > 3


def test_between_two_stills_the_one_moves_into_the_other(context: FakeJobContext) -> None:
    _still(context, _ball(128))
    _still(context, _ball(140), "end")
    given = (*STILLS.inputs, InputAsset(role=InputRole.LAST_FRAME, sha256="end"))
    multiplane_stills.run(msgspec.structs.replace(STILLS, inputs=given, prompt="it runs"), context)
    frames = _made(context)
    assert _apart(frames[0], _ball(128)) < 2
    assert _apart(frames[-1], _ball(140)) < 2
    assert _place(frames[6])[0] == pytest.approx(134, abs=3)
    assert any("words are left out" in note for note in context.notes)


def test_a_clip_too_short_for_its_stills_is_refused(context: FakeJobContext) -> None:
    _still(context, _ball(128))
    roles = (InputRole.FIRST_FRAME, InputRole.MIDDLE_FRAME, InputRole.LAST_FRAME)
    given = tuple(InputAsset(role=role, sha256="still") for role in roles)
    with pytest.raises(BadRequest, match="too short for 3 stills"):
        multiplane_stills.run(msgspec.structs.replace(STILLS, inputs=given, frames=2), context)


def test_a_transparent_still_lies_on_black(context: FakeJobContext) -> None:
    rgba = np.dstack([_ball(128), np.zeros((HEIGHT, WIDTH), np.uint8)])
    rgba[60:118, 100:156, 3] = 255
    _still(context, rgba)
    multiplane_stills.run(msgspec.structs.replace(STILLS, prompt="static"), context)
    assert _made(context)[0, :40].max() < 20


@pytest.mark.parametrize("content", [b"", b"no picture at all"])
def test_what_is_no_picture_is_told_so(context: FakeJobContext, content: bytes) -> None:
    path = context.scratch / "still.png"
    path.write_bytes(content)
    context.assets["still"] = path
    with pytest.raises(BadMedia, match="cannot be read as a picture"):
        multiplane_stills.run(STILLS, context)


def test_a_recipe_without_a_picture_is_refused(context: FakeJobContext) -> None:
    with pytest.raises(BadRequest, match="no picture to start from"):
        multiplane_stills.run(msgspec.structs.replace(STILLS, inputs=()), context)


def test_a_film_goes_on_as_it_is_and_what_rolls_rolls_on(context: FakeJobContext) -> None:
    _rolling(context)
    (output,) = multiplane_extend.run(EXTEND, context)
    assert (output.media.width, output.media.height) == SIZE
    assert (output.media.rate, output.media.frames) == ("12/1", 6)
    frames = _made(context)
    places = [_place(frame)[0] for frame in frames]
    assert places[0] == pytest.approx(60 + 4 * 24, abs=3)
    assert places[-1] == pytest.approx(60 + 4 * 29, abs=5)


def test_what_comes_before_a_film_leads_to_its_first_frame(context: FakeJobContext) -> None:
    _rolling(context)
    recipe = msgspec.structs.replace(EXTEND, options={"direction": "before"})
    multiplane_extend.run(recipe, context)
    frames = _made(context)
    assert _place(frames[-1])[0] == pytest.approx(56, abs=3)
    assert _place(frames[0])[0] < _place(frames[-1])[0]


def test_before_a_film_a_movement_still_goes_the_way_it_is_told(context: FakeJobContext) -> None:
    _film(context, [_ball(128) for _ in range(12)])
    told = {"direction": "before"}
    asked = msgspec.structs.replace(EXTEND, frames=24, options=told, prompt="it moves to the right")
    multiplane_extend.run(asked, context)
    places = [_place(frame)[0] for frame in _made(context)]
    assert places[-1] == pytest.approx(128, abs=2)
    assert places[0] < 110
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("prompt", "direction"), [("zoom out", "after"), ("the camera zooms in", "before")]
)
def test_a_camera_that_would_jump_at_the_cut_stands_still(
    context: FakeJobContext, prompt: str, direction: str
) -> None:
    _film(context, [_ball(128) for _ in range(12)])
    asked = msgspec.structs.replace(EXTEND, prompt=prompt, options={"direction": direction})
    multiplane_extend.run(asked, context)
    assert all(_apart(frame, _ball(128)) < 3 for frame in _made(context))
    assert any("stands still" in note for note in context.notes)


def test_a_shot_after_a_cut_does_not_move_as_the_one_before_it(context: FakeJobContext) -> None:
    panned = [np.roll(_ball(128), 6 * index, axis=1) for index in range(8)]
    _film(context, [*panned, *(255 - _ball(100) for _ in range(6))])
    multiplane_extend.run(EXTEND, context)
    assert all(_apart(frame, 255 - _ball(100)) < 2 for frame in _made(context))


def test_a_range_beside_a_single_frame_is_bridged(context: FakeJobContext) -> None:
    _rolling(context, 12)
    options = {"retake_in_s": "1/12", "retake_out_s": "1"}
    (output,) = multiplane_retake.run(msgspec.structs.replace(RETAKE, options=options), context)
    assert output.media.frames == 12


def test_a_film_in_which_nothing_goes_anywhere_keeps_every_pixel(context: FakeJobContext) -> None:
    _film(context, [_ball(128, 88 - index % 2) for index in range(12)])
    multiplane_extend.run(EXTEND, context)
    assert len({round(_place(frame)[1]) for frame in _made(context)}) == 2
    assert all(_apart(frame[:50], _ball(128)[:50]) < 2 for frame in _made(context))


def test_a_single_frame_is_too_short_to_go_on_from(context: FakeJobContext) -> None:
    _rolling(context, 12)
    part = InputAsset(role=InputRole.SOURCE, sha256="film", in_s="0", out_s="1/24")
    with pytest.raises(BadMedia, match="single frame"):
        multiplane_extend.run(msgspec.structs.replace(EXTEND, inputs=(part,)), context)


def test_a_short_range_is_bridged_and_the_rest_stays_bit_for_bit(context: FakeJobContext) -> None:
    path = _rolling(context)
    multiplane_retake.run(RETAKE, context)
    before, after = _pixels(path), _made(context)
    assert np.array_equal(after[:6], before[:6])
    assert np.array_equal(after[12:], before[12:])
    assert _place(after[9])[0] == pytest.approx(60 + 4 * 9, abs=4)


def test_a_range_at_the_end_goes_on_from_what_is_before_it(context: FakeJobContext) -> None:
    path = _rolling(context)
    options = {"retake_in_s": "3/2", "retake_out_s": "2"}
    multiplane_retake.run(msgspec.structs.replace(RETAKE, options=options), context)
    after = _made(context)
    assert np.array_equal(after[:18], _pixels(path)[:18])
    assert _place(after[-1])[0] == pytest.approx(60 + 4 * 23, abs=6)


def test_a_range_that_is_the_whole_film_is_refused(context: FakeJobContext) -> None:
    _rolling(context, 12)
    options = {"retake_in_s": "0", "retake_out_s": "1"}
    with pytest.raises(BadRequest, match="whole film"):
        multiplane_retake.run(msgspec.structs.replace(RETAKE, options=options), context)


def test_in_a_range_somebody_does_as_said_and_is_back_for_the_cut(
    context: FakeJobContext,
) -> None:
    path = _film(context, [_ball(128) for _ in range(30)])
    options = {"retake_in_s": "1/2", "retake_out_s": "2"}
    recipe = msgspec.structs.replace(RETAKE, options=options, prompt="it jumps, zoom in")
    multiplane_retake.run(recipe, context)
    before, after = _pixels(path), _made(context)
    assert np.array_equal(after[:6], before[:6])
    assert np.array_equal(after[24:], before[24:])
    heights = [_place(frame)[1] for frame in after[6:24]]
    assert min(heights) < 84
    assert heights[0] == pytest.approx(88, abs=2)
    assert heights[-1] == pytest.approx(88, abs=4)
    assert any("own camera" in note for note in context.notes)


def test_a_film_is_cancelled_on_its_way(context: FakeJobContext) -> None:
    _rolling(context)
    context.cancel_after = 3
    with pytest.raises(JobCancelled):
        multiplane_extend.run(EXTEND, context)


def test_a_silent_clip_of_a_film_with_sound_is_told_of(
    context: FakeJobContext, tmp_path: Path
) -> None:
    context.assets["film"] = make_video(tmp_path / "loud.mp4", Shot(frames=12, sound_rate=48_000))
    multiplane_extend.run(EXTEND, context)
    assert any("silent" in note for note in context.notes)


def test_lost_transparency_is_told_of(context: FakeJobContext, tmp_path: Path) -> None:
    clear = Shot(frames=8, codec="ffv1", pixel_format="bgra", options={})
    context.assets["film"] = make_video(tmp_path / "clear.mkv", clear)
    multiplane_extend.run(EXTEND, context)
    assert any("transparent" in note for note in context.notes)


@pytest.mark.parametrize(
    ("prompt", "told", "moves"),
    [
        ("it jumps, slow pan to the right", "it jumps", ("pan right",)),
        ("the camera zooms in", "", ("zoom in",)),
        ("she dances while the camera pans left", "she dances", ("pan left",)),
        ("handheld", "", ("handheld",)),
        ("it jumps", "it jumps", ()),
        ("camera pans left and zooms in", "", ("pan left", "zoom in")),
        ("pan right. tilt up.", "", ("pan right", "tilt up")),
        ("it runs and jumps; zoom out", "it runs and jumps", ("zoom out",)),
    ],
)
def test_a_camera_is_told_apart_from_what_is_done(
    prompt: str, told: str, moves: tuple[str, ...]
) -> None:
    assert cameras_apart(prompt) == (told, moves)
