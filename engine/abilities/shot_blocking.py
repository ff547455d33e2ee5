"""How a clip of the video model is blocked: what its prompt says of movement, place and camera."""

from __future__ import annotations

import random
from fractions import Fraction

from engine.abilities.animatic_movement import movement_of
from engine.models.animatic.movements import staged
from engine.models.animatic.place import PLAIN, setting_named
from engine.models.animatic.settings import paint
from engine.models.moviegen.blocking import BlockedShot, blocked
from engine.models.moviegen.prompts import EMPTY
from engine.models.moviegen.rewriting import Rewriter
from engine.protocol.recipes import Recipe

_NOWHERE = "on a plain background"
_SMALL = 64, 36
"""A size to paint a place at for the height of its ground alone."""


def shot_of(recipe: Recipe, rewriter: Rewriter) -> BlockedShot | None:
    """The blocking of a recipe's clip; None where its prompt has no movement that was learnt.

    The seed settles where the subject stands and how large it is.
    """
    clause = rewriter.clause(recipe.prompt)
    action = movement_of(clause.action) if clause is not None else None
    if clause is None or action is None:
        return None
    setting = clause.setting or _NOWHERE
    floor = paint(setting_named(setting) or PLAIN, recipe.seed, *_SMALL).ground
    blocking = blocked(
        action,
        clause.camera.replace(" ", "_") or "static",
        staged(random.Random(recipe.seed)),
        floor,
        recipe.frames,
        (recipe.width, recipe.height),
        float(Fraction(recipe.rate)),
    )
    who = f"{clause.article} {clause.name}".strip()
    return BlockedShot(blocking, f"{EMPTY} {setting}", f"{who} {setting}")
