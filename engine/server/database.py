"""The engine's SQLite file: opened, checked and brought to this version's tables."""

from __future__ import annotations

import logging
import sqlite3
import time
import uuid
from pathlib import Path

from engine.errors import BadRequest

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE engine (id TEXT NOT NULL);
CREATE TABLE jobs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    recipe BLOB NOT NULL,
    status TEXT NOT NULL,
    state BLOB NOT NULL,
    priority INTEGER NOT NULL,
    created_at_s REAL NOT NULL,
    ended_at_s REAL,
    attempt INTEGER NOT NULL DEFAULT 1,
    released INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_by_turn ON jobs (status, priority DESC, position);
CREATE TABLE job_assets (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (job_id, sha256)
);
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    state BLOB NOT NULL
);
CREATE INDEX events_by_job ON events (job_id);
"""

log = logging.getLogger(__name__)


def open_database(path: Path) -> sqlite3.Connection:
    """The database at `path`, made if it is not there; a damaged one is set aside and begun anew.

    Raises: BadRequest, for a file of a later version.
    """
    try:
        return _open(path)
    except sqlite3.DatabaseError as problem:
        if isinstance(problem, sqlite3.OperationalError):
            raise
        aside = path.with_name(f"{path.name}.damaged-{int(time.time())}")
        path.rename(aside)
        log.exception("the job list was damaged; it is kept as %s and a new one begins", aside)
        return _open(path)


def engine_id(database: sqlite3.Connection) -> str:
    """The name this database gives its engine, so that clients know a sequence's origin."""
    (name,) = database.execute("SELECT id FROM engine").fetchone()
    return str(name)


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA foreign_keys = ON")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise BadRequest(
            f"The job list {path} was written by a later version of the engine.",
            "Update Workprint, or start the engine with another --state folder.",
        )
    if version == 0:
        _create(database)
    return database


def _create(database: sqlite3.Connection) -> None:
    database.executescript(f"BEGIN; {_SCHEMA}")
    database.execute("INSERT INTO engine VALUES (?)", (uuid.uuid4().hex,))
    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    database.execute("COMMIT")
