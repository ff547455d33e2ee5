"""Labels: the colours by which editors tell footage and clips apart."""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    """The colours, by hue, under the names that Premiere gives them; how they look is the view's.

    Where a label is stored, "" is none, and "#rrggbb" a colour that another program chose.
    """

    ROSE = "rose"
    MANGO = "mango"
    YELLOW = "yellow"
    TAN = "tan"
    BROWN = "brown"
    GREEN = "green"
    FOREST = "forest"
    TEAL = "teal"
    CARIBBEAN = "caribbean"
    CERULEAN = "cerulean"
    BLUE = "blue"
    IRIS = "iris"
    LAVENDER = "lavender"
    VIOLET = "violet"
    PURPLE = "purple"
    MAGENTA = "magenta"

    @classmethod
    def read(cls, stored: str) -> Label | None:
        """The label of that name, None for any other word."""
        return next((each for each in cls if each == stored), None)
