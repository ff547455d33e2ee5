"""Razor, lift, extract, delete, ripple delete and closing gaps, as their diagrams have them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.document.edits.cut import (
    close_all_gaps,
    close_gap,
    delete,
    extract,
    lift,
    razor,
    ripple_delete,
)
from studio.document.edits.markers import add_marker
from studio.document.edits.tracks import lock_track, sync_track
from studio.document.errors import EditError
from studio.document.model.clip import Clip, Gap
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.time import FrameRange
from tests.studio.document.films import (
    HANDLE,
    clips,
    dissolve,
    drawn,
    film,
    named,
    picture_and_sound,
    source_frames,
    track,
    with_transition,
)
from tests.studio.document.rules import check


def first_gap(project: Project, name: str = "V1") -> str:
    return next(item.id for item in named(project, name).items if isinstance(item, Gap))


def test_a_razor_cuts_one_track_or_all_that_are_unlocked() -> None:
    project = film(track("AAAAAA"), track("BBBBBB", "V2"), track("CCCCCC", "V3"))
    project = lock_track(project, "V3", locked=True)
    one = razor(project, "s", 2, ["V1"])
    assert [drawn(one, name) for name in ("V1", "V2", "V3")] == ["AA|AAAA", "BBBBBB", "CCCCCC"]
    every = razor(project, "s", 2)
    assert [drawn(every, name) for name in ("V1", "V2", "V3")] == ["AA|AAAA", "BB|BBBB", "CCCCCC"]
    left, right = clips(one)
    assert source_frames(one, left.id) == (HANDLE, 2)
    assert source_frames(one, right.id) == (HANDLE + 2, 4)
    with pytest.raises(EditError, match="locked"):
        razor(project, "s", 2, ["V3"])


def test_a_razor_links_halves_to_each_other() -> None:
    project = razor(picture_and_sound("AAAAAA"), "s", 3)
    (left, right), (low, late) = clips(project), clips(project, "A1")
    assert left.link == low.link == "link A"
    assert right.link == late.link
    assert right.link not in (None, left.link)
    check(project)


def test_a_razor_between_clips_cuts_nothing() -> None:
    with pytest.raises(EditError, match="No clip crosses"):
        razor(film(track("AAABBB")), "s", 3)


def test_lift_leaves_a_gap_and_everything_else_in_place() -> None:
    project = lift(film(track("AAABBBCC"), track("DDDDDDDD", "V2")), "s", FrameRange(2, 5), ["V1"])
    assert drawn(project) == "AA...BCC"
    assert drawn(project, "V2") == "DDDDDDDD"
    assert [source_frames(project, name) for name in "ABC"] == [
        (HANDLE, 2),
        (HANDLE + 2, 1),
        (HANDLE, 2),
    ]


def test_extract_closes_up_on_every_unlocked_track() -> None:
    project = film(track("AAABBBCC"), track("DDDDDDDD", "V2"))
    assert drawn(extract(project, "s", FrameRange(2, 5))) == "AABCC"
    assert drawn(extract(project, "s", FrameRange(2, 5)), "V2") == "DD|DDD"
    with pytest.raises(EditError, match="in point"):
        extract(project, "s", FrameRange(5, 5))


def test_extract_from_one_track_moves_the_others_up_in_empty_room_only() -> None:
    project = film(track("AAABBBCC"), track("......DD", "V2"), track("......EE", "V3"))
    project = sync_track(project, "V3", synced=False)
    taken = extract(project, "s", FrameRange(3, 6), ["V1"])
    assert [drawn(taken, name) for name in ("V1", "V2", "V3")] == ["AAACC", "...DD", "......EE"]
    blocked = film(track("AAABBBCC"), track("...EEEDD", "V2"))
    with pytest.raises(EditError):
        extract(blocked, "s", FrameRange(3, 6), ["V1"])


def test_delete_takes_linked_sound_and_transitions_at_its_ends_along() -> None:
    project = picture_and_sound("AAABBBCCC")
    gone = delete(project, ["B"])
    assert (drawn(gone), drawn(gone, "A1")) == ("AAA...CCC", "aaa...ccc")
    alone = delete(project, ["B"], linked=False)
    assert (drawn(alone), drawn(alone, "A1")) == ("AAA...CCC", "aaabbbccc")
    dissolved = film(with_transition(track("AAABBBCCC"), 1, dissolve("x", 1, 1)))
    assert drawn(dissolved) == "AAAxBBBCCC"
    assert drawn(delete(dissolved, ["B"])) == "AAA...CCC"
    assert drawn(delete(dissolved, ["x"])) == "AAABBBCCC"


def test_ripple_delete_closes_up_picture_sound_and_markers() -> None:
    project = add_marker(picture_and_sound("AAABBBCCC"), "s", 7, name="late")
    gone = ripple_delete(project, ["B"])
    assert (drawn(gone), drawn(gone, "A1")) == ("AAACCC", "aaaccc")
    assert [marker.at for marker in gone.sequences[0].markers] == [4]


def test_ripple_delete_of_a_j_cut_keeps_everything_in_sync() -> None:
    project = picture_and_sound("AAABBBCCC")
    early = film(
        named(project, "V1"),
        replace(
            track("aabbbbccc", "A1", TrackKind.AUDIO),
            items=tuple(
                replace(item, link=f"link {item.id.upper()}")
                for item in track("aabbbbccc", "A1", TrackKind.AUDIO).items
                if isinstance(item, Clip)
            ),
        ),
    )
    gone = ripple_delete(early, ["B"])
    assert (drawn(gone), drawn(gone, "A1")) == ("AAACCC", "aa.ccc")


def test_closing_gaps() -> None:
    project = film(track("AA..BB.CC"), track("....DD.EE", "V2"))
    closed = close_gap(project, first_gap(project))
    assert (drawn(closed), drawn(closed, "V2")) == ("AABB.CC", "..DD.EE")
    every = close_all_gaps(project, "V1", "s")
    assert (drawn(every), drawn(every, "V2")) == ("AABBCC", "....DD.EE")
    with pytest.raises(EditError, match="not a gap"):
        close_gap(project, "A")
    with pytest.raises(EditError, match="no gaps"):
        close_all_gaps(every, "V1", "s")
