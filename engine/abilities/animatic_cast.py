"""Who acts in a cut-out film: one thing or two of it, and what of the prompt is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.models.animatic.air import CLEAR, Air
from engine.models.art import Named, named_in
from engine.models.moviegen.nouns import article
from engine.models.moviegen.rewriting import Clause, Rewriter, head_of
from engine.models.moviegen.sticker_rewriting import NUMBERS
from engine.planning.figures import Head
from engine.planning.plain_names import Clothes
from engine.planning.set_pieces import Piece
from engine.planning.sticker_vocabulary import POCKET_STICKER

_TWO = frozenset(("two", "2"))
COUNTS = {
    word: count for count, name in enumerate(NUMBERS, 1) for word in (name, str(count)) if count > 1
}
"""How many of a kind an article asks for, as far as art is laid for them."""
_ARTICLES = frozenset(("", "a", "an", "the"))
_WITH = " with "
DOWN, ASLEEP = "down", "asleep"
"""How somebody lies."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A thing that somebody holds, wears or is on: its label and, "" for its own, a colour."""

    label: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody out of the art library who acts: a label and, "" for its own, a colour; how large,

    of one alone; whose head it has, if not its own; what is beside it, as on a sticker, or held,
    and moves with it; and the label of who was asked for. One who `is_aside` stands on the ground
    whoever else is lifted off it. One who `lies` is "down" or "asleep"; who is behind a table has
    labels of what is on it in `on_table`, and the table is `table_wide` times as wide as for one.
    """

    label: str
    colour: str = ""
    scale: float = 1.0
    head: Head | None = None
    beside: Named | None = None
    name: str = ""
    held: Holding | None = None
    is_aside: bool = False
    clothes: Clothes | None = None
    lies: str = ""
    on_table: tuple[str, ...] | None = None
    table_wide: float = 1.0


@dataclass(frozen=True, slots=True)
class Cast:
    """A clause whose subject can be drawn, and what is told of how it was taken.

    `actors` are who acts, the first in front, what they do, in movements of the laying, by
    `action`; None where all of it is drawn as one, as in films of before. In a chase the second
    is ahead of the first; those who are `is_close` touch. `pieces` stand about in
    the place; `shown` are the words that said so, and what is held. `effects` are names of what
    moves by itself; `framing` is "near" where who is in front fills the frame.
    """

    clause: Clause
    notes: tuple[str, ...]
    actors: tuple[Acting, ...] | None = None
    action: str = "stand"
    lift: float = 0.0
    air: Air = CLEAR
    is_chase: bool = False
    is_close: bool = False
    pieces: tuple[Piece, ...] = ()
    shown: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    framing: str = ""

    @property
    def everybody(self) -> tuple[Acting, ...]:
        """Who acts; nobody where all of it is drawn as one."""
        return self.actors or ()


def cast_of(clause: Clause, rewriter: Rewriter) -> Cast:
    """Who is drawn: the first who is named, with what stickers have beside them, at most twice."""
    head, beside = head_of(clause.name)
    notes = []
    known = rewriter.learnt_name(head) or named_in(head)
    if known is None:
        notes.append(f"There is no art of “{head}”, so what is drawn is a guess.")
    kept = companion(beside) if known is not None else beside
    if beside and not kept:
        notes.append(f"One thing moves in a cut-out film, so “{beside.strip()}” is left out.")
    first = clause.article
    if first.lower() in COUNTS and named_in(head) is not None:
        first = NUMBERS[COUNTS[first.lower()] - 1]
    elif rewriter.is_many(first, head):
        if first.lower() not in _TWO:
            notes.append("A cut-out film shows one or two of a kind, so there are two.")
        first = "two"
    elif first.lower() not in _ARTICLES:
        first = article(head).partition(" ")[0]
    return Cast(replace(clause, article=first, name=f"{head}{kept}"), tuple(notes))


def companion(beside: str) -> str:
    """What stands beside a sticker's subject, in learnt words; empty where nothing does."""
    if not beside.startswith(_WITH):
        return ""
    words = beside.removeprefix(_WITH).split()
    thing = " ".join(words[1:] if words[0].lower() in ("a", "an", "the") else words).lower()
    companions = POCKET_STICKER.companions
    learnt = {name for group in companions.learnt for name in group}
    told = thing if thing in learnt else companions.plain.get(thing)
    named = named_in(thing)
    if told is None and named is not None:
        told = f"{named.colour} {named.noun}".strip()
    return "" if told is None else f"{_WITH}{article(told)}"
