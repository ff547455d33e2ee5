"""Decoding by a graphics card: the same pictures with it, without it, and where it gives up.

What can be tried depends on the machine: with a card its pictures are compared, without one the
refusals of libav are real, and so is everything that follows from them.
"""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.plane import VideoPlane

from studio.document.model.asset import Asset, AssetKind
from studio.media.decode import hardware
from studio.media.decode.hardware import CardFailed, as_decoded, can_open, card, words_on
from studio.media.decode.video import VideoReader
from studio.media.errors import NotMedia
from studio.media.footage import Footage
from studio.media.libav import plane_bytes
from tests.studio.media.footage import Shot, make_video

FRAMES = 60
WAYS = sorted(hardware.NAMES)
LONG = {"preset": "veryfast", "g": "30", "bf": "2", "crf": "20"}
Pictures = list[tuple[int | None, bytes]]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    make_video(folder / "long.mp4", Shot(FRAMES, options=LONG))
    make_video(folder / "full.mp4", Shot(FRAMES, options=LONG, colour=(1, 2)))
    make_video(folder / "deep.mp4", Shot(FRAMES, options=LONG, pixel_format="yuv420p10le"))
    vp9 = {"cpu-used": "8", "deadline": "realtime"}
    make_video(folder / "free.webm", Shot(FRAMES, codec="libvpx-vp9", options=vp9))
    data = bytearray((folder / "long.mp4").read_bytes())
    for place in range(len(data) // 3, 2 * len(data) // 3):
        data[place] ^= 0x5A
    (folder / "damaged.mp4").write_bytes(data)
    return folder


def pictures(reader: VideoReader) -> Pictures:
    """Every picture forward, then some by seeks, with their stamps."""
    places = [*range(FRAMES), 40, 7, 55, 30, 29]
    found = [reader.frame_at(Fraction(n, 25)) for n in places]
    return [(frame.pts, frame.to_ndarray().tobytes()) for frame in found]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["long.mp4", "full.mp4", "deep.mp4", "free.webm"])
def test_a_card_or_none_gives_the_same_pictures_at_the_same_stamps(
    films: Path, name: str, way: str
) -> None:
    with closing(VideoReader(films / name)) as plain:
        wanted = pictures(plain)
    with closing(VideoReader(films / name, card=way)) as reader:
        assert pictures(reader) == wanted
        assert not reader.warnings
        assert can_open(way) or reader.card == ""


@pytest.mark.parametrize("name", ["long.mp4", "full.mp4", "deep.mp4", "free.webm"])
def test_the_watch_for_missing_pictures_lets_every_picture_through(films: Path, name: str) -> None:
    """libav's own decoder in the card's place: nothing is missing, so nothing is given up."""
    with closing(VideoReader(films / name)) as plain:
        wanted = pictures(plain)
    with closing(VideoReader(films / name)) as reader:
        reader.card = "cuda"
        assert pictures(reader) == wanted
        assert reader.card == "cuda"


def test_what_fails_in_the_middle_is_decoded_again_by_the_processor(films: Path) -> None:
    with closing(VideoReader(films / "damaged.mp4")) as plain:
        wanted, warned = pictures(plain), plain.warnings
    with closing(VideoReader(films / "damaged.mp4")) as reader:
        reader.card = "cuda"  # from here on every error of the decoder is taken for the card's
        assert pictures(reader) == wanted
        assert reader.card == ""
        assert reader.warnings == warned
    assert warned


def test_a_file_that_is_no_film_is_said_so_with_a_card_too(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"words, not pictures" * 50)
    with pytest.raises(NotMedia):
        VideoReader(tmp_path / "x.mp4", card="cuda")


@pytest.mark.parametrize(
    ("planar", "packed", "colour_range"),
    [
        ("yuv420p", "nv12", 0),
        ("yuv420p", "nv12", 1),
        ("yuv420p", "nv12", 2),
        ("yuvj420p", "nv12", 2),
        ("yuv420p10le", "p010le", 1),
        ("yuv420p10le", "p010le", 2),
    ],
)
@pytest.mark.parametrize("matrix", [1, 2, 9])
def test_what_a_card_hands_back_keeps_every_value(
    planar: str, packed: str, colour_range: int, matrix: int
) -> None:
    draw = np.random.default_rng(3)
    width, height, chroma = 66, 50, 33 * 25
    deep = packed == "p010le"
    values = draw.integers(0, 1024 if deep else 256, width * height + 2 * chroma)
    frame = av.VideoFrame(width, height, packed)
    luma, blue, red = np.split(values, [width * height, width * height + chroma])
    pairs = np.stack([blue, red], 1)
    for plane, wanted in zip(frame.planes, (luma, pairs), strict=True):
        _fill(plane, wanted.reshape(plane.height, -1), deep)
    frame.pts, frame.time_base = 7, Fraction(1, 25)
    frame.colorspace, frame.color_range, frame.color_trc = matrix, colour_range, 16
    back = as_decoded(frame, planar)
    assert back.format.name == planar
    assert [_values(plane, deep) for plane in back.planes] == [
        luma.tolist(),
        blue.tolist(),
        red.tolist(),
    ]
    assert (back.pts, back.time_base) == (7, Fraction(1, 25))
    assert (back.colorspace, back.color_range, back.color_trc) == (matrix, colour_range, 16)


def _fill(plane: VideoPlane, values: np.ndarray, deep: bool) -> None:
    """Write values, (H, samples of a line), into a plane; p010 keeps ten bits at the top."""
    lines = np.zeros((plane.height, plane.line_size // (2 if deep else 1)), "<u2" if deep else "u1")
    lines[:, : values.shape[1]] = values << 6 if deep else values
    plane.update(lines.tobytes())


def _values(plane: VideoPlane, deep: bool) -> list[int]:
    lines = plane_bytes(plane).view("<u2" if deep else "u1").reshape(plane.height, -1)
    return lines[:, : plane.width].ravel().tolist()


@pytest.mark.parametrize(("given", "wanted"), [("yuv444p", "yuv420p"), ("nv12", "yuv420p10le")])
def test_a_layout_with_other_values_is_left_to_the_processor(given: str, wanted: str) -> None:
    with pytest.raises(CardFailed, match=f"as {given}, not as {wanted}"):
        as_decoded(av.VideoFrame(64, 48, given), wanted)


def test_footage_changes_its_decoder_while_it_is_open(films: Path) -> None:
    asset = Asset(id="a", name="long.mp4", kind=AssetKind.VIDEO, path="long.mp4")
    with closing(Footage(films, cache_bytes=0)) as footage:
        before = footage.picture(asset, Fraction(1)).frame.to_ndarray()
        footage.decode_with("cuda")
        after = footage.picture(asset, Fraction(1)).frame.to_ndarray()
    assert np.array_equal(before, after)


def test_a_sentence_says_what_decodes() -> None:
    assert words_on(False).startswith("Off:")
    said = words_on(True)
    assert said.endswith(".")
    assert ("graphics card (" in said) == bool(card())
