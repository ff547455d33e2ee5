"""Rewriting what is asked of a sticker: who, in which colour, beside what, and how it moves.

The sentences are those of the sticker captions: "a blue fox with a rose", "two foxes", "it jumps
up and down". As for clips, what has no learnt word stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.models.moviegen.clauses import Names
from engine.models.moviegen.meanings import BE, Embed, Meanings, verb_forms
from engine.models.moviegen.nouns import article as with_article
from engine.models.moviegen.nouns import plural
from engine.planning.sticker_vocabulary import StickerVocabulary

LONGEST_NAME = 4

_ARTICLES = ("a", "an", "the")
_COUNTS = {
    **dict.fromkeys(("two", "2", "a pair of", "a couple of", "twin"), 2),
    **dict.fromkeys(("three", "3", "several", "many", "some", "a few", "a group of"), 3),
    **dict.fromkeys(("four", "4"), 4),
    **dict.fromkeys(("five", "5", "six", "6", "seven", "7", "ten", "10", "a dozen"), 5),
}
NUMBERS = ("one", "two", "three", "four", "five")
_MANY = re.compile(rf"(?P<count>{'|'.join(_COUNTS)}) ", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:please )?(?:(?:draw|make|create|design|generate|show|give|i want|i need)(?: me)? )?"
    r"(?:an? |the )?(?:cute )?(?:die-cut )?sticker (?:of|with|showing) ",
    re.IGNORECASE,
)
_TAIL = re.compile(r" stickers?$", re.IGNORECASE)
_BESIDE = re.compile(
    r" (?:with|and|holding|carrying|wearing|next to|beside) (an? |the )?", re.IGNORECASE
)
_ASKED = re.compile(
    r"(?:please )?(?:make|let|have) (?P<who>it|him|her|them|(?:an?|the|my) .+?) (?=\w)",
    re.IGNORECASE,
)
_THEM = ("it", "him", "her", "them")
_PRONOUNS = ("it", "he", "she", "they", "this", "that")


class StickerRewriter:
    """Rewrites prompts in the words of the stickers. `embed` is asked only of unknown words."""

    def __init__(self, vocabulary: StickerVocabulary, embed: Embed) -> None:
        self.vocabulary = vocabulary
        self._subjects = Meanings(vocabulary.subjects, lambda p: embed([f"a {x}" for x in p]))
        self._companions = Meanings(vocabulary.companions, lambda p: embed([f"a {x}" for x in p]))
        self._motions = Meanings(vocabulary.motions, embed)
        self._names = Names(vocabulary.subjects)
        known = (*(name for (name,) in vocabulary.subjects.learnt), *vocabulary.subjects.plain)
        self._singular = {plural(name): name for name in known}

    def still(self, prompt: str) -> str:
        """What a sticker shows, in learnt words as far as there are any."""
        return self._first_part(prompt, self._seen)

    def without_lead(self, prompt: str) -> str:
        """A prompt without "a sticker of" and the like."""
        return _TAIL.sub("", _LEAD.sub("", prompt))

    def learnt_name(self, name: str) -> str | None:
        """The learnt name that one thing's plainly is: "red heart" of "heart"."""
        return self._subjects.plainly(name)

    def motion(self, prompt: str) -> str:
        """What a sticker does, in learnt words; "it" does it where nobody is named."""
        return self._first_part(prompt, self._moving)

    def _first_part(self, prompt: str, change: Callable[[str], str]) -> str:
        first, comma, rest = prompt.strip().rstrip(".").partition(",")
        told = change(first)
        return prompt if told == first else f"{told}{comma}{rest}"

    def _seen(self, words: str) -> str:
        words = self.without_lead(words)
        many = _MANY.match(words)
        if many is not None:
            return self._many(words, words[many.end() :], _COUNTS[many["count"].lower()])
        if words.lower() in self._singular and self._subjects.plainly(words) is None:
            return self._many(words, words, 2)
        article, name = _split_article(words)
        whole = self._subjects.plainly(name)
        if whole is not None:
            return self._joined(article, name, name if whole == name.lower() else whole)
        for start, tail in _suffixes(name):  # "face with sunglasses" is one thing
            told = self._subjects.plainly(tail) if _BESIDE.search(tail) else None
            if told is not None:
                return self._joined(article, name, f"{self._coloured(start)}{told}")
        for beside in reversed(list(_BESIDE.finditer(words))):
            thing = self._companions.nearest(words[beside.end() :])
            if thing is not None:
                head = self._seen(words[: beside.start()])
                return f"{head} with {with_article(thing.wording)}"
        beside = _BESIDE.search(name)
        end = beside.start() if beside is not None else len(name)
        return self._joined(article, name, self._named(name[:end]) + name[end:])

    def _joined(self, article: str, name: str, told: str) -> str:
        if told != name and article.lower() in ("a", "an"):
            if plural(told) == told:  # "headphones" take none
                return told
            article = article[0] + ("n" if told[0].lower() in "aeiou" else "")
        return f"{article} {told}".strip()

    def _many(self, words: str, names: str, count: int) -> str:
        """Some of a kind, as many as are shown: "two foxes" of "a pair of vixens"; as it was where

        it has no word.
        """
        number = NUMBERS[min(count, self.vocabulary.most) - 1]
        beside = None if names.lower() in self._singular else _BESIDE.search(names)
        end = len(names) if beside is None else beside.start()
        ones = [
            (start, self._singular.get(tail.lower(), _one_of(tail)))
            for start, tail in _suffixes(names[:end])
        ]
        known = ((start, self._subjects.plainly(one)) for start, one in ones)
        likely = ((start, self._subjects.nearest(one)) for start, one in ones)
        found = [(start, name) for start, name in known if name is not None] or [
            (start, meaning.wording) for start, meaning in likely if meaning is not None
        ]
        if not found:
            return words
        start, name = found[0]
        first = f"{_capital(number, words)} {self._coloured(start)}"
        return f"{first}{plural(name)}{names[end:]}"

    def _named(self, name: str) -> str:
        """A name with its chief words and its colour put into learnt ones."""
        for start, tail in _suffixes(name):
            told = self._subjects.plainly(tail)
            if told is not None:
                return self._in_its_colour(start, tail if told == tail.lower() else told)
            if self._names.is_other(tail):  # a "hot air balloon" is no balloon
                return name
        if self._subjects.holds(name):
            return name
        found = [
            (start, meaning)
            for start, tail in _suffixes(name)
            if (meaning := self._subjects.nearest(tail)) is not None
        ]
        if not found:
            return name
        start, best = max(found, key=lambda each: each[1].likeness)
        if " " in best.wording:  # the longest that means it: "golden star" is the yellow star
            start = next(at for at, meaning in found if meaning.wording == best.wording)
        return f"{self._coloured(start)}{best.wording}"

    def _in_its_colour(self, before: str, told: str) -> str:
        """A learnt name after what is said before it: a "purple heart" is no red one."""
        said = self._coloured(before)
        colour, _, rest = told.partition(" ")
        last = said.split()[-1:]
        own = rest and colour in (*self.vocabulary.colours, "yellow")
        return f"{said}{rest if own and last and last[0] in self.vocabulary.colours else told}"

    def _coloured(self, before: str) -> str:
        """The words before a name, their last one or two as a learnt colour where they are one."""
        words = before.split()
        for count in (2, 1):
            colour = self.vocabulary.colours.get(" ".join(words[-count:]).lower())
            if len(words) >= count and colour is not None:
                words = [*words[:-count], colour]
                break
        return "".join(f"{word} " for word in words)

    def _moving(self, words: str) -> str:
        if self._motions.knows(words):
            return f"it {words[0].lower()}{words[1:]}"
        asked, written = _ASKED.match(words), words
        if asked is not None:
            who = asked["who"]
            named = "it" if who.lower() in _THEM else who
            words = f"{named} {words[asked.end() :]}"
        clause = self._clause(words, bare=asked is not None) or self._likely(words)
        if clause is None:
            return written
        who = clause.who
        if not who or who.lower() in _PRONOUNS:
            who = _capital("it", words) if who else "it"
        else:
            who = self._seen(who)
        return " ".join(part for part in (who, clause.motion, clause.rest) if part)

    def _clause(self, sentence: str, *, bare: bool) -> _Clause | None:
        """Who, and the motion that a dictionary knows; None where it knows none of the words."""
        words = sentence.split()
        for place in range(len(words)):
            if self._names.length_at(words, place) > 1:  # a "flying saucer" flies nowhere
                continue
            who, verb = words[:place], words[place:]
            plain = bare or not who or who[0].lower() in (*NUMBERS[1:], "they", "2")
            found = self._known_motion(verb, plain=plain)
            if found is None and len(verb) > 1 and verb[0].lower() in BE:
                found = self._known_motion(verb[1:], plain=plain)
            if found is not None:
                return _Clause(" ".join(who), *found)
        return None

    def _known_motion(self, verb: list[str], *, plain: bool) -> tuple[str, str] | None:
        """The motion that the first words are, and the words after them."""
        for form in verb_forms(verb[0], plain=plain):
            told = [form, *verb[1:]]
            for length in range(len(told), 0, -1):
                motion = self._motions.plainly(" ".join(told[:length]))
                if motion is not None:
                    return motion, " ".join(told[length:])
        return None

    def _likely(self, sentence: str) -> _Clause | None:
        """The same by likeness, where it is plain which words are the motion."""
        words = sentence.split()
        if not words or words[0].lower() in _ARTICLES:
            return self._likely_of_named(words)
        who = words[:1] if words[0].lower() in _PRONOUNS else []
        verb = words[len(who) :]
        if verb and verb[0].lower() in BE:
            verb = verb[1:]
        if not verb:
            return None
        forms = list(verb_forms(verb[0], plain=True))
        phrases = [" ".join([form, *verb[1:]]) for form in forms]
        found = [each for each in map(self._motions.nearest, phrases) if each is not None]
        if not found:
            return None
        return _Clause(" ".join(who), max(found, key=lambda each: each.likeness).wording, "")

    def _likely_of_named(self, words: list[str]) -> _Clause | None:
        """Somebody's motion: what follows the longest name that is known."""
        for place in range(len(words) - 1, 1, -1):
            _, name = _split_article(" ".join(words[:place]))
            if self._subjects.plainly(name) is None:
                continue
            verb = words[place:]
            if verb[0].lower() in BE:
                verb = verb[1:]
            for form in verb_forms(verb[0], plain=False) if verb else ():
                meaning = self._motions.nearest(" ".join([form, *verb[1:]]))
                if meaning is not None:
                    return _Clause(" ".join(words[:place]), meaning.wording, "")
        return None


@dataclass(frozen=True, slots=True)
class _Clause:
    who: str
    motion: str
    rest: str


def _one_of(names: str) -> str:
    """One of what is named in the plural, as well as its letters tell."""
    if names.endswith("ies"):
        return f"{names[:-3]}y"
    if names.endswith(("xes", "shes", "ches", "sses", "uses")):
        return names[:-2]
    return names.removesuffix("s")


def _capital(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word


def _split_article(words: str) -> tuple[str, str]:
    first, _, rest = words.partition(" ")
    return (first, rest) if rest and first.lower() in _ARTICLES else ("", words)


def _suffixes(name: str) -> list[tuple[str, str]]:
    """What comes before the last words of a name, and those words, the longest first."""
    words = name.split()
    starts = range(max(0, len(words) - LONGEST_NAME), len(words))
    return [(" ".join(words[:start]), " ".join(words[start:])) for start in starts]
