"""Messages to JSON bytes and back. A message that does not fit its type is a BadMessage."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class BadMessage(ValueError):
    """Bytes that are not the message they should be; the text says where and why."""


def encode(message: Any) -> bytes:
    """A message, or a list of them, as compact JSON; bytes fields become base64."""
    return msgspec.json.encode(message)


def decode(data: bytes | str, kind: type[T]) -> T:
    """JSON as a message of `kind`. Fields this version does not know are ignored.

    Raises: BadMessage.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise BadMessage(f"This is not a {_title(kind)}: {problem}.") from problem


def _title(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))
