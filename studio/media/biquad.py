"""Second-order filters run over long stretches of sound, with memory from one to the next.

A section is a linear system, so a block of samples can be filtered by two matrix products and
only the two numbers of state have to be carried from block to block. (SciPy has the same, at the
price of more than a second of imports.) Source: state-space form of the transposed direct form II.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

BLOCK = 256
Section = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2, with a0 = 1."""


@dataclass(frozen=True, slots=True)
class _System:
    """A section over a block of samples: y = O·s + T·x, next s = P·s + R·x."""

    response: np.ndarray  # T (BLOCK, BLOCK)
    from_state: np.ndarray  # O (BLOCK, 2)
    powers: np.ndarray  # (BLOCK + 1, 2, 2), powers[k] = A^k
    into_state: np.ndarray  # B (2,)


@lru_cache(maxsize=64)
def _system(section: Section) -> _System:
    b0, b1, b2, a1, a2 = section
    step = np.array([[-a1, 1.0], [-a2, 0.0]])
    into = np.array([b1 - a1 * b0, b2 - a2 * b0])
    powers = np.empty((BLOCK + 1, 2, 2))
    powers[0] = np.eye(2)
    for index in range(BLOCK):
        powers[index + 1] = powers[index] @ step
    impulse = np.concatenate([[b0], (powers[: BLOCK - 1] @ into)[:, 0]])
    delay = np.arange(BLOCK)[:, None] - np.arange(BLOCK)[None, :]
    response = np.where(delay >= 0, impulse[np.maximum(delay, 0)], 0.0)
    return _System(response, powers[:BLOCK, 0, :].copy(), powers, into)


class Biquads:
    """Sections one after another over stereo."""

    def __init__(self, count: int) -> None:
        self._states = np.zeros((count, 2, 2))  # section, state, channel

    def run(self, sections: tuple[Section, ...], samples: np.ndarray) -> np.ndarray:
        """Filter samples (count, 2); float64 of the same shape."""
        out = np.asarray(samples, np.float64)
        for index, section in enumerate(sections):
            if section != THROUGH:
                out = self._run(index, _system(section), out)
        return out

    def _run(self, index: int, system: _System, samples: np.ndarray) -> np.ndarray:
        whole = len(samples) // BLOCK * BLOCK
        out = np.empty_like(samples)
        if whole:
            out[:whole] = self._blocks(index, system, samples[:whole].reshape(-1, BLOCK, 2), BLOCK)
        if whole < len(samples):
            rest = samples[whole:]
            out[whole:] = self._blocks(index, system, rest[None], len(rest))
        return out

    def _blocks(self, index: int, system: _System, blocks: np.ndarray, size: int) -> np.ndarray:
        """Blocks (m, size, 2), the state going from each to the next: (m·size, 2)."""
        made = system.response[:size, :size] @ blocks
        weights = (system.powers[:size] @ system.into_state)[::-1].T  # R (2, size)
        gained = weights @ blocks
        states = np.empty((len(blocks), 2, 2))
        state, leap = self._states[index], system.powers[size]
        for number, gain in enumerate(gained):
            states[number] = state
            state = leap @ state + gain
        self._states[index] = state
        made += system.from_state[:size] @ states
        return made.reshape(-1, 2)


THROUGH: Section = (1.0, 0.0, 0.0, 0.0, 0.0)
"""A section that changes nothing."""
