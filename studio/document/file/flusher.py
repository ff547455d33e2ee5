"""The flusher: moves committed edits from SQLite's log into the project file, and onto the disk.

Commits are made with `synchronous=NORMAL`, which costs no wait for the disk: the system has the
bytes, so that no kill of the process can lose them. This thread waits for the disk instead. A power
cut can take the last second or so; it cannot damage the file. See docs/decisions.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Event, Thread

PAUSE_S = 0.5
"""How long after a change the log is emptied: long enough to take a burst of edits at once."""


class Flusher:
    """A background thread with a connection of its own. Poke it after each commit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._poked = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name=f"flush {path.name}", daemon=True)
        self._thread.start()

    def poke(self) -> None:
        """Say that there is something to flush."""
        self._poked.set()

    def close(self) -> None:
        """Stop; what is left is flushed when the file itself is closed."""
        self._closing.set()
        self._poked.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._poked.wait()
            if self._closing.wait(PAUSE_S):
                return
            self._poked.clear()
            self._flush()

    def _flush(self) -> None:
        """Empty the log. What fails here fails again, and is told, at the next commit or close."""
        try:
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=1.0)
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            finally:
                connection.close()
        except sqlite3.Error:
            self._closing.wait(PAUSE_S)
