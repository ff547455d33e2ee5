"""The words of editing by instruction: tasks, colours, weathers, styles, and how each is asked for.

The wordings that were learnt stand first of each; the synonyms were in no training instruction.
Subjects and places are those of the scene grammar and stand with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.protocol.recipes import EDIT_TASKS

GENERATE = "generate"
TASKS = (GENERATE, *EDIT_TASKS)
"""In the order of the learnt task embeddings; the first, plain generation, edits nothing."""

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Wording:
    """One kind of instruction: learnt wordings, synonyms, and what asks for the way back."""

    words: tuple[str, ...]
    synonyms: tuple[str, ...]
    back: tuple[str, ...] = ()


TEMPLATES: Mapping[str, Wording] = {
    "add": Wording(
        ("add {other} on the {side}", "put {other} on the {side}"),
        ("place {other} on the {side}", "insert {other} at the {side}"),
        ("remove {the_other}", "take {the_other} away"),
    ),
    "remove": Wording(
        ("remove {noun}", "take {noun} away", "erase {noun}"),
        ("delete {noun}", "get rid of {noun}"),
    ),
    "replace": Wording(
        ("replace {noun} with {other}", "turn {noun} into {other}", "change {noun} to {other}"),
        ("swap {noun} for {other}", "exchange {noun} for {other}"),
        ("replace {the_other} with {a_noun}", "turn {the_other} into {a_noun}"),
    ),
    "recolour": Wording(
        ("make {noun} {colour}", "paint {noun} {colour}", "colour {noun} {colour}"),
        ("dye {noun} {colour}", "change the colour of {noun} to {colour}"),
        ("give {noun} its own colours back",),
    ),
    "background": Wording(
        ("put {noun} {setting}", "change the background to {place}", "move it {setting}"),
        ("set the scene {setting}", "make the background {place}"),
        ("put {noun} {old_setting}", "change the background to {old_place}"),
    ),
    "segment": Wording(
        ("segment {noun} in {colour}", "mark {noun} in {colour}"),
        ("highlight {noun} in {colour}", "mask {noun} in {colour}"),
    ),
}
"""Instructions with places to fill in; "{noun}" has its article."""

WEATHERS: Mapping[str, Wording] = {
    "snow": Wording(
        ("make it snow", "let it snow", "make it winter"),
        ("make snow fall", "turn it into a snowy day"),
        ("stop the snow", "make the weather clear"),
    ),
    "rain": Wording(
        ("make it rain", "let it rain", "make it a rainy day"),
        ("make rain fall", "turn it into a storm"),
        ("stop the rain", "make the weather clear"),
    ),
    "fog": Wording(
        ("make it foggy", "fill it with fog"),
        ("make it misty", "add mist"),
        ("clear the fog", "make the weather clear"),
    ),
    "night": Wording(
        ("make it night", "turn day into night", "make it dark"),
        ("make it midnight", "change the time to night"),
        ("make it day", "bring the daylight back"),
    ),
    "sunset": Wording(
        ("make it sunset", "make it evening", "give it the light of a sunset"),
        ("make it golden hour", "make it dusk"),
        ("make it day", "bring the daylight back"),
    ),
}
"""Weathers and times of day, by id."""

STYLES: Mapping[str, Wording] = {
    "mono": Wording(
        ("make it black and white", "turn it into a black and white film"),
        ("make it monochrome", "take the colours out"),
        ("make it a colour film", "bring the colours back"),
    ),
    "old film": Wording(
        ("make it look like an old film", "make it sepia"),
        ("make it vintage", "make it look like a silent movie"),
        ("make it a modern film", "bring the colours back"),
    ),
    "comic": Wording(
        ("make it a comic", "turn it into a cartoon drawing"),
        ("make it look like a comic book", "make it a cartoon"),
        ("make it look real", "undo the style"),
    ),
    "sketch": Wording(
        ("make it a pencil sketch", "turn it into a pencil drawing"),
        ("make it look drawn by hand", "make it a drawing"),
        ("make it look real", "undo the style"),
    ),
    "painting": Wording(
        ("make it an oil painting", "turn it into a painting"),
        ("make it look painted", "paint it in oil"),
        ("make it look real", "undo the style"),
    ),
    "pixel art": Wording(
        ("make it pixel art", "turn it into pixel art"),
        ("make it look like an old video game", "make it 8-bit"),
        ("make it look real", "undo the style"),
    ),
}
"""Styles, by id."""

OPTICAL_STYLES: Mapping[str, Wording] = {
    "watercolour": Wording(("make it a watercolour",), ()),
    "vhs": Wording(("make it look like vhs",), ()),
    "dream": Wording(("make it look like a dream",), ()),
    "blur": Wording(("blur it",), ()),
    "cinematic": Wording(("make it look cinematic",), ()),
}
"""Styles of the opticals alone, which no model has learnt, by id."""

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink")
"""Colours that a subject can be given or marked with."""

MORE_COLOURS = ("teal", "brown", "black", "white", "grey")
"""Colours that the opticals have beside them."""
