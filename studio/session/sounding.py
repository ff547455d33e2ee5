"""Sound: the recipe of one, and which clip's picture or sound it is made of.

Pure functions; a soundtrack is made of what a clip plays, at its own pace.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction

import msgspec

from engine.protocol.models import FrameRules
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from studio.document.errors import EditError
from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import find
from studio.session.model_rules import usual_rate
from studio.session.played import PlayedClip, played

SOUNDS = frozenset({Ability.VIDEO_TO_AUDIO, Ability.TEXT_TO_AUDIO, Ability.EXTEND_AUDIO})
"""Abilities whose output is sound and lies on an audio track."""

LONGEST_S = 60
"""As long a sound as the panel offers; the command line makes longer ones."""


def sounding(
    recipe: Recipe,
    rules: FrameRules,
    seconds: Fraction,
    reading: tuple[str, Fraction, Fraction] | None,
) -> Recipe:
    """A recipe of sound as long as it is to be: that of the film it is for, or `seconds`.

    `reading` is the asset that it reads, by its bytes' name, and the part of it in seconds.
    """
    rate = usual_rate(rules)
    inputs: tuple[InputAsset, ...] = ()
    if reading is not None:
        sha256, in_s, out_s = reading
        part = InputAsset(
            role=InputRole.SOURCE, sha256=sha256, in_s=_rational(in_s), out_s=_rational(out_s)
        )
        inputs = (part,)
        if recipe.ability is Ability.VIDEO_TO_AUDIO:
            seconds = out_s - in_s
    frames = max(1, math.ceil(seconds * Fraction(rate)))
    return msgspec.structs.replace(recipe, frames=frames, rate=rate, inputs=inputs)


def sound_clip(project: Project, selected: Collection[str], missing: Collection[str]) -> PlayedClip:
    """The one clip on an audio track that is selected.

    Raises: EditError when none is, or several are, or it cannot be read.
    """
    places = [place for each in selected if (place := find(project, each)) is not None]
    sounds = [
        (place, place.item)
        for place in places
        if isinstance(place.item, Clip) and place.track.kind is TrackKind.AUDIO
    ]
    if not sounds:
        raise EditError("Select the sound to extend first: a clip on an audio track.")
    if len(sounds) > 1:
        raise EditError("Several sounds are selected. Select the one to extend.")
    place, clip = sounds[0]
    name = clip.name or "This sound"
    return played(project, place, missing, f"{name} has no sound yet. Wait until it has been made.")


def _rational(seconds: Fraction) -> str:
    return f"{seconds.numerator}/{seconds.denominator}"
