"""Effects on sound, for clips, tracks and the whole mix. Gain, pan and fades are a clip's own."""

from __future__ import annotations

from studio.document.catalogue.entry import (
    ChoiceParameter,
    Entry,
    NumberParameter,
    Parameter,
    Target,
    TrackParameter,
    Unit,
)


def _effect(kind: str, label: str, about: str, *parameters: Parameter) -> Entry:
    return Entry(kind, label, Target.SOUND, parameters, "Sound", about)


def _decibels(
    name: str, label: str, default: float, low: float = -60.0, high: float = 24.0
) -> NumberParameter:
    return NumberParameter(name, label, default, low, high, Unit.DECIBELS, 0.1)


def _milliseconds(name: str, label: str, default: float, high: float) -> NumberParameter:
    return NumberParameter(name, label, default, 0.1, high, Unit.MILLISECONDS, 0.1)


GAIN = _effect("gain", "Gain", "Louder or softer.", _decibels("gain", "Gain", 0.0, -96.0))

PAN = _effect(
    "pan",
    "Pan",
    "Left (-1) to right (1), at equal power.",
    NumberParameter("pan", "Pan", 0.0, -1.0, 1.0),
)


def _band(name: str, label: str, shape: str, frequency: float) -> list[Parameter]:
    return [
        ChoiceParameter(
            f"{name}_shape",
            f"{label} shape",
            shape,
            ("low_cut", "low_shelf", "bell", "high_shelf", "high_cut", "off"),
        ),
        NumberParameter(
            f"{name}_frequency", f"{label} frequency", frequency, 20, 20_000, Unit.HERTZ, 1
        ),
        _decibels(f"{name}_gain", f"{label} gain", 0.0, -24.0),
        NumberParameter(f"{name}_q", f"{label} Q", 0.707, 0.1, 20.0),
    ]


EQ = _effect(
    "eq",
    "Equaliser",
    "Four bands.",
    *_band("low", "Low", "low_shelf", 100),
    *_band("low_mid", "Low mid", "bell", 400),
    *_band("high_mid", "High mid", "bell", 2500),
    *_band("high", "High", "high_shelf", 8000),
)

COMPRESSOR = _effect(
    "compressor",
    "Compressor",
    "Evens out loud and soft.",
    _decibels("threshold", "Threshold", -18.0, -60.0, 0.0),
    NumberParameter("ratio", "Ratio", 3.0, 1.0, 20.0, Unit.RATIO, 0.1),
    _milliseconds("attack", "Attack", 10.0, 200.0),
    _milliseconds("release", "Release", 120.0, 2000.0),
    _decibels("knee", "Knee", 6.0, 0.0, 24.0),
    _decibels("makeup", "Make-up gain", 0.0, 0.0, 24.0),
)

GATE = _effect(
    "gate",
    "Noise gate",
    "Silences what is softer than the threshold.",
    _decibels("threshold", "Threshold", -45.0, -90.0, 0.0),
    _milliseconds("attack", "Attack", 2.0, 200.0),
    _milliseconds("hold", "Hold", 50.0, 2000.0),
    _milliseconds("release", "Release", 150.0, 2000.0),
    _decibels("floor", "Floor", -60.0, -96.0, 0.0),
)

DUCKING = _effect(
    "ducking",
    "Ducking",
    "Makes room while another track sounds, as music does under speech.",
    TrackParameter("key_track", "Listen to"),
    _decibels("threshold", "Threshold", -36.0, -60.0, 0.0),
    _decibels("amount", "Amount", -12.0, -48.0, 0.0),
    _milliseconds("attack", "Attack", 100.0, 2000.0),
    _milliseconds("hold", "Hold", 300.0, 5000.0),
    _milliseconds("release", "Release", 600.0, 5000.0),
)

SOUND_EFFECTS: tuple[Entry, ...] = (GAIN, PAN, EQ, COMPRESSOR, GATE, DUCKING)
