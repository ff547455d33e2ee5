"""What a movement of the scene grammar is shown as, by who makes it and how the prompt says it."""

from __future__ import annotations

import re

from engine.models.animatic.movements import ACTIONS
from engine.models.moviegen.meanings import bare_form
from engine.planning.figures import AWASH, FLYING, HOVERING, LIGHTS, SWIMMING, WAVE
from engine.planning.vocabulary import POCKET_VIDEO

_MOVEMENTS = {
    name: (*words, *map(bare_form, words))
    for name, words in zip(ACTIONS, POCKET_VIDEO.actions.learnt, strict=True)
}
_FLIES = re.compile(
    r"\b(?:fl(?:y|ies|ying|ew)|soar\w*|glid\w+|swoop\w*|flutter\w*|zoom\w*|buzz\w*)\b",
    re.IGNORECASE,
)
_SWIMS = re.compile(r"\b(?:swims?|swimming|swam|glid\w+|div(?:es?|ing))\b", re.IGNORECASE)
_HOVERS = re.compile(r"\b(?:hover\w*|float\w*|levitat\w*)\b", re.IGNORECASE)
_TAKES_OFF = re.compile(r"\b(?:tak(?:es?|ing) off|lifts? off|departs?)\b", re.IGNORECASE)
_LANDS = re.compile(r"\bland(?:s|ing|ed)?\b", re.IGNORECASE)
_ROLLS_IN = re.compile(r"\b(?:crash\w*|break\w*|roll\w*)\b", re.IGNORECASE)
_PLANES = frozenset(("airplane", "small airplane"))
_CROSSING = frozenset(("fly_right", "fly_left"))
_ALOFT, _AT_THE_SHORE = 0.2, 0.14
_ACROSS = {"right": "fly_right", "left": "fly_left"}


def movement_of(action: str) -> str | None:
    """The movement whose learnt words `action` begins with; None where it has none."""
    said = f"{action.lower()} "
    names = (
        name for name, words in _MOVEMENTS.items() if any(said.startswith(f"{w} ") for w in words)
    )
    return next(names, None)


def movement_shown(movement: str | None, said: str, label: str) -> str:
    """What a movement looks like for who is drawn by a label: a bird that flies crosses the air.

    Nobody is told to move by None.
    """
    if movement is None:
        return "float" if label in HOVERING else "stand"
    if label.endswith(AWASH) and movement == "float":
        return "right"
    if label in _PLANES and movement == "rise" and _TAKES_OFF.search(said):
        return "take_off"
    if label in _PLANES and movement == "fall" and _LANDS.search(said):
        return "land"
    if label in LIGHTS and movement in ("fall", "rise"):
        return "set" if movement == "fall" else "ascend"
    if label == WAVE and _ROLLS_IN.search(said):
        return "float"
    if _crosses(said, label):
        return "fly_right" if movement == "float" else _ACROSS.get(movement, movement)
    return movement


def _crosses(said: str, label: str) -> bool:
    if _HOVERS.search(said):
        return False
    flies, swims = _FLIES.search(said), _SWIMS.search(said)
    return bool((label in FLYING and flies) or (label in SWIMMING and (swims or flies)))


def lift_of(shown: str, label: str) -> float:
    """How far above the ground somebody is, in frame heights: in the air, in the water, far off."""
    if label == WAVE:
        return _AT_THE_SHORE
    in_air = label in FLYING or label in SWIMMING
    return _ALOFT if shown in _CROSSING or (in_air and shown == "float") else 0.0
