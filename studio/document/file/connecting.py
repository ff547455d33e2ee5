"""Connections to a project file, with the settings that make an edit quick and safe."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

WAIT_S = 5.0
"""How long to wait for another connection to let go, before calling a file in use."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a file for editing: write-ahead log, no wait for the disk on commit (see `flusher`).

    Where the file system cannot share memory (some network disks) SQLite keeps its rollback
    journal, and then does wait for the disk, so that nothing is lost there either.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=WAIT_S)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    level = "NORMAL" if mode == "wal" else "FULL"
    connection.execute(f"PRAGMA synchronous = {level}")
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a file to read it, also while another studio edits it or on a disk that is read-only."""
    log = path.with_name(f"{path.name}-wal")
    frozen = not log.exists() and not os.access(path.parent, os.W_OK)
    query = "mode=ro&immutable=1" if frozen else "mode=ro"
    return sqlite3.connect(
        f"{path.as_uri()}?{query}", uri=True, isolation_level=None, timeout=WAIT_S
    )
