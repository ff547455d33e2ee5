"""Edits of a region that was drawn: there and nowhere else, and masks that cannot serve."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.abilities import opticals
from engine.abilities.drawn_region import read_mask
from engine.errors import BadMedia, BadRequest
from engine.protocol.recipes import MASK_AT_S, Ability, InputAsset, InputRole, Recipe, Sampler
from engine.server.recipe_check import check_recipe
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext, FakeModels
from tests.studio.media.footage import Shot, make_video

Frames = NDArray[np.uint8]

SIZE, FRAMES = (256, 144), 6
LOOKS = ["make it snow", "make it a comic", "blur it", "paint it blue", "mark it in red"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models that draw; nothing that cuts out is there, and nothing asks for it."""
    return write_tiny_pocket(tmp_path_factory.mktemp("cast") / "models", stickers=True)


@pytest.fixture(scope="module")
def held() -> FakeModels:
    return FakeModels()


@pytest.fixture
def context(tmp_path: Path, home: Path, held: FakeModels) -> FakeJobContext:
    made = FakeJobContext(tmp_path, home, model="pocket-opticals", models=held)
    made.assets["film"] = _film(tmp_path / "film.mp4")
    made.assets["mask"] = _mask(tmp_path / "mask.png", _rolling(0))
    return made


def _rolling(index: int) -> NDArray[np.uint8]:
    """Where the ball of a frame is, with room around it."""
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    cv2.circle(mask, (60 + 8 * index, 88), 30, 255, -1)
    return mask


def _film(path: Path) -> Path:
    """A chequered ball that rolls to the right over a wall."""
    rng = np.random.default_rng(3)
    wall = cv2.resize(rng.integers(90, 150, (18, 32, 3)).astype(np.uint8), SIZE).astype(np.uint8)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", 12, {"qp": "0", "preset": "ultrafast"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv444p"
        for index in range(FRAMES):
            picture, x = wall.copy(), 60 + 8 * index
            cv2.circle(picture, (x, 88), 26, (235, 120, 20), -1, cv2.LINE_AA)
            for dx, dy in ((-12, -8), (8, -12), (-6, 10), (12, 8)):
                cv2.rectangle(
                    picture, (x + dx - 4, 84 + dy), (x + dx + 4, 92 + dy), (40, 30, 90), -1
                )
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode())
    return path


def _mask(path: Path, pixels: NDArray[np.uint8]) -> Path:
    Image.fromarray(pixels).save(path)
    return path


