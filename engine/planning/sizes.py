"""Sizes in bytes as people read and write them. Memory is counted in binary units throughout."""

from __future__ import annotations

import re

KIB, MIB, GIB = 2**10, 2**20, 2**30

_UNITS = {"": 1, "k": KIB, "m": MIB, "g": GIB, "t": 2**40}
_SIZE = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*([kmgt]?)(?:i?b)?\s*", re.IGNORECASE)
_MINUTE_S, _HOUR_S = 60, 3600


def format_bytes(count: int) -> str:
    """A size with its unit: "0 B", "812 MiB", "7.6 GiB"."""
    if count < KIB:
        return f"{count} B"
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if count >= 0.995 * unit:
            value = count / unit
            digits = 1 if value < (100 if unit == GIB else 10) else 0
            return f"{value:.{digits}f} {name}"
    return f"{count / KIB:.0f} KiB"


def parse_bytes(text: str) -> int:
    """A size such as "8GiB", "8 gb", "512M" or "1073741824" in bytes; GB is read as GiB.

    Raises: ValueError, with a sentence.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a size; write one like 8GiB or 512MiB.')
    return int(float(match[1]) * _UNITS[match[2].lower()])


def format_seconds(seconds: float) -> str:
    """A forecast of time, no more exact than it is: "under 1 s", "40 s", "12 min", "3.5 h"."""
    if seconds < 1:
        return "under 1 s"
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.1f} h"
