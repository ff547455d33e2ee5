"""Speed, reverse, freeze, held frames and ramps: what is shown at each frame."""

from __future__ import annotations

from fractions import Fraction

import pytest

from studio.document.edits.speed import freeze, hold_frame, reverse, set_ramp, set_speed, steady
from studio.document.errors import EditError
from studio.document.model.clip import Clip, ConstantSpeed, SpeedPoint
from studio.document.model.project import Project
from studio.document.queries.places import locate_clip
from studio.document.retime import shown_source_time
from studio.document.time import Rounding
from tests.studio.document.films import HANDLE, RATE, drawn, film, named, picture_and_sound, track

HALF = Fraction(1, 2)


def shown(project: Project, clip_id: str = "A") -> list[int]:
    """The media frame, counted from the clip's first as drawn, that each of its frames shows."""
    clip = locate_clip(project, clip_id)[1]
    return [
        shown_source_time(clip, frame, RATE).ticks(RATE, Rounding.FLOOR) - HANDLE
        for frame in range(clip.duration)
    ]


def test_a_slower_clip_grows_into_empty_room_only() -> None:
    slow = set_speed(film(track("AAA.BB")), "A", HALF)
    assert drawn(slow) == "AAAABB"
    assert shown(slow) == [0, 0, 1, 1]


def test_a_faster_clip_leaves_a_gap_or_closes_up() -> None:
    project = film(track("AAAABB"))
    assert drawn(set_speed(project, "A", Fraction(2))) == "AA..BB"
    closed = set_speed(project, "A", Fraction(2), ripple=True)
    assert drawn(closed) == "AABB"
    assert shown(closed) == [0, 2]


def test_speed_takes_linked_sound_along_unless_told() -> None:
    project = picture_and_sound("AAAABB")
    both = set_speed(project, "A", HALF, ripple=True)
    assert (drawn(both), drawn(both, "A1")) == ("AAAAAAAABB", "aaaaaaaabb")
    alone = set_speed(project, "A", Fraction(2), linked=False)
    assert (drawn(alone), drawn(alone, "A1")) == ("AA..BB", "aaaabb")


def test_back_to_full_speed_is_exact_at_any_rate() -> None:
    project = film(track("AAAAAAA"))
    there = set_speed(project, "A", Fraction(1, 3))
    assert drawn(there) == "A" * 21
    assert set_speed(there, "A", Fraction(1)) == project


def test_reverse_shows_the_same_frames_last_first() -> None:
    project = film(track("AAAABB"))
    back = reverse(project, "A")
    assert drawn(back) == drawn(project)
    assert shown(back) == shown(project)[::-1] == [3, 2, 1, 0]
    assert reverse(back, "A") == project


def test_freeze_shows_one_frame_throughout() -> None:
    still = freeze(picture_and_sound("AAAABB"), "A", 2)
    assert shown(still) == [2, 2, 2, 2]
    assert drawn(still, "A1") == "aaaabb"
    with pytest.raises(EditError, match="inside"):
        freeze(still, "A", 4)
    with pytest.raises(EditError, match="picture"):
        freeze(still, "a", 0)


def test_a_held_frame_makes_the_film_longer_and_the_sound_wait() -> None:
    held = hold_frame(picture_and_sound("AAAABB"), "A", 2, 3)
    assert drawn(held, "A1") == "aa...aabb"
    row = [item for item in named(held, "V1").items if isinstance(item, Clip)]
    assert [frame for clip in row[:3] for frame in shown(held, clip.id)] == [0, 1, 2, 2, 2, 2, 3]
    assert drawn(held).replace("|", "") == "AAAAAAABB"


def test_a_ramp_speeds_up_evenly_and_keeps_the_length() -> None:
    project = film(track("AAAAAAAABB"))
    points = [SpeedPoint(0, Fraction(0)), SpeedPoint(8, Fraction(2))]
    ramped = set_ramp(project, "A", points)
    assert drawn(ramped) == drawn(project)
    assert shown(ramped) == [frame * frame // 8 for frame in range(8)]
    with pytest.raises(EditError, match="two points"):
        set_ramp(project, "A", points[:1])


def test_one_speed_covers_what_the_ramp_did_and_a_freeze_goes_on_as_shot() -> None:
    project = film(track("AAAAAAAABB"))
    ramped = set_ramp(project, "A", [SpeedPoint(0, HALF), SpeedPoint(8, 5 * HALF)])
    even = steady(ramped, "A")
    assert locate_clip(even, "A")[1].speed == ConstantSpeed(Fraction(3, 2))
    assert (drawn(even), shown(even)[0]) == (drawn(project), 0)
    thawed = steady(freeze(project, "A", 3), "A")
    assert shown(thawed) == list(range(3, 11))


def test_speeds_that_cannot_be_are_refused() -> None:
    for factor in (Fraction(0), Fraction(1, 1000), Fraction(-101)):
        with pytest.raises(EditError, match="1 % to 10000 %"):
            set_speed(film(track("AAAA")), "A", factor)
