"""What a file says about its pictures is obeyed: turns, aspect, matrices, range, fields, light."""

from __future__ import annotations

import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from PIL import Image

from studio.media.conform import Source, to_frame, to_i420, to_rgb, to_rgba
from studio.media.decode.pictures import PictureReader
from studio.media.errors import NotMedia
from studio.media.facts import Colour, Matrix, Scan, Transfer, VideoFacts
from studio.media.picture import YuvPicture
from studio.media.probe import probe
from studio.media.tonemap import hlg_to_nits, mapped, pq_to_nits
from tests.studio.media.footage import Shot, make_film_of_photos, make_video

BARS = ((191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 0), (0, 0, 191))
SIZE = (96, 64)


def facts_of(frame: VideoFrame, colour: Colour) -> VideoFacts:
    return VideoFacts(
        codec="",
        pixel_format=frame.format.name,
        width=frame.width,
        height=frame.height,
        rate=Fraction(25),
        variable_rate=False,
        frame_count=1,
        duration=Fraction(1),
        colour=colour,
    )


def bars() -> np.ndarray:
    return np.repeat(np.repeat(np.array(BARS, np.uint8)[None], SIZE[1], 0), SIZE[0] // 6, 1)


def coded(colour: Colour, pixel_format: str) -> Source:
    """Bars in a matrix, range and depth."""
    spaces = {Matrix.BT601: 5, Matrix.BT709: 1, Matrix.BT2020: 9}
    frame = VideoFrame.from_ndarray(bars(), format="rgb24").reformat(
        format=pixel_format, dst_colorspace=spaces[colour.matrix], src_color_range=2,
        dst_color_range=2 if colour.full_range else 1,
    )  # fmt: skip
    return Source(frame, facts_of(frame, colour))


@pytest.mark.parametrize("matrix", [Matrix.BT601, Matrix.BT709, Matrix.BT2020])
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("pixel_format", "depth"), [("yuv444p", 8), ("yuv444p10le", 10), ("yuv444p12le", 12)]
)
def test_every_matrix_range_and_depth_gives_the_same_colours(
    matrix: Matrix, full: bool, pixel_format: str, depth: int
) -> None:
    source = coded(Colour(matrix, full, Transfer.SDR, False, depth), pixel_format)
    through_yuv = YuvPicture(to_frame(source, SIZE), None).rgb()
    for made in (to_rgb(source, SIZE), through_yuv):
        for index, wanted in enumerate(BARS):
            seen = made[32, index * 16 + 8].astype(int)
            assert np.abs(seen - wanted).max() <= 6, (index, seen)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("flipped", [False, True])
