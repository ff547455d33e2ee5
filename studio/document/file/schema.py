"""The tables of a project file, their version, and the steps that bring an older file up to date.

The version is major.minor, kept in SQLite's `user_version` as major * 1000 + minor.

- A higher minor adds: new fields, new words for a choice, new kinds of media, new kinds of rows
  that stand beside those there are. An older studio edits such a file and keeps all it does not
  know.
- A higher major changes what is there. An older studio opens such a file read-only.

To change the schema: raise the version, append an `Upgrade`, and add a golden file of the version
before (tests/goldens/document).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.document.codec import dumps
from studio.document.queries.bins import with_parents

APPLICATION_ID = 0x57505254
"""Marks an SQLite file as a Workprint project ("WPRT")."""

MAJOR, MINOR = 1, 1

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    previous TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE step (number INTEGER PRIMARY KEY, name TEXT NOT NULL, changes BLOB NOT NULL);
CREATE TABLE view (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """The version of a project file."""

    major: int
    minor: int

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Version:
        number = int(connection.execute("PRAGMA user_version").fetchone()[0])
        return cls(*divmod(number, 1000))

    @property
    def number(self) -> int:
        return self.major * 1000 + self.minor

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


CURRENT = Version(MAJOR, MINOR)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One step, from exactly the version named to the next. `carry_out` changes the open file."""

    start: Version
    end: Version
    carry_out: Callable[[sqlite3.Connection], None]


def _list_folders(connection: sqlite3.Connection) -> None:
    """1.1 lists the folders of the media bin in the project, where 1.0 had them in assets alone.

    Undoing a step of before takes the list back with it; folders in use are then known by what
    lies in them, as before.
    """
    bodies = connection.execute("SELECT body FROM object WHERE kind = 'Asset'").fetchall()
    used = {json.loads(body).get("bin", "") for (body,) in bodies} - {""}
    query = "SELECT id, body FROM object WHERE kind = 'Project'"
    for object_id, body in connection.execute(query).fetchall() if used else ():
        told = dumps(json.loads(body) | {"bins": sorted(with_parents(used))})
        connection.execute("UPDATE object SET body = ? WHERE id = ?", (told, object_id))


UPGRADES: Sequence[Upgrade] = (Upgrade(Version(1, 0), Version(1, 1), _list_folders),)
"""Every step since version 1.0, in order."""


def create_tables(connection: sqlite3.Connection) -> None:
    """Make an empty project file of the current version."""
    connection.executescript(TABLES)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {CURRENT.number}")


def upgrade(connection: sqlite3.Connection, upgrades: Sequence[Upgrade] = UPGRADES) -> None:
    """Bring an older file up to date, all steps in one transaction.

    Raises: sqlite3.Error when a step fails; the file is then as it was.
    """
    version = Version.of(connection)
    steps = [step for step in upgrades if step.start >= version]
    if not steps:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in steps:
            step.carry_out(connection)
        connection.execute(f"PRAGMA user_version = {steps[-1].end.number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
