"""Time to pixels and back, rows, ruler steps and snapping: laws, not examples."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.timeline.geometry import (
    MAX_PIXELS_PER_FRAME,
    MIN_PIXELS_PER_FRAME,
    Scale,
    row_at,
    ruler_step,
    stack_rows,
    ticks,
)
from studio.ui.timeline.snapping import find_snap, nearest
from studio.ui.timeline.zoom import position_of, scale_of

zooms = st.floats(MIN_PIXELS_PER_FRAME, MAX_PIXELS_PER_FRAME)
origins = st.floats(0, 1e6)
frames = st.integers(0, 2_000_000)
scales = st.builds(Scale, zooms, origins)
pixels = st.floats(0, 4000)


@given(scales, frames)
def test_a_frame_covers_the_pixel_at_which_it_begins(scale: Scale, frame: int) -> None:
    assert scale.frame_at(scale.x_of(frame) + scale.pixels_per_frame / 2) == frame


@given(scales, frames)
def test_an_edge_is_found_again_at_its_pixel(scale: Scale, frame: int) -> None:
    assert scale.nearest_edge(scale.x_of(frame)) == frame


@given(scales, st.floats(0.2, 5), pixels)
def test_zooming_keeps_what_is_under_the_pointer(scale: Scale, factor: float, x: float) -> None:
    before = x / scale.pixels_per_frame + scale.origin_frame
    after = scale.zoomed(factor, x)
    assert MIN_PIXELS_PER_FRAME <= after.pixels_per_frame <= MAX_PIXELS_PER_FRAME
    assert after.origin_frame >= 0
    if after.origin_frame > 0:
        there = x / after.pixels_per_frame + after.origin_frame
        assert math.isclose(there, before, rel_tol=1e-6, abs_tol=1e-3)


@given(scales, frames, st.floats(200, 3000))
def test_revealing_brings_a_frame_into_view(scale: Scale, frame: int, width: float) -> None:
    x = scale.revealing(frame, width).x_of(frame)
    assert -1e-3 <= x <= width + 1e-3


@given(scales, frames, st.floats(200, 3000))
def test_turning_the_page_shows_the_playhead(scale: Scale, frame: int, width: float) -> None:
    assert -1e-3 <= scale.paged_to(frame, width).x_of(frame) < width


@given(scales, frames, st.floats(200, 3000))
def test_no_page_is_turned_where_the_end_is_in_view(scale: Scale, end: int, width: float) -> None:
    seen = 0 <= scale.x_of(end) <= width
    for frame in (end, max(0, end - 1)):
        if seen and scale.x_of(frame) >= 0:
            assert scale.paged_to(frame, width, end) == scale or scale.x_of(frame) == width


@given(st.integers(1, 500_000), st.floats(100, 3000))
def test_a_fitted_film_is_seen_whole(length: int, width: float) -> None:
    scale = Scale().fitted(length, width)
    whole = scale.x_of(length) <= width
    assert whole or scale.pixels_per_frame == MIN_PIXELS_PER_FRAME
    assert scale.origin_frame == 0


@given(st.lists(st.floats(16, 300), min_size=1, max_size=12))
def test_rows_follow_one_another_and_each_is_found_by_its_pixels(heights: list[float]) -> None:
    rows = stack_rows([(f"t{n}", "video", height) for n, height in enumerate(heights)])
    for above, below in pairwise(rows):
        assert below.top > above.bottom
    for row in rows:
        assert row_at(rows, row.top + row.height / 2) == row
    assert row_at(rows, rows[-1].bottom + 1) is None
    assert row_at(rows, -1) is None


@given(scales, st.sampled_from([12, 24, 25, 30, 50, 60]))
def test_ruler_labels_never_touch_and_small_ticks_divide_them(scale: Scale, fps: int) -> None:
    major, minor = ruler_step(scale, fps)
    assert major % minor == 0
    assert scale.width_of(major) >= 92 or major == 7200 * fps


@given(scales, st.sampled_from([24, 30, 60]), st.floats(100, 2000))
def test_ticks_cover_what_is_seen_in_order(scale: Scale, fps: int, width: float) -> None:
    shown = [tick.frame for tick in ticks(scale, width, fps)]
    assert shown == sorted(set(shown))
    assert all(frame >= 0 for frame in shown)
    assert len(shown) <= width / 5 + 3


points = st.lists(st.integers(0, 5000), max_size=30).map(lambda found: sorted(set(found)))


@given(points, st.integers(-100, 5100))
def test_the_nearest_point_is_nearest(found: list[int], frame: int) -> None:
    best = nearest(found, frame)
    assert (best is None) == (not found)
    if best is not None:
        assert abs(best - frame) == min(abs(point - frame) for point in found)


@given(points, st.lists(st.integers(0, 5000), min_size=1, max_size=4), st.floats(0, 60))
def test_a_snap_lands_an_edge_on_a_point_by_the_smallest_move(
    found: list[int], edges: list[int], radius: float
) -> None:
    snap = find_snap(found, edges, radius)
    reachable = [abs(p - e) for p in found for e in edges if abs(p - e) <= radius]
    assert (snap is None) == (not reachable)
    if snap is not None:
        assert abs(snap.shift_frames) == min(reachable)
        assert snap.guide_frame in found
        assert any(edge + snap.shift_frames == snap.guide_frame for edge in edges)


@given(st.integers(0, 1000))
def test_the_zoom_slider_comes_back_to_where_it_stood(position: int) -> None:
    assert position_of(scale_of(position)) == position
