"""Transitions, by kind. Progress runs evenly from 0 to 1 unless `ease` says otherwise."""

from __future__ import annotations

from studio.document.catalogue.entry import (
    ChoiceParameter,
    ColourParameter,
    Entry,
    NumberParameter,
    Parameter,
    Target,
    Unit,
)
from studio.document.model.clip import TransitionKind

_EASE = ChoiceParameter("ease", "Pace", "even", ("even", "ease_in", "ease_out", "ease_both"))
_DIRECTION = ChoiceParameter("direction", "Towards", "left", ("left", "right", "up", "down"))


def _picture(kind: TransitionKind, label: str, about: str, *parameters: Parameter) -> Entry:
    return Entry(kind.value, label, Target.PICTURE, (*parameters, _EASE), "Transitions", about)


TRANSITIONS: dict[TransitionKind, Entry] = {
    TransitionKind.DISSOLVE: _picture(
        TransitionKind.DISSOLVE, "Dissolve", "One picture melts into the next."
    ),
    TransitionKind.ADDITIVE: _picture(
        TransitionKind.ADDITIVE, "Additive dissolve", "Both pictures' light adds up on the way."
    ),
    TransitionKind.DIP: _picture(
        TransitionKind.DIP,
        "Dip to colour",
        "Out to a colour, and in from it.",
        ColourParameter("colour", "Colour", "#000000"),
    ),
    TransitionKind.WIPE: _picture(
        TransitionKind.WIPE,
        "Wipe",
        "An edge passes over the frame and leaves the next picture behind.",
        ChoiceParameter("shape", "Shape", "line", ("line", "clock", "iris", "barn_door")),
        NumberParameter("angle", "Angle", 0.0, -360, 360, Unit.DEGREES, 1),
        NumberParameter("softness", "Softness", 0.02, 0.0, 1.0, Unit.SHARE),
    ),
    TransitionKind.PUSH: _picture(
        TransitionKind.PUSH, "Push", "The next picture pushes this one out.", _DIRECTION
    ),
    TransitionKind.SLIDE: _picture(
        TransitionKind.SLIDE, "Slide", "The next picture slides in over this one.", _DIRECTION
    ),
    TransitionKind.CROSSFADE: Entry(
        TransitionKind.CROSSFADE.value,
        "Crossfade",
        Target.SOUND,
        (ChoiceParameter("shape", "Shape", "equal_power", ("equal_power", "linear", "smooth")),),
        "Transitions",
        "One sound gives way to the next.",
    ),
}
