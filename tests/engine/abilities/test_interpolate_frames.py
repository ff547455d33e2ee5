"""Films made smoother and slower: length, times, sound, what they were like, what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.abilities import interpolate_frames
from engine.abilities.video_output import write_film
from engine.errors import BadMedia, BadRequest, JobCancelled
from engine.protocol.assets import Output
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from tests.fakes.job_context import FakeJobContext
from tests.studio.media.footage import Shot, make_video

RATE, WIDTH, HEIGHT = Fraction(12), 128, 72
RECIPE = Recipe(
    ability=Ability.INTERPOLATE_FRAMES,
    model="pocket-multiplane",
    frames=0,
    rate="24/1",
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
)


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    return FakeJobContext(tmp_path, tmp_path, model="pocket-multiplane")


def _disc(x: float, channels: int = 3) -> NDArray[np.uint8]:
    """A red disc over a pattern, or over nothing."""
    rows, columns = np.indices((HEIGHT, WIDTH))
    picture = np.zeros((HEIGHT, WIDTH, channels), np.uint8)
    if channels == 3:
        picture[...] = (90 + 40 * np.sin(columns / 5) * np.cos(rows / 7))[..., None]
    colour = (220, 60, 40, 255)[:channels]
    cv2.circle(picture, (round(x * 16), 36 * 16), 10 * 16, colour, -1, cv2.LINE_AA, 4)
    return picture


def _film(context: FakeJobContext, pictures: list[NDArray[np.uint8]]) -> None:
    """A film of pictures, one twelfth of a second each."""
    has_alpha = pictures[0].shape[-1] == 4
    path = context.scratch / ("film.mkv" if has_alpha else "film.mp4")
    write_film(pictures, RATE, path)
    context.assets["film"] = path


def _run(context: FakeJobContext, **fields: object) -> tuple[Output, list[NDArray[np.uint8]]]:
    (output,) = interpolate_frames.run(msgspec.structs.replace(RECIPE, **fields), context)
    layout = "rgba" if output.media.has_alpha else "rgb24"
    with av.open(str(context.saved[-1])) as film:
        frames = [frame.to_ndarray(format=layout) for frame in film.decode(video=0)]
    return output, [frame.astype(np.uint8, copy=False) for frame in frames]


def _part(in_s: str, out_s: str | None) -> dict[str, object]:
    return {"inputs": (InputAsset(role=InputRole.SOURCE, sha256="film", in_s=in_s, out_s=out_s),)}


def _x(picture: NDArray[np.uint8]) -> float:
    """Where the disc is."""
    red = (picture[..., 0] > 150) & (picture[..., 1] < 110)
    return float(np.nonzero(red)[1].mean())


MOVING = [_disc(20 + 6 * place) for place in range(6)]


def test_twice_the_rate_is_twice_the_frames_and_as_long(context: FakeJobContext) -> None:
    _film(context, MOVING)
    output, frames = _run(context)
    assert (output.media.frames, output.media.rate) == (12, "24/1")
    assert (output.media.width, output.media.height) == (WIDTH, HEIGHT)
    places = [_x(frame) for frame in frames[:11]]
    assert places == pytest.approx([20 + 3 * place for place in range(11)], abs=0.6)
    assert context.notes == []


def test_a_quarter_of_the_speed_is_four_times_the_frames(context: FakeJobContext) -> None:
    _film(context, MOVING)
    output, frames = _run(context, frames=16, rate="12/1", **_part("1/12", "5/12"))
    assert (output.media.frames, output.media.rate) == (16, "12/1")
    places = [_x(frame) for frame in frames]
    assert places == pytest.approx([26 + 1.5 * place for place in range(16)], abs=0.9)


def test_frames_of_a_variable_rate_are_where_their_times_are(
    context: FakeJobContext, tmp_path: Path
) -> None:
    stamps = [90_000, 93_600, 100_800, 104_400]
    shot = Shot(frames=4, size=(WIDTH, HEIGHT), stamps=stamps)
    context.assets["film"] = make_video(tmp_path / "film.mp4", shot)
    with av.open(str(context.assets["film"])) as film:
        given = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    _, frames = _run(context, rate="25/1")
    for place, number in ((0, 0), (1, 1), (3, 2), (4, 3)):
        off = np.abs(frames[place].astype(int) - given[number])
        assert off.mean() < 3


def test_its_sound_stays_while_it_is_as_long(context: FakeJobContext, tmp_path: Path) -> None:
    shot = Shot(frames=6, size=(WIDTH, HEIGHT), sound_rate=48_000)
    context.assets["film"] = make_video(tmp_path / "film.mp4", shot)
    _run(context, rate="50/1")
    with av.open(str(context.saved[-1])) as film:
        assert film.streams.audio
    assert context.notes == []
    _run(context, rate="25/1", frames=24)
    with av.open(str(context.saved[-1])) as film:
        assert not film.streams.audio
    assert context.notes == [
        "The new film is not as long as what it is made of, so it has no sound."
    ]


def test_transparency_stays(context: FakeJobContext) -> None:
    _film(context, [_disc(40, 4), _disc(48, 4), _disc(56, 4)])
    output, frames = _run(context)
    assert output.media.has_alpha
    assert frames[1][36, 44].tolist() == [220, 60, 40, 255]
    assert frames[1][5, 5, 3] == 0
    assert _x(frames[1]) == pytest.approx(44, abs=0.6)


def test_odd_sides_stay(context: FakeJobContext, tmp_path: Path) -> None:
    shot = Shot(frames=3, size=(65, 49), codec="ffv1", options={}, pixel_format="yuv444p")
    context.assets["film"] = make_video(tmp_path / "film.mkv", shot)
    output, _ = _run(context, rate="50/1")
    assert (output.media.width, output.media.height) == (65, 49)


def test_ten_bits_stay(context: FakeJobContext, tmp_path: Path) -> None:
    shot = Shot(frames=3, size=(WIDTH, HEIGHT), pixel_format="yuv420p10le")
    context.assets["film"] = make_video(tmp_path / "film.mp4", shot)
    _run(context, rate="50/1")
    with av.open(str(context.saved[-1])) as film:
        assert film.streams.video[0].pix_fmt == "yuv420p10le"


def test_it_tells_of_each_frame_and_stops_when_asked(context: FakeJobContext) -> None:
    _film(context, MOVING)
    _run(context)
    told = [report for report in context.reports if report[0] == "interpolating"]
    assert told == [("interpolating", place, 12) for place in range(1, 13)]
    context.cancel_after = 2
    context.reports.clear()
    with pytest.raises(JobCancelled):
        _run(context)


def test_a_part_that_goes_on_after_the_film_keeps_its_pace(context: FakeJobContext) -> None:
    _film(context, MOVING)
    _, frames = _run(context, frames=8, **_part("1/4", "7/12"))
    assert [_x(frame) for frame in frames[:5]] == pytest.approx([38, 41, 44, 47, 50], abs=0.9)
    assert _x(frames[-1]) == pytest.approx(50, abs=0.5)


def test_too_many_frames_are_refused(context: FakeJobContext) -> None:
    _film(context, MOVING)
    with pytest.raises(BadRequest, match="at most 18000 frames"):
        _run(context, frames=18_001)


def test_a_part_beyond_the_film_is_refused(context: FakeJobContext) -> None:
    _film(context, MOVING)
    with pytest.raises(BadMedia, match=r"begins at 9\.00 s"):
        _run(context, **_part("9", None))
