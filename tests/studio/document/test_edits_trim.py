"""Trim, ripple trim, roll, slip and slide."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from studio.document.edits.trim import ripple_trim, roll, slide, slip, trim
from studio.document.model.clip import Clip, ConstantSpeed
from studio.document.model.curve import Curve, Keyframe
from studio.document.model.marker import Marker
from studio.document.queries.limits import Edge, roll_limits, slide_limits, slip_limits, trim_limits
from studio.document.time import Rate, Time
from tests.studio.document.films import (
    RATE,
    clip,
    dissolve,
    film,
    named,
    picture_and_sound,
    source_frames,
    track,
    with_transition,
)
from tests.studio.document.sessions import edited, refused

HEAD, TAIL = Edge.HEAD, Edge.TAIL


def test_trim_gives_to_gaps_and_takes_from_them() -> None:
    edited(film(track("AAAABB")), lambda p: trim(p, "A", TAIL, -2), "AA..BB")
    edited(film(track("AA..BB")), lambda p: trim(p, "A", TAIL, 2), "AAAABB")
    edited(film(track("AA..BB")), lambda p: trim(p, "A", TAIL, 1), "AAA.BB")
    done = edited(film(track("AABBBB")), lambda p: trim(p, "B", HEAD, 2), "AA..BB")
    assert source_frames(done, "B") == (102, 2)
    done = edited(film(track("AA..BB")), lambda p: trim(p, "B", HEAD, -1), "AA.BBB")
    assert source_frames(done, "B") == (99, 3)


def test_trim_at_the_ends_of_a_track() -> None:
    edited(film(track("AAAA")), lambda p: trim(p, "A", TAIL, -1), "AAA")
    edited(film(track("AAAA")), lambda p: trim(p, "A", TAIL, 3), "AAAAAAA")
    edited(film(track("AAAA")), lambda p: trim(p, "A", HEAD, 1), ".AAA")


def test_trim_takes_linked_sound_along_unless_told() -> None:
    project = picture_and_sound("AAAABB")
    tracks = ("V1", "A1")
    edited(project, lambda p: trim(p, "A", TAIL, -2), "AA..BB", "aa..bb", tracks=tracks)
    edited(
        project,
        lambda p: trim(p, "A", TAIL, -2, linked=False),
        "AA..BB",
        "aaaabb",
        tracks=tracks,
    )


def test_trim_stops_at_other_clips_and_at_the_media() -> None:
    project = film(track("AABB"))
    refused(project, lambda p: trim(p, "A", TAIL, 1), "0 frames")
    refused(project, lambda p: trim(p, "A", TAIL, -2), "1 frames")
    assert trim_limits(project, "A", TAIL).clamp(5) == 0
    alone = film(replace(track(""), items=(clip("A", 4, source=3),)))
    assert trim_limits(film(track("....A")), "A", HEAD).low == -4
    refused(alone, lambda p: trim(p, "A", HEAD, -1), "no more media, or another clip")


def test_a_fade_out_stays_and_a_dissolve_parted_goes() -> None:
    fading = film(with_transition(track("AAAA"), 1, dissolve("x", 2, 0)))
    edited(fading, lambda p: trim(p, "A", TAIL, -1), "AAAx")
    parted = film(with_transition(track("AAAABBBB"), 1, dissolve("x", 2, 2)))
    edited(parted, lambda p: trim(p, "A", TAIL, -1), "AAA.BBBB")


def test_a_transition_shrinks_with_its_clip() -> None:
    project = film(with_transition(track("AAAABBBB"), 1, dissolve("x", 3, 3)))
    done = ripple_trim(project, "A", TAIL, -2)
    assert [item.duration for item in named(done, "V1").items] == [2, 0, 4]
    joint = named(done, "V1").items[1]
    assert (joint.in_offset, joint.out_offset) == (2, 3)  # type: ignore[union-attr]


def test_keyframes_and_markers_stay_where_they_are_on_the_timeline() -> None:
    curve = Curve(keyframes=(Keyframe(at=1, value=0.0), Keyframe(at=3, value=1.0)))
    marked = clip("A", 6, opacity=curve, markers=(Marker(id="m", at=3),))
    done = trim(film(replace(track(""), items=(marked,))), "A", HEAD, 2)
    trimmed = named(done, "V1").items[1]
    assert isinstance(trimmed, Clip)
    assert isinstance(trimmed.opacity, Curve)
    assert [key.at for key in trimmed.opacity.keyframes] == [-1, 1]
    assert [marker.at for marker in trimmed.markers] == [1]


def test_ripple_trim_closes_up() -> None:
    edited(film(track("AAAABBCC")), lambda p: ripple_trim(p, "A", TAIL, -2), "AABBCC")
    done = edited(film(track("AABBBBCC")), lambda p: ripple_trim(p, "B", HEAD, 2), "AABBCC")
    assert source_frames(done, "B") == (102, 2)
    edited(film(track("AABB")), lambda p: ripple_trim(p, "A", TAIL, 2), "AAAABB")
    edited(film(track("AABB")), lambda p: ripple_trim(p, "B", HEAD, -2), "AABBBB")


def test_ripple_trim_keeps_synced_tracks_in_step() -> None:
    project = film(track("AAAABB"), track("......TT", "V2"))
    tracks = ("V1", "V2")
    edited(project, lambda p: ripple_trim(p, "A", TAIL, -2), "AABB", "....TT", tracks=tracks)
    edited(project, lambda p: ripple_trim(p, "A", TAIL, 1), "AAAAABB", ".......TT", tracks=tracks)


def test_ripple_trim_refuses_to_push_clips_together() -> None:
    project = film(track("AAAABB"), track("UUUUTT", "V2"))
    refused(project, lambda p: ripple_trim(p, "A", TAIL, -2), "run into each other")


def test_roll_moves_the_cut_and_nothing_else() -> None:
    done = edited(film(track("AAAABBBBCC")), lambda p: roll(p, "A", "B", -2), "AABBBBBBCC")
    assert source_frames(done, "B") == (98, 6)
    edited(film(track("AAAABBBB")), lambda p: roll(p, "A", "B", 3), "AAAAAAAB")
    assert roll_limits(film(track("AAAABBBB")), "A", "B").high == 3


def test_roll_takes_linked_cuts_along() -> None:
    edited(
        picture_and_sound("AAAABBBB"),
        lambda p: roll(p, "A", "B", 1),
        "AAAAABBB",
        "aaaaabbb",
        tracks=("V1", "A1"),
    )


def test_roll_needs_a_cut() -> None:
    refused(film(track("AA.BB")), lambda p: roll(p, "A", "B", 1), "where two clips meet")
    refused(film(track("AABB")), lambda p: roll(p, "A", "B", 2), "1 frames")


def test_roll_keeps_a_transition_on_its_cut() -> None:
    project = film(with_transition(track("AAAABBBB"), 1, dissolve("x", 1, 1)))
    edited(project, lambda p: roll(p, "A", "B", 1), "AAAAAxBBB")


def test_slip_changes_only_what_plays() -> None:
    done = edited(film(track("AABB")), lambda p: slip(p, "B", Time(5, RATE)), "AABB")
    assert source_frames(done, "B") == (105, 2)
    assert slip_limits(film(track("AABB")), "B").low == -100
    refused(film(track("AABB")), lambda p: slip(p, "B", Time(-101, RATE)), "100 frames back")


def test_slip_is_exact_to_the_sample() -> None:
    done = slip(film(track("AABB")), "B", Time(1, Rate(48_000)))
    slipped = named(done, "V1").items[1]
    assert isinstance(slipped, Clip)
    assert slipped.source_start.seconds == Fraction(100, 24) + Fraction(1, 48_000)


def test_slide_moves_a_clip_between_its_neighbours() -> None:
    done = edited(film(track("AAAABBCCCC")), lambda p: slide(p, "B", 2), "AAAAAABBCC")
    assert source_frames(done, "B") == (100, 2)
    assert source_frames(done, "C") == (102, 2)
    edited(film(track("AAAABBCCCC")), lambda p: slide(p, "B", -3), "ABBCCCCCCC")
    edited(film(track("..BBCC")), lambda p: slide(p, "B", -2), "BBCCCC")


def test_slide_at_the_ends() -> None:
    edited(film(track("BBCCC")), lambda p: slide(p, "B", 1), ".BBCC")
    edited(film(track("AAABB")), lambda p: slide(p, "B", -1), "AABB")
    refused(film(track("BBCCC")), lambda p: slide(p, "B", -1), "0 frames")
    assert slide_limits(film(track("AAABBCCC")), "B").high == 2


def test_a_clip_at_another_speed_trims_by_its_own_media() -> None:
    fast = clip("A", 4, speed=ConstantSpeed(Fraction(2)))
    done = trim(film(replace(track(""), items=(fast,))), "A", HEAD, 1)
    trimmed = named(done, "V1").items[1]
    assert isinstance(trimmed, Clip)
    assert trimmed.source_start == Time(102, RATE)
