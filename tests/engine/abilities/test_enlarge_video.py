"""A film enlarged with the weights that ship: what stays of it, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from engine.abilities import enlarge_video
from engine.catalogue import FOLDER, FOLDER_VARIABLE
from engine.downloads.store import BUNDLED
from engine.errors import BadMedia, BadRequest, BadWeights, JobCancelled, WeightsNotInstalled
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from tests.fakes.job_context import FakeJobContext
from tests.studio.media.footage import Shot, make_video, number_of

RECIPE = Recipe(
    ability=Ability.UPSCALE_VIDEO,
    model="pocket-enlarge",
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
)
SIZE = (64, 36)


def _context(tmp_path: Path, shot: Shot, name: str = "film.mp4") -> FakeJobContext:
    made = FakeJobContext(tmp_path, BUNDLED / "pocket-enlarge", model="pocket-enlarge")
    made.assets["film"] = make_video(tmp_path / name, shot)
    return made


def _enlarged(context: FakeJobContext, **fields: object) -> tuple[av.VideoStream, list]:
    """The stream and the frames of what is made."""
    enlarge_video.run(msgspec.structs.replace(RECIPE, **fields), context)
    with av.open(str(context.saved[-1])) as film:
        return film.streams.video[0], list(film.decode(video=0))


def test_every_frame_comes_back_twice_as_large(tmp_path: Path) -> None:
    context = _context(tmp_path, Shot(frames=3, rate=Fraction(24000, 1001), size=SIZE))
    (output,) = enlarge_video.run(RECIPE, context)
    media = output.media
    assert (media.width, media.height, media.frames) == (128, 72, 3)
    assert (media.rate, media.has_alpha) == ("24000/1001", False)
    with av.open(str(context.saved[0])) as film:
        frames = list(film.decode(video=0))
        assert film.streams.video[0].average_rate == Fraction(24000, 1001)
    assert [number_of(frame.to_ndarray(format="rgb24")) for frame in frames] == [0, 1, 2]
    told = [report for report in context.reports if report[0] == "enlarging"]
    assert told == [("enlarging", n, 3) for n in (0, 1, 1, 2, 2, 3)]
    assert all(preview.startswith(b"\xff\xd8") for preview in context.previews)
    assert context.notes == []


def test_its_frames_keep_their_times(tmp_path: Path) -> None:
    stamps = [9000, 12000, 21000, 24000]
    context = _context(tmp_path, Shot(frames=4, size=SIZE, stamps=stamps))
    _, frames = _enlarged(context)
    times = [frame.pts * frame.time_base for frame in frames]
    assert [time - times[0] for time in times] == [Fraction(s - 9000, 90000) for s in stamps]


def test_it_keeps_its_sound(tmp_path: Path) -> None:
    context = _context(tmp_path, Shot(frames=5, size=SIZE, sound_rate=48_000))
    _enlarged(context)
    with av.open(str(context.saved[0])) as film, av.open(str(context.assets["film"])) as source:
        kept, given = (
            [bytes(packet) for packet in each.demux(audio=0) if packet.size]
            for each in (film, source)
        )
    assert kept == given[-len(kept) :]
    assert len(kept) >= len(given) - 1


@pytest.mark.parametrize("size", [(96, 54), (192, 108), (256, 144), (320, 180), (64, 36)])
def test_a_size_can_be_asked_for(tmp_path: Path, size: tuple[int, int]) -> None:
    context = _context(tmp_path, Shot(frames=2, size=SIZE))
    _, frames = _enlarged(context, width=size[0], height=size[1])
    assert (frames[0].width, frames[0].height, len(frames)) == (*size, 2)
    assert any("no sharper" in note for note in context.notes) == (size == (320, 180))


def test_a_part_can_be_asked_for(tmp_path: Path) -> None:
    context = _context(tmp_path, Shot(frames=10, rate=Fraction(10), size=SIZE))
    part = msgspec.structs.replace(RECIPE.inputs[0], in_s="3/10", out_s="6/10")
    _, frames = _enlarged(context, inputs=(part,))
    assert [number_of(frame.to_ndarray(format="rgb24")) for frame in frames] == [3, 4, 5]


def test_ten_bits_and_their_colours_stay(tmp_path: Path) -> None:
    shot = Shot(
        frames=2, size=SIZE, codec="ffv1", pixel_format="yuv422p10le", options={}, colour=(9, 1)
    )
    context = _context(tmp_path, shot, "film.mkv")
    stream, frames = _enlarged(context)
    assert stream.pix_fmt == "yuv420p10le"
    assert (int(frames[0].colorspace), int(frames[0].color_range)) == (9, 1)
    assert number_of(frames[1].to_ndarray(format="rgb24")) == 1


def test_a_matrix_that_was_guessed_is_told(tmp_path: Path) -> None:
    """Untold it is that of small films, and a player would read a large one otherwise."""
    context = _context(tmp_path, Shot(frames=2, size=SIZE))
    _, frames = _enlarged(context)
    assert int(frames[0].colorspace) == 5


def _transparent(path: Path) -> Path:
    """A white square on nothing, for two frames."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("ffv1", 8)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "bgra"
        picture = np.zeros((32, 32, 4), np.uint8)
        picture[8:24, 8:24] = 255
        for _ in range(2):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgba")))
        out.mux(stream.encode())
    return path


