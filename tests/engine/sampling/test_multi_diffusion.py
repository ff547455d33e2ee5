"""Windows of frames: they cover, their weights sum to one, and merging them loses nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.sampling.euler import euler
from engine.sampling.multi_diffusion import merged_velocity, window_weights
from engine.sampling.schedules import linear
from engine.sampling.spans import Span, backwards, covering


@st.composite
def _cases(draw: st.DrawFn) -> tuple[int, int, int]:
    window = draw(st.integers(1, 20))
    return draw(st.integers(1, 120)), window, draw(st.integers(0, window - 1))


@given(_cases())
def test_windows_cover_and_share_what_they_should(case: tuple[int, int, int]) -> None:
    length, window, overlap = case
    spans = covering(length, window, overlap)
    assert sorted({i for start, end in spans for i in range(start, end)}) == list(range(length))
    assert all(end - start == min(window, length) for start, end in spans)
    for (_, end), (start, _) in pairwise(spans):
        assert end - start >= overlap
    assert len(set(spans)) == len(spans)


@given(_cases())
def test_windows_from_the_end_are_the_mirror_image(case: tuple[int, int, int]) -> None:
    length, window, overlap = case
    spans = covering(length, window, overlap)
    turned = backwards(spans, length)
    assert turned[0][1] == length
    assert turned[-1][0] == 0
    assert backwards(turned, length) == spans


def test_an_overlap_as_wide_as_the_window_is_refused() -> None:
    with pytest.raises(ValueError, match="overlap 4 must be"):
        covering(30, 4, 4)


@given(_cases())
def test_weights_sum_to_one_everywhere(case: tuple[int, int, int]) -> None:
    length, window, overlap = case
    spans = covering(length, window, overlap)
    total = torch.zeros(length)
    for (start, end), weight in zip(spans, window_weights(spans, length), strict=True):
        assert bool((weight > 0).all())
        total[start:end] += weight
    assert torch.allclose(total, torch.ones(length), atol=1e-5)


@given(st.integers(1, 40))
def test_a_field_that_is_the_same_everywhere_needs_no_windows(length: int) -> None:
    noise = torch.randn(1, 2, length, 3, 3, generator=torch.Generator().manual_seed(length))

    def field(x: Tensor, time: float, _span: Span = (0, 0)) -> Tensor:
        return torch.sin(3 * x) * (1 - time) + 0.5

    spans = covering(length, 14, 4)
    times = linear(4)
    windowed = euler(merged_velocity(field, spans, length), noise, times, lambda *_: None)
    whole = euler(field, noise, times, lambda *_: None)
    assert torch.allclose(windowed, whole, atol=1e-5)


def test_where_windows_disagree_the_nearer_middle_counts_more() -> None:
    """Two windows pull to 0 and to 1: across what they share the result rises without a jump."""
    spans = covering(24, 14, 4)
    assert spans == ((0, 14), (10, 24))

    def field(x: Tensor, _time: float, span: Span) -> Tensor:
        return torch.full_like(x, float(span[0] > 0))

    pulled = merged_velocity(field, spans, 24)(torch.zeros(1, 1, 24, 1, 1), 0.0).flatten()
    assert pulled[:10].eq(0).all()
    assert pulled[14:].eq(1).all()
    shared = pulled[10:14]
    assert shared.diff().gt(0).all()
    assert torch.allclose(shared + shared.flip(0), torch.ones(4))
