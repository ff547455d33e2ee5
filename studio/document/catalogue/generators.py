"""Generators: pictures and sounds made by arithmetic."""

from __future__ import annotations

from studio.document.catalogue.entry import (
    ChoiceParameter,
    ColourParameter,
    Entry,
    NumberParameter,
    Target,
    Unit,
)
from studio.document.model.clip import GeneratorKind

GENERATORS: dict[GeneratorKind, Entry] = {
    GeneratorKind.COLOUR: Entry(
        "colour",
        "Colour",
        Target.PICTURE,
        (ColourParameter("colour", "Colour", "#000000"),),
        "Generators",
        "One flat colour.",
    ),
    GeneratorKind.GRADIENT: Entry(
        "gradient",
        "Gradient",
        Target.PICTURE,
        (
            ColourParameter("from", "From", "#101020"),
            ColourParameter("to", "To", "#405080"),
            NumberParameter("angle", "Angle", 90.0, -360, 360, Unit.DEGREES, 1),
            ChoiceParameter("shape", "Shape", "linear", ("linear", "radial")),
        ),
        "Generators",
        "One colour turning into another.",
    ),
    GeneratorKind.BARS: Entry(
        "bars", "Colour bars", Target.PICTURE, (), "Generators", "SMPTE colour bars."
    ),
    GeneratorKind.TONE: Entry(
        "tone",
        "Tone",
        Target.SOUND,
        (
            NumberParameter("frequency", "Frequency", 1000, 20, 20_000, Unit.HERTZ, 1),
            NumberParameter("level", "Level", -20.0, -96, 0, Unit.DECIBELS, 0.1),
        ),
        "Generators",
        "A sine, for line-up.",
    ),
}
