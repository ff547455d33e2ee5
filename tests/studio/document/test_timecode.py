"""Timecode goldens, drop-frame above all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.time import Rate
from studio.document.timecode import can_drop_frames, parse_entry, parse_timecode, timecode

R2997, R5994, R23976 = Rate(30000, 1001), Rate(60000, 1001), Rate(24000, 1001)

DROP_FRAME = [
    (R2997, 0, "00:00:00;00"),
    (R2997, 1799, "00:00:59;29"),
    (R2997, 1800, "00:01:00;02"),
    (R2997, 3597, "00:01:59;29"),
    (R2997, 3598, "00:02:00;02"),
    (R2997, 17981, "00:09:59;29"),
    (R2997, 17982, "00:10:00;00"),
    (R2997, 107892, "01:00:00;00"),
    (R2997, 2589407, "23:59:59;29"),
    (R5994, 3599, "00:00:59;59"),
    (R5994, 3600, "00:01:00;04"),
    (R5994, 35964, "00:10:00;00"),
    (R5994, 215784, "01:00:00;00"),
]


@pytest.mark.parametrize(("rate", "frames", "text"), DROP_FRAME)
def test_drop_frame_as_the_standard_has_it(rate: Rate, frames: int, text: str) -> None:
    assert timecode(frames, rate, drop_frame=True) == text
    assert parse_timecode(text, rate) == frames


@pytest.mark.parametrize(
    ("rate", "frames", "text"),
    [
        (Rate(24), 86_400, "01:00:00:00"),
        (R23976, 86_400, "01:00:00:00"),
        (Rate(25), 89, "00:00:03:14"),
        (R2997, 1800, "00:01:00:00"),
        (Rate(120), 119, "00:00:00:119"),
        (Rate(24), -25, "-00:00:01:01"),
    ],
)
def test_without_dropping_frames(rate: Rate, frames: int, text: str) -> None:
    assert timecode(frames, rate) == text
    assert parse_timecode(text, rate, drop_frame=False) == frames


@given(st.integers(0, 3_000_000), st.sampled_from([R2997, R5994]), st.booleans())
def test_every_frame_has_one_name(frames: int, rate: Rate, drop_frame: bool) -> None:
    text = timecode(frames, rate, drop_frame=drop_frame)
    assert parse_timecode(text, rate) == frames


@pytest.mark.parametrize("text", ["00:01:00;00", "00:01:00;01", "01:59:00;00"])
def test_names_that_no_frame_has_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="skipped"):
        parse_timecode(text, R2997)


@pytest.mark.parametrize("text", ["", "hello", "00:00:61:00", "00:00:00:30", "1:2:3"])
def test_malformed_timecode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"timecode|counts past"):
        parse_timecode(text, R2997)


def test_only_29_97_and_its_multiples_drop_frames() -> None:
    assert can_drop_frames(R2997)
    assert can_drop_frames(R5994)
    assert not can_drop_frames(R23976)
    assert not can_drop_frames(Rate(30))
    with pytest.raises(ValueError, match="no drop-frame"):
        timecode(0, Rate(24), drop_frame=True)


@pytest.mark.parametrize(
    ("text", "frames"),
    [("12", 12), ("+10", 110), ("-1:00", 76), ("1000", 240), ("1:15", 39), ("00:00:02:00", 48)],
)
def test_what_an_editor_types(text: str, frames: int) -> None:
    assert parse_entry(text, Rate(24), current=100) == frames
