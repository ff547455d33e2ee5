"""Colours as the document writes them: "#rrggbb" and "#rrggbbaa"."""

from __future__ import annotations


def rgb_of(text: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def rgba_of(text: str) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha, 0 to 255; opaque where no alpha is given."""
    return *rgb_of(text), int(text[7:9], 16) if len(text) == 9 else 255
