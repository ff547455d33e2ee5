"""What a sentence says of things beside who acts: held, sat on, stood before, looked up at.

A thing is found by its name after who acts, and put where the preposition before it says; what is
told of a verb alone is held: "reads a book", or acts as well if it can: "fights a dragon".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from engine.abilities.animatic_cast import COUNTS, Holding
from engine.models.art import label_of, named_outright
from engine.models.art_likeness import space
from engine.models.opticals.colours import TONES
from engine.planning.art_names import MORE_NAMES
from engine.planning.figures import is_somebody
from engine.planning.set_pieces import (
    LARGE,
    OTHER_NAMES,
    OVERHEAD,
    RIDDEN,
    SEATS,
    SKY,
    WORN_ON_TOP,
    Behind,
    Beside,
    InSky,
    Piece,
    Under,
    name_of,
    size_of,
    things,
)

_WORD = re.compile(r"[\w’'-]+|,")
_LONGEST, _FEW, _BACK = 3, 3, 4
_SMALLEST_ON_GROUND = 0.2
_ON = frozenset(("on", "onto", "upon", "atop"))
_WITH = frozenset(("with", "holding", "holds", "carrying", "carries", "wearing", "wears", "using",
                   "under"))  # fmt: skip
_IN = frozenset(("in", "into", "inside"))
_PREPOSITIONS = _ON | _WITH | _IN | frozenset(
    ("at", "by", "near", "beside", "behind", "past", "around", "over", "above", "below", "beneath",
     "towards", "toward", "to", "from", "of", "through", "across", "along", "between", "against",
     "down", "up", "before", "off", "out", "for")
)  # fmt: skip
_BARE = frozenset(("a", "an", "the", "his", "her", "its", "their", "some", "my", "our", "this",
                   "that", "big", "small", "little", "large", "huge", "tiny", "old", "new",
                   "wooden", "tall", "long", "nice", "beautiful", "hot", "cold", "giant", "empty",
                   "full", "fresh", "few", "several", "many"))  # fmt: skip
_SEVERAL = {"some": 3, "few": 3, "several": 4, "many": 5}


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that is named: its label or a seat's name, what was said before it, and its words."""

    name: str
    colour: str
    count: int
    preposition: str
    words: str

    @property
    def is_seat(self) -> bool:
        """Whether it is furniture that is built."""
        return self.name in SEATS.values()


@dataclass(frozen=True, slots=True)
class Dressing:
    """What is laid into a place, what who acts holds, who else acts, and the words of all that."""

    pieces: tuple[Piece, ...] = ()
    held: Holding | None = None
    others: tuple[Found, ...] = ()
    words: tuple[str, ...] = field(default=())

    @property
    def names(self) -> frozenset[str]:
        """The labels of all of it."""
        held = () if self.held is None else (self.held.label,)
        others = tuple(other.name for other in self.others)
        return frozenset((*held, *others, *map(name_of, self.pieces)))

    @property
    def seat(self) -> Under | None:
        """What is under who acts."""
        return next((piece for piece in self.pieces if isinstance(piece, Under)), None)


def dressing_of(
    said: str, head: str, action: str, *, tellers: Collection[str], acting: Collection[str]
) -> Dressing:
    """What stands about in what was `said` of somebody of a `head` who does an `action`.

    `tellers`, the words that tell the place itself, are none of it, nor is what is seen anyway,
    those who are `acting` by their labels.
    """
    dressing = Dressing()
    for found in _found(said, head, action):
        tells_place = not found.is_seat and found.words.split()[-1] in tellers
        if found.name in acting or tells_place:
            continue
        dressing = _with(dressing, found)
    return dressing


