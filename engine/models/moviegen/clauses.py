"""A sentence split into who, what and where, by rules and the words that a model learnt.

The words stay as they were written: what they mean is for `rewriting.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.models.art import names_a_thing, says_many
from engine.models.moviegen.meanings import BE, Meanings, verb_forms
from engine.models.moviegen.nouns import plural
from engine.models.moviegen.places import PREPOSITIONS, WAYS, placed
from engine.models.moviegen.ways import begins_way
from engine.planning.vocabulary import Vocabulary, Words, listed

LONGEST_NAME = 4
NUMBERS = frozenset(
    ("two", "three", "four", "five", "six", "2", "3", "4", "5", "several", "many", "some", "few")
)
"""What stands before a name in the plural."""

_ARTICLES = frozenset(("a", "an", "the", "my", "our", "his", "her", "their", "this", "that", "one"))
_BINDING = frozenset(("of", "with", "and", "in", "on"))
_HELPERS = re.compile(
    r"(?<=\w )(?:can't stop|cannot stop|won't stop|keeps? on|keeps?|starts? to|starts?"
    r"|begins? to|begins?|tries to|wants to|loves to|will|would|can|could|may|might"
    r"|suddenly|just) (?=\w)",
    re.IGNORECASE,
)
"""What is said before a verb and leaves it bare: "will fly", "starts to jump"."""
_RELATIVE = re.compile(r"(?<=\w )(?:who|that|which) (?=\w)", re.IGNORECASE)
_NO_VERBS = frozenset(
    listed(
        """king, ring, wing, thing, morning, evening, building, ceiling, spring, string, sting,
        wedding, lightning, painting, viking, pudding, something, nothing, everything, during"""
    )
)
_LEAD = re.compile(
    r"(?:please )?(?:(?:show me|give me|make me|create|generate|draw|animate|imagine|i want|i need"
    r"|there is|there's|there are|we see) )?"
    r"(?:(?:an? |the )?(?:[\w-]+ )?(?:photo|video|clip|film|shot|picture|image|animation|footage"
    r"|scene|close-?up|portrait)(?: shot)?(?: of |: ))?",
    re.IGNORECASE,
)
_LET = re.compile(r"(?:please )?(?:make|let|have) (?=(?:an?|the|my|two) )", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence's words, split where the rules see its parts; any may be empty.

    `article` is a number where there are more than one.
    """

    article: str
    name: str
    action: str
    setting: str
    camera: str = ""


