"""Work on a given film: what is gone on from, what is made again, and what must stay as it is."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import msgspec
import numpy as np
import pytest
from av.video.plane import VideoPlane
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.abilities import extend_video, retake, text_to_video
from engine.abilities.video_input import frames_from, open_film, pictures_at
from engine.errors import BadMedia, BadRequest, JobCancelled
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext
from tests.studio.media.footage import (
    Shot,
    make_film_of_photos,
    make_sound,
    make_video,
    number_of,
    tone,
)

EXTEND = Recipe(
    ability=Ability.EXTEND_VIDEO,
    model="pocket-video",
    seed=3,
    frames=8,
    rate="12/1",
    sampler=Sampler(steps=2),
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
)
RETAKE = msgspec.structs.replace(
    EXTEND, ability=Ability.RETAKE, options={"retake_in_s": "1/2", "retake_out_s": "1"}
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pocket(tmp_path_factory.mktemp("models"))


@pytest.fixture
def context(tmp_path: Path, tiny: Path) -> FakeJobContext:
    return FakeJobContext(tmp_path, tiny)


def _film(context: FakeJobContext, shot: Shot, name: str = "source.mp4") -> Path:
    folder = context.scratch / "given"
    folder.mkdir(exist_ok=True)
    context.assets["film"] = make_video(folder / name, shot)
    return context.assets["film"]


def _made(context: FakeJobContext) -> Path:
    made = context.saved[-1]
    assert isinstance(made, Path)
    return made


def _planes(path: Path) -> list[bytes]:
    """Every frame's values as decoded, without the padding of its lines."""
    out = []
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            planes = [_lines(plane) for plane in frame.planes]
            wide = 2 if frame.format.components[0].bits > 8 else 1
            out.append(
                b"".join(
                    lines[:, : plane.width * wide].tobytes()
                    for lines, plane in zip(planes, frame.planes, strict=True)
                )
            )
    return out


def _lines(plane: VideoPlane) -> NDArray[np.uint8]:
    return np.frombuffer(cast("bytes", plane), np.uint8).reshape(plane.height, -1)


def _rgb(path: Path) -> NDArray[np.uint8]:
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def _turn_in_header(path: Path) -> None:
    """A phone's film: the track header asks for a quarter turn clockwise."""
    data = bytearray(path.read_bytes())
    whole = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    at = data.index(whole, data.index(b"tkhd"))
    data[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


# Reading


@pytest.mark.parametrize(
    "shot",
    [
        Shot(frames=50, rate=Fraction(25)),
        Shot(frames=60, rate=Fraction(30000, 1001)),
        Shot(frames=48, rate=Fraction(24000, 1001), size=(180, 320)),
        Shot(frames=40, rate=Fraction(50), pixel_format="yuv422p10le"),
        Shot(frames=30, stamps=[90_000 + 3003 * n + 900 * (n % 3) for n in range(30)]),
    ],
)
def test_a_film_is_read_at_the_models_times(context: FakeJobContext, shot: Shot) -> None:
    film = open_film(_film(context, shot))
    assert len(film.times_s) == shot.frames
    assert film.times_s[0] == 0
    times = [Fraction(n, 12) for n in range(2, 12)]
    pictures = pictures_at(film, times, shot.size, crop=True)
    for time_s, picture in zip(times, pictures, strict=True):
        shown = max(n for n, begins in enumerate(film.times_s) if begins <= time_s)
        assert number_of(picture) == shown


@pytest.mark.parametrize(
    ("codec", "name"), [("mpeg4", "a.avi"), ("ffv1", "a.mkv"), ("libvpx-vp9", "a.webm")]
)
def test_any_codec_is_read_from_anywhere(context: FakeJobContext, codec: str, name: str) -> None:
    film = open_film(_film(context, Shot(frames=24, codec=codec, options={}), name))
    numbers = [number_of(cv2.resize(_of(shown), (320, 180))) for shown in frames_from(film, 17, 21)]
    assert numbers == [17, 18, 19, 20]


@pytest.mark.parametrize("name", ["source.mp4", "source.mkv"])
def test_a_stretch_holds_its_frames_though_a_container_rounds_to_milliseconds(
    context: FakeJobContext, name: str
) -> None:
    rate = Fraction(24000, 1001)
    film = open_film(_film(context, Shot(frames=48, rate=rate), name))
    for first, end in ((0, 1), (1, 2), (7, 31), (23, 48)):
        assert film.between(first / rate, end / rate) == (first, end)


def _of(shown: Any) -> NDArray[np.uint8]:
    return shown.frame.to_ndarray(format="rgb24")


def test_a_phones_film_is_upright_and_cut_to_the_models_shape(context: FakeJobContext) -> None:
    path = _film(context, Shot(frames=12))
    _turn_in_header(path)
    film = open_film(path)
    assert (film.width, film.height) == (180, 320)
    (picture,) = pictures_at(film, [Fraction(1, 4)], (180, 320), crop=True)
    assert number_of(np.rot90(picture)) == 6
    (square,) = pictures_at(film, [Fraction(1, 4)], (64, 64), crop=True)
    assert square.shape == (64, 64, 3)


@pytest.mark.parametrize(("orientation", "size"), [(0, (64, 48)), (6, (48, 64))])
def test_a_film_of_photos_with_notes_of_the_camera_is_read(
    tmp_path: Path, orientation: int, size: tuple[int, int]
) -> None:
    film = open_film(make_film_of_photos(tmp_path / "camera.avi", orientation))
    assert ((film.width, film.height), len(film.times_s)) == (size, 5)


def _bad(context: FakeJobContext, kind: str) -> None:
    folder = context.scratch / "given"
    folder.mkdir()
    path = context.assets["film"] = folder / f"{kind}.mp4"
    if kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("no film")
    elif kind == "cut":
        whole = make_video(path, Shot(frames=40)).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "sound":
        context.assets["film"] = folder / "sound.wav"
        make_sound(context.assets["film"], tone(4800, 48_000), 48_000)
    elif kind == "still":
        context.assets["film"] = folder / "still.png"
        cv2.imwrite(str(context.assets["film"]), np.zeros((40, 40, 3), np.uint8))
    else:
        make_video(path, Shot(frames=4))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("empty", "an empty file"),
        ("text", "cannot be read as a film"),
        ("cut", "cannot be read as a film"),
        ("sound", "sound and no picture"),
        ("still", "still picture and not a film"),
        ("short", "too short to go on from"),
    ],
)
def test_what_is_no_film_is_told_in_a_sentence(
    context: FakeJobContext, kind: str, says: str
) -> None:
    _bad(context, kind)
    with pytest.raises(BadMedia, match=says) as told:
        extend_video.run(EXTEND, context)
    assert told.value.hint
    assert not context.saved


