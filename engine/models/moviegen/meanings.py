"""What a phrase means in learnt words: by a short dictionary, or by likeness of meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.planning.vocabulary import Words

Embed = Callable[[Sequence[str]], np.ndarray]
"""Phrases to unit vectors, float32 (N, D)."""

NEAR = 0.55
"""Cosine from which two phrases may mean the same; docs/rewriting.md tells how it was chosen."""
AHEAD = 0.02
"""How much nearer a learnt word must be than the nearest word of another meaning."""

BE = ("is", "are")
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


def present(action: str, known: Meanings) -> list[str]:
    """The words of an action, "is jumping" as "jumps" where that begins something known."""
    words = action.split()
    if len(words) > 1 and words[0].lower() in BE and words[1].lower().endswith("ing"):
        words = words[1:]
    for form in finite_forms(words[0]):
        told = " ".join([form, *words[1:]]).lower()
        if known.begins(told):
            return told.split()
    return action.split()


def finite_forms(word: str) -> Iterator[str]:
    """The word, and what "jumping" or "running" may be of: "jumps", "runs"."""
    yield word
    if word.lower().endswith("ing"):
        stem = word[:-3]
        yield from (f"{stem}s", f"{stem}es")
        if len(stem) > 2 and stem[-1] == stem[-2]:
            yield f"{stem[:-1]}s"
