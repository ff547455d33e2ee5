"""Fonts for titles: the bundled Inter (SIL Open Font License), and what the system has.

A title names a family; where this machine lacks it, Inter is used, so that a film looks alike
everywhere. Letters that a font lacks are taken from one that has them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PIL import Image, ImageFont

if TYPE_CHECKING:
    from PIL.ImageFont import Axis

RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "fonts"
UPRIGHT = RESOURCES / "Inter-roman-variable.ttf"
ITALIC = RESOURCES / "Inter-italic-variable.ttf"
BUNDLED_FAMILY = "inter"
SUFFIXES = (".ttf", ".otf", ".ttc")
WEIGHT_NAMES = {
    100: ("thin",), 200: ("extralight", "ultralight"), 300: ("light",),
    400: ("regular", "book", "normal", "roman"), 500: ("medium",), 600: ("semibold", "demibold"),
    700: ("bold",), 800: ("extrabold", "ultrabold"), 900: ("black", "heavy"),
}  # fmt: skip


@lru_cache(maxsize=64)
def font(family: str, size: int, weight: int, *, italic: bool) -> ImageFont.FreeTypeFont:
    """A font of a family at a size in pixels; Inter where the family is not there."""
    if family.lower() != BUNDLED_FAMILY:
        path = _best_file(family.lower(), weight, italic=italic)
        if path is not None:
            return ImageFont.truetype(str(path), size)
    chosen = ImageFont.truetype(str(ITALIC if italic else UPRIGHT), size)
    chosen.set_variation_by_axes([_axis(axis, weight) for axis in chosen.get_variation_axes()])
    return chosen


def families() -> tuple[str, ...]:
    """The families that can be asked for, in order of name."""
    return tuple(sorted({"Inter", *(name for name, _, _ in _system_fonts())}, key=str.lower))


def _axis(axis: Axis, weight: int) -> float:
    low, high = axis["minimum"] or 0, axis["maximum"] or 0
    is_weight = b"eight" in axis.get("name", b"")
    wanted = weight if is_weight else axis["default"] or 0
    return min(high, max(low, wanted))


def _best_file(family: str, weight: int, *, italic: bool) -> Path | None:
    """The file of a family nearest to a weight and slant."""
    found = [(style, path) for name, style, path in _system_fonts() if name.lower() == family]
    if not found:
        return None
    return min(found, key=lambda each: _distance(each[0], weight, italic=italic))[1]


def _distance(style: str, weight: int, *, italic: bool) -> int:
    words = style.lower().replace(" ", "")
    slanted = "italic" in words or "oblique" in words
    named = words.replace("italic", "").replace("oblique", "")
    weights = [value for value, names in WEIGHT_NAMES.items() if named in names]
    return abs((weights[0] if weights else 400) - weight) + (1000 if slanted != italic else 0)


@lru_cache(maxsize=1)
def _system_fonts() -> tuple[tuple[str, str, Path], ...]:
    """Family, style and file of every font installed."""
    found = []
    for folder in _font_folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.suffix.lower() in SUFFIXES:
                try:
                    family, style = ImageFont.truetype(str(path), 12).getname()
                except OSError:
                    continue
                found.append((family or path.stem, style or "Regular", path))
    return tuple(found)


def _font_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    if os.name == "nt":
        windows = Path(os.environ.get("WINDIR", "C:/Windows"))
        return (windows / "Fonts", home / "AppData/Local/Microsoft/Windows/Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts")


FALLBACK_FAMILIES = (
    "noto sans", "noto sans cjk jp", "noto sans cjk sc", "noto sans arabic", "dejavu sans",
    "arial unicode ms", "segoe ui", "yu gothic", "microsoft yahei", "apple symbols", "freesans",
)  # fmt: skip


@lru_cache(maxsize=512)
def font_for_letter(
    letter: str, family: str, size: int, weight: int, *, italic: bool
) -> ImageFont.FreeTypeFont:
    """The family's font if it has the letter, else the first fallback that has, or neither."""
    first = font(family, size, weight, italic=italic)
    if ord(letter) < 0x250 or _has(first, letter):
        return first
    for name in FALLBACK_FAMILIES:
        path = _best_file(name, weight, italic=italic)
        if path is not None:
            other = ImageFont.truetype(str(path), size)
            if _has(other, letter):
                return other
    return first


def _has(candidate: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether a font draws a letter differently from one that no font has."""
    missing = candidate.getmask("\U0010fffe")
    drawn = candidate.getmask(letter)
    return drawn.size != missing.size or _coverage(drawn) != _coverage(missing)


def _coverage(mask: Image.core.ImagingCore) -> bytes:
    """How much of each of its pixels a drawn letter covers; to be compared."""
    return bytes(cast("Iterable[int]", mask))
