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


_PEOPLE = (
    "a man", "a woman", "a person who works", "a professional", "a musician", "a craftsman",
    "an employee", "a performer",
)  # fmt: skip
_OTHERS = (
    "a thing", "a tool", "a machine", "a piece of furniture", "a building", "an animal", "a plant",
    "a vehicle", "food", "a place", "an object", "an idea",
)  # fmt: skip
_PERSON = 0.04
"""By how much a word must be nearer to people than to anything else to mean one: of 39 trades it

finds 29, and of 39 things that end alike, a blender or a tower, none (30 November 2026).
"""


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


def means_a_person(word: str, embed: Embed) -> bool:
    """Whether a word that nothing in the library is near means somebody: a pianist."""
    vectors = embed([f"a {word.lower()}", *_PEOPLE, *_OTHERS])
    likeness = vectors[1:] @ vectors[0]
    people, others = likeness[: len(_PEOPLE)], likeness[len(_PEOPLE) :]
    return float(people.max() - others.max()) >= _PERSON
