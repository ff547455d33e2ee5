"""Rewriting a prompt into the words of the training captions, by rules (papers, A.5).

What the model has a word for is put into that word, by a short dictionary or by likeness of
meaning; everything else stays as it was written. A prompt made of learnt words comes back
unchanged. It is a function of the prompt, the vocabulary and the encoder alone, so a recipe always
means the same caption.
"""

from __future__ import annotations

import re
from dataclasses import replace

from engine.models.art import is_only_here, says_many
from engine.models.moviegen.air_words import time_told, weather_told
from engine.models.moviegen.camera_words import camera_of, without_camera
from engine.models.moviegen.clauses import LONGEST_NAME, NUMBERS, Clause, ClauseReader
from engine.models.moviegen.deeds import Deeds
from engine.models.moviegen.meanings import Embed, Meanings, bare_form
from engine.models.moviegen.nouns import plural
from engine.models.moviegen.places import PREPOSITIONS, placed
from engine.planning.vocabulary import Vocabulary
from engine.protocol.recipes import CAMERA_MOVES

__all__ = ["Clause", "Rewriter"]

SAME = 0.8
"""Cosine from which a longer name of a learnt word is only that word, as "panda bear" is."""

_BESIDE = (" with ", " and ", " next to ", " beside ", " holding ", " carrying ", " wearing ")


class Rewriter:
    """Rewrites prompts in one vocabulary. `embed` is asked only about words that are not known."""

    def __init__(self, vocabulary: Vocabulary, embed: Embed) -> None:
        self.vocabulary = vocabulary
        self.embed = embed
        self._subjects = Meanings(vocabulary.subjects, lambda p: embed([f"a {x}" for x in p]))
        self._settings = Meanings(vocabulary.settings, embed)
        actions = Meanings(vocabulary.actions, embed)
        self._deeds = Deeds(actions)
        self._reader = ClauseReader(vocabulary, actions, self._settings)

    def rewrite(self, prompt: str) -> str:
        """The prompt in learnt words as far as there are any; itself where none applies."""
        parts = _parts(prompt)
        if not any(parts):
            return prompt
        told = [part for whole in parts for part in _camera_apart(whole)]
        told = self._gathered(self._place_last(told))
        main = self._main(told)
        if main is not None:
            told[main] = self._sentence(told[main])
        return prompt if told == parts else ", ".join(told)

    def left_over(self, prompt: str) -> list[str]:
        """Parts of a prompt, between commas, that say neither who does what where nor a camera."""
        told = [part for whole in _parts(prompt) for part in _camera_apart(whole)]
        told = self._gathered(self._place_last(told))
        main = self._main(told)
        rest = (part for at, part in enumerate(told) if at != main)
        return [part for part in rest if part and part.lower() not in CAMERA_MOVES]

    def clause(self, prompt: str) -> Clause | None:
        """Who, what, where and by which camera; None where the prompt does not begin with who."""
        parts = _parts(prompt)
        moves = [part.lower() for part in parts if part.lower() in CAMERA_MOVES]
        main = self._main(parts)
        read = self._reader.read(parts[main]) if main is not None else None
        return read and replace(read, camera=moves[0] if moves else "")

    def learnt_name(self, name: str) -> str | None:
        """The learnt name that the longest last words of a name are, one or more of it."""
        words = head_of(name)[0].lower().split()
        for tail in (" ".join(words[at:]) for at in range(len(words))):
            if self._reader.names.is_other(tail):
                return None
            one = self._reader.names.singular.get(tail, tail)
            if self._subjects.knows(one):
                return one
        return None

    def _main(self, parts: list[str]) -> int | None:
        """Which part says who does what: the first, or the first that names someone known."""
        said = [n for n, part in enumerate(parts) if part.lower() not in CAMERA_MOVES]
        for number in said:
            read = self._reader.read(parts[number])
            if read and (read.article or self._knows_someone(read.name)):
                return number
        return said[0] if said else None

    def _knows_someone(self, name: str) -> bool:
        words = name.split()
        return any(self._reader.names.length_at(words, at) for at in range(len(words)))

    def _place_last(self, parts: list[str]) -> list[str]:
        """A place that is said first, "In the forest, a fox …", put where captions have it."""
        while len(parts) > 1 and _says_when(parts[0]):
            parts = [*parts[1:], f"{parts[0][:1].lower()}{parts[0][1:]}"]
        if len(parts) < 2 or not self._reader.is_place(parts[0]):
            return parts
        read = self._reader.read(parts[1])
        if read is None or read.setting:
            return parts
        place = f"{parts[0][:1].lower()}{parts[0][1:]}"
        return [f"{parts[1].rstrip(' .!?')} {place}", *parts[2:]]

    def _gathered(self, parts: list[str]) -> list[str]:
        """What is done and where, said in parts of their own, with who does it.

        So "a pig, jumping, in a forest" is one sentence.
        """
        main = self._main(parts)
        read = self._reader.read(parts[main]) if main is not None else None
        if main is None or read is None:
            return parts
        action, setting, rest = read.action, read.setting, []
        for part in parts[main + 1 :]:
            if not action and self._deeds.begins(part):
                action = part
            elif not setting and self._reader.is_place(part):
                setting = f"{part[:1].lower()}{part[1:]}"
            elif not setting and part.lower() in self.vocabulary.places:
                setting = self.vocabulary.places[part.lower()]
            else:
                rest.append(part)
        if (action, setting) == (read.action, read.setting):
            return parts
        whole = " ".join(each for each in (read.article, read.name, action, setting) if each)
        return [*parts[:main], whole, *rest]

    def _sentence(self, sentence: str) -> str:
        clause = self._reader.read(sentence)
        if clause is None:
            return sentence
        clause = self._deeds.apart(clause, self._reader.names)
        name = self._name(clause.name)
        action = self._deeds.told(clause.action, bare=self._verb_is_bare(clause))
        if action and (self.is_many(clause.article, clause.name) or " and " in clause.name):
            known = self._deeds.is_learnt(action)
            action = bare_form(action) if known else action
        setting = self._setting(clause.setting)
        article = clause.article
        if name != clause.name and article.lower() in ("a", "an"):
            article = article[0] + ("n" if name[0] in "aeiou" and name[:3] != "uni" else "")
        told = " ".join(part for part in (article, name, action, setting) if part)
        return sentence if told.split() == sentence.rstrip(" .!?").split() else told

    def is_many(self, article: str, name: str) -> bool:
        """Whether more than one are named."""
        last = name.lower().split()[-LONGEST_NAME:]
        ends = [" ".join(last[at:]) for at in range(len(last))]
        known = any(end in self._reader.names.singular or says_many(end) for end in ends)
        return article.lower() in NUMBERS or known

    def _verb_is_bare(self, clause: Clause) -> bool:
        words = clause.name.split()
        many = clause.article.lower() in NUMBERS or not clause.article or "and" in words
        return many or self._reader.names.is_plural_at(words, 0) or says_many(words[-1])

    def _setting(self, setting: str) -> str:
        if not setting or self._settings.knows(setting):
            return setting
        plain = self._settings.plainly(_from_preposition(setting))
        told = plain or placed(setting, self.vocabulary.places) or self._settings.learnt(setting)
        return told or setting

    def _name(self, name: str) -> str:
        """A name with its chief words put into learnt ones; what else describes it stays."""
        head, beside = head_of(name)
        return f"{self._chief(head)}{beside}"

    def _chief(self, name: str) -> str:
        words = name.split()
        starts = range(max(0, len(words) - LONGEST_NAME), len(words))
        for start in starts:  # the longest that is known says what it is
            tail = " ".join(words[start:]).lower()
            told = self._subjects.plainly(tail)
            if told is not None:
                return name if told == tail else " ".join([*words[:start], told])
            one = self._reader.names.singular.get(tail)
            if one is not None:
                many = plural(self._subjects.plainly(one) or one)
                return name if many == tail else " ".join([*words[:start], many])
            if self._reader.names.is_other(tail) or is_only_here(tail):
                return name
        found = [
            (start, meaning)
            for start in starts
            if (meaning := self._subjects.nearest(" ".join(words[start:]))) is not None
        ]
        if self._subjects.holds(name):  # a "ghost ship" is no ghost
            found = [each for each in found if each[1].likeness >= SAME]
        if not found:
            return name
        start, best = max(found, key=lambda each: each[1].likeness)
        if " " in best.wording:  # "golden star" is the yellow star, not a golden yellow one
            start = min(at for at, meaning in found if meaning.wording == best.wording)
        return " ".join([*words[:start], best.wording])


