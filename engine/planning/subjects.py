"""Whether a prompt names something that a model with few subjects has learnt."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from engine.planning.art_library import index
from engine.planning.art_names import IRREGULAR, MIXED, MORE_NAMES
from engine.planning.collage_vocabulary import POCKET_COLLAGE
from engine.planning.sticker_vocabulary import POCKET_ANIMATIC, POCKET_LOOP, POCKET_STICKER
from engine.planning.vocabulary import POCKET_VIDEO, Words

_NAMES: dict[str, Words] = {
    "pocket-video": POCKET_VIDEO.subjects,
    "pocket-animatic": POCKET_ANIMATIC.subjects,
    "pocket-collage": POCKET_COLLAGE.subjects,
    "pocket-sticker": POCKET_STICKER.subjects,
    "pocket-sticker-loop": POCKET_LOOP.subjects,
}


def understood_names(model: str, *, cut_from_art: bool) -> frozenset[str]:
    """Names that a model did not learn, and that are put into ones that it did, or found in the

    art library.
    """
    words = _NAMES.get(model)
    known = frozenset(words.plain) if words is not None else frozenset[str]()
    if not cut_from_art:
        return known
    return known | index().names.keys() | MORE_NAMES.keys() | IRREGULAR.keys() | MIXED.keys()


def names_nothing_known(
    prompt: str, subjects: Sequence[str], understood: Collection[str] = ()
) -> bool:
    """Whether `prompt` has no subject's chief word, and none of the other names it is understood
    by, singular or plural; false without subjects.

    The chief word is the last one, "car" of "red car" and "pizza" of "slice of pizza".
    """
    words = re.findall(r"[a-z'-]+", prompt.lower())
    chief = {subject.split()[-1] for subject in subjects}
    if not subjects or any(set(words) & _forms(word) for word in chief):
        return False
    padded = f" {' '.join(words)} "
    return not any(f" {form} " in padded for name in understood for form in _forms(name))


def _forms(word: str) -> set[str]:
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return {word, many, f"{word}es"}
