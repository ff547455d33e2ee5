"""Reading a prompt about someone whom pictures show: where they are, what they do.

The prompt need not say who: "waves on a beach at sunset" is as good as "my dog waves on a beach".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.abilities.animatic import movement_of
from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest
from engine.models.moviegen.rewriting import Clause, Rewriter
from engine.planning.vocabulary import POCKET_VIDEO
from engine.protocol.recipes import Recipe

_SOMEONE = "a character"
_POSSESSIVES = frozenset(("my", "our", "your", "his", "her", "its", "their"))
_PRONOUNS = frozenset(("he", "she", "it", "this", "that", "me"))
_PLURALS = frozenset(("i", "we", "you", "they"))
_SETTINGS = frozenset(words for group in POCKET_VIDEO.settings.learnt for words in group)
_SHOWN_AS = {
    word: shown
    for words, shown in (
        ("walks runs strolls marches drives rides skates hurries enters", "moves to the right"),
        ("waves sings plays parties swings celebrates conducts", "sways from side to side"),
        ("cheers skips", "jumps up and down"),
        ("laughs talks claps nods cries shouts sneezes", "shakes"),
        ("swims sails surfs drifts dives glides", "floats gently"),
        ("flies climbs", "rises into the air"),
        ("arrives comes", "comes closer"),
        ("leaves departs", "goes away"),
        ("sits sleeps looks watches reads smiles thinks poses", "stands still"),
    )
    for word in words.split()
}
"""What a cut-out does in place of what it has no limbs for, in the words of the captions."""


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
    read = [_read(rewriter, sentence) for sentence in _sentences(prompt)]
    clause = max(read, key=_told)
    if not clause.action and clause.setting not in _SETTINGS:
        clause = replace(clause, setting=f"{clause.name} {clause.setting}".strip())
    first = clause.action.lower().partition(" ")[0]
    if movement_of(clause.action) is None and first in _SHOWN_AS:
        context.note(
            f"A cut-out cannot do all that a body does: “{first}” is shown as “{_SHOWN_AS[first]}”."
        )
        clause = replace(clause, action=_SHOWN_AS[first])
    elif movement_of(clause.action) is None:
        context.note("The prompt names no movement that this model knows, so the subject stands.")
    return clause


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


def _read(rewriter: Rewriter, sentence: str) -> Clause:
    told = rewriter.rewrite(sentence)
    return rewriter.clause(told) or Clause("", "", "", told)


def _told(clause: Clause) -> int:
    """How much of a reading is understood."""
    first = clause.action.lower().partition(" ")[0]
    acts = movement_of(clause.action) is not None or first in _SHOWN_AS
    return 2 * acts + (clause.setting in _SETTINGS)
