"""What is ours alone, carried in OpenTimelineIO's metadata under "workprint".

Every object takes its whole record along, without the objects that OpenTimelineIO holds itself.
Reading starts from it, and lets what another program may have changed since win: names, places and
lengths. A record is JSON text rather than a dictionary, so that a format that knows only words can
carry it as well (`pocket`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar, cast

import opentimelineio as otio

from studio.document.codec import Unreadable, decode, dumps, encode
from studio.document.model.record import Record

KEY = "workprint"

LINK = "link"
"""What a clip's pocket calls the link that another program put it in."""

LABEL = "label"
"""What a clip's pocket calls the label that its file gives it."""

COUNTING = "counting"
"""What a timeline's pocket calls how its file counts timecode: "DF" for drop-frame, "NDF"."""

RecordT = TypeVar("RecordT", bound=Record)
Carrier: TypeAlias = otio.core.SerializableObjectWithMetadata


def attach(target: Carrier, record: Record, *without: str) -> None:
    """Send a record along with an object, but for some of its fields."""
    kind = type(record).__name__
    held = cast("dict[str, str]", dict(target.metadata.get(KEY, {})))
    target.metadata[KEY] = held | {kind: dumps(encode(record, frozenset(without)))}


def attached(source: Carrier, cls: type[RecordT], *without: str) -> RecordT | None:
    """The record that came along with an object, None when there is none of that class.

    Fields in `without` are at their defaults, so they must have one.
    """
    text = pocket(source).get(cls.__name__)
    if text is None:
        return None
    try:
        body: Any = json.loads(text)
        return decode(cls, body, frozenset(without)) if isinstance(body, dict) else None
    except (ValueError, Unreadable):
        return None


def pocket(source: Carrier) -> dict[str, str]:
    """All that is ours on an object: texts by name."""
    ours: Any = source.metadata.get(KEY)
    if not isinstance(ours, Mapping):
        return {}
    held = cast("Mapping[str, Any]", ours)
    return {name: text for name, text in held.items() if isinstance(text, str)}


def pocket_text(source: Carrier) -> str:
    """All that is ours on an object as one line of text; "" for nothing."""
    held = pocket(source)
    return f"{KEY}:{dumps(held)}" if held else ""


def fill_pocket(target: Carrier, text: str) -> bool:
    """Give an object back what `pocket_text` wrote; whether the text was ours."""
    head, _, rest = text.strip().partition(":")
    if head != KEY:
        return False
    try:
        held: Any = json.loads(rest)
    except ValueError:
        return False
    if isinstance(held, dict):
        target.metadata[KEY] = held
    return True
