"""Colour by the letter: what the code values of a file stand for, in whatever form it is asked."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from av.video.frame import VideoFrame

from studio.media.conform import Source, to_frame, to_rgb, to_rgba
from studio.media.facts import Colour, Matrix, Transfer, VideoFacts
from studio.media.libav import plane_bytes
from studio.media.matrices import WEIGHTS, plane_values
from studio.media.picture import RgbPicture, YuvPicture

SIDE = 64
CODES = ((100, 100, 150), (60, 120, 130), (180, 90, 140), (126, 128, 128), (16, 128, 128))
LAYOUTS = {
    "yuv420p": 8, "yuvj420p": 8, "yuv422p": 8, "yuva420p": 8, "yuv420p10le": 10,
    "yuv422p12le": 12, "yuva444p12le": 12,
}  # fmt: skip


def flat(layout: str, codes: tuple[int, int, int]) -> VideoFrame:
    frame = VideoFrame(SIDE, SIDE, layout)
    shift = LAYOUTS[layout] - 8
    opaque = 255 if not shift else (1 << LAYOUTS[layout]) - 1
    for plane, code in zip(frame.planes, (*codes, opaque), strict=False):
        kind = np.uint16 if shift else np.uint8
        plane_bytes(plane).view(kind)[:] = code if code == opaque else code << shift
    return frame


def source(layout: str, codes: tuple[int, int, int], matrix: Matrix, *, full: bool) -> Source:
    colour = Colour(matrix, full, Transfer.SDR, wide_gamut=False, bit_depth=LAYOUTS[layout])
    facts = VideoFacts(
        "h264", layout, SIDE, SIDE, Fraction(25), False, 1, Fraction(1), colour,
        alpha="a4" in layout,
    )  # fmt: skip
    return Source(flat(layout, codes), facts)


def meant(codes: tuple[int, int, int], matrix: Matrix, *, full: bool) -> np.ndarray:
    """R'G'B' from 0 to 255 by the definition of luma and of the colour differences."""
    kr, kb = WEIGHTS[matrix]
    scale, chroma, black = (255, 255, 0) if full else (219, 224, 16)
    luma, blue, red = (codes[0] - black) / scale, *((code - 128) / chroma for code in codes[1:])
    r, b = luma + 2 * (1 - kr) * red, luma + 2 * (1 - kb) * blue
    return np.clip(np.array([r, (luma - kr * r - kb * b) / (1 - kr - kb), b]), 0, 1) * 255


WAYS = pytest.mark.parametrize(
    ("matrix", "full"),
    [(m, f) for m in (Matrix.BT601, Matrix.BT709, Matrix.BT2020) for f in (False, True)],
)


@WAYS
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("size", [(SIDE, SIDE), (48, 32)])
def test_code_values_become_the_colours_they_stand_for(
    layout: str, matrix: Matrix, full: bool, size: tuple[int, int]
) -> None:
    full = full or "yuvj" in layout
    for codes in CODES:
        shown = source(layout, codes, matrix, full=full)
        wanted = meant(codes, matrix, full=full)
        pixel = (to_rgba if "a4" in layout else to_rgb)(shown, size)[16, 16, :3]
        assert np.abs(pixel - wanted).max() <= (2 if layout == "yuva444p12le" else 1), codes
        deep = (to_rgba if "a4" in layout else to_rgb)(shown, size, deep=True)[16, 16, :3]
        assert np.abs(deep / 257 - wanted).max() <= 0.1, codes


@WAYS
@pytest.mark.parametrize("layout", ["yuv420p", "yuv420p10le"])
def test_and_stay_them_in_the_form_of_films(layout: str, matrix: Matrix, full: bool) -> None:
    for codes in CODES:
        shown = source(layout, codes, matrix, full=full)
        picture = YuvPicture(to_frame(shown, (SIDE, SIDE)), None)
        wanted = meant(codes, matrix, full=full)
        assert np.abs(picture.rgb()[16, 16] - wanted).max() <= 2, codes
        assert np.abs(picture.deep_rgb()[16, 16] / 257 - wanted).max() <= 2, codes


@pytest.mark.parametrize("code", range(16, 236, 5))
def test_grey_stays_as_grey_and_as_bright_through_an_effect(code: int) -> None:
    """To RGB and back, which a clip with an effect goes and its neighbour does not."""
    picture = YuvPicture(flat("yuv420p", (code, 128, 128)), None)
    back = RgbPicture(picture.rgb()).frame()
    assert [int(plane_values(back, index)[9, 9]) for index in range(3)] == [code, 128, 128]
