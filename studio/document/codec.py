"""Records as JSON-ready dictionaries and back, driven by the schema's own annotations.

Only what differs from a field's default is written. Fields, words and kinds that this version
does not know are kept in `extra` (or as `UnknownMedia`) and written again as they were, so that an
older studio never thins out a newer one's project. Used by the project file, by interchange
metadata and by the clipboard.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from studio.document.model.clip import UnknownMedia
from studio.document.model.record import Record
from studio.document.time import Rate, Time

Json: TypeAlias = Any
Convert: TypeAlias = Callable[[Any], Any]
RecordT = TypeVar("RecordT", bound=Record)

TAG = "@"
"""The key that names the class of a record where several could stand."""


class Unreadable(ValueError):
    """A value that this version's schema has no place for."""


@dataclass(frozen=True, slots=True)
class _Field:
    """How one field is written and read. `encode` is None for plain JSON values."""

    name: str
    default: Any
    has_default: bool
    encode: Convert | None
    decode: Convert


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one class of record is written and read."""

    cls: type[Record]
    fields: tuple[_Field, ...]
    by_name: dict[str, _Field]


def dumps(value: Json) -> str:
    """JSON text as the project file holds it: compact, keys in schema order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@cache
def _plan(cls: type[Record], without: frozenset[str] = frozenset()) -> _Plan:
    hints = get_type_hints(cls)
    fields: list[_Field] = []
    for field in dataclasses.fields(cls):
        if not field.init or field.name in without or field.name == "extra":
            continue
        encode, decode = _converters(hints[field.name])
        has_default = field.default is not dataclasses.MISSING
        default = field.default if has_default else None
        fields.append(_Field(field.name, default, has_default, encode, decode))
    return _Plan(cls, tuple(fields), {field.name: field for field in fields})


def encode(record: Record, without: frozenset[str] = frozenset()) -> dict[str, Json]:
    """A record as a dictionary of JSON values. Fields named in `without` are left out."""
    if isinstance(record, UnknownMedia):
        return json.loads(record.text)
    body: dict[str, Json] = {}
    for field in _plan(type(record), without).fields:
        value = getattr(record, field.name)
        if field.has_default and (value is field.default or value == field.default):
            continue
        body[field.name] = value if field.encode is None else field.encode(value)
    for name, text in record.extra:
        body.setdefault(name, json.loads(text))
    return body


def decode(
    cls: type[RecordT], body: dict[str, Json], without: frozenset[str] = frozenset()
) -> RecordT:
    """A record from its dictionary.

    Raises: Unreadable when a field that must be there is missing or makes no sense.
    """
    known = _plan(cls, without).by_name
    values: dict[str, Any] = {}
    extra: list[tuple[str, str]] = []
    for name, raw in body.items():
        field = known.get(name)
        if field is None:
            if name != TAG:
                extra.append((name, dumps(raw)))
            continue
        try:
            values[name] = field.decode(raw)
        except Unreadable:
            if not field.has_default:
                raise
            extra.append((name, dumps(raw)))
    if extra:
        values["extra"] = tuple(extra)
    return _made(cls, values)


def _made(cls: type[RecordT], values: dict[str, Any]) -> RecordT:
    try:
        return cls(**values)
    except (TypeError, ValueError) as error:
        raise Unreadable(f"A {cls.__name__} is incomplete: {error}.") from error


_PLAIN: dict[type, tuple[type, ...]] = {
    int: (int,),
    float: (float, int),
    str: (str,),
    bool: (bool,),
}


def _plain_reader(types_allowed: tuple[type, ...]) -> Convert:
    def checked(raw: Json) -> Any:
        if type(raw) not in types_allowed:
            raise Unreadable(f"{raw!r} is no {types_allowed[0].__name__}.")
        return raw

    return checked


def _converters(hint: Any) -> tuple[Convert | None, Convert]:
    """How values of an annotation are written (None where JSON has them as they are) and read."""
    if hint in _PLAIN:
        return None, _plain_reader(_PLAIN[hint])
    origin = get_origin(hint)
    if origin is tuple:
        return _tuple_converters(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return _union_converters(get_args(hint))
    if isinstance(hint, type):
        return _class_converters(hint)
    raise TypeError(f"The schema has no way to write {hint}.")


def _class_converters(cls: type) -> tuple[Convert, Convert]:
    if issubclass(cls, Record):
        return encode, lambda body: decode(cls, _mapping(body))
    if issubclass(cls, Enum):
        return lambda value: value.value, _reader(cls)
    if cls in (Time, Rate):
        return str, _reader(cls.parse)
    if cls is Fraction:
        return str, _reader(Fraction)
    raise TypeError(f"The schema has no way to write {cls.__name__}.")


def _reader(read: Convert) -> Convert:
    def checked(raw: Json) -> Any:
        try:
            return read(raw)
        except (ValueError, TypeError, ZeroDivisionError, AttributeError) as error:
            raise Unreadable(str(error)) from error

    return checked


def _mapping(body: Json) -> dict[str, Json]:
    if not isinstance(body, dict):
        raise Unreadable("An object was expected.")
    return cast("dict[str, Json]", body)


def _same(value: Any) -> Any:
    return value


def _tuple_converters(inner: Any) -> tuple[Convert, Convert]:
    """Tuples as lists; pairs of a name and a value as an object."""
    if get_origin(inner) is tuple and get_args(inner)[0] is str:
        return _pair_converters(get_args(inner)[1])
    write, get = _converters(inner)
    put = write or _same

    def encoder(values: tuple[Any, ...]) -> Json:
        return [put(value) for value in values]

    def decoder(values: Json) -> Any:
        if not isinstance(values, list):
            raise Unreadable("A list was expected.")
        return tuple([get(value) for value in cast("list[Any]", values)])

    return encoder, decoder


def _pair_converters(inner: Any) -> tuple[Convert, Convert]:
    write, get = _converters(inner)
    put = write or _same

    def encoder(pairs: tuple[tuple[str, Any], ...]) -> Json:
        return {name: put(value) for name, value in pairs}

    def decoder(body: Json) -> Any:
        return tuple((name, get(value)) for name, value in _mapping(body).items())

    return encoder, decoder


def _union_converters(members: tuple[Any, ...]) -> tuple[Convert, Convert]:
    """A union: plain JSON values as they are, records tagged with their class."""
    records = {m.__name__: m for m in members if isinstance(m, type) and issubclass(m, Record)}
    others = [m for m in members if m not in records.values() and m is not type(None)]
    if len(records) == 1 and not others:
        only = next(iter(records.values()))
        return (
            lambda value: None if value is None else encode(value),
            lambda body: None if body is None else decode(only, _mapping(body)),
        )
    if len(others) == 1 and not records:
        write, read = _converters(others[0])
        return _optional(write or _same), _optional(read)
    return _tagged_writer, _tagged_reader(records)


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _tagged_writer(value: Any) -> Json:
    if isinstance(value, UnknownMedia):
        return json.loads(value.text)
    if isinstance(value, Record):
        return {TAG: type(value).__name__, **encode(value)}
    return value


def _tagged_reader(records: dict[str, type[Record]]) -> Convert:
    def read(raw: Json) -> Any:
        if not isinstance(raw, dict):
            return raw
        body = _mapping(raw)
        cls = records.get(body.get(TAG, ""))
        if cls is not None:
            return decode(cls, body)
        if UnknownMedia in records.values():
            return UnknownMedia(text=dumps(body))
        raise Unreadable(f"There is no kind called {body.get(TAG)}.")

    return read
