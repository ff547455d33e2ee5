"""Where clips lie and what is under the pointer, against a slow and certain reading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.document.model.clip import AdjustmentMedia, Clip, Gap, Item, Transition, TransitionKind
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.ui.timeline.geometry import Scale
from studio.ui.timeline.layout import (
    OnClip,
    OnGap,
    OnNothing,
    OnTrack,
    OnTransition,
    Part,
    clips_between,
    display_order,
    hit_test,
    locate,
    rows_for,
    visible_items,
)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """A row of clips and gaps that ends in a clip."""
    items: list[Item] = []
    for place in range(draw(st.integers(1, 12))):
        if items and not isinstance(items[-1], Gap) and draw(st.booleans()):
            items.append(Gap(id=f"g{place}", duration=draw(st.integers(1, 40))))
        clip = Clip(id=f"c{place}", duration=draw(st.integers(1, 60)), media=AdjustmentMedia())
        items.append(clip)
    return Track(id="t1", kind=TrackKind.VIDEO, items=tuple(items))


def _sequence(*found: Track) -> Sequence:
    return Sequence(id="s1", name="Cut", tracks=found)


@given(tracks(), st.integers(0, 500), st.integers(0, 300))
def test_visible_items_are_all_that_touch_the_view(found: Track, first: int, length: int) -> None:
    last = first + length
    starts = found.index.starts
    touching = {
        item.id
        for start, item in zip(starts, found.items, strict=False)
        if start <= last and start + item.duration > first
    }
    shown = {item.id for _start, item in visible_items(found, first, last)}
    assert touching <= shown
    assert len(shown) <= len(touching) + 4


@given(tracks(), st.integers(0, 500), st.integers(1, 300))
def test_clips_between_are_exactly_those_that_overlap(
    found: Track, first: int, length: int
) -> None:
    last = first + length
    wanted = {
        item.id
        for start, item in zip(found.index.starts, found.items, strict=False)
        if isinstance(item, Clip) and start < last and start + item.duration > first
    }
    assert {clip.id for _start, clip in clips_between(found, first, last)} == wanted


@given(tracks(), st.floats(4, 40))
def test_the_middle_of_every_item_is_that_item(found: Track, zoom: float) -> None:
    sequence, scale = _sequence(found), Scale(zoom)
    rows = rows_for(sequence)
    y = rows[0].top + rows[0].height * 0.7
    for start, item in zip(found.index.starts, found.items, strict=False):
        hit = hit_test(sequence, rows, scale, scale.x_of(start + item.duration / 2), y)
        if isinstance(item, Clip):
            assert isinstance(hit, OnClip)
            assert (hit.clip.id, hit.start) == (item.id, start)
        elif item.duration * zoom > 10:
            assert isinstance(hit, OnGap)
            assert hit.gap.id == item.id


def test_edges_fades_transitions_and_empty_room_are_told_apart() -> None:
    left = Clip(id="a", duration=100, media=AdjustmentMedia(), fade_in_frames=20)
    join = Transition(id="x", kind=TransitionKind.DISSOLVE, in_offset=10, out_offset=10)
    right = Clip(id="b", duration=100, media=AdjustmentMedia())
    found = Track(id="t1", kind=TrackKind.VIDEO, items=(left, join, right))
    sequence, scale = _sequence(found), Scale(4.0)
    rows = rows_for(sequence)

    def under(x: float, share: float) -> object:
        return hit_test(sequence, rows, scale, x, rows[0].top + rows[0].height * share)

    edge = under(2, 0.7)
    assert isinstance(edge, OnClip)
    assert edge.part is Part.LEFT_EDGE
    cut = under(398, 0.3)
    assert isinstance(cut, OnClip)
    assert (cut.part, cut.edge_partner) == (Part.RIGHT_EDGE, "b")
    fade = under(80, 22 / rows[0].height)
    assert isinstance(fade, OnClip)
    assert fade.part is Part.FADE_IN
    middle = under(400, 0.8)
    assert isinstance(middle, OnTransition)
    assert (middle.edge, middle.cut) == (0, 100)
    outer = under(438, 0.8)
    assert isinstance(outer, OnTransition)
    assert outer.edge == 1
    assert isinstance(under(900, 0.5), OnTrack)
    assert isinstance(hit_test(sequence, rows, scale, 10, 5000), OnNothing)


def test_tracks_are_shown_as_editors_expect_them() -> None:
    kinds = (TrackKind.VIDEO, TrackKind.VIDEO, TrackKind.AUDIO, TrackKind.CAPTION, TrackKind.AUDIO)
    found = tuple(Track(id=f"t{n}", kind=kind) for n, kind in enumerate(kinds))
    shown = [track.id for track in display_order(_sequence(*found))]
    assert shown == ["t3", "t1", "t0", "t2", "t4"]


def test_a_clip_is_located_by_its_id_and_nothing_else_is() -> None:
    gap, clip = Gap(id="g", duration=10), Clip(id="c", duration=5, media=AdjustmentMedia())
    sequence = _sequence(Track(id="t1", kind=TrackKind.VIDEO, items=(gap, clip)))
    found = locate(sequence, "c")
    assert found is not None
    assert (found[0].id, found[1], found[2].id) == ("t1", 10, "c")
    assert locate(sequence, "g") is None
    assert locate(sequence, "nothing") is None
