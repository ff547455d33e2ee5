"""What can be heard by procedure: surroundings, machines, and the sound of each kind of movement.

The same sounds are what the sound model learns from, and what a draft's soundtrack is laid of.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.models.foley import synthesis as made
from engine.models.foley.synthesis import SAMPLE_RATE_HZ, Chance, Sound, lay

Bed = Callable[[Chance, float], Sound]
"""(chance, seconds) -> a sound that goes on, of unit loudness."""

SURROUNDINGS: dict[str, tuple[str, Bed]] = {
    "meadow": ("birds chirping", made.birds),
    "beach": ("ocean waves", made.waves),
    "forest": ("birds chirping", made.birds),
    "desert": ("wind blowing", made.wind),
    "snow": ("wind blowing", made.wind),
    "street": ("city traffic", made.traffic),
    "night_city": ("crickets at night", made.crickets),
    "space": ("a deep drone", made.drone),
    "underwater": ("bubbles under water", made.bubbles),
    "sunset": ("ocean waves", made.waves),
    "room": ("quiet room tone", made.room),
    "stage": ("an applauding audience", made.applause),
    "sky": ("wind blowing", made.wind),
    "volcano": ("a deep rumble", made.rumble),
    "rain": ("rain falling", made.rain),
    "plain": ("quiet room tone", made.room),
}
"""Setting -> what it sounds like, in words and as a procedure."""

PLACES = tuple(SURROUNDINGS)
"""Settings by the number that the reader of pictures gives them: the vocabulary's own order."""

QUIET = frozenset({"room", "plain", "space"})
"""Settings that are heard half as loud as others."""

MACHINES: dict[Bed, str] = {
    made.motor: "an engine running",
    made.rotor: "helicopter blades",
    made.jet: "a roaring jet",
    made.drone: "a humming machine",
    made.waves: "water lapping",
}
"""What things sound like that sound by themselves."""

SOUNDING: dict[str, Bed] = {
    "red car": made.motor, "taxi": made.motor, "bus": made.motor, "helicopter": made.rotor,
    "rocket": made.jet, "flying saucer": made.drone, "sailboat": made.waves,
}  # fmt: skip
"""Subjects that sound by themselves."""

SOUNDING_LABELS: dict[str, Bed] = {
    **dict.fromkeys(
        (
            "automobile", "taxi", "bus", "police car", "ambulance", "fire engine", "minibus",
            "sport utility vehicle", "pickup truck", "delivery truck", "articulated lorry",
            "tractor", "racing car", "motorcycle", "motor scooter", "auto rickshaw", "trolleybus",
            "locomotive", "bullet train", "high-speed train", "small airplane",
        ),
        made.motor,
    ),
    **dict.fromkeys(("rocket", "airplane"), made.jet),
    **dict.fromkeys(
        (
            "sailboat", "canoe", "speedboat", "passenger ship", "ferry", "motor boat", "ship",
            "water wave",
            *(
                f"{who} {doing}"
                for who in ("man", "woman", "person")
                for doing in ("swimming", "surfing", "rowing boat")
            ),
        ),
        made.waves,
    ),
    "helicopter": made.rotor,
    "flying saucer": made.drone,
}  # fmt: skip
"""The same by the labels of the art library, for drafts that have all of it."""

MOVEMENTS = {
    "walk": "footsteps", "engine": "an engine running", "jump": "a thud at each landing",
    "spin": "whooshes", "roll": "something rolling", "rise": "a rising whistle",
    "fall": "a falling whistle and a thud", "grow": "a swelling tone", "shrink": "a fading tone",
    "dance": "a tambourine on the beat", "shake": "quick rattling", "float": "soft chimes",
}  # fmt: skip
"""Kind of sound that a movement makes -> its words. What stands still makes none."""

KINDS = ("", *MOVEMENTS)
"""Kinds of sound by the number that the reader of pictures gives them."""

STRUCK: dict[str, Callable[[Chance], Sound]] = {
    "walk": made.footstep,
    "jump": made.thud,
    "spin": made.whoosh,
    "roll": made.bump,
    "fall": made.thud,
    "dance": made.clap,
    "float": made.bell,
}
"""What is heard at each moment of a kind that has moments."""


def kind_heard(action: str, machine: Bed | None) -> str:
    """What kind of sound a movement of the animatic makes; "" for none."""
    goes = action in ("right", "left")
    if machine is not None and (goes or action in _UNHEARD):
        return "engine"
    if goes:
        return "walk"
    if action == "take_off":
        return "rise"
    return "" if action in _UNHEARD else action


_UNHEARD = frozenset(("stand", "fly_right", "fly_left", "land", "set", "ascend"))
"""Movements that make no sound by themselves."""


def moved(kind: str, times_s: tuple[float, ...], chance: Chance, length_s: float) -> Sound:
    """The sound of a movement of `length_s`; a single one is centred on its moment."""
    out = np.zeros(round(length_s * SAMPLE_RATE_HZ), np.float32)
    struck = STRUCK.get(kind)
    if struck is not None:
        for at_s in times_s:
            lay(out, struck(chance), at_s)
    match kind:
        case "roll":
            out += 0.4 * made.noise(chance, length_s, 60, 500)
        case "fall":
            flight_s = times_s[0] if times_s else length_s
            lay(out, 0.35 * _shaped(made.swept(chance, flight_s, 1600, 300)), 0.0)
        case "rise":
            out += 0.5 * _shaped(made.swept(chance, length_s, 250, 1400))
        case "grow":
            out += made.swept(chance, length_s, 140, 220) * np.linspace(0.05, 0.9, len(out))
        case "shrink":
            out += made.swept(chance, length_s, 220, 140) * np.linspace(0.9, 0.05, len(out))
        case "shake":
            for at_s in times_s:
                lay(out, 0.5 * made.bump(chance), at_s)
        case _:
            return out
    return out


def limited(samples: Sound) -> Sound:
    """Peaks bent below full scale."""
    return np.tanh(samples).astype(np.float32)


def _shaped(samples: Sound) -> Sound:
    """Faded in and out over a twentieth of a second."""
    edge = min(SAMPLE_RATE_HZ // 20, len(samples) // 2)
    ramp = np.ones(len(samples), np.float32)
    ramp[:edge] = np.linspace(0, 1, edge)
    ramp[len(samples) - edge :] = np.linspace(1, 0, edge)
    return samples * ramp
