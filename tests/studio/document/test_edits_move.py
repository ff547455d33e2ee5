"""Moving, duplicating, swapping, linking, grouping and nesting, as their diagrams have them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.document.edits.captions import add_caption
from studio.document.edits.link import group, link, ungroup, unlink
from studio.document.edits.move import Move, MoveMode, duplicate, move, moves_by, swap
from studio.document.edits.nest import nest, unnest
from studio.document.edits.tracks import lock_track
from studio.document.errors import EditError
from studio.document.model.clip import AdjustmentMedia, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import locate_clip, with_linked
from studio.document.time import FrameRange
from tests.studio.document.films import (
    HANDLE,
    clip,
    clips,
    dissolve,
    drawn,
    film,
    picture_and_sound,
    source_frames,
    track,
    with_transition,
)
from tests.studio.document.rules import check


def test_a_move_covers_what_lies_where_it_lands_and_leaves_a_gap() -> None:
    project = film(track("AAABBBCCC"))
    assert drawn(move(project, [Move("A", "V1", 4)])) == "...BAAACC"
    assert source_frames(project, "A") == (HANDLE, 3)


def test_a_move_between_clips_pushes_every_synced_track() -> None:
    project = film(track("AAABBBCC"), track("......DD", "V2"))
    moved = move(project, [Move("A", "V1", 6)], MoveMode.INSERT)
    assert (drawn(moved), drawn(moved, "V2")) == ("...BBBAAACC", ".........DD")


def test_rearranging_exchanges_room_on_its_own_track_only() -> None:
    project = film(track("AAABBBCC"), track("......DD", "V2"))
    moved = move(project, [Move("A", "V1", 6)], MoveMode.REARRANGE)
    assert (drawn(moved), drawn(moved, "V2")) == ("BBBAAACC", "......DD")


def test_a_drag_takes_linked_sound_along_in_time_but_not_across_tracks() -> None:
    project = film(*picture_and_sound("AAA").sequences[0].tracks, track("", "V2"))
    moved = move(project, moves_by(project, ["A"], 2, 1))
    assert [drawn(moved, name) for name in ("V1", "V2", "A1")] == ["", "..AAA", "..aaa"]
    alone = move(project, moves_by(project, ["A"], 2, linked=False))
    assert [drawn(alone, name) for name in ("V1", "A1")] == ["..AAA", "aaa"]
    with pytest.raises(EditError, match="no track there"):
        moves_by(project, ["A"], 0, 2)


def test_clips_that_move_together_keep_their_transition() -> None:
    project = film(with_transition(track("AAABBB..."), 1, dissolve("x", 1, 1)))
    moved = move(project, moves_by(project, ["A", "B"], 2))
    assert drawn(moved) == "..AAAxBBB"
    check(moved)


def test_a_move_before_the_start_or_onto_itself_is_refused() -> None:
    project = film(track("AAABBB"))
    with pytest.raises(EditError, match="before the start"):
        move(project, [Move("A", "V1", -1)])
    with pytest.raises(EditError, match="land on each other"):
        move(project, [Move("A", "V1", 0), Move("B", "V1", 2)])
    silent = replace(track("A"), items=(clip("A", 3, media=AdjustmentMedia()),))
    with_sound = film(silent, track("bbb", "A1", TrackKind.AUDIO))
    with pytest.raises(EditError, match="A1"):
        move(with_sound, [Move("A", "A1", 0)])


def test_copies_are_linked_to_each_other_and_not_to_what_they_copy() -> None:
    project = picture_and_sound("AAA")
    copied = duplicate(project, [Move("A", "V1", 3), Move("a", "A1", 3)])
    assert (drawn(copied), drawn(copied, "A1")) == ("AAA|AAA", "aaa|aaa")
    (old, new), (low, fresh) = clips(copied), clips(copied, "A1")
    assert old.link == low.link == "link A"
    assert new.link == fresh.link
    assert new.link not in (None, old.link)


def test_swap_exchanges_two_clips_and_keeps_the_length() -> None:
    project = picture_and_sound("AAABBCCCC")
    swapped = swap(project, "A", "C")
    assert (drawn(swapped), drawn(swapped, "A1")) == ("CCCCBBAAA", "ccccbbaaa")
    with pytest.raises(EditError, match="same track"):
        swap(project, "A", "a", linked=False)


def test_linking_unlinking_and_groups() -> None:
    project = film(track("AAABBB"), track("aaa", "A1", TrackKind.AUDIO))
    linked = link(project, ["A", "a"])
    assert with_linked(linked, ["A"]) == {"A", "a"}
    assert with_linked(unlink(linked, ["A", "a"]), ["A"]) == {"A"}
    grouped = group(linked, ["A", "B"])
    assert locate_clip(grouped, "A")[1].link == locate_clip(linked, "A")[1].link
    assert {"A", "B"} <= with_linked(grouped, ["B"])
    assert with_linked(ungroup(grouped, ["A", "B"]), ["B"]) == {"B"}
    with pytest.raises(EditError, match="at least two"):
        link(project, ["A"])
    with pytest.raises(EditError, match="locked"):
        link(lock_track(project, "V1", locked=True), ["A", "a"])


def test_nesting_puts_clips_in_a_sequence_of_their_own_and_unnesting_brings_them_back() -> None:
    project = picture_and_sound("..AAABBBCC")
    nested = nest(project, ["A", "B"], "N")
    assert (drawn(nested), drawn(nested, "A1")) == ("..NNNNNNCC", "..NNNNNNcc")
    outer = clips(nested)[0]
    assert outer.link == clips(nested, "A1")[0].link
    assert isinstance(outer.media, SequenceMedia)
    inner = nested.sequence(outer.media.sequence_id)
    assert drawn(Project(name="", sequences=(inner,))) == "AAABBB"
    check(nested)
    back = unnest(nested, outer.id)
    assert (drawn(back), drawn(back, "A1")) == (drawn(project), drawn(project, "A1"))
    pairs = zip(clips(back), clips(back, "A1"), strict=True)
    assert all(picture.link == sound.link for picture, sound in pairs)
    check(back)


def test_a_trimmed_nest_brings_back_what_it_showed() -> None:
    project = nest(film(track("AAABBBCC")), ["A", "B"], "N")
    outer = clips(project)[0]
    from_inside = move(project, [Move("C", "V1", 4)])
    back = unnest(from_inside, outer.id)
    assert drawn(back) == "AAABCC"


def test_captions_that_were_nested_come_back() -> None:
    project = film(track("AAABBB"), track("", "C1", TrackKind.CAPTION))
    project = add_caption(project, "C1", FrameRange(1, 4), "Rain.")
    caption = clips(project, "C1")[0].id
    nested = nest(project, ["A", "B", caption], "N")
    assert clips(nested, "C1") == []
    back = unnest(nested, clips(nested)[0].id)
    check(back)
    assert [(c.media, c.duration) for c in clips(back, "C1")] == [
        (c.media, c.duration) for c in clips(project, "C1")
    ]
    assert [each.name for each in back.sequences[0].tracks] == ["V1", "C1"]


def test_nesting_around_another_clip_is_refused() -> None:
    with pytest.raises(EditError, match="Select it too"):
        nest(film(track("AAABBBCC")), ["A", "C"], "N")