def _pixels(path: Path | bytes, layout: str = "rgb24") -> Frames:
    with av.open(str(path)) as clip:
        frames = [frame.to_ndarray(format=layout) for frame in clip.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def _recipe(prompt: str, **options: str) -> Recipe:
    return Recipe(
        ability=Ability.EDIT_VIDEO,
        model="pocket-opticals",
        prompt=prompt,
        seed=1,
        sampler=Sampler(steps=2),
        inputs=(
            InputAsset(role=InputRole.SOURCE, sha256="film"),
            InputAsset(role=InputRole.MASK, sha256="mask"),
        ),
        options={**options},
    )


def _made(prompt: str, context: FakeJobContext, **options: str) -> Frames:
    opticals.run(_recipe(prompt, **options), context)
    saved = context.saved[-1]
    return _pixels(saved, "rgba" if str(saved).endswith(".mkv") else "rgb24")


@pytest.mark.parametrize("prompt", [*LOOKS, "remove it", "add a robot", "replace it with a cake"])
def test_the_region_follows_and_nothing_beyond_it_changes(
    prompt: str, context: FakeJobContext
) -> None:
    source, made = _pixels(context.assets["film"]), _made(prompt, context)
    assert context.notes[-1] == "The drawn region goes with what moves under it."
    for index in range(FRAMES):
        near = cv2.dilate(_rolling(index), np.ones((9, 9))) > 0
        assert np.abs(made[index].astype(int) - source[index])[~near].max() <= 2
    changed = np.abs(made.astype(int) - source).mean(axis=(1, 2, 3))
    assert (changed > 0.3).all()


def test_a_mask_fits_when_it_says(context: FakeJobContext, tmp_path: Path) -> None:
    context.assets["mask"] = _mask(tmp_path / "late.png", _rolling(4))
    source = _pixels(context.assets["film"])
    made = _made("mark it in red", context, **{MASK_AT_S: "1/3"})
    for index in range(FRAMES):
        x = 60 + 8 * index
        middle = np.s_[80:96, x - 8 : x + 8]
        assert np.abs(made[index][middle].astype(int) - source[index][middle]).mean() > 15
    with pytest.raises(BadRequest, match="mask_at_s is 'soon'"):
        _made("mark it in red", context, **{MASK_AT_S: "soon"})


def test_what_does_not_move_stays_where_it_was_drawn(
    context: FakeJobContext, tmp_path: Path
) -> None:
    corner = np.zeros((36, 64), np.uint8)
    corner[:9, -24:] = 255
    context.assets["mask"] = _mask(tmp_path / "corner.png", corner)
    source, made = _pixels(context.assets["film"]), _made("blur it", context)
    assert "it goes with the camera" in context.notes[-1]
    beyond = np.s_[:, 44:]
    assert (made[beyond] == source[beyond]).all()


def test_the_background_is_all_but_the_region(context: FakeJobContext) -> None:
    source, made = _pixels(context.assets["film"]), _made("blur the background", context)
    assert np.abs(made[0, 80:96, 52:68].astype(int) - source[0, 80:96, 52:68]).max() <= 2
    alone = _made("remove the background", context)
    assert (alone[0, :, :, 3] == _rolling(0)).all()
    beach = _made("put it on a beach", context)
    assert np.abs(beach[0, 84:92, 56:64].astype(int) - source[0, 84:92, 56:64]).max() <= 2
    assert np.abs(beach[0, :20].astype(int) - source[0, :20]).mean() > 3


def test_soft_edges_stay_soft_at_any_size(tmp_path: Path, context: FakeJobContext) -> None:
    ramp = np.tile(np.linspace(0, 255, 512).astype(np.uint8), (10, 1))
    context.assets["mask"] = _mask(tmp_path / "ramp.png", ramp)
    still = make_video(tmp_path / "still.mp4", Shot(frames=3, size=(256, 144)))
    context.assets["film"] = still
    source, made = _pixels(still).astype(int), _made("make it night", context).astype(int)
    columns = np.abs(made[0] - source[0]).mean(axis=(0, 2))
    assert columns[:8].max() < 3
    assert columns[:80].mean() < columns[80:160].mean() < columns[160:].mean()


@pytest.mark.parametrize(
    ("mode", "white"), [("L", 255), ("LA", (0, 255)), ("RGBA", (9, 9, 9, 255)), ("I;16", 65535)]
)
def test_light_or_opaque_is_what_is_meant(
    tmp_path: Path, mode: str, white: int | tuple[int, ...]
) -> None:
    picture = Image.new(mode, (8, 6))
    picture.paste(white, (0, 0, 4, 6))
    picture.save(tmp_path / "mask.png")
    mask = read_mask(tmp_path / "mask.png")
    assert mask.shape == (6, 8)
    assert (mask[:, :4] == 1).all()
    assert (mask[:, 4:] == 0).all()


def test_a_mask_that_cannot_serve_is_told(tmp_path: Path, context: FakeJobContext) -> None:
    path = tmp_path / "mask.png"
    for level, problem in ((0, "black all over"), (255, "white all over")):
        _mask(path, np.full((9, 9), level, np.uint8))
        with pytest.raises(BadMedia, match=problem):
            read_mask(path)
    broken = _mask(path, _rolling(0)).read_bytes()[:80]
    for content in (b"", b"hello", broken):
        path.write_bytes(content)
        with pytest.raises(BadMedia, match="cannot be read as a picture"):
            read_mask(path)
    with pytest.raises(BadMedia, match="cannot be read as a picture"):
        read_mask(context.assets["film"])
    stills = [Image.new("L", (8, 8), level) for level in (0, 255)]
    stills[0].save(tmp_path / "moves.gif", save_all=True, append_images=stills[1:])
    with pytest.raises(BadMedia, match="The mask moves"):
        read_mask(tmp_path / "moves.gif")


def test_only_an_edit_reads_a_mask() -> None:
    mask = InputAsset(role=InputRole.MASK, sha256="b" * 64)
    film = InputAsset(role=InputRole.SOURCE, sha256="a" * 64)
    check_recipe(
        Recipe(ability=Ability.EDIT_VIDEO, model="m", prompt="blur it", inputs=(film, mask))
    )
    for ability, inputs in (
        (Ability.RETAKE, (film, mask)),
        (Ability.EDIT_VIDEO, (film, mask, mask)),
    ):
        with pytest.raises(BadRequest, match="Only edit_video reads a mask"):
            check_recipe(Recipe(ability=ability, model="m", prompt="blur it", inputs=inputs))
