"""Effects on the way in: our own are in their clip's record, others' are told."""

from __future__ import annotations

from collections.abc import Iterable

import opentimelineio as otio

from studio.interchange.payload import pocket
from studio.interchange.reading import Reading


def note_effects(effects: Iterable[otio.schema.Effect], where: str, reading: Reading) -> None:
    """Note the effects that are not ours. Speed is no effect here (`clips`)."""
    for effect in effects:
        if not pocket(effect) and not isinstance(effect, otio.schema.TimeEffect):
            name = effect.effect_name or effect.name or "unnamed"
            reading.losses.add("Effects of other programs are not read", f"{name} on {where}")
