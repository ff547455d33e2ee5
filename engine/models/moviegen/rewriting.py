"""Rewriting a prompt into the words of the training captions, by rules (papers, A.5).

What the model has a word for is put into that word, by a short dictionary or by likeness of
meaning; everything else stays as it was written, and nothing is ever added. A prompt made of
learnt words comes back unchanged. It is a function of the prompt, the vocabulary and the
encoder alone, so a recipe always means the same caption.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from engine.models.moviegen.meanings import BE, Embed, Meanings, present
from engine.planning.vocabulary import Vocabulary
from engine.protocol.recipes import CAMERA_MOVES

SAME = 0.8
"""Cosine from which a longer name of a learnt word is only that word, as "panda bear" is."""
LONGEST_NAME = 4

_ARTICLES = ("a", "an", "the")
_PREPOSITIONS = frozenset(
    {"in", "on", "at", "by", "near", "inside", "outside", "under", "underwater", "above", "over"}
    | {"among", "beside", "behind", "between", "against", "around", "through", "across", "along"}
    | {"indoors", "outdoors", "downtown", "high"}
)
_BINDING = frozenset(("of", "with", "and", "in", "on"))

_CAMERA_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), move)
    for pattern, move in (
        (r"(?:the )?camera (?:slowly |quickly )?pans?(?:ning)? (?:to the )?left", "pan left"),
        (r"(?:the )?camera (?:slowly |quickly )?pans?(?:ning)? (?:to the )?right", "pan right"),
        (r"(?:the )?camera (?:slowly |quickly )?tilts?(?:ing)? up(?:wards)?", "tilt up"),
        (r"(?:the )?camera (?:slowly |quickly )?tilts?(?:ing)? down(?:wards)?", "tilt down"),
        (r"(?:the )?(?:camera )?(?:slow(?:ly)? )?zoom(?:s|ing)? in", "zoom in"),
        (r"(?:the )?(?:camera )?(?:slow(?:ly)? )?zoom(?:s|ing)? out", "zoom out"),
        (r"(?:the )?(?:shaky|hand-?held) camera|(?:the )?camera shakes", "handheld"),
        (r"(?:the )?(?:static|fixed|still) (?:camera|shot)", "static"),
    )
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence's words, split where the rules see its parts; any may be empty."""

    article: str
    name: str
    action: str
    setting: str
    camera: str = ""


