"""Reading a prompt about someone whom pictures show: where they are, what they do.

The prompt need not say who: "waves on a beach at sunset" is as good as "my dog waves on a beach".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.abilities.animatic import movement_of
from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest
from engine.models.moviegen.meanings import BE, verb_forms
from engine.models.moviegen.rewriting import Clause, Rewriter
from engine.planning.film_words import SHOWN_AS
from engine.planning.vocabulary import POCKET_VIDEO
from engine.protocol.recipes import Recipe

_SOMEONE = "a character"
_POSSESSIVES = frozenset(("my", "our", "your", "his", "her", "its", "their"))
_PRONOUNS = frozenset(("he", "she", "it", "this", "that", "me"))
_PLURALS = frozenset(("i", "we", "you", "they"))
_SETTINGS = frozenset(words for group in POCKET_VIDEO.settings.learnt for words in group)


def begun(recipe: Recipe, context: JobContext) -> tuple[Recipe, Entry]:
    """The recipe as its model can follow it, and the model; loading is told of.

    Raises: BadRequest, where nothing was said.
    """
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say where it is and what happens.")
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    context.report("loading")
    return recipe, entry


def read_personal(rewriter: Rewriter, prompt: str, context: JobContext) -> Clause:
    """The parts of a prompt in the model's words; notes say how it was read."""
    reading = likeliest(rewriter, prompt)
    clause = reading.clause
    if not clause.action and clause.setting not in _SETTINGS:
        clause = replace(clause, setting=f"{clause.name} {clause.setting}".strip())
    if movement_of(clause.action) is None:
        context.note("The prompt names no movement that this model knows, so the subject stands.")
    else:
        note_shown(reading, context)
    return clause


def likeliest(rewriter: Rewriter, prompt: str) -> Reading:
    """The reading of a prompt of which most is understood, whoever it begins with."""
    return max((_read(rewriter, sentence) for sentence in _sentences(prompt)), key=_told)


def note_shown(reading: Reading, context: JobContext) -> None:
    """Say what is shown in place of a verb that a cut-out cannot do."""
    if reading.shown:
        context.note(
            "A cut-out cannot do all that a body does:"
            f" “{reading.shown}” is shown as “{SHOWN_AS[reading.shown]}”."
        )


def _sentences(prompt: str) -> Iterator[str]:
    """The prompt as sentences that begin with who: as it may have been meant, likeliest first."""
    said = prompt.strip().rstrip(".")
    first, _, rest = said.partition(" ")
    word = first.lower()
    if word in _POSSESSIVES:
        yield f"the {rest}"
        return
    if word in _PRONOUNS:
        yield f"{_SOMEONE} {rest}"
        return
    if word in _PLURALS:
        verb, _, after = rest.partition(" ")
        yield f"{_SOMEONE} {verb if verb in ('am', 'are') else _third(verb)} {after}".strip()
        return
    yield f"{_SOMEONE} {said}"
    yield f"{_SOMEONE} {_third(word)} {rest}".strip()
    yield f"{_SOMEONE} is {said}"
    yield said


def _third(verb: str) -> str:
    """A verb as one who does it is told of: dance, dances."""
    if verb.endswith("s") and not verb.endswith("ss"):
        return verb
    return f"{verb}es" if verb.endswith(("ss", "sh", "ch", "x", "o")) else f"{verb}s"


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause, and the verb in whose place it shows another, if it does."""

    clause: Clause
    shown: str = ""


def _read(rewriter: Rewriter, sentence: str) -> Reading:
    said = rewriter.clause(sentence)
    told = rewriter.rewrite(sentence)
    clause = rewriter.clause(told) or Clause("", "", "", told)
    shown = next((form for form in _verbs(said) if form in SHOWN_AS), "")
    if shown and movement_of(clause.action) is None:
        clause = replace(clause, action=SHOWN_AS[shown])
    return Reading(clause, shown)


def _verbs(said: Clause | None) -> list[str]:
    """What the verb of a clause may be of."""
    words = said.action.lower().split() if said is not None else []
    words = [word for word in words if word not in BE]
    return verb_forms(words[0], plain=False) if words else []


def _told(reading: Reading) -> int:
    """How much of a reading is understood."""
    acts = movement_of(reading.clause.action) is not None
    return 2 * acts + (reading.clause.setting in _SETTINGS)