def test_work_on_no_film_is_refused(context: FakeJobContext) -> None:
    for ability in (extend_video, retake):
        with pytest.raises(BadRequest, match="no film to work on"):
            ability.run(msgspec.structs.replace(EXTEND, inputs=()), context)


# Extending


@pytest.mark.parametrize("direction", ["after", "before"])
def test_an_extension_holds_the_new_frames_only(context: FakeJobContext, direction: str) -> None:
    _film(context, Shot(frames=50, size=(240, 320)))
    recipe = msgspec.structs.replace(EXTEND, options={"direction": direction})
    (output,) = extend_video.run(recipe, context)
    assert _rgb(_made(context)).shape == (8, 384, 288, 3), "the model's 3:4"
    assert (output.media.frames, output.media.rate) == (8, "12/1")
    assert any("288 × 384" in note and "240 × 320" in note for note in context.notes)


def test_a_long_extension_is_made_window_by_window(context: FakeJobContext) -> None:
    _film(context, Shot(frames=50))
    (output,) = extend_video.run(msgspec.structs.replace(EXTEND, frames=60), context)
    assert output.media.frames == 60
    steps = [(r[1], r[2]) for r in context.reports if r[0] == "denoising"]
    assert steps == [(n, 4) for n in range(1, 5)], "two windows of two steps"


def test_what_is_gone_on_from_decides_what_comes(context: FakeJobContext) -> None:
    """The same film used up to another frame gives another clip; the same part the same one."""
    _film(context, Shot(frames=75))
    clips = []
    for out_s in ("2", "2", "1"):
        given = msgspec.structs.replace(EXTEND.inputs[0], out_s=out_s)
        extend_video.run(msgspec.structs.replace(EXTEND, inputs=(given,)), context)
        clips.append(_rgb(_made(context)))
    first, again, other = clips
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_part_beyond_the_film_and_a_strange_direction_are_told(context: FakeJobContext) -> None:
    _film(context, Shot(frames=50))
    given = msgspec.structs.replace(EXTEND.inputs[0], in_s="5")
    with pytest.raises(BadMedia, match=r"begins at 5.00 s, and the film is 2.00 s"):
        extend_video.run(msgspec.structs.replace(EXTEND, inputs=(given,)), context)
    with pytest.raises(BadRequest, match='"sideways"'):
        extend_video.run(
            msgspec.structs.replace(EXTEND, options={"direction": "sideways"}), context
        )


def test_a_clip_of_sixteen_seconds_is_made_in_windows(context: FakeJobContext) -> None:
    recipe = msgspec.structs.replace(
        EXTEND, ability=Ability.TEXT_TO_VIDEO, prompt="a fox", inputs=(), frames=192,
        width=128, height=64, sampler=Sampler(steps=2),
    )  # fmt: skip
    (output,) = text_to_video.run(recipe, context)
    assert output.media.frames == 192
    assert _rgb(_made(context)).shape == (192, 64, 128, 3)
    assert context.reports[-2][2] == 2 * 7, "its middle, then six windows of twelve, four shared"


