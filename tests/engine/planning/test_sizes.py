"""Sizes and times as people read and write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.planning.sizes import GIB, MIB, format_bytes, format_seconds, parse_bytes


@pytest.mark.parametrize(
    ("text", "count"),
    [("8GiB", 8 * GIB), ("8 gb", 8 * GIB), ("512M", 512 * MIB), ("1.5g", 3 * GIB // 2), ("7", 7)],
)
def test_sizes_are_read_as_people_write_them(text: str, count: int) -> None:
    assert parse_bytes(text) == count


@pytest.mark.parametrize("text", ["", "eight", "-1GiB", "8 GiB of it", "8XB"])
def test_what_is_no_size_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size; write one like 8GiB"):
        parse_bytes(text)


@given(st.integers(0, 10**15))
def test_a_printed_size_is_read_back_within_what_was_printed(count: int) -> None:
    printed = format_bytes(count)
    assert parse_bytes(printed) == pytest.approx(count, rel=0.06, abs=512)


def test_a_forecast_is_no_more_exact_than_it_is() -> None:
    printed = [format_seconds(s) for s in (0.2, 41.4, 700, 12_600)]
    assert printed == ["under 1 s", "41 s", "12 min", "3.5 h"]
