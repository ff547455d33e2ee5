"""Figures: what a bench measured, in the one form in which two runs or machines can be compared."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. `value` is None when it could not be measured, and `why` says why.

    `peer` names the program or method that did the same, `peer_value` is its figure in the same
    unit. `target` is met by a value at or below it, or at or above it with `more_is_better`.
    """

    figure: str
    value: float | None
    unit: str
    target: float | None = None
    more_is_better: bool = False
    peer: str | None = None
    peer_value: float | None = None
    why: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        if self.value is None or not self.peer_value:
            return None
        return self.value / self.peer_value

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target. What was not measured is not met."""
        if self.target is None:
            return None
        if self.value is None:
            return False
        return self.value >= self.target if self.more_is_better else self.value <= self.target

    def as_json(self) -> dict[str, Any]:
        """The object that `bench --json` lists."""
        body: dict[str, Any] = {
            "figure": self.figure,
            "value": self.value,
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": self.peer_value,
            "ratio": self.ratio,
            "target": self.target,
            "met": self.met,
        }
        return body | {"why": self.why} if self.why else body


def report(name: str, figures: Sequence[Figure]) -> dict[str, Any]:
    """The one object that `bench NAME --json` prints."""
    return {
        "name": name,
        "machine": machine(),
        "commit": commit(),
        "figures": [figure.as_json() for figure in figures],
    }


def machine() -> str:
    """This machine in a line: processor, cores this process may use, memory, system."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    memory_gib = psutil.virtual_memory().total / 2**30
    return f"{_processor()}, {cores} cores, {memory_gib:.0f} GiB, {platform.system()}"


def commit() -> str:
    """The checkout's commit, "+" after it where files were changed since; "" without git."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"{head}+" if changed else head


def _git(*arguments: str) -> str:
    run = subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def _processor() -> str:
    """The processor's own name on Linux, what Python knows of it elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