# Retaking


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.sampled_from([Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)]),
    layout=st.sampled_from(["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv420p10le"]),
    size=st.sampled_from([(128, 72), (96, 96), (66, 130)]),
    start=st.integers(0, 30),
    length=st.integers(1, 20),
)
def test_frames_outside_the_range_keep_every_value(
    context: FakeJobContext,
    rate: Fraction,
    layout: str,
    size: tuple[int, int],
    start: int,
    length: int,
) -> None:
    source = _film(context, Shot(frames=40, rate=rate, size=size, pixel_format=layout))
    in_s, out_s = Fraction(start) / rate, Fraction(start + length) / rate
    recipe = msgspec.structs.replace(
        RETAKE, options={"retake_in_s": str(in_s), "retake_out_s": str(out_s)}
    )
    (output,) = retake.run(recipe, context)
    before, after = _planes(source), _planes(_made(context))
    assert (len(after), output.media.width, output.media.height) == (40, *size)
    kept = [n for n in range(40) if not start <= n < start + length]
    assert [n for n in kept if before[n] != after[n]] == []
    assert all(before[n] != after[n] for n in range(start, min(40, start + length)))
    assert open_film(_made(context)).times_s == open_film(source).times_s
    assert output.media.rate == f"{rate.numerator}/{rate.denominator}"


def test_only_the_part_that_is_used_comes_back(context: FakeJobContext) -> None:
    source = _film(context, Shot(frames=50, sound_rate=48_000))
    given = msgspec.structs.replace(RETAKE.inputs[0], in_s="2/5", out_s="8/5")
    (output,) = retake.run(msgspec.structs.replace(RETAKE, inputs=(given,)), context)
    assert output.media.frames == 30
    before, after = _planes(source), _planes(_made(context))
    assert after[:2] == before[10:12]
    assert after[15:] == before[25:40]
    assert any("no sound of its own" in note for note in context.notes)


def test_a_retake_can_be_stopped_while_it_is_saved(context: FakeJobContext) -> None:
    _film(context, Shot(frames=50))
    retake.run(RETAKE, context)
    phases = [phase for phase, _, _ in context.reports]
    assert phases.count("saving") == 50
    context.cancel_after = len(phases) + phases.index("saving") + 20
    with pytest.raises(JobCancelled):
        retake.run(RETAKE, context)
    assert len(context.saved) == 1


def test_a_turned_film_is_kept_upright(context: FakeJobContext) -> None:
    source = _film(context, Shot(frames=30))
    flat = _planes(source)
    _turn_in_header(source)
    (output,) = retake.run(RETAKE, context)
    assert (output.media.width, output.media.height) == (180, 320)
    lying = np.frombuffer(flat[2], np.uint8)[: 320 * 180].reshape(180, 320)
    standing = np.frombuffer(_planes(_made(context))[2], np.uint8)[: 320 * 180].reshape(320, 180)
    assert np.array_equal(np.rot90(lying, -1), standing)


@pytest.mark.parametrize(
    ("codec", "layout", "size", "name"),
    [
        ("ffv1", "bgra", (97, 55), "odd.mkv"),
        ("png", "rgb24", (96, 54), "packed.mov"),
        ("libx264rgb", "bgr24", (96, 54), "planes.mkv"),
        ("mjpeg", "yuvj420p", (97, 55), "full range.mkv"),
    ],
)
def test_pixels_h264_cannot_hold_without_loss_become_ffv1(
    context: FakeJobContext, codec: str, layout: str, size: tuple[int, int], name: str
) -> None:
    shot = Shot(frames=30, codec=codec, pixel_format=layout, options={}, size=size)
    source = _film(context, shot, name)
    (output,) = retake.run(RETAKE, context)
    assert output.asset.media_type == "video/x-matroska"
    before, after = _rgb(source), _rgb(_made(context))
    assert np.array_equal(before[:12], after[:12])
    assert not np.array_equal(before[13], after[13])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "does not say which range"),
        ({"retake_in_s": "1", "retake_out_s": "1"}, "does not say which range"),
        ({"retake_in_s": "one", "retake_out_s": "two"}, "does not say which range"),
        ({"retake_in_s": "7", "retake_out_s": "8"}, "No frame of the part"),
    ],
)
def test_a_range_that_is_none_is_told(
    context: FakeJobContext, options: dict[str, str], says: str
) -> None:
    _film(context, Shot(frames=50))
    with pytest.raises(BadRequest, match=says):
        retake.run(msgspec.structs.replace(RETAKE, options=options), context)
    assert not context.saved
