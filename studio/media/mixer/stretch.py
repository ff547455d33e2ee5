"""Sound made longer or shorter without changing its pitch, by overlapping similar pieces.

Each piece is taken near where the speed puts it, moved a little to where it best continues the
piece before. Source: Verhelst and Roelands, WSOLA (ICASSP 1993).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

HOP = 960
"""Samples between pieces: 20 ms, and pieces are twice as long."""
REACH = 480
"""How far a piece may be moved to fit, either way."""
RUN_IN = 4
"""Pieces made before the first one wanted, so that it has something to continue."""
WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(2 * HOP) + 0.5) / (2 * HOP))).astype("f4")

ReadSource = Callable[[int, int], np.ndarray]


def stretched(read: ReadSource, origin: int, speed: float, start: int, count: int) -> np.ndarray:
    """Samples of a source played at `speed` (negative backwards) from `origin`, pitch kept.

    `start` and `count` are in samples of the result; float32 (count, 2).
    """
    first = start // HOP - 1
    last = (start + count - 1) // HOP
    begin = max(first - RUN_IN, -1) if first >= 0 else first
    out = np.zeros(((last - begin + 2) * HOP, 2), np.float32)
    expected: np.ndarray | None = None
    for index in range(begin, last + 1):
        piece, expected = _next_piece(read, origin, speed, index, expected)
        place = (index - begin) * HOP
        out[place : place + 2 * HOP] += piece * WINDOW[:, None]
    offset = start - begin * HOP
    return out[offset : offset + count]


def _next_piece(
    read: ReadSource, origin: int, speed: float, index: int, expected: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The piece at `index`, and what would follow it were the source played on as it is."""
    centre = origin + round(index * HOP * speed)
    span = 3 * HOP + 2 * REACH
    first = centre - REACH if speed >= 0 else centre - span + REACH
    around = read(first, span)[:: 1 if speed >= 0 else -1]
    move = REACH if expected is None else _best_move(around, expected)
    return around[move : move + 2 * HOP], around[move + HOP : move + 2 * HOP]


def _best_move(around: np.ndarray, expected: np.ndarray) -> int:
    """Where, up to twice `REACH` in, the sound is most like what was expected."""
    mono = around[: HOP + 2 * REACH].sum(axis=1)
    wanted = expected.sum(axis=1)
    length = len(mono) + len(wanted)
    size = 1 << (length - 1).bit_length()
    match = np.fft.irfft(np.fft.rfft(mono, size) * np.conj(np.fft.rfft(wanted, size)), size)
    energy = np.concatenate([[0.0], np.cumsum(mono.astype(np.float64) ** 2)])
    power = energy[HOP:] - energy[:-HOP]
    scores = match[: 2 * REACH + 1] / np.sqrt(np.maximum(power[: 2 * REACH + 1], 1e-9))
    best = int(np.argmax(scores))
    return best if scores[best] > scores[REACH] * 1.0001 + 1e-9 else REACH
