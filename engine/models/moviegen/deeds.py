"""What someone does, put into learnt words: the verb, in any form, and the way it goes."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.models.moviegen.clauses import Clause, Names
from engine.models.moviegen.meanings import BE, Meanings, verb_forms
from engine.models.moviegen.places import PREPOSITIONS, WAYS
from engine.models.moviegen.ways import way_of
from engine.planning.film_words import TRAVELS

_ADVERB = re.compile(
    r"(?!(?:butter|dragon)?fly$|family$|jelly$|belly$|lily$|bully$)\w+ly", re.IGNORECASE
)
_OBJECTS = frozenset(("a", "an", "the", "his", "her", "its", "their", "another", "some"))
_TO_OBJECTS = frozenset(("for", "with", "at", "after", "to", "of", "as", "while", "then", "and"))
_WAYWARD = PREPOSITIONS | WAYS | {"sideways", "about", "back", "forth", "straight", "itself"}
"""What is left of a way that no place follows."""


class Deeds:
    """Finds the learnt wording of what someone does."""

    def __init__(self, actions: Meanings) -> None:
        self._actions = actions

    def apart(self, clause: Clause, names: Names) -> Clause:
        """With what the name says of the action in its place: "a dancing bear" is one that dances,

        and "a fox slowly" does slowly what it does.
        """
        words = clause.name.split()
        if clause.action and len(words) > 1 and _ADVERB.fullmatch(words[-1]):
            action = f"{clause.action} {words[-1]}"
            return replace(clause, name=" ".join(words[:-1]), action=action)
        if clause.action:
            return clause
        for at, word in enumerate(words[:-1]):
            if not word.lower().endswith("ing") or names.length_at(words, at) > 1:
                continue  # a "flying saucer" need not fly
            found = self._known([word], bare=False)
            if found is not None:
                rest = " ".join([*words[:at], *words[at + 1 :]])
                return replace(clause, name=rest, action=found[0])
        return clause

    def begins(self, phrase: str) -> bool:
        """Whether a phrase, such as "jumping", begins with something that is done."""
        words = phrase.split()
        return bool(words) and self._known(words, bare=False) is not None

    def is_learnt(self, action: str) -> bool:
        """Whether a learnt wording begins what is done."""
        words = action.lower().split()
        return any(self._actions.knows(" ".join(words[:n])) for n in range(1, len(words) + 1))

    def told(self, action: str, *, bare: bool) -> str:
        """What is done in learnt words, and how, as it was said; as it is where it has none."""
        if not action or self._actions.knows(action):
            return action
        words = action.split()
        if len(words) > 1 and words[0].lower() in BE and self._known(words, bare=False) is None:
            words = words[1:]
        if len(words) > 1 and _ADVERB.fullmatch(words[0]):
            words = [*words[1:], words[0]]
        found, way = self._known(words, bare=bare), self._way(words, bare=bare)
        if way is not None and (found is None or len(words) - len(found[1]) == 1):
            return " ".join([way, *(word for word in words[1:] if _ADVERB.fullmatch(word))])
        if found is not None:
            return " ".join([found[0], *_manner(found[1])])
        forms = verb_forms(words[0], plain=bare)
        likely = (self._actions.learnt(" ".join([form, *words[1:]])) for form in forms)
        return next((each for each in likely if each), action)

    def _known(self, words: list[str], *, bare: bool) -> tuple[str, list[str]] | None:
        """The learnt wording that the first words have, and the words after them."""
        for form in verb_forms(words[0], plain=bare):
            said = [form, *words[1:]]
            for length in range(len(said), 0, -1):
                told = self._actions.plainly(" ".join(said[:length]))
                if told is not None:
                    return told, said[length:]
        return None

    def _way(self, words: list[str], *, bare: bool) -> str | None:
        """Where someone goes, if the verb is one that a way can follow."""
        travels = any(form in TRAVELS for form in verb_forms(words[0], plain=bare))
        return way_of(" ".join(words[1:])) if travels else None


def _manner(rest: list[str]) -> list[str]:
    """What is kept of the words after a verb: not another who, "chases the rabbit"."""
    at = next((n for n, word in enumerate(rest) if word.lower() in _OBJECTS), len(rest))
    while at and rest[at - 1].lower() in _TO_OBJECTS | _WAYWARD:
        at -= 1
    return rest[:at]