class ClauseReader:
    """Splits sentences; asks no encoder."""

    def __init__(self, vocabulary: Vocabulary, actions: Meanings, settings: Meanings) -> None:
        self._actions, self._settings = actions, settings
        self._places = vocabulary.places
        self.names = Names(vocabulary.subjects)

    def read(self, sentence: str) -> Clause | None:
        """Who, what and where of a sentence; None where it does not begin with who."""
        words, bare = _plain_words(sentence)
        fronted, words = self._fronted(words)
        article = words.pop(0) if len(words) > 1 and _is_article(words[0]) else ""
        if words[:1] and words[0].lower() in ("pair", "couple") and "of" in words[1:2]:
            article, words = "two", words[2:]
        is_many = article.lower() in NUMBERS or self.names.is_plural_at(words, 0)
        is_many = is_many or _begins_with_many(article, words)
        bare = bare or is_many or not article
        verb = self._verb_at(words, bare=bare, is_one=article.lower() in _ONE)
        place = self._place_at(words, verb)
        end = len(words)
        if place < verb < end:  # "a fox in the snow jumps"
            order = words[:place], words[verb:], words[place:verb]
        else:
            verb = min(verb, place)
            order = words[:verb], words[verb:place], words[place:]
        name, action, setting = (" ".join(part) for part in order)
        return Clause(article, name, action, setting or fronted) if name else None

    def is_place(self, phrase: str) -> bool:
        """Whether a phrase tells a place by the words in it."""
        if self._settings.plainly(phrase) is not None:
            return True
        first, *rest = phrase.lower().split()
        if first in WAYS:  # "into the sky" is one, "to the right on ice" begins with none
            end = next((n for n, w in enumerate(rest) if w in PREPOSITIONS | WAYS), len(rest))
            return placed(" ".join([first, *rest[:end]]), self._places) is not None
        return first in PREPOSITIONS and placed(phrase, self._places) is not None

    def _fronted(self, words: list[str]) -> tuple[str, list[str]]:
        """A place before who is there, "On a stage a wizard …", and the rest."""
        if not words or words[0].lower() not in PREPOSITIONS:
            return "", words
        for at in range(2, len(words)):
            begins = words[at].lower() in _ARTICLES or self.names.length_at(words, at)
            if begins and self.is_place(" ".join(words[:at])):
                return " ".join(words[:at]), words[at:]
        return "", words

    def _verb_at(self, words: list[str], *, bare: bool, is_one: bool) -> int:
        """Where the action begins: at a known one, a form of "be", or what looks like a verb.

        After the name of one, what could be several of another is a verb: "a chef cooks".
        """
        likely, is_past_name = len(words), False
        name_end = self.names.length_at(words, 0)
        for at in range(1, len(words)):
            if at < name_end:
                continue
            word = words[at].lower()
            if is_one and 0 < name_end == at and self._is_told_of_one(words, at):
                return at
            bare = bare or word == "and"
            if word in BE or self._acts(words, at, bare=bare):
                return at
            is_past_name = is_past_name or word in PREPOSITIONS
            name_end = max(name_end, at + self.names.length_at(words, at))
            if likely == len(words) and not is_past_name and self._looks_so(words, at):
                likely = at
        return likely

    def _is_told_of_one(self, words: list[str], at: int) -> bool:
        """Whether a word that could be several of something is what one does, "plants a tree"."""
        word, after = words[at].lower(), words[at + 1 : at + 2]
        if word in self.names.singular:
            return True
        is_verb = word.endswith("s") and not word.endswith(("ss", "us", "'s"))
        return is_verb and bool(after) and after[0].lower() in _ARTICLES

    def _acts(self, words: list[str], at: int, *, bare: bool) -> bool:
        """Whether a known action begins there, and no name that has such a word in it."""
        word, before = words[at].lower(), words[at - 1].lower()
        if self.names.length_at(words, at) > 1 or before in _ARTICLES:
            return False
        if word.endswith(("ing", "ed")) and self._describes(words, at):
            return False
        is_noun = word in PREPOSITIONS | WAYS or (
            self.names.length_at(words, at) > 0
            and not word.endswith("s")
            and not any(self._is_named(words, before) for before in range(at))
        )
        forms = verb_forms(word, plain=bare and not is_noun)
        return any(self._actions.begins(" ".join([f, *words[at + 1 :]]).lower()) for f in forms)

    def _is_named(self, words: list[str], at: int) -> bool:
        """Whether somebody or something is named there that was learnt or that there is art of."""
        return (
            self.names.length_at(words, at) > 0 or names_a_thing(words[at]) or says_many(words[at])
        )

    def _describes(self, words: list[str], at: int) -> bool:
        """Whether a word in -ing tells of a name after it, "a cute dancing bear", and none yet."""
        if any(self.names.length_at(words, before) for before in range(at)):
            return False
        after = range(at + 1, min(at + 3, len(words)))
        nouns = [n for n in after if self.names.length_at(words, n)]
        return bool(nouns) and not any(
            words[n].lower() in PREPOSITIONS for n in range(at, nouns[0])
        )

    def _looks_so(self, words: list[str], at: int) -> bool:
        word, before = words[at].lower(), words[at - 1].lower()
        if before in _BINDING or before in _ARTICLES or self.names.length_at(words, at):
            return False
        if word.endswith("ing"):
            return len(word) > 4 and word not in _NO_VERBS and not self._describes(words, at)
        return word.endswith("s") and not word.endswith(("ss", "us", "'s"))

    def _place_at(self, words: list[str], verb: int) -> int:
        """Where the place begins: at a known one, else at a preposition after the action."""
        first = min(verb + self._action_length(words[verb:]), len(words))
        for at in range(1, len(words)):
            end = verb if at < verb < len(words) else len(words)
            along_the = at == first - 1 and words[first : first + 1] == ["the"]
            may_begin = at < verb or at >= first or along_the
            if may_begin and self.is_place(" ".join(words[at:end])):
                return at
            if at == first and self._is_reached(words[at:]):
                return at
        for at in range(max(1, first), len(words) - 1):
            if words[at].lower() in PREPOSITIONS and not begins_way(" ".join(words[at:])):
                return at
        return len(words)

    def _is_reached(self, words: list[str]) -> bool:
        """Whether words after a verb are a place without a preposition: "crosses the desert"."""
        return words[0].lower() in _ARTICLES and placed(" ".join(words), self._places) is not None

    def _action_length(self, words: list[str]) -> int:
        """How many of the words an action that is known takes; "jumps up and down" takes four."""
        if len(words) > 1 and words[0].lower() in BE:
            return 1 + self._action_length(words[1:])
        for length in range(len(words), 0, -1):
            for form in verb_forms(words[0], plain=True):
                if self._actions.plainly(" ".join([form, *words[1:length]])) is not None:
                    return length
        return 1 if words else 0


