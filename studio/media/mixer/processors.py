"""Sound effects that remember: equaliser, compressor, gate, ducking, and plain gain and pan.

A `Chain` is one list of effects with its memory; it must be run over samples in order. Levels
are followed in steps of 16 samples (a third of a millisecond) with straight lines in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, exp, pi, sin, sqrt
from typing import Protocol

import numpy as np

from studio.document.catalogue import EFFECTS, Target
from studio.document.model.effect import Effect
from studio.document.model.record import Id
from studio.media.biquad import THROUGH, Biquads, Section
from studio.media.mixer.levels import from_decibels, panned

MIX_RATE = 48000
STEP = 16
SILENCE_DB = -120.0
EQ_BANDS = ("low", "low_mid", "high_mid", "high")

Values = dict[str, float | bool | str]


class Processor(Protocol):
    """One effect with its memory."""

    def run(
        self, samples: np.ndarray, values: Values, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Samples changed, float32 (count, 2); `heard` is what other tracks sound meanwhile."""
        ...


class Chain:
    """A clip's, track's or sequence's effects on sound, first to last."""

    def __init__(self, effects: tuple[Effect, ...]) -> None:
        self._steps = [
            (effect, EFFECTS[effect.kind], PROCESSORS[effect.kind]())
            for effect in effects
            if effect.enabled
            and effect.kind in PROCESSORS
            and EFFECTS[effect.kind].target is Target.SOUND
        ]

    def run(
        self, samples: np.ndarray, places: np.ndarray, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Samples changed; `places` are their frames, for keyframes."""
        middle = float(places[len(places) // 2]) if len(places) else 0.0
        for effect, entry, processor in self._steps:
            samples = processor.run(samples, entry.values_at(effect.params, middle), heard)
        return samples


class Gain:
    """Louder or softer."""

    def run(
        self, samples: np.ndarray, values: Values, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Multiply."""
        return samples * np.float32(from_decibels(float(values["gain"])))


class Pan:
    """Left or right."""

    def run(
        self, samples: np.ndarray, values: Values, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Move between the channels at equal power."""
        return panned(samples, float(values["pan"]))


class Equaliser:
    """Four bands of second-order filters. Source: R. Bristow-Johnson, Audio EQ Cookbook."""

    def __init__(self) -> None:
        self._filters = Biquads(len(EQ_BANDS))

    def run(
        self, samples: np.ndarray, values: Values, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Filter."""
        sections = tuple(_band(values, name) for name in EQ_BANDS)
        return self._filters.run(sections, samples).astype(np.float32)


def _band(values: Values, name: str) -> Section:
    """One second-order section."""
    shape = str(values[f"{name}_shape"])
    gain_db = float(values[f"{name}_gain"])
    if shape == "off" or (gain_db == 0 and not shape.endswith("cut")):
        return THROUGH
    w = 2 * pi * min(float(values[f"{name}_frequency"]), 0.49 * MIX_RATE) / MIX_RATE
    alpha, c = sin(w) / (2 * float(values[f"{name}_q"])), cos(w)
    a = 10 ** (gain_db / 40)
    root = 2 * sqrt(a) * alpha
    match shape:
        case "low_cut":
            b, d = ((1 + c) / 2, -(1 + c), (1 + c) / 2), (1 + alpha, -2 * c, 1 - alpha)
        case "high_cut":
            b, d = ((1 - c) / 2, 1 - c, (1 - c) / 2), (1 + alpha, -2 * c, 1 - alpha)
        case "low_shelf":
            b = (
                a * (a + 1 - (a - 1) * c + root),
                2 * a * (a - 1 - (a + 1) * c),
                a * (a + 1 - (a - 1) * c - root),
            )
            d = (a + 1 + (a - 1) * c + root, -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - root)
        case "high_shelf":
            b = (
                a * (a + 1 + (a - 1) * c + root),
                -2 * a * (a - 1 + (a + 1) * c),
                a * (a + 1 + (a - 1) * c - root),
            )
            d = (a + 1 - (a - 1) * c + root, 2 * (a - 1 - (a + 1) * c), a + 1 - (a - 1) * c - root)
        case _:
            b = (1 + alpha * a, -2 * c, 1 - alpha * a)
            d = (1 + alpha / a, -2 * c, 1 - alpha / a)
    return b[0] / d[0], b[1] / d[0], b[2] / d[0], d[1] / d[0], d[2] / d[0]


class Compressor:
    """Evens out loud and soft, both channels alike, with a soft knee."""

    def __init__(self) -> None:
        self._reduction = Follower(0.0)

    def run(
        self, samples: np.ndarray, values: Values, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Turn down what lies above the threshold."""
        over = levels_db(samples) - float(values["threshold"])
        knee, slope = float(values["knee"]), 1 - 1 / float(values["ratio"])
        bent = np.clip(over + knee / 2, 0, knee) ** 2 / (2 * max(knee, 1e-6))
        wanted = slope * np.where(over > knee / 2, over, bent)
        reduction = self._reduction.follow(wanted, _ms(values, "attack"), _ms(values, "release"))
        return applied(samples, float(values["makeup"]) - reduction)


class Gate:
    """Silences what is softer than the threshold, after a hold."""

    def __init__(self) -> None:
        self._opening = Follower(0.0)
        self._open_for = 0

    def run(
        self, samples: np.ndarray, values: Values, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Open above the threshold, close below it."""
        loud = levels_db(samples) > float(values["threshold"])
        wanted, self._open_for = held(loud, self._open_for, _ms(values, "hold"))
        opening = self._opening.follow(wanted, _ms(values, "attack"), _ms(values, "release"))
        return applied(samples, float(values["floor"]) * (1 - opening))


class Ducking:
    """Makes room while another track sounds."""

    def __init__(self) -> None:
        self._depth = Follower(0.0)
        self._held_for = 0

    def run(
        self, samples: np.ndarray, values: Values, heard: Mapping[Id, np.ndarray]
    ) -> np.ndarray:
        """Turn down by `amount` while the key track is above the threshold."""
        key = heard.get(str(values["key_track"]))
        if key is None:
            return samples
        loud = levels_db(key) > float(values["threshold"])
        wanted, self._held_for = held(loud, self._held_for, _ms(values, "hold"))
        depth = self._depth.follow(wanted, _ms(values, "attack"), _ms(values, "release"))
        return applied(samples, float(values["amount"]) * depth)


class Follower:
    """A value that goes after another: fast up (attack), slow down (release)."""

    def __init__(self, value: float) -> None:
        self._value = value

    def follow(self, wanted: np.ndarray, attack_s: float, release_s: float) -> np.ndarray:
        """The value after each step, float64, as long as `wanted`."""
        up, down = (1 - exp(-STEP / (MIX_RATE * max(t, 1e-5))) for t in (attack_s, release_s))
        out = np.empty(len(wanted))
        value = self._value
        for index, goal in enumerate(wanted.tolist()):
            value += (goal - value) * (up if goal > value else down)
            out[index] = value
        self._value = value
        return out


def held(loud: np.ndarray, open_for: int, hold_s: float) -> tuple[np.ndarray, int]:
    """1 while loud and for a hold after it, else 0; and the steps of hold left at the end."""
    hold = int(hold_s * MIX_RATE / STEP)
    out = np.empty(len(loud))
    for index, now in enumerate(loud.tolist()):
        open_for = hold if now else max(0, open_for - 1)
        out[index] = 1.0 if now or open_for else 0.0
    return out, open_for


def levels_db(samples: np.ndarray) -> np.ndarray:
    """The peak of each step, either channel, in dB below full scale."""
    peaks = np.abs(samples).max(axis=1)
    padded = np.pad(peaks, (0, -len(peaks) % STEP))
    return 20 * np.log10(np.maximum(padded.reshape(-1, STEP).max(axis=1), 10 ** (SILENCE_DB / 20)))


def applied(samples: np.ndarray, gain_db: np.ndarray) -> np.ndarray:
    """Samples with a gain per step, in straight lines from step to step."""
    gains = from_decibels(gain_db)
    middles = np.arange(len(gains)) * STEP + STEP / 2
    per_sample = np.interp(np.arange(len(samples)), middles, gains)
    return (samples * per_sample[:, None]).astype(np.float32)


def _ms(values: Values, name: str) -> float:
    return float(values[name]) / 1000


PROCESSORS: dict[str, type[Processor]] = {
    "gain": Gain,
    "pan": Pan,
    "eq": Equaliser,
    "compressor": Compressor,
    "gate": Gate,
    "ducking": Ducking,
}
