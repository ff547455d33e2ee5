"""Spans of time in the words of the timecode that stands on the ruler over them."""

from __future__ import annotations

from studio.document.model.sequence import Sequence
from studio.document.timecode import timecode


def length_words(frames: int, sequence: Sequence) -> str:
    """A length in frames of a sequence, as timecode: "00:00:02:08"."""
    return timecode(frames, sequence.rate, drop_frame=sequence.drop_frame)


def shift_words(frames: int, sequence: Sequence) -> str:
    """How far something moves, in frames of a sequence: "+00:00:02:08"."""
    return f"{'-' if frames < 0 else '+'}{length_words(abs(frames), sequence)}"
