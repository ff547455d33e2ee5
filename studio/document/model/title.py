"""Titles and captions: styled text. Lengths are shares of the frame's height, so that they scale.

Fonts are named by family; a title asks for one and the renderer falls back. Templates (lower
third, end card…) are data in `studio.document.titles` that build a `Title`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from studio.document.model.record import Record


class Align(StrEnum):
    """Where text sits along a line of its box."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStyle(Record):
    """How text looks. Colours are "#rrggbbaa"; an alpha of 00 leaves that part out.

    `size` is the height of a line, `outline` the stroke's width, `shadow` its offset down and
    right, `padding` the room between text and `box_colour`, each a share of the frame's height.
    """

    font: str = "Inter"
    size: float = 0.07
    weight: int = 600
    italic: bool = False
    underline: bool = False
    colour: str = "#ffffffff"
    align: Align = Align.CENTRE
    line_height: float = 1.2
    letter_spacing: float = 0.0
    outline: float = 0.0
    outline_colour: str = "#000000ff"
    shadow: float = 0.0
    shadow_colour: str = "#000000a0"
    box_colour: str = "#00000000"
    padding: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock(Record):
    """Text in a box: `x`, `y` the anchor as shares of the frame's width and height.

    The anchor is the box's left, middle or right by `style.align`, and its vertical middle.
    `width` is the share of the frame's width at which lines wrap.
    """

    text: str
    x: float = 0.5
    y: float = 0.5
    width: float = 0.9
    style: TextStyle = TextStyle()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar(Record):
    """A filled rectangle behind text; all four are shares of the frame's width and height."""

    x: float
    y: float
    width: float
    height: float
    colour: str = "#000000a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Title(Record):
    """Bars first, then text blocks over them. `template` names what it was made from."""

    blocks: tuple[TextBlock, ...]
    bars: tuple[Bar, ...] = ()
    template: str = ""


CAPTION_STYLE = TextStyle(size=0.05, outline=0.004, box_colour="#000000a0", padding=0.012)
