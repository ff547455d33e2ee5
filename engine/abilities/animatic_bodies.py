"""Bodies for who would act as a face or a bust in a cut-out film."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.abilities.animatic_cast import Acting, Cast
from engine.planning.bodies import body_of
from engine.planning.figures import FLYING

_FACE = re.compile(r"\b(?:face|head|bust|portrait)s?\b", re.IGNORECASE)
_IN_AIR = frozenset(("float", "fly_right", "fly_left"))


def with_bodies(cast: Cast, said: str) -> Cast:
    """A cast with the bodies that are cut together for it, doing what a prompt `said`.

    Whose face is asked for keeps to it, and who flies is as it was: nobody walks in the air.
    """
    if not cast.actors or _FACE.search(cast.clause.name):
        return cast
    return replace(cast, actors=tuple(_whole(actor, cast, said) for actor in cast.actors))


def _whole(actor: Acting, cast: Cast, said: str) -> Acting:
    if actor.name in FLYING and cast.action in _IN_AIR:
        return actor
    figure = body_of(actor.name, said)
    return actor if figure is None else replace(actor, label=figure.label, head=figure.head)