class Rewriter:
    """Rewrites prompts in one vocabulary. `embed` is asked only about words that are not known."""

    def __init__(self, vocabulary: Vocabulary, embed: Embed) -> None:
        self.vocabulary = vocabulary
        self._subjects = Meanings(vocabulary.subjects, lambda p: embed([f"a {x}" for x in p]))
        self._settings = Meanings(vocabulary.settings, embed)
        self._actions = Meanings(vocabulary.actions, embed)

    def rewrite(self, prompt: str) -> str:
        """The prompt in learnt words as far as there are any; itself where none applies."""
        parts = [part.strip() for part in prompt.strip().split(",")]
        told = [self._camera(part) or part for part in parts]
        first = next((n for n, part in enumerate(told) if part.lower() not in CAMERA_MOVES), None)
        if first is not None:
            told[first] = self._sentence(told[first])
        return prompt if told == parts else ", ".join(told)

    def clause(self, prompt: str) -> Clause | None:
        """Who, what, where and by which camera; None where the prompt does not begin with who."""
        parts = [part.strip() for part in prompt.strip().split(",")]
        moves = [part.lower() for part in parts if part.lower() in CAMERA_MOVES]
        said = [part for part in parts if part.lower() not in CAMERA_MOVES]
        read = self._read(said[0]) if said else None
        return read and replace(read, camera=moves[0] if moves else "")

    def _camera(self, part: str) -> str | None:
        """The camera move that a whole part of the prompt describes."""
        for rule, move in _CAMERA_RULES:
            if rule.fullmatch(part.rstrip(".")):
                return move
        return None

    def _sentence(self, sentence: str) -> str:
        clause = self._read(sentence)
        if clause is None:
            return sentence
        name = self._name(clause.name)
        action = self._action(clause.action)
        setting = self._settings.learnt(clause.setting) or clause.setting
        if (name, action, setting) == (clause.name, clause.action, clause.setting):
            return sentence
        article = clause.article
        if name != clause.name and article.lower() in ("a", "an"):
            article = article[0] + ("n" if name[0] in "aeiou" else "")
        return " ".join(part for part in (article, name, action, setting) if part)

    def _read(self, sentence: str) -> Clause | None:
        """Who, what and where of a sentence; None where it does not begin with who."""
        words = sentence.rstrip(" .!").split()
        article = words.pop(0) if words and words[0].lower() in _ARTICLES else ""
        verb = self._verb_at(words)
        place = self._setting_at(words, verb)
        verb = min(verb, place)
        name, action, setting = (
            " ".join(part) for part in (words[:verb], words[verb:place], words[place:])
        )
        return Clause(article, name, action, setting) if name else None

    def _verb_at(self, words: list[str]) -> int:
        """Where the action begins: at a learnt one, a plain one, or what looks like a verb."""
        for place in range(1, len(words)):
            rest = " ".join(words[place:]).lower()
            if self._actions.begins(rest) or words[place].lower() in BE:
                return place
        for place in range(1, len(words)):
            word = words[place].lower()
            before = " ".join(words[: place + 1]).lower()
            is_noun = self._subjects.knows(word) or self._subjects.knows(before)
            looks_so = word.endswith("s") and not word.endswith(("ss", "us"))
            if looks_so and not is_noun and words[place - 1].lower() not in (*_BINDING, *_ARTICLES):
                return place
        return len(words)

    def _setting_at(self, words: list[str], verb: int) -> int:
        """Where the setting begins: at a learnt one, else at a preposition after the action."""
        for place in range(1, len(words)):
            if self._settings.knows(" ".join(words[place:])):
                return place
        first = min(verb + self._action_length(words[verb:]), len(words))
        for place in range(max(1, first), len(words)):
            if words[place].lower() in _PREPOSITIONS:
                return place
        return len(words)

    def _action_length(self, words: list[str]) -> int:
        """How many of the words an action that is known takes; "jumps up and down" takes four."""
        for length in range(len(words), 0, -1):
            if self._actions.knows(" ".join(words[:length])):
                return length
        return 1 if words else 0

    def _name(self, name: str) -> str:
        """A name with its chief words put into learnt ones; what else describes it stays."""
        if self._subjects.knows(name):
            return name
        words = name.split()
        found = [
            (start, meaning)
            for start in range(max(0, len(words) - LONGEST_NAME), len(words))
            if (meaning := self._subjects.nearest(" ".join(words[start:]))) is not None
        ]
        if self._subjects.holds(name):
            same = [start for start, meaning in found if meaning.likeness >= SAME]
            longer = [start for start in same if not self._subjects.knows(" ".join(words[start:]))]
            ends_so = any(self._subjects.knows(" ".join(words[n:])) for n in range(len(words)))
            if not longer or ends_so:
                return name
            found = [each for each in found if each[0] in longer]
        if not found:
            return name
        start, best = max(found, key=lambda each: each[1].likeness)
        if " " in best.wording:  # "golden star" is the yellow star, not a golden yellow one
            start = min(at for at, meaning in found if meaning.wording == best.wording)
        return " ".join([*words[:start], best.wording])

    def _action(self, action: str) -> str:
        if not action or self._actions.knows(action):
            return action
        words = present(action, self._actions)
        for length in range(len(words), 0, -1):
            told = self._actions.plainly(" ".join(words[:length]))
            if told is not None:
                return " ".join([told, *words[length:]])
        return self._actions.learnt(action) or action
