"""Other programs beside this one: a command from its start to its end, its time and its memory."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_ROOT = Path(__file__).resolve().parents[2]
_POLL_S = 0.05


class ProgramFailed(Exception):
    """A command ended badly; one sentence with its last words."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took: wall time, and the most that it and its children held at once."""

    seconds: float
    peak_bytes: int


def run_timed(command: list[str], folder: Path) -> Taken:
    """Run a command to its end; what it says goes to a file in `folder`.

    Raises: ProgramFailed.
    """
    words = folder / "said.txt"
    with words.open("w") as said:
        began = time.perf_counter()
        try:
            process = psutil.Popen(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=_ROOT
            )
        except OSError as error:
            raise ProgramFailed(f"{Path(command[0]).name} does not start ({error}).") from error
        peak = 0
        while process.poll() is None:
            peak = max(peak, _held_bytes(process))
            time.sleep(_POLL_S)
        took = time.perf_counter() - began
    if process.returncode != 0:
        last = (words.read_text(errors="replace").strip().splitlines() or ["no word"])[-1]
        raise ProgramFailed(f"{Path(command[0]).name} failed: {last}")
    return Taken(took, peak)


def _held_bytes(process: psutil.Process) -> int:
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.NoSuchProcess:  # it has ended meanwhile
        return total
    return total