class Names:
    """The names of subjects, of those that were never learnt too, and their plurals."""

    def __init__(self, words: Words) -> None:
        known = {name for group in words.learnt for name in group} | set(words.plain)
        self.singular = {plural(name): name for name in known if plural(name) not in known}
        self._others = frozenset(words.others)
        self._all = known | set(self.singular) | self._others | {plural(n) for n in words.others}

    def length_at(self, words: list[str], at: int) -> int:
        """How many words the longest name takes that begins there; 0 where none does."""
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            if " ".join(words[at : at + length]).lower() in self._all:
                return length
        return 0

    def is_plural_at(self, words: list[str], at: int) -> bool:
        """Whether more than one of something is named there."""
        length = self.length_at(words, at)
        return " ".join(words[at : at + length]).lower() in self.singular

    def is_other(self, name: str) -> bool:
        """Whether it names something that was never learnt."""
        return name.lower() in self._others


def _begins_with_many(article: str, words: list[str]) -> bool:
    """Whether the first thing of the art library that words name is more than one of it."""
    if _MANY_OF.match(" ".join(words)):
        return True
    if article.lower() in _ONE:
        return False
    for at in range(min(_FAR, len(words))):
        for end in (at + 2, at + 1):
            name = " ".join(words[at:end]).lower()
            if says_many(name):
                return True
            if end <= len(words) and names_a_thing(name):
                return name in _ALIKE and end < len(words) and not words[end].endswith("s")
    return False


_ONE = frozenset(("a", "an", "one", "this", "that"))
_MANY_OF = re.compile(r"\w+(?: \w+)? of (?:\w+ ){0,2}(?:\w+s|people|children|men|women|sheep)\b")
"""Several under one name: "a flock of sheep", "a small crowd of people"."""
_FAR = 3
_ALIKE = frozenset(("sheep", "fish", "deer"))
"""What is called alike whether it is one or more."""


def _is_article(word: str) -> bool:
    return word.lower() in _ARTICLES or word.lower() in NUMBERS


def _plain_words(sentence: str) -> tuple[list[str], bool]:
    """The words after "show me", "a video of" or "make", and whether their verb is bare."""
    said = sentence.rstrip(" .!?")
    let, lead = _LET.match(said), _LEAD.match(said)
    begun = let or lead
    rest = said[begun.end() :] if begun is not None else said
    rest = _RELATIVE.sub("", rest or said)
    plain = _HELPERS.sub("", rest)
    return plain.split(), let is not None or plain != rest
