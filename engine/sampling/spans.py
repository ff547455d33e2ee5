"""Stretches of a long sequence, for networks that see only so much of it at once."""

from __future__ import annotations

Span = tuple[int, int]
"""Half-open: the first position, and the one after the last."""


def covering(length: int, window: int, overlap: int) -> tuple[Span, ...]:
    """Spans of `window` positions that cover `length`, each sharing at least `overlap` with the

    one before it. The last is moved back to be whole; a length below the window is one span.

    Raises:
        ValueError: the overlap leaves no way forward.
    """
    if not 0 <= overlap < window:
        raise ValueError(f"overlap {overlap} must be at least 0 and less than window {window}")
    if length <= window:
        return ((0, length),)
    starts = [*range(0, length - window, window - overlap), length - window]
    return tuple((start, start + window) for start in starts)


def backwards(spans: tuple[Span, ...], length: int) -> tuple[Span, ...]:
    """The same spans counted from the end, for what is made from its end to its beginning."""
    return tuple((length - end, length - start) for start, end in spans)
