"""When a movement of cut-out animation is heard: the moments follow from its pose's own formula."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.models.animatic.easing import LANDED, ramp_of, time_of

TURNED_BY: Mapping[str, float] = {"spin": math.pi, "roll": 0.8 * math.pi}
"""Movements that are heard whenever they have turned by so many radians more, from upright on."""


ONCE = frozenset(("roll", "fall"))
"""Movements whose moments come later where the whole of it begins later."""


def onsets(
    action: str, phase_s: float, length_s: float, *, is_eased: bool = False
) -> tuple[float, ...]:
    """When something begins to sound in a movement that takes `length_s`, in seconds.

    `phase_s` is by how much whatever repeats is ahead (`Staging.phase`). A movement that
    `is_eased` turns later while it comes to speed.
    """
    ramp = ramp_of(length_s) if is_eased else 0.0
    match action:
        case "right" | "left":  # |sin 4 pi (t + phase)| meets the floor
            return _every(0.25, phase_s, length_s)
        case "jump":  # |sin 1.25 pi (t + phase)| does
            return _every(0.8, phase_s, length_s)
        case "spin":  # half a turn
            return _every(1.0, phase_s, length_s)
        case "dance":  # the middle of a sway
            return _every(0.5, phase_s, length_s)
        case "float":  # the top of a wave of two seconds
            return _every(2.0, phase_s - 0.5, length_s)
        case "roll":  # a third of the way each, 0.8 pi of turning
            return tuple(length_s * time_of(share / 3, ramp) for share in range(3))
        case "fall":
            return (LANDED * length_s,)
        case "shake":  # through the middle eight times a second
            return _every(0.125, phase_s, length_s)
        case _:
            return ()


def _every(period_s: float, phase_s: float, length_s: float) -> tuple[float, ...]:
    """k * period - phase, as far as that lies in the movement."""
    first = math.ceil(phase_s / period_s - 1e-9)
    found: list[float] = []
    while first * period_s - phase_s < length_s:
        found.append(first * period_s - phase_s)
        first += 1
    return tuple(found)
