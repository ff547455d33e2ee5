"""A sound gone on with out of itself: pieces of it, each begun where it is as the last one ended.

As textures are quilted (Efros and Freeman 2001, for pictures): rain, a room, a street or a held
note go on for any time; a tune is played on in its own phrases.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import fftconvolve

from engine.models.foley.synthesis import SAMPLE_RATE_HZ, Chance, Sound

LEAST_S = 0.5
"""A sound shorter than this has no pieces."""

_HEARD_S = 20.0
"""How much of the end of a long sound is used."""

_CROSSING = round(0.06 * SAMPLE_RATE_HZ)
_PIECE_S = (1.0, 2.5)
_CHOICE = 6
"""Of how many good places to go on at one is drawn, so that nothing repeats like a machine."""

_APART = round(0.05 * SAMPLE_RATE_HZ)
_LEVEL_WEIGHT = 0.5


def gone_on(source: Sound, count: int, seed: int) -> Sound:
    """The `count` samples that follow `source` (S,), of at least LEAST_S."""
    chance = np.random.default_rng(seed)
    source = source[-round(_HEARD_S * SAMPLE_RATE_HZ) :]
    out = source[-_CROSSING:].copy()
    begun = len(out)
    while len(out) - begun < count:
        at = _place(source, out[-_CROSSING:], chance, is_first=len(out) == begun)
        longest = min(_PIECE_S[1], 0.5 * len(source) / SAMPLE_RATE_HZ)
        shortest = min(_PIECE_S[0], longest)
        piece = source[at : at + round(chance.uniform(shortest, longest) * SAMPLE_RATE_HZ)]
        out = _joined(out, source[at - _CROSSING : at], piece, is_first=len(out) == begun)
    return out[begun : begun + count]


def _place(source: Sound, tail: Sound, chance: Chance, *, is_first: bool) -> int:
    """Where in the source to go on: what is before it is most like `tail`, in wave and level.

    The very end is left out: nothing comes after it.
    """
    room = round(min(_PIECE_S[0], 0.25 * len(source) / SAMPLE_RATE_HZ) * SAMPLE_RATE_HZ)
    ends = np.arange(_CROSSING, len(source) - room)
    wave = fftconvolve(source, tail[::-1], "valid")[: len(ends)]
    energy = np.cumsum(np.concatenate([[0.0], source.astype(np.float64) ** 2]))
    local = np.sqrt(np.maximum(energy[ends] - energy[ends - _CROSSING], 1e-9))
    own = max(float(np.linalg.norm(tail)), 1e-4)
    score = wave / (local * own) - _LEVEL_WEIGHT * np.abs(np.log(np.maximum(local, 1e-4) / own))
    best: list[int] = []
    while len(best) < _CHOICE and np.isfinite(score.max()):
        index = int(score.argmax())
        best.append(int(ends[index]))
        score[max(0, index - _APART) : index + _APART] = -np.inf
    return best[0] if is_first else best[int(chance.integers(len(best)))]


def _joined(out: Sound, before: Sound, piece: Sound, *, is_first: bool) -> Sound:
    """`piece` after `out`: what came before it in the source takes over from the end of `out`.

    The source itself is not touched: at its border the step that is left fades out instead.
    """
    if is_first:
        begun = piece.copy()
        length = min(_CROSSING, len(begun))
        begun[:length] += (out[-1] - before[-1]) * np.linspace(1, 0, length, dtype=np.float32)
        return np.concatenate([out, begun])
    tail = out[-_CROSSING:]
    alike = float(tail @ before) / max(float(np.linalg.norm(tail) * np.linalg.norm(before)), 1e-9)
    share = np.linspace(0, 1, _CROSSING, dtype=np.float32)
    rise, fall = np.sin(share * np.pi / 2), np.cos(share * np.pi / 2)
    if alike > 0.5:
        rise, fall = share, 1 - share
    crossing = (tail * fall + before * rise).astype(np.float32)
    return np.concatenate([out[:-_CROSSING], crossing, piece])
