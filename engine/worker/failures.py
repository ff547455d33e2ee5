"""What an ability raised, as the one sentence a person reads."""

from __future__ import annotations

import errno
from pathlib import Path

from engine.errors import BadWeights, DiskFull, EngineError, Internal, OutOfMemory

_OUT_OF_MEMORY_TEXTS = ("out of memory", "can't allocate memory", "not enough memory")


def as_engine_error(problem: Exception, log: Path | None = None) -> EngineError:
    """The engine's error for any exception; a fault of our own names the log to look into."""
    if isinstance(problem, EngineError):
        return problem
    if _is_out_of_memory(problem):
        return OutOfMemory(
            "The job ran out of memory.",
            "Choose a smaller size, fewer frames or a smaller model, or close other programs.",
        )
    if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("The disk is full.", "Free some space and run it again.")
    if type(problem).__name__ == "SafetensorError":
        return BadWeights(
            f"The model's weights are damaged ({problem}).", "Download the model again."
        )
    where = f" The log {log} has the details." if log else ""
    return Internal(
        f"The job failed inside the model: {_one_line(problem)}.",
        f"Run it again; if it fails again, report it.{where}",
    )


def _is_out_of_memory(problem: Exception) -> bool:
    """torch raises its own class on a GPU and a bare RuntimeError on a CPU."""
    if isinstance(problem, MemoryError) or type(problem).__name__ == "OutOfMemoryError":
        return True
    text = str(problem).lower()
    return isinstance(problem, RuntimeError) and any(t in text for t in _OUT_OF_MEMORY_TEXTS)


def _one_line(problem: Exception) -> str:
    text = " ".join(str(problem).split()) or "no reason given"
    return f"{type(problem).__name__}: {text[:300]}".rstrip(".")
