"""The journal in the file: each step is one transaction of the rows it changed and what they were.

Write-ahead logging makes a committed edit safe from a killed process at once; a background thread
then moves it into the main file and forces it to the disk, within a second (`Flusher`).
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from studio.document.codec import dumps
from studio.document.errors import ReadOnly
from studio.document.file.failures import told
from studio.document.file.flusher import Flusher
from studio.document.history import StepName
from studio.document.rows import Row, RowChange

COMPRESSED_ABOVE_BYTES = 2048

KEPT_HISTORY_BYTES = 256 << 20
"""How large the history may grow before its oldest steps are dropped, when a file is opened."""

_Packed: TypeAlias = str | bytes


class FileJournal:
    """A `Journal` that writes to an open project file."""

    def __init__(self, connection: sqlite3.Connection, path: Path, flusher: Flusher) -> None:
        self._connection = connection
        self._path = path
        self._flusher = flusher
        self._position = int(read_meta(connection, "position", "0"))

    @property
    def position(self) -> int:
        return self._position

    def steps(self) -> list[StepName]:
        return _steps(self._connection)

    def rows(self, number: int) -> list[RowChange]:
        with told(self._path):
            return _rows(self._connection, number)

    def record(self, name: str, rows: Sequence[RowChange], next_id: int) -> None:
        number = self._position + 1
        with self._transaction():
            run = self._connection.execute
            run("DELETE FROM step WHERE number >= ?", (number,))
            run("INSERT INTO step VALUES (?, ?, ?)", (number, name, pack(rows)))
            self._write(number, rows, next_id)
        self._position = number

    def step_to(self, position: int, rows: Sequence[RowChange], next_id: int) -> None:
        with self._transaction():
            self._write(position, rows, next_id)
        self._position = position

    def _write(self, position: int, rows: Sequence[RowChange], next_id: int) -> None:
        write_rows(self._connection, rows)
        write_meta(self._connection, "position", str(position))
        write_meta(self._connection, "next_id", str(next_id))

    @contextmanager
    def _transaction(self) -> Generator[None, None, None]:
        with told(self._path):
            with transaction(self._connection):
                yield
            self._flusher.poke()


class ReadOnlyJournal:
    """The journal of a file that is open read-only: it can be looked at, and refuses changes."""

    def __init__(self, connection: sqlite3.Connection, reason: str) -> None:
        self._steps = _steps(connection)
        self._position = int(read_meta(connection, "position", "0"))
        self._reason = reason

    @property
    def position(self) -> int:
        return self._position

    def steps(self) -> list[StepName]:
        return list(self._steps)

    def rows(self, number: int) -> list[RowChange]:
        del number
        raise ReadOnly(self._reason)

    def record(self, name: str, rows: Sequence[RowChange], next_id: int) -> None:
        del name, rows, next_id
        raise ReadOnly(self._reason)

    def step_to(self, position: int, rows: Sequence[RowChange], next_id: int) -> None:
        del position, rows, next_id
        raise ReadOnly(self._reason)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None, None, None]:
    """One transaction: all of the block, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def write_rows(connection: sqlite3.Connection, rows: Sequence[RowChange]) -> None:
    """Store what rows have become."""
    gone = [(change.id,) for change in rows if change.after is None]
    kept = [(change.id, *change.after) for change in rows if change.after is not None]
    connection.executemany("DELETE FROM object WHERE id = ?", gone)
    connection.executemany(
        "INSERT INTO object (id, kind, parent, previous, body) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, parent = excluded.parent, "
        "previous = excluded.previous, body = excluded.body",
        kept,
    )


def read_meta(connection: sqlite3.Connection, key: str, default: str) -> str:
    """A fact about the file, or a default."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else default


def write_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Note a fact about the file."""
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def drop_old_steps(connection: sqlite3.Connection, most_bytes: int = KEPT_HISTORY_BYTES) -> None:
    """Drop the oldest steps of a history that has grown too large."""
    total = 0
    sizes = connection.execute("SELECT number, length(changes) FROM step ORDER BY number DESC")
    for number, size in sizes.fetchall():
        total += size
        if total > most_bytes:
            connection.execute("DELETE FROM step WHERE number <= ?", (number,))
            return


def pack(rows: Sequence[RowChange]) -> _Packed:
    """A step's changes as JSON, compressed when they are many."""
    text = dumps([[change.id, change.before, change.after] for change in rows])
    raw = text.encode()
    return zlib.compress(raw, 1) if len(raw) > COMPRESSED_ABOVE_BYTES else text


def unpack(packed: _Packed) -> list[RowChange]:
    """What `pack` packed."""
    text = zlib.decompress(packed) if isinstance(packed, bytes) else packed
    entries: list[Any] = json.loads(text)
    return [
        RowChange(object_id, Row(*before) if before else None, Row(*after) if after else None)
        for object_id, before, after in entries
    ]


def _steps(connection: sqlite3.Connection) -> list[StepName]:
    found = connection.execute("SELECT number, name FROM step ORDER BY number")
    return [StepName(number, name) for number, name in found]


def _rows(connection: sqlite3.Connection, number: int) -> list[RowChange]:
    query = "SELECT changes FROM step WHERE number = ?"
    return unpack(connection.execute(query, (number,)).fetchone()[0])
