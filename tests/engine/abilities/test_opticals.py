"""Films changed by instruction without a model that draws them: what changes, and what may not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.abilities import opticals, opticals_shot
from engine.errors import BadMedia, BadRequest, JobCancelled, WeightsNotInstalled
from engine.models.portraits.faces import find_faces, load_face_networks
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from tests.engine.abilities.pictures import two_people
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext, FakeModels
from tests.studio.media.footage import Shot, make_video

PORTRAITS = Path(__file__).resolve().parents[3] / "resources" / "models" / "portraits"
SIZE, FRAMES, RATE = (256, 144), 6, Fraction(12)


def _recipe(prompt: str, **options: str | float) -> Recipe:
    return Recipe(
        ability=Ability.EDIT_VIDEO,
        model="pocket-opticals",
        prompt=prompt,
        seed=1,
        frames=0,
        sampler=Sampler(steps=2),
        inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
        options=options,
    )


def _ball(index: int) -> NDArray[np.uint8]:
    """An orange ball that rolls to the right over grey and green."""
    picture = np.full((SIZE[1], SIZE[0], 3), (120, 130, 140), np.uint8)
    picture[96:] = (70, 120, 60)
    for column in range(0, SIZE[0], 16):
        picture[:96, column : column + 6] = (104, 114, 124)
    centre = 60 + 22 * index, 88
    cv2.circle(picture, centre, 26, (235, 120, 20), -1, cv2.LINE_AA)
    cv2.circle(picture, (centre[0] - 8, centre[1] - 8), 7, (250, 190, 120), -1, cv2.LINE_AA)
    return picture


def _encoded(path: Path, pictures: list[NDArray[np.uint8]]) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", RATE, {"qp": "0", "preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv444p"
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode())
    return path


def _film(path: Path) -> Path:
    return _encoded(path, [_ball(index) for index in range(FRAMES)])


def _pixels(path: Path | bytes, layout: str = "rgb24") -> NDArray[np.uint8]:
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format=layout) for frame in film.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models that draw, and beside them the shipped ones that cut out."""
    models = tmp_path_factory.mktemp("cast") / "models"
    made = write_tiny_pocket(models, stickers=True)
    (models / "portraits").symlink_to(PORTRAITS)
    return made


@pytest.fixture(scope="module")
def held() -> FakeModels:
    """What a worker has loaded already."""
    return FakeModels()


@pytest.fixture
def context(tmp_path: Path, home: Path, held: FakeModels) -> FakeJobContext:
    made = FakeJobContext(tmp_path, home, model="pocket-opticals", models=held)
    made.assets["film"] = _film(tmp_path / "film.mp4")
    return made


def _made(prompt: str, context: FakeJobContext, **options: str | float) -> NDArray[np.uint8]:
    opticals.run(_recipe(prompt, **options), context)
    saved = context.saved[-1]
    return _pixels(saved, "rgba" if str(saved).endswith(".mkv") else "rgb24")


