"""What a sticker is to show, thing by thing, as one that is laid of cut-outs needs it.

The prompt is cut where one thing ends and the next begins; what each piece means is the sticker
rewriter's to say. What no cut-out can show, a mood or a place, is left out and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.models.art import named_in
from engine.models.moviegen.clauses import Names
from engine.models.moviegen.nouns import article, plural
from engine.models.moviegen.sticker_rewriting import LONGEST_NAME, NUMBERS, StickerRewriter
from engine.planning.vocabulary import listed

MOST_THINGS = 3
"""The first, and what is with it."""
WITH, WEARING, ON, IN = "with", "wearing", "on", "in"

_JOINTS: Mapping[str, str] = {
    **dict.fromkeys(
        listed(
            """
with, and, plus, &, beside, near, by, next to, alongside, at, under, behind, before, below, from,
through, among, for, to, against, between, during, towards, in front of, as
"""
        ),
        WITH,
    ),
    **dict.fromkeys(listed("wearing, wears"), WEARING),
    **dict.fromkeys(
        listed("on, on top of, riding, rides, riding on, sitting on, standing on, over, above"), ON
    ),
    **dict.fromkeys(listed("in, inside, inside of, into, sitting in"), IN),
}
"""Where the next thing begins, and how the first is with it."""
_LONGEST_JOINT = 3
_UNSAID = frozenset(
    listed(
        """
a, an, the, my, his, her, its, their, some, and, is, are, that, who, which, it, very, really, one,
cute, kawaii, adorable, funny, sweet, lovely, beautiful, nice, pretty, simple, little, small, tiny,
mini, big, large, giant, huge, enormous, baby, young, fluffy, single, emoji, sticker, stickers,
icon, cartoon, 3d, die-cut, please
"""
    )
)
"""Words that ask for what every sticker is, or for nothing that could be drawn."""
_ASKED = re.compile(
    r"(?:please )?(?:draw|make|create|design|generate|show|give|i want|i need)(?: me)? "
    r"(?=an? |the |two |three |four |five |some |\d )",
    re.IGNORECASE,
)
_SCALES: Mapping[str, float] = {
    **dict.fromkeys(listed("tiny, mini"), 0.7),
    **dict.fromkeys(listed("small, little"), 0.85),
    **dict.fromkeys(listed("big, large"), 1.25),
    **dict.fromkeys(listed("giant, huge, enormous"), 1.5),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What is drawn `count` times: a learnt name, or words that have none where not `is_known`.

    `joint` is how the first thing is with it, of "with", "wearing", "on" and "in"; `scale` how much
    larger it is than usual.
    """

    name: str
    count: int = 1
    colour: str = ""
    joint: str = ""
    scale: float = 1.0
    is_known: bool = True

    @property
    def words(self) -> str:
        """The thing as a prompt says it: "two blue foxes"."""
        if not self.is_known:
            return self.name
        first, _, rest = self.name.partition(" ")
        own = first if rest and first in _OWN_COLOURS and self.colour else ""
        told = f"{self.colour} {self.name.removeprefix(own).strip()}".strip()
        return f"{NUMBERS[self.count - 1]} {plural(told)}" if self.count > 1 else article(told)


