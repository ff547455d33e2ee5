"""What is ours alone, carried in OpenTimelineIO's metadata under "workprint".

Every object takes its whole record along, without the objects that OpenTimelineIO holds itself.
Reading starts from it, and lets what another program may have changed since win: names, places and
lengths.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from opentimelineio.core import SerializableObjectWithMetadata

from studio.document.codec import Unreadable, decode, encode
from studio.document.model.record import Record

KEY = "workprint"

RecordT = TypeVar("RecordT", bound=Record)


def attach(target: SerializableObjectWithMetadata, record: Record, *without: str) -> None:
    """Send a record along with an object, but for some of its fields."""
    target.metadata[KEY] = {
        "kind": type(record).__name__,
        "record": json.dumps(encode(record, frozenset(without)), ensure_ascii=False),
    }


def attached(
    source: SerializableObjectWithMetadata, cls: type[RecordT], *without: str
) -> RecordT | None:
    """The record that came along with an object, None when there is none of that class.

    Fields in `without` are at their defaults, so they must have one.
    """
    body = _body(source, cls.__name__)
    if body is None:
        return None
    try:
        return decode(cls, body, frozenset(without))
    except Unreadable:
        return None


def _body(source: SerializableObjectWithMetadata, kind: str) -> dict[str, Any] | None:
    ours = source.metadata.get(KEY)
    if not isinstance(ours, Mapping) or ours.get("kind") != kind:
        return None
    try:
        body = json.loads(str(ours.get("record", "")))
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
