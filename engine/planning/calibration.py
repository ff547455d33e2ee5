"""What past runs on this machine measured: floating-point operations a second, by stage.

Workers write it after a job and the planner reads it, several processes at a time; it is a small
SQLite file, and losing it costs nothing but the first forecasts.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Stage = Literal["text", "denoise", "decode"]

FILE_NAME = "calibration.sqlite"

_WEIGHT_OF_NEW = 0.4
"""Share of the newest run in the average: a driver or a cooler may have changed."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rates (
    model TEXT NOT NULL, device TEXT NOT NULL, setting TEXT NOT NULL, stage TEXT NOT NULL,
    per_second REAL NOT NULL, runs INTEGER NOT NULL, measured_at_s REAL NOT NULL,
    PRIMARY KEY (model, device, setting, stage)
) STRICT
"""


@dataclass(frozen=True, slots=True)
class RunKey:
    """What a measured rate belongs to. `setting` is precision and offload, such as "bf16/group"."""

    model: str
    device: str
    setting: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """The measured rates in one file, which need not exist."""

    path: Path

    def rate(self, key: RunKey, stage: Stage) -> float | None:
        """Operations a second measured for this very setting."""
        return self._one("model = ? AND device = ? AND setting = ? AND stage = ?", key, stage)

    def rate_of_device(self, device: str, stage: Stage) -> float | None:
        """The best rate that any model reached on the device in that stage."""
        return self._one("device = ? AND stage = ?", RunKey("", device, ""), stage)

    def record(self, key: RunKey, stage: Stage, work: float, seconds: float) -> None:
        """Take a run into the average: `work` operations in `seconds`."""
        if work <= 0 or seconds <= 0:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        row = (key.model, key.device, key.setting, stage, work / seconds, time.time())
        with self._open() as database:
            database.execute(_SCHEMA)
            database.execute(
                "INSERT INTO rates VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
                " per_second = per_second + ? * (excluded.per_second - per_second),"
                " runs = runs + 1, measured_at_s = excluded.measured_at_s",
                (*row, _WEIGHT_OF_NEW),
            )

    def _one(self, condition: str, key: RunKey, stage: Stage) -> float | None:
        if not self.path.exists():
            return None
        wanted = [value for value in (key.model, key.device, key.setting) if value]
        try:
            with self._open() as database:
                (value,) = database.execute(
                    f"SELECT max(per_second) FROM rates WHERE {condition}", (*wanted, stage)
                ).fetchone()
        except sqlite3.DatabaseError:
            return None  # a damaged file is as good as none
        return None if value is None else float(value)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=5)
        try:
            with database:
                yield database
        finally:
            database.close()