_OWN_COLOURS = ("red", "yellow")
"""What a learnt name may begin with and lose: a blue one of "red heart" is a "blue heart"."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a prompt asks for, and what of it is left out, as it was said."""

    things: tuple[Thing, ...]
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """It in learnt words: "a blue fox with a rose and two red balloons"."""
        first, *others = self.things
        told = first.words
        for before, thing in zip(self.things, others, strict=False):
            joint = "and" if before.joint == thing.joint else thing.joint
            told = f"{told} {joint} {thing.words}"
        return told


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one thing, and what was said before them."""

    said: str
    joint: str
    words: str

    @property
    def whole(self) -> str:
        """The piece as it was said."""
        return f"{self.said} {self.words}".removeprefix("and ").strip()


def read_things(prompt: str, rewriter: StickerRewriter) -> Told:
    """The things of a prompt in learnt words; the first as it was said, where it has none."""
    names = Names(rewriter.vocabulary.subjects)
    asked = _ASKED.sub("", rewriter.without_lead(prompt.strip().rstrip(".!")))
    things: list[Thing] = []
    left_out: list[str] = []
    for piece in _pieces(asked, names):
        found = _thing(piece, rewriter, names)
        if found is None and not things and not piece.said:
            things.append(Thing(piece.words, is_known=False))
        elif found is None or len(things) == MOST_THINGS:
            left_out += [piece.whole] if _worth_saying(piece.words or piece.said) else []
        else:
            thing, rest = found
            things.append(replace(thing, joint=piece.joint if things else ""))
            left_out += rest
    return Told(tuple(things), tuple(left_out))


def _pieces(prompt: str, names: Names) -> Iterator[_Piece]:
    """A prompt cut before every joint, and before what somebody does who was named."""
    words = re.findall(r",|[^\s,]+", prompt)
    said, joint, piece, has_name, at = "", "", [], False, 0
    while at < len(words):
        length = names.length_at(words, at)
        cut = "" if length > 1 else _joint_at(words, at, has_name=has_name, names=names)
        if not cut:
            piece += words[at : at + max(length, 1)]
            has_name = has_name or length > 0
            at += max(length, 1)
            continue
        if piece or said:
            yield _Piece(said, joint, " ".join(piece))
        said = "" if cut == "," else cut
        joint, piece, has_name = _JOINTS.get(cut.lower(), WITH), [], False
        at += len(cut.split())
    yield _Piece(said, joint, " ".join(piece))


def _joint_at(words: list[str], at: int, *, has_name: bool, names: Names) -> str:
    """The joint that begins there, the longest; none within "a red and white fox"."""
    word = words[at].lower()
    if word == ",":
        return word
    for length in range(_LONGEST_JOINT, 0, -1):
        joint = " ".join(words[at : at + length])
        if joint.lower() in _JOINTS and (has_name or word != "and"):
            return joint
    return words[at] if has_name and _is_doing(word) else ""


def _is_doing(word: str) -> bool:
    """Whether a word after a name tells what it does: "jumping", "eats"."""
    return len(word) > 3 and word.endswith(("ing", "s")) and not word.endswith(("ss", "us", "'s"))


def _thing(
    piece: _Piece, rewriter: StickerRewriter, names: Names
) -> tuple[Thing, list[str]] | None:
    """The thing that a piece names, and what is said of it that cannot be shown."""
    words = rewriter.still(_plain(piece.words, rewriter)).lower().split()
    for start in range(max(0, len(words) - LONGEST_NAME), len(words)):
        tail = " ".join(words[start:])
        if names.is_other(tail):
            return _in_library(words)
        name = rewriter.learnt_name(names.singular.get(tail, tail))
        if name is None:
            continue
        before = words[:start]
        count, scale = _count_and_scale(before)
        colours = [word for word in before if word in rewriter.vocabulary.colours]
        dye = rewriter.vocabulary.colours[colours[0]] if len(colours) == 1 else ""
        rest = [word for word in before if not (dye and word in colours) and _worth_saying(word)]
        return Thing(name, count, dye if name.split()[0] != dye else "", scale=scale), rest
    return _in_library(words)


def _count_and_scale(before: list[str]) -> tuple[int, float]:
    """How many of a thing the words before its name ask for, and how large."""
    count = NUMBERS.index(before[0]) + 1 if before and before[0] in NUMBERS else 1
    return count, next((_SCALES[word] for word in before if word in _SCALES), 1.0)


def _in_library(words: list[str]) -> tuple[Thing, list[str]] | None:
    """The thing of the art library that words end in, as `_thing` tells it."""
    named = named_in(" ".join(words))
    if named is None:
        return None
    before = words[: len(words) - len(named.noun.split())]
    count, scale = _count_and_scale(before)
    rest = [word for word in before if word != named.colour and _worth_saying(word)]
    return Thing(named.noun, count, named.colour, scale=scale), rest


def _plain(words: str, rewriter: StickerRewriter) -> str:
    """Words without "and", and without "emoji" after a name: stickers all look like one."""
    said = words.replace(" and ", " ").split()
    *before, last = said or [""]
    is_name = any(rewriter.learnt_name(" ".join(said[at:])) for at in range(len(before)))
    return " ".join(before if before and last.lower() == "emoji" and not is_name else said)


def _worth_saying(words: str) -> bool:
    """Whether leaving words out is news."""
    said = set(words.lower().split())
    return bool(said - _UNSAID - set(NUMBERS))
