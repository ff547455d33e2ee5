"""Whether cut-out films read a prompt as it says: by construction, no judge is needed.

What a cut-out film shows is what was read, drawn and moved; so this decides more of it than any
picture does. Scenes are held out, and most words that tell them were in no caption.
"""

from __future__ import annotations

import random

import numpy as np

from engine.abilities.animatic import clause_of
from engine.abilities.animatic_movement import movement_of
from engine.models.moviegen.nouns import article
from engine.models.moviegen.rewriting import Rewriter
from engine.training.grammar import Scene, held_out_scenes

_COUNT, _SEED = 400, 2028
_FORMS = "{who} {does} {where}", "{who} is {doing} {where}", "{who} {doing} {where}"


def shares_read(rewriter: Rewriter) -> dict[str, float]:
    """Shares of subjects, settings and movements that are read as they were meant, and of all three

    at once by the name "right", in prompts of synonyms and in verbs of three forms.
    """
    right = np.array([_right(rewriter, scene) for scene in held_out_scenes(_COUNT, _SEED)])
    shares = (*right.mean(axis=0), right.all(axis=1).mean())
    names = "subject", "setting", "motion", "right"
    return {name: float(share) for name, share in zip(names, shares, strict=True)}


def _right(rewriter: Rewriter, scene: Scene) -> tuple[bool, bool, bool]:
    clause = clause_of(rewriter, rewriter.rewrite(said(scene)))
    return (
        rewriter.learnt_name(clause.name) == scene.subject.noun,
        clause.setting in scene.setting.words,
        movement_of(clause.action) == scene.action.id,
    )


def said(scene: Scene) -> str:
    """A scene in words that were in no caption, where there are any."""
    rng = random.Random(scene.seed)
    noun = rng.choice(scene.subject.synonyms or (scene.subject.noun,))
    does = rng.choice(scene.action.synonyms or scene.action.words)
    where = rng.choice(scene.setting.synonyms or scene.setting.words)
    form = rng.choice(_FORMS)
    if does.startswith("is "):
        form = _FORMS[0]
    return form.format(who=article(noun), does=does, doing=_going_on(does), where=where)


def _going_on(does: str) -> str:
    """ "Hopping" of "hops": the verb of what one does as it goes on."""
    verb, space, rest = does.partition(" ")
    stem = verb.removesuffix("es") if verb.endswith(("sses", "ches")) else verb.removesuffix("s")
    if stem in _DOUBLED:
        stem += stem[-1]
    return f"{stem.removesuffix('e')}ing{space}{rest}"


_DOUBLED = frozenset(("hop", "spin", "drop", "get"))