def _at_ball(frames: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The mean colour at the middle of the ball in each frame."""
    return np.stack(
        [
            frame[92:100, 64 + 22 * i : 72 + 22 * i, :3].mean((0, 1))
            for i, frame in enumerate(frames)
        ]
    )


def test_what_stands_out_is_coloured_and_all_else_keeps_its_pixels(context: FakeJobContext) -> None:
    source = _pixels(context.assets["film"])
    made = _made("paint the ball blue", context)
    assert made.shape == source.shape
    colours = _at_ball(made)
    assert (colours[:, 2] > colours[:, 0] + 60).all()
    assert np.abs(made[:, :40].astype(int) - source[:, :40]).max() <= 2
    assert context.notes == [
        "Read as: make the ball blue",
        'What stands out most was taken for "ball", all of it.',
    ]


def test_a_background_is_changed_alone(context: FakeJobContext) -> None:
    source = _pixels(context.assets["film"])
    made = _made("make the background black and white", context)
    assert np.abs(_at_ball(made) - _at_ball(source)).max() < 14
    grass = made[:, 130:, :, :].astype(int)
    assert np.abs(grass[..., 0] - grass[..., 1]).max() <= 4


def test_what_is_removed_leaves_what_is_behind_it(context: FakeJobContext) -> None:
    made = _made("remove the ball", context)
    empty = _ball(-20)
    assert np.abs(made[:, 20:].astype(int) - empty[20:]).mean() < 3
    assert np.abs(_at_ball(made) - empty[92:100].mean((0, 1))).max() < 40


def test_a_removed_background_is_transparent(context: FakeJobContext) -> None:
    made = _made("remove the background", context)
    assert made.shape[-1] == 4
    alpha = made[..., 3]
    assert (_at_ball(made)[:, 0] > 180).all()
    assert all(alpha[i, 88, 60 + 22 * i] > 240 for i in range(FRAMES))
    assert (alpha[:, :30].max(), alpha[:, 136:].max()) == (0, 0)
    assert context.saved[-1] != b""


def test_faces_are_blurred_beyond_knowing_and_a_note_asks_to_look(
    context: FakeJobContext, tmp_path: Path
) -> None:
    photo = cv2.imread(str(two_people(tmp_path / "two.png")))
    assert photo is not None
    high = round(480 * photo.shape[0] / photo.shape[1] / 2) * 2
    still = cv2.cvtColor(cv2.resize(photo, (480, high)), cv2.COLOR_BGR2RGB).astype(np.uint8)
    context.assets["film"] = _encoded(tmp_path / "two.mkv", [still] * 3)
    made = _made("blur the faces", context)
    faces = find_faces(load_face_networks(PORTRAITS / "faces"), still)
    assert len(faces) == 2
    for face in faces:
        left, top, wide, tall = (round(value) for value in face.box)
        part = np.s_[top : top + tall, left : left + wide]
        before, after = (cv2.Laplacian(f[part], cv2.CV_32F).std() for f in (still, made[1]))
        assert after < 0.25 * before
    assert not find_faces(load_face_networks(PORTRAITS / "faces"), made[1])
    assert np.abs(made[1, -8:].astype(int) - still[-8:]).max() <= 2
    assert "may be missed" in context.notes[-1]


@pytest.mark.parametrize("prompt", ["make it snow", "make it a watercolour", "blur everything"])
def test_a_look_needs_nothing_that_stands_out(prompt: str, context: FakeJobContext) -> None:
    source, made = _pixels(context.assets["film"]), _made(prompt, context)
    assert all(np.abs(m.astype(int) - s).mean() > 2 for m, s in zip(made, source, strict=True))
    assert {phase for phase, *_ in context.reports} == {"loading", "printing"}
    assert len(context.previews) == FRAMES


def test_a_look_is_as_strong_as_the_words_are_followed(context: FakeJobContext) -> None:
    source = _pixels(context.assets["film"]).astype(int)
    whole, half, none = (
        np.abs(_made("make it night", context, follow=follow) - source).mean()
        for follow in (4.0, 2.0, 0.0)
    )
    assert whole > 1.6 * half > 16 * max(none, 0.1)
    kept = np.abs(_made("make it night", context, keep_source=3.0) - source).mean()
    assert kept == pytest.approx(half, rel=0.1)


@pytest.mark.parametrize(
    "prompt",
    ["add a robot on the left", "replace the ball with a cake", "put it on a beach"],
)
def test_things_come_out_of_the_art_library_and_places_are_painted(
    prompt: str, context: FakeJobContext
) -> None:
    source, made = _pixels(context.assets["film"]), _made(prompt, context)
    assert made.shape == source.shape
    assert np.abs(made.astype(int) - source).mean() > 0.5
    assert "denoising" not in {phase for phase, *_ in context.reports}


def test_frames_outside_the_range_keep_every_pixel(context: FakeJobContext) -> None:
    source = _pixels(context.assets["film"])
    made = _made("make it night", context, edit_in_s="1/6", edit_out_s="1/3")
    changed = [bool((m != s).any()) for m, s in zip(made, source, strict=True)]
    assert changed == [False] * 2 + [True] * 2 + [False] * 2


def test_sound_and_rate_are_kept(context: FakeJobContext, tmp_path: Path) -> None:
    shot = Shot(frames=12, rate=Fraction(24000, 1001), size=(100, 60), sound_rate=48_000)
    context.assets["film"] = make_video(tmp_path / "heard.mp4", shot)
    opticals.run(_recipe("make it a comic"), context)
    with av.open(str(context.saved[-1])) as out:
        assert out.streams.audio
        assert out.streams.video[0].average_rate == shot.rate


def test_what_cannot_be_done_is_told(context: FakeJobContext, tmp_path: Path) -> None:
    with pytest.raises(BadMedia, match="No face is seen"):
        opticals.run(_recipe("blur the face"), context)
    with pytest.raises(BadRequest, match='no word for "lightsaber"'):
        opticals.run(_recipe("add a lightsaber"), context)
    with pytest.raises(BadRequest, match="cannot be taken out"):
        opticals.run(_recipe("stop the rain"), context)
    still = tmp_path / "grey.mp4"
    grey = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    _encoded(still, [grey] * 4)
    context.assets["film"] = still
    with pytest.raises(BadMedia, match="Nothing stands out in the film"):
        opticals.run(_recipe("remove it"), context)


def test_a_subject_is_followed_through_so_many_frames_at_once(
    context: FakeJobContext, tmp_path: Path
) -> None:
    context.assets["film"] = make_video(
        tmp_path / "long.mp4", Shot(frames=opticals_shot.MOST_FRAMES + 1, size=(32, 18))
    )
    with pytest.raises(BadMedia, match="600 frames at once, and this part has 601"):
        opticals.run(_recipe("remove it"), context)


def test_it_can_be_cancelled_while_it_looks_and_while_it_prints(context: FakeJobContext) -> None:
    context.cancel_after = 3
    with pytest.raises(JobCancelled):
        opticals.run(_recipe("remove the ball"), context)
    context.reports.clear()
    context.cancel_after = 6
    with pytest.raises(JobCancelled):
        opticals.run(_recipe("make it night"), context)
    assert context.saved == []


def test_without_what_cuts_out_it_is_told(context: FakeJobContext, tmp_path: Path) -> None:
    bare = FakeJobContext(tmp_path, tmp_path / "models" / "none", model="pocket-opticals")
    bare.assets |= context.assets
    with pytest.raises(WeightsNotInstalled):
        opticals.run(_recipe("remove the ball"), bare)


def test_a_part_of_the_film_is_used(context: FakeJobContext) -> None:
    recipe = _recipe("make it night")
    part = msgspec.structs.replace(recipe.inputs[0], in_s="1/6", out_s="1/3")
    opticals.run(msgspec.structs.replace(recipe, inputs=(part,)), context)
    assert len(_pixels(context.saved[-1])) == 2