def test_transparency_stays(tmp_path: Path) -> None:
    context = FakeJobContext(tmp_path, BUNDLED / "pocket-enlarge", model="pocket-enlarge")
    context.assets["film"] = _transparent(tmp_path / "film.mkv")
    (output,) = enlarge_video.run(RECIPE, context)
    assert output.media.has_alpha
    assert output.asset.media_type == "video/x-matroska"
    with av.open(str(context.saved[0])) as film:
        pictures = [frame.to_ndarray(format="rgba") for frame in film.decode(video=0)]
    assert len(pictures) == 2
    coverage = pictures[1][..., 3]
    assert coverage.shape == (64, 64)
    assert coverage[:8].max() < 8
    assert coverage[24:40, 24:40].min() > 247


def test_a_cancelled_job_ends_in_the_frame_it_is_at(tmp_path: Path) -> None:
    context = _context(tmp_path, Shot(frames=30, size=SIZE))
    context.cancel_after = 4
    with pytest.raises(JobCancelled):
        enlarge_video.run(RECIPE, context)
    assert context.reports[-1] == ("enlarging", 1, 30)
    assert context.saved == []


@pytest.mark.parametrize(
    ("size", "said"),
    [((8000, 4500), "up to 8.8 million pixels"), ((62, 36), "62 × 36 is smaller")],
)
def test_a_size_that_cannot_be_made_is_told(
    tmp_path: Path, size: tuple[int, int], said: str
) -> None:
    context = _context(tmp_path, Shot(frames=2, size=SIZE))
    with pytest.raises(BadRequest, match=said):
        _enlarged(context, width=size[0], height=size[1])


def test_a_film_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (FOLDER / "pocket-enlarge.toml").read_text("utf-8").replace("18000", "3")
    (tmp_path / "mine.toml").write_text(text.replace('id = "pocket-enlarge"', 'id = "mine"'))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    context = _context(tmp_path, Shot(frames=4, size=SIZE))
    with pytest.raises(BadMedia, match="at most 3 frames, and this part has 4"):
        _enlarged(context, model="mine")


def test_missing_and_damaged_weights_are_told(tmp_path: Path) -> None:
    context = _context(tmp_path, Shot(frames=2, size=SIZE))
    context.weights = tmp_path / "models"
    with pytest.raises(WeightsNotInstalled, match="not complete"):
        _enlarged(context)
    folder = context.weights / "enlarger"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(BadWeights, match="damaged"):
        _enlarged(context)
