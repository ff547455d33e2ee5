"""Title templates and safe areas: titles ready to be changed, placed where televisions show them.

lower third     a name and a role over a bar, low on the left
centre title    large, in the middle
subtitle        one line, low in the middle
end card        a heading with lines beneath it
credits         lines down the middle
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.document.model.title import Align, Bar, TextBlock, TextStyle, Title

ACTION_SAFE = 0.93
TITLE_SAFE = 0.90
"""The share of the frame's width and height inside which things are safe. Source: EBU R 95."""


@dataclass(frozen=True, slots=True)
class Template:
    """A named way to lay out lines of text; `lines` are what it shows before they are changed."""

    name: str
    lines: tuple[str, ...]
    build: Callable[[tuple[str, ...]], Title]


def _lower_third(lines: tuple[str, ...]) -> Title:
    name = TextStyle(size=0.055, weight=700, align=Align.LEFT)
    role = TextStyle(size=0.038, weight=400, align=Align.LEFT, colour="#ffffffd0")
    blocks = (
        TextBlock(text=lines[0], x=0.09, y=0.785, width=0.6, style=name),
        TextBlock(text="\n".join(lines[1:]), x=0.09, y=0.85, width=0.6, style=role),
    )
    bars = (
        Bar(x=0.07, y=0.735, width=0.46, height=0.16, colour="#101418c8"),
        Bar(x=0.07, y=0.735, width=0.006, height=0.16, colour="#f0a030ff"),
    )
    return Title(blocks=blocks, bars=bars, template="lower third")


def _centre(lines: tuple[str, ...]) -> Title:
    style = TextStyle(size=0.12, weight=800)
    return Title(blocks=(TextBlock(text="\n".join(lines), style=style),), template="centre title")


def _subtitle(lines: tuple[str, ...]) -> Title:
    style = TextStyle(size=0.055, outline=0.004, shadow=0.003)
    block = TextBlock(text="\n".join(lines), y=0.88, width=0.8, style=style)
    return Title(blocks=(block,), template="subtitle")


def _end_card(lines: tuple[str, ...]) -> Title:
    heading = TextBlock(text=lines[0], y=0.4, style=TextStyle(size=0.1, weight=800))
    rest = TextBlock(
        text="\n".join(lines[1:]), y=0.56, style=TextStyle(size=0.05, weight=400, line_height=1.4)
    )
    return Title(blocks=(heading, rest), template="end card")


def _credits(lines: tuple[str, ...]) -> Title:
    style = TextStyle(size=0.05, weight=400, line_height=1.5)
    return Title(blocks=(TextBlock(text="\n".join(lines), style=style),), template="credits")


TEMPLATES: dict[str, Template] = {
    template.name: template
    for template in (
        Template("lower third", ("Name", "Role"), _lower_third),
        Template("centre title", ("Title",), _centre),
        Template("subtitle", ("Subtitle",), _subtitle),
        Template("end card", ("The End", "Thank you for watching"), _end_card),
        Template("credits", ("Directed by", "Name", "", "Edited by", "Name"), _credits),
    )
}


def title_from(template: str, *lines: str) -> Title:
    """A title from a template; lines that are not given show the template's own.

    Raises: KeyError for an unknown template.
    """
    chosen = TEMPLATES[template]
    return chosen.build((*lines, *chosen.lines[len(lines) :]))
