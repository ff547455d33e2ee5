"""Numbered pictures: which files are the pictures of one film, told by their names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

FEWEST = 12
"""Fewer pictures in a row are stills that happen to be numbered."""

_NAME = re.compile(
    r"(?P<before>[^%]*?)(?P<number>\d+)(?P<after>\.(png|tiff?|webp|bmp|jpe?g))", re.IGNORECASE
)
_PHOTO_DIGITS = 4
"""Cameras number their photos with four digits, by the rules of their file system (DCF)."""

_Row = tuple[Path, str, int, str]


def gathered(paths: Iterable[Path]) -> list[Path]:
    """The paths, with each row of numbered pictures as one, named by a pattern (`shot_%04d.png`).

    A row has no gap and at least `FEWEST` pictures, named alike. JPEGs numbered as cameras number
    them are photos.
    """
    found: dict[Path, None] = dict.fromkeys(paths)
    rows: dict[_Row, dict[int, Path]] = {}
    for path in found:
        match = _NAME.fullmatch(path.name)
        if match is not None and not _is_photo(match):
            digits = len(match["number"])
            row = (path.parent, match["before"], digits, match["after"])
            rows.setdefault(row, {})[int(match["number"])] = path
    stands_for = {
        path: _pattern(row)
        for row, numbered in rows.items()
        if len(numbered) >= FEWEST and max(numbered) - min(numbered) + 1 == len(numbered)
        for path in numbered.values()
    }
    return list(dict.fromkeys(stands_for.get(path, path) for path in found))


def is_row(path: Path) -> bool:
    """Whether a path is a pattern that `gathered` made."""
    return "%" in path.name


def _is_photo(match: re.Match[str]) -> bool:
    return match["after"].lower().startswith(".jp") and len(match["number"]) == _PHOTO_DIGITS


def _pattern(row: _Row) -> Path:
    folder, before, digits, after = row
    return folder / f"{before}%0{digits}d{after}"
