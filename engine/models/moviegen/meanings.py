"""What a phrase means in learnt words: by a short dictionary, or by likeness of meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.planning.vocabulary import Words, meanings

Embed = Callable[[Sequence[str]], np.ndarray]
"""Phrases to unit vectors, float32 (N, D)."""

NEAR = 0.55
"""Cosine from which two phrases may mean the same; docs/rewriting.md tells how it was chosen."""
AHEAD = 0.02
"""How much nearer a learnt word must be than the nearest word of another meaning."""

BE = ("is", "are", "was", "were")
_IRREGULAR = meanings(
    """
ran: runs
flew: flies
fell: falls
grew: grows
went: goes
came: comes
stood: stands
sat: sits
swam: swims
drove: drives
spun: spins
shook: shakes
shrank: shrinks
swung: swings
"""
)
_VOWELS = frozenset("aeiouy")
_WORD = re.compile(r"[\w'-]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A learnt wording, and how like it a phrase is: a cosine, 1 where a dictionary says so."""

    wording: str
    likeness: float


class Meanings:
    """Finds the learnt wording of a phrase: itself, its plain meaning, or the nearest one."""

    def __init__(self, words: Words, embed: Embed) -> None:
        self._words = words
        self._embed = embed
        self._learnt = {wording: group[0] for group in words.learnt for wording in group}

    def knows(self, phrase: str) -> bool:
        """Whether the phrase is a learnt wording as it stands."""
        return phrase.lower() in self._learnt

    def begins(self, phrase: str) -> bool:
        """Whether a learnt wording or one with a plain meaning begins the phrase."""
        known = (*self._learnt, *self._words.plain)
        return any(phrase == each or phrase.startswith(f"{each} ") for each in known)

    def holds(self, phrase: str) -> bool:
        """Whether a learnt wording is somewhere in the phrase, in whole words."""
        padded = f" {phrase.lower()} "
        return any(f" {wording} " in padded for wording in self._learnt)

    def plainly(self, phrase: str) -> str | None:
        """What the dictionary or the learnt words say of a phrase."""
        lowered = phrase.lower()
        return lowered if lowered in self._learnt else self._words.plain.get(lowered)

    def learnt(self, phrase: str) -> str | None:
        """The learnt wording of a phrase; None where it means something else, or is known."""
        found = self.nearest(phrase) if phrase and not self.knows(phrase) else None
        return None if found is None else found.wording

    def nearest(self, phrase: str) -> Meaning | None:
        """The learnt wording nearest to a phrase, if it is near and no other meaning is nearer."""
        told = self.plainly(phrase)
        if told is not None:
            return Meaning(told, 1.0)
        lowered = phrase.lower()
        if lowered in self._words.others or not _WORD.search(lowered):
            return None
        (vector,) = self._embed([lowered])
        learnt, others = self._vectors @ vector, self._other_vectors @ vector
        best = int(np.argmax(learnt))
        likeness = float(learnt[best])
        if likeness < NEAR or likeness < float(np.max(others)) + AHEAD:
            return None
        return Meaning(self._learnt[tuple(self._learnt)[best]], likeness)

    @cached_property
    def _vectors(self) -> np.ndarray:
        return self._embed(tuple(self._learnt))

    @cached_property
    def _other_vectors(self) -> np.ndarray:
        return self._embed(self._words.others)


def finite_forms(word: str) -> Iterator[str]:
    """The word, and what "jumping", "running" or "danced" may be of: "jumps", "runs", "dances"."""
    yield word
    lowered = word.lower()
    if lowered in _IRREGULAR:
        yield _IRREGULAR[lowered]
    stem = word[:-3] if lowered.endswith("ing") else word[:-2]
    if not lowered.endswith(("ing", "ed")) or not _VOWELS & set(stem):  # a swing
        return
    yield from (f"{stem}s", f"{stem}es")
    if len(stem) > 2 and stem[-1] == stem[-2]:
        yield f"{stem[:-1]}s"
    if stem.endswith(("y", "i")):  # flying, lying, tried
        yield f"{stem[:-1]}ies"


def verb_forms(word: str, *, plain: bool) -> list[str]:
    """What a verb may be of in the third person: of "jumping", and where `plain` of "jump" too."""
    lowered = word.lower()
    forms = list(finite_forms(lowered))
    if plain and (not lowered.endswith("ing") or not _VOWELS & set(lowered[:-3])):
        forms += [f"{lowered}s", f"{lowered}es"]
        if lowered.endswith("y"):
            forms.append(f"{lowered[:-1]}ies")
    return forms


def bare_form(wording: str) -> str:
    """What several do, of what one does: "dance" of "dances", "fly up" of "flies up"."""
    verb, space, rest = wording.partition(" ")
    bare = {"goes": "go", "flies": "fly"}.get(verb, verb.removesuffix("s"))
    return f"{bare}{space}{rest}"
