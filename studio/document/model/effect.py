"""Effect: one named step of processing on a clip, a track or a sequence.

What kinds exist, their parameters, ranges and defaults are data in `studio.document.catalogue`;
the compositor and the mixer carry them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from studio.document.model.curve import Curve
from studio.document.model.record import Id, Record

Value: TypeAlias = float | bool | str | Curve
"""What a parameter can hold. Colours are "#rrggbb" or "#rrggbbaa"; files are asset ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect(Record):
    """`params` holds only values that differ from the catalogue's default, in name order."""

    id: Id
    kind: str
    enabled: bool = True
    params: tuple[tuple[str, Value], ...] = ()