def _with(dressing: Dressing, found: Found) -> Dressing:
    """A dressing with one thing more."""
    told = replace(dressing, words=(*dressing.words, found.words))
    if _is_held(found):
        return told if told.held else replace(told, held=Holding(found.name, found.colour))
    if found.name not in SKY and _acts(found):
        return replace(told, others=(*told.others, found))
    piece = _piece(found)
    if isinstance(piece, Under) and dressing.seat is not None:
        piece = Beside(found.name, found.colour)
    return replace(told, pieces=(*told.pieces, piece))


def _is_held(found: Found) -> bool:
    if found.is_seat or found.name in SKY or found.name in LARGE or _acts(found):
        return False
    if found.name in RIDDEN and found.preposition in _ON:
        return True
    if found.name in WORN_ON_TOP and found.preposition in _IN | _WITH:
        return True
    if found.name in OVERHEAD and found.preposition in _WITH | {""}:
        return True
    small = size_of(found.name) < _SMALLEST_ON_GROUND
    return found.preposition in _WITH - {"under"} or (small and found.preposition in ("", "of"))


def _acts(found: Found) -> bool:
    """Whether it is somebody who is there too, and nobody rides."""
    is_small = size_of(found.name) < _SMALLEST_ON_GROUND
    return is_small and is_somebody(found.name) and found.preposition not in _ON | _IN


def _piece(found: Found) -> Piece:
    if found.name in SKY:
        return InSky(found.name, found.colour)
    if found.name in LARGE:
        return Behind(found.name, found.colour, found.count)
    if found.preposition in _ON | _IN:
        return Under(found.name, found.colour)
    return Beside(found.name, found.colour, found.count)


def _found(said: str, head: str, action: str) -> list[Found]:
    """Every thing that is named after who acts, in the order in which they are said."""
    words = _WORD.findall(said.lower())
    verb = action.lower().split()[:1]
    found, at = [], _after(words, head.lower().split())
    while at < len(words):
        length, name, count = _named_at(words, at)
        if not length or words[at : at + 1] == verb:
            at += 1
            continue
        colour, counted, preposition = _before(words, at)
        said_so = " ".join(words[at : at + length])
        found.append(Found(name, colour, max(count, counted), preposition, said_so))
        at += length
    return found


def _after(words: list[str], head: list[str]) -> int:
    """Where the sentence goes on after who acts."""
    for at in range(len(words) - len(head) + 1):
        if head and words[at : at + len(head)] == head:
            return at + len(head)
    return 0


def _named_at(words: list[str], at: int) -> tuple[int, str, int]:
    """How many words from there name a thing, its label or a seat's name, and how many it is."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        said = " ".join(words[at : at + length])
        one = next((each for each in _ones(said) if each in SEATS or each in OTHER_NAMES), "")
        if one:
            return length, SEATS.get(one) or OTHER_NAMES[one], 1 if one == said else _FEW
        named = named_outright(said)
        if named is not None and len(named.noun.split()) == length:
            label = label_of(named.noun)
            if _is_name(named.noun, label) and (label in things() or is_somebody(label)):
                return length, label, 1 if named.noun == said else _FEW
    return 0, "", 0


def _is_name(noun: str, label: str) -> bool:
    """Whether a noun is what people call a thing, and not one of the library's other keywords."""
    return noun in (label.lower(), *MORE_NAMES) or noun in space().names


def _ones(said: str) -> tuple[str, ...]:
    return said, said.removesuffix("s"), said.removesuffix("es")


def _before(words: list[str], at: int) -> tuple[str, int, str]:
    """The colour, the number and the preposition that are said before a thing; "" for a verb's."""
    colour, count = "", 1
    for back in range(at - 1, max(at - 1 - _BACK, -1), -1):
        word = words[back]
        if word in TONES:
            colour = colour or word
        elif word in COUNTS or word in _SEVERAL:
            count = COUNTS.get(word) or _SEVERAL[word]
        elif word in _PREPOSITIONS:
            front = words[max(back - 1, 0)] == "front"
            return colour, count, "before" if word == "of" and front else word
        elif word not in _BARE:
            return colour, count, ""
    return colour, count, ""
