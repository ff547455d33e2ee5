"""Record: the base of everything stored. It keeps fields that a newer version wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Id: TypeAlias = str
"""Names one object for the life of a project: a letter and a number, such as "c42"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A stored value. `extra` holds fields this version does not know, as (name, JSON text)."""

    extra: tuple[tuple[str, str], ...] = ()
