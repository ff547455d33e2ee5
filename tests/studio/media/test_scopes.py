"""Scopes read true: bars land in their boxes, a ramp is a straight line, and nothing is lost."""

from __future__ import annotations

from itertools import combinations
from math import atan2, degrees

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.model.clip import GeneratorKind, GeneratorMedia
from studio.media.compositor.generators import generated_content
from studio.media.compositor.render import render_frame
from studio.media.scopes import traces
from studio.media.scopes.figures import figures_of
from studio.media.scopes.graticule import BARS, BOX, skin_line, targets
from studio.media.scopes.scale import CENTRE, LEVELS, Units, chroma_place, marks, written
from studio.media.scopes.signal import MOST_PIXELS, chroma_of, luma_of, sampled
from tests.studio.media.cuts import clip, cut, scene, video

SIZE = (480, 270)
RAMP = np.repeat(np.arange(LEVELS, dtype=np.uint8)[None, :, None], 64, axis=0).repeat(3, axis=2)


def bars() -> np.ndarray:
    """SMPTE bars as the compositor draws them, uint8 (H, W, 3)."""
    made = generated_content(GeneratorMedia(kind=GeneratorKind.BARS), 0, SIZE)
    return made.pixels[..., :3].copy()


def test_bars_of_75_percent_land_in_the_boxes_of_the_vectorscope() -> None:
    top = bars()[: SIZE[1] * 2 // 3]
    counts = traces.vectorscope(top)
    expected = {"YL": 1, "CY": 2, "G": 3, "MG": 4, "R": 5, "B": 6}
    for target in targets():
        rows, columns = np.nonzero(counts)
        inside = sum(
            int(counts[red, blue])
            for red, blue in zip(rows, columns, strict=True)
            if target.holds(float(blue), float(red))
        )
        place = expected[target.name]
        width = (place + 1) * SIZE[0] // 7 - place * SIZE[0] // 7
        assert inside == width * len(top), target
    assert counts[128, 128] == len(top) * (SIZE[0] // 7)  # the grey bar, in the middle
    assert counts.sum() == top.shape[0] * top.shape[1]


def test_bars_that_have_been_through_a_cut_still_land_in_the_boxes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    film = cut(video(clip(GeneratorMedia(kind=GeneratorKind.BARS), 10)))
    rgb = render_frame(scene(film, tmp_path_factory.mktemp("none")), "s", 3, SIZE)
    middles = [(number * 2 + 1) * SIZE[0] // 14 for number in range(1, 7)]
    for column, name in zip(middles, ("YL", "CY", "G", "MG", "R", "B"), strict=True):
        (blue, red) = chroma_of(rgb[40:41, column : column + 1])[0, 0]
        target = next(target for target in targets() if target.name == name)
        assert target.holds(float(blue), float(red))


def test_boxes_lie_apart_and_where_the_standard_says() -> None:
    """Of BT.709 with full colour, as codes of 8 bits: red is Cb 102, Cr 240."""
    full = {target.name: (target.blue, target.red) for target in targets(1.0)}
    assert [round(code) for code in full["R"]] == [102, 240]
    assert [round(code) for code in full["B"]] == [240, 118]
    assert [round(code) for code in full["G"]] == [42, 26]
    for first, other in combinations(targets(), 2):
        assert max(abs(first.blue - other.blue), abs(first.red - other.red)) > 4 * BOX
    blue, red = skin_line()
    assert degrees(atan2(red - CENTRE, blue - CENTRE)) == pytest.approx(123)
    assert set(BARS) == {target.name for target in targets()}


def test_a_grey_ramp_is_a_straight_diagonal_in_every_waveform() -> None:
    for trace in (traces.luma_waveform(RAMP), traces.waveform(RAMP[..., 1])):
        assert trace.shape == (LEVELS, LEVELS)
        assert np.array_equal(trace, np.eye(LEVELS) * len(RAMP))
    wide = np.repeat(RAMP, 3, axis=1)
    for part in traces.parade(wide):
        levels, places = np.nonzero(part)
        assert np.abs(levels - places * (LEVELS - 1) / (part.shape[1] - 1)).max() <= 1.6


def test_a_ramp_lies_in_the_middle_of_the_vectorscope_and_fills_the_histogram() -> None:
    assert traces.vectorscope(RAMP)[128, 128] == RAMP.shape[0] * RAMP.shape[1]
    assert np.array_equal(traces.histogram(RAMP), np.full((4, LEVELS), len(RAMP)))


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_flat_colour_is_one_place_in_every_scope(colour: tuple[int, int, int]) -> None:
    rgb = np.full((6, 8, 3), colour, np.uint8)
    wave = traces.luma_waveform(rgb)
    luma = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    (levels, _places) = np.nonzero(wave)
    assert np.abs(levels - luma).max() <= 0.5 + 1e-6
    for part, value in enumerate(colour):
        assert set(np.nonzero(traces.parade(rgb)[part])[0]) == {value}
        assert traces.histogram(rgb)[part, value] == 48
    (red,), (blue,) = np.nonzero(traces.vectorscope(rgb))
    exact = chroma_place(*(value / 255 for value in colour))
    assert abs(blue - exact[0]) <= 0.5 + 1e-6
    assert abs(red - exact[1]) <= 0.5 + 1e-6


@settings(max_examples=25)
@given(st.integers(1, 900), st.integers(1, 900))
def test_a_small_copy_has_values_of_the_picture_alone(width: int, height: int) -> None:
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([y % 256, x % 256, y // 256 * 16 + x // 256], axis=2).astype(np.uint8)
    small = sampled(rgb).astype(int)
    count = small.shape[0] * small.shape[1]
    assert min(width * height, MOST_PIXELS / 5) <= count <= MOST_PIXELS
    ys = small[..., 0] + small[..., 2] // 16 * 256  # every pixel tells where it was
    xs = small[..., 1] + small[..., 2] % 16 * 256
    assert len(set(np.diff(ys, axis=0).ravel()) | set(np.diff(xs, axis=1).ravel())) <= 1


def test_light_grows_with_hits_and_one_hit_is_seen() -> None:
    counts = np.array([[0, 1, 4, 40, 4000]])
    light = traces.lit(counts, usual=40, brightness=1.0)[0]
    assert light[0] == 0
    assert light[1] >= 0.1
    assert np.all(np.diff(light) >= 0)
    assert light[3] == pytest.approx(0.5)
    assert light[4] == pytest.approx(1.0)
    assert np.all(traces.lit(counts, 40, 0.5)[0] <= light)


def test_scales_begin_at_black_and_end_at_white() -> None:
    assert [written(level, Units.PERCENT) for level in marks(Units.PERCENT)][::5] == [
        "0", "50", "100",
    ]  # fmt: skip
    codes = [written(level, Units.CODE) for level in marks(Units.CODE)]
    assert (codes[0], codes[4], codes[-1]) == ("64", "512", "940")


def test_figures_tell_what_the_picture_is() -> None:
    figures = figures_of(RAMP)
    assert (figures.luma.lowest_percent, figures.luma.highest_percent) == (0, 100)
    assert figures.luma.mean_percent == pytest.approx(50, abs=0.01)
    assert figures.black_share == figures.white_share == pytest.approx(1 / 256, abs=1e-4)
    assert figures.most_colour == 0
    red = figures_of(np.full((2, 2, 3), (255, 0, 0), np.uint8))
    assert red.green.highest_percent == 0
    assert red.most_colour == pytest.approx(1.03, abs=0.01)
    assert luma_of(RAMP)[0, 77] == 77
