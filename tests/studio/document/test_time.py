"""Exact time: no float, no epsilon, and stated rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.time import FrameRange, Rate, Rounding, Time, TimeRange, sample_of_frame

NTSC_FILM = Rate(24000, 1001)
RATES = st.sampled_from(
    [Rate(24), NTSC_FILM, Rate(25), Rate(30000, 1001), Rate(60), Rate(48000), Rate(44100), Rate(12)]
)
TIMES = st.builds(Time, st.integers(-(10**9), 10**9), RATES)


def test_23_976_stays_24000_over_1001() -> None:
    assert Rate.parse("23.976") == NTSC_FILM
    assert Rate.parse("48000/2002") == NTSC_FILM
    assert str(NTSC_FILM) == "24000/1001"
    assert NTSC_FILM.nominal == 24


@pytest.mark.parametrize("text", ["", "0", "-24", "24/0", "fast", "1/-2"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        Rate.parse(text)


@given(TIMES, TIMES)
def test_arithmetic_is_that_of_seconds(one: Time, two: Time) -> None:
    assert (one + two).seconds == one.seconds + two.seconds
    assert (one - two).seconds == one.seconds - two.seconds
    assert (one < two) == (one.seconds < two.seconds)
    assert (one <= two) == (one.seconds <= two.seconds)
    assert (one == two) == (one.seconds == two.seconds)


@given(TIMES, RATES)
def test_rounding_is_as_stated(time: Time, rate: Rate) -> None:
    exact = time.seconds * rate.fraction
    floor, ceil = time.ticks(rate, Rounding.FLOOR), time.ticks(rate, Rounding.CEIL)
    assert floor <= exact <= ceil
    assert ceil - floor <= 1
    assert abs(time.ticks(rate, Rounding.NEAREST) - exact) <= Fraction(1, 2)


@given(TIMES)
def test_equal_times_hash_alike_and_survive_text(time: Time) -> None:
    same = Time.of_seconds(time.seconds)
    assert same == time
    assert hash(same) == hash(time)
    assert Time.parse(str(time)) == time


def test_a_time_between_ticks_is_not_made_exact() -> None:
    with pytest.raises(ValueError, match="whole tick"):
        Time(1, Rate(25)).at(Rate(24))


@given(st.integers(0, 10**6), st.integers(0, 10**6), RATES)
def test_every_sample_belongs_to_one_frame(start: int, length: int, rate: Rate) -> None:
    ends = [sample_of_frame(start + at, rate, 48_000) for at in (0, length, length + 1)]
    assert ends == sorted(ends)
    whole = sample_of_frame(start + length, rate, 48_000) - sample_of_frame(start, rate, 48_000)
    assert abs(whole - length * 48_000 / rate.fraction) < 1


def test_ranges_are_half_open() -> None:
    span = TimeRange(Time(10, Rate(24)), Time(5, Rate(24)))
    assert span.contains(Time(10, Rate(24)))
    assert not span.contains(Time(15, Rate(24)))
    assert span.end_time_exclusive == Time(15, Rate(24))
    assert span.end_time_inclusive(Rate(24)) == Time(14, Rate(24))
    assert not FrameRange(0, 5).intersects(FrameRange(5, 9))
