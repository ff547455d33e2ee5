"""Whether a prompt names something that a model with few subjects has learnt."""

from __future__ import annotations

import re
from collections.abc import Sequence


def names_nothing_known(prompt: str, subjects: Sequence[str]) -> bool:
    """Whether no subject's chief word is in `prompt`, singular or plural; false without subjects.

    The chief word is the last one, "car" of "red car" and "pizza" of "slice of pizza".
    """
    words = set(re.findall(r"[a-z]+", prompt.lower()))
    chief = {subject.split()[-1] for subject in subjects}
    return bool(subjects) and not any(words & _forms(word) for word in chief)


def _forms(word: str) -> set[str]:
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return {word, many, f"{word}es"}