def _from_preposition(setting: str) -> str:
    """A place from its first preposition on: "a flag on the moon" is on the moon."""
    words = setting.split()
    at = next((at for at, word in enumerate(words) if word in PREPOSITIONS), 0)
    return " ".join(words[at:])


def head_of(name: str) -> tuple[str, str]:
    """A name before what is beside it, and the rest: "dog", " with a ball"."""
    at = min((place for word in _BESIDE if (place := name.find(word)) > 0), default=len(name))
    return name[:at], name[at:]


def _parts(prompt: str) -> list[str]:
    """A prompt's parts between commas and sentences."""
    sentences = prompt.strip().replace("; ", ", ").replace(". ", ", ").split(",")
    return [part.strip() for part in sentences]


_WHEN = re.compile(r"(?:at|in|on|by|during|through|under|late at|early in|one) ", re.IGNORECASE)
_FEW_WORDS = 4


def _says_when(part: str) -> bool:
    """Whether a part says what time of day or weather it is, and nothing else."""
    is_short = len(part.split()) <= _FEW_WORDS and _WHEN.match(part)
    return bool(is_short) and bool(time_told(part) or weather_told(part))


def _camera_apart(part: str) -> list[str]:
    """A part as it is; a camera move as its word; or both, where one says both."""
    move = camera_of(part)
    if move is not None:
        return [move]
    rest, move = without_camera(part)
    return [part] if move is None else [rest, move]
