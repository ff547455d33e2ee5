"""Sizes, lengths and times as people write and read them on a command line."""

from __future__ import annotations

import argparse
import re
from fractions import Fraction

_FACTORS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"([0-9]*\.?[0-9]+)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)
_LARGEST = 10**9


def size_bytes(text: str) -> int:
    """An argument such as "8GiB", "8 gb" or "512M"; GB is read as GiB.

    Raises: argparse.ArgumentTypeError.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 8GiB or 512MiB")
    return int(float(match[1]) * _FACTORS[match[2].lower()])


def seconds(text: str) -> Fraction:
    """An argument that is a length above 0 in seconds: "4", "2.5" or "7/3".

    Raises: argparse.ArgumentTypeError.
    """
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        value = Fraction(0)
    if not 0 < value <= _LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a length in seconds such as 2.5")
    return value


def seconds_from_0(text: str) -> Fraction:
    """An argument that is a place in seconds, 0 being the start.

    Raises: argparse.ArgumentTypeError.
    """
    try:
        is_start = Fraction(text) == 0
    except (ValueError, ZeroDivisionError):
        is_start = False
    return Fraction(0) if is_start else seconds(text)


def count(text: str) -> int:
    """An argument that is a whole number of at least 1.

    Raises: argparse.ArgumentTypeError.
    """
    value = int(text) if text.isdecimal() and len(text) < 10 else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return value


def seed(text: str) -> int:
    """An argument that is a whole number from 0.

    Raises: argparse.ArgumentTypeError.
    """
    if not (text.isdecimal() and int(text) < 2**63):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 2^63-1")
    return int(text)


def size_text(size: float) -> str:
    """Bytes with their unit: "812 MiB", "7.6 GiB"."""
    for name in ("B", "KiB", "MiB"):
        if size < 999.5:
            return f"{size:.0f} {name}"
        size /= 1024
    return f"{size:.1f} GiB"


def time_text(seconds_: float) -> str:
    """A stretch of time, no more exact than it is useful: "0.42 s", "12.3 s", "4 min 10 s"."""
    if seconds_ < 1:
        return f"{seconds_:.2f} s"
    if seconds_ < 60:
        return f"{seconds_:.1f} s"
    minutes, rest = divmod(round(seconds_), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
