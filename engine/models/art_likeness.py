"""The thing of the art library that a word is nearest to in meaning, where it names none itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from engine.models.moviegen.meanings import Embed
from engine.planning.art_library import LIBRARY

VECTORS = LIBRARY.with_name("name-vectors.safetensors")
NAMES = "names"
NEAR = 0.64
"""Cosine from which a name stands in for a word; docs/rewriting.md tells how it was chosen."""


@dataclass(frozen=True, slots=True)
class Space:
    """Names, "" for what no picture shows, and their unit vectors float32 (N, D)."""

    names: tuple[str, ...]
    vectors: NDArray[np.float32]


@cache
def space() -> Space:
    """What is looked through."""
    with safe_open(VECTORS, "numpy") as file:
        names = tuple(json.loads(file.metadata()[NAMES]))
        levels = file.get_tensor("vectors").astype(np.float32)
    return Space(names, levels / np.linalg.norm(levels, axis=1, keepdims=True))


def nearest_name(word: str, embed: Embed) -> str | None:
    """The name of the library that means nearest to what a word or two do; None where none is near.

    A word that is nearer to something that no picture shows, as "justice" is, has none.
    """
    known = space()
    (vector,) = embed([f"a {word.lower()}"])
    likeness = known.vectors @ vector
    best = int(likeness.argmax())
    return known.names[best] or None if likeness[best] >= NEAR else None