def test_turns_and_mirrors(turn: int, flipped: bool) -> None:
    picture = np.zeros((64, 96, 3), np.uint8)
    picture[:32, :48] = (200, 40, 40)
    frame = VideoFrame.from_ndarray(picture, format="rgb24")
    colour = Colour(Matrix.RGB, True, Transfer.SDR, False, 8)
    source = Source(frame, replace(facts_of(frame, colour), rotation=turn, flipped=flipped))
    expected = np.rot90(picture[:, ::-1] if flipped else picture, -turn // 90)
    size = source.display_size
    assert size == (expected.shape[1], expected.shape[0])
    assert np.array_equal(to_rgb(source, size), expected)
    planar = YuvPicture(None, to_i420(source, size)).rgb()
    assert np.abs(planar.astype(int) - expected).mean() < 3


def test_a_display_matrix_in_the_file_is_read(tmp_path: Path) -> None:
    """A phone's film: the track header asks for a quarter turn clockwise."""
    path = make_video(tmp_path / "phone.mp4", Shot(5))
    data = bytearray(path.read_bytes())
    whole = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    at = data.index(whole, data.index(b"tkhd"))
    data[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    facts = probe(path).video
    assert facts is not None
    assert facts.rotation == 90
    assert facts.display_size == (180, 320)


@pytest.mark.parametrize(("said", "turn"), [(0, 0), (6, 90), (8, 270), (3, 180)])
def test_a_film_of_photos_with_notes_of_the_camera_is_read(
    tmp_path: Path, said: int, turn: int
) -> None:
    path = make_film_of_photos(tmp_path / "camera.avi", said)
    facts = probe(path).video
    assert facts is not None
    assert (facts.rotation, facts.frame_count) == (turn, 5)


def test_pixel_aspect_widens_the_picture() -> None:
    frame = VideoFrame.from_ndarray(bars(), format="rgb24")
    colour = Colour(Matrix.RGB, True, Transfer.SDR, False, 8)
    facts = replace(facts_of(frame, colour), pixel_aspect=Fraction(4, 3))
    assert facts.display_size == (128, 64)


def test_fields_are_made_whole() -> None:
    picture = np.full((64, 96), 60, np.uint8)
    picture[1::2] = 200  # two moments in one frame: lines of a comb
    frame = VideoFrame.from_ndarray(
        np.concatenate([picture, np.full((32, 96), 128, np.uint8)]), format="yuv420p"
    )
    colour = Colour(Matrix.BT709, False, Transfer.SDR, False, 8)
    source = Source(frame, replace(facts_of(frame, colour), scan=Scan.TOP_FIRST))
    luma = to_i420(source, SIZE)[:64].astype(int)
    assert np.abs(np.diff(luma[8:-8], axis=0)).max() < 20
    again = to_i420(source, SIZE)[:64]
    assert np.array_equal(luma, again)


def test_high_dynamic_range_keeps_greys_grey_and_order() -> None:
    code = np.linspace(0, 1, 64)[:, None].repeat(3, axis=1)
    for transfer in (Transfer.PQ, Transfer.HLG):
        out = mapped(code, transfer)
        assert np.ptp(out, axis=1).max() < 0.01
        assert (np.diff(out[:, 0]) >= -1e-9).all()
        assert out[0, 0] == 0
    assert pq_to_nits(np.array([0.5081]))[0] == pytest.approx(100, rel=0.01)
    assert hlg_to_nits(np.full((1, 3), 0.75))[0, 0] == pytest.approx(203, rel=0.02)


def test_an_hdr_frame_reaches_the_canvas() -> None:
    level = np.full((64, 96, 3), int(0.58 * 65535), np.uint16)
    frame = VideoFrame.from_ndarray(level, format="rgb48le").reformat(
        format="yuv420p10le", dst_colorspace=9, src_color_range=2, dst_color_range=1
    )
    colour = Colour(Matrix.BT2020, False, Transfer.PQ, True, 10)
    seen = to_rgb(Source(frame, facts_of(frame, colour)), SIZE)[32, 48]
    wanted = mapped(np.full((1, 3), 0.58), Transfer.PQ)[0] * 255
    assert np.abs(seen - wanted).max() < 4


def test_a_photo_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    photo = Image.new("RGB", (60, 40), (200, 0, 0))
    tag = Image.Exif()
    tag[0x0112] = 6
    photo.save(tmp_path / "photo.jpg", exif=tag)
    facts = probe(tmp_path / "photo.jpg").video
    assert facts is not None
    assert (facts.still, facts.display_size) == (True, (40, 60))
    assert PictureReader(tmp_path / "photo.jpg").frame_at(Fraction(9)).rgb.shape == (60, 40, 3)


@pytest.mark.parametrize("suffix", [".webp", ".png", ".gif"])
def test_animations_keep_their_times_and_transparency(tmp_path: Path, suffix: str) -> None:
    frames = []
    for shade in (50, 120, 220):
        frame = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
        frame.paste((shade, 0, 0, 255), (0, 0, 20, 30))
        frames.append(frame)
    path = tmp_path / f"sticker{suffix}"
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 300, 200],
        loop=0,
        disposal=2,
        lossless=True,
    )
    facts = probe(path)
    assert facts.duration == Fraction(6, 10)
    assert facts.video is not None
    reader = PictureReader(path)
    shown = [reader.frame_at(Fraction(ms, 1000)) for ms in (0, 150, 399, 450, 9000)]
    assert [round(int(each.rgb[5, 5, 0]) / 10) for each in shown] == [5, 12, 12, 22, 22]
    if (
        suffix != ".webp"
    ):  # Pillow's writer leaves the alpha out; `test_export` makes one that has it
        assert facts.video.alpha
        assert all(each.alpha is not None and each.alpha[5, 35] == 0 for each in shown)


def test_transparency_is_premultiplied() -> None:
    picture = np.zeros((4, 4, 4), np.uint8)
    picture[...] = (200, 100, 50, 128)
    frame = VideoFrame.from_ndarray(picture, format="rgba")
    colour = Colour(Matrix.RGB, True, Transfer.SDR, False, 8)
    made = to_rgba(Source(frame, replace(facts_of(frame, colour), alpha=True)), (4, 4))
    assert np.abs(made[0, 0].astype(int) - (100, 50, 25, 128)).max() <= 1


def test_a_picture_that_breaks_off_is_said_so(tmp_path: Path) -> None:
    Image.effect_noise((200, 200), 80).save(tmp_path / "x.png")
    whole = (tmp_path / "x.png").read_bytes()
    (tmp_path / "x.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotMedia, match="damaged"):
        PictureReader(tmp_path / "x.png").frame_at(Fraction(0))


def test_ten_bits_pass_a_decoder(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "x.mov", Shot(3, codec="prores_ks", pixel_format="yuv422p10le", options={})
    )
    facts = probe(path).video
    assert facts is not None
    assert facts.colour.bit_depth == 10
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    assert to_frame(Source(frame, facts), (320, 180)).format.name == "yuv420p"
