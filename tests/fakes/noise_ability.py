"""An ability that really makes frames of noise, and misbehaves when its prompt says so.

Prompts are words: "slow" takes 0.05 s a frame, "held" stays at its first frame until the test
lets it go, "crash" raises, "exit" ends the process, "segv" kills it, "once" makes the next
misfortune happen in a first attempt only, "hang" stops the whole process, "deaf" never reports,
"oom" runs out of memory until a lower plan is given, "big" saves a megabyte a frame.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from engine.abilities.context import JobContext
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.plans import Precision
from engine.protocol.recipes import Recipe

FRAME_S = 0.05
MARK = "first-attempt"
MEGABYTE = 2**20


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """See engine.abilities.context.Run."""
    words = set(recipe.prompt.split())
    context.report("loading")
    if "once" not in words or _is_first(context):
        _suffer(words, context)
    rng = np.random.default_rng(recipe.seed)
    frames: list[np.ndarray] = []
    for index in range(recipe.frames):
        frames.append(rng.integers(0, 255, (recipe.height, recipe.width, 3), np.uint8))
        if "slow" in words:
            time.sleep(FRAME_S)
        context.report("denoising", index + 1, recipe.frames, lambda: _preview(frames[-1]))
        while "held" in words and not let_go_mark(_marks(), context.job_id).exists():
            time.sleep(FRAME_S)
            context.report("denoising", 1, recipe.frames, lambda: _preview(frames[-1]))
    pixels = b"".join(frame.tobytes() for frame in frames)
    if "big" in words:
        pixels += rng.bytes(MEGABYTE * recipe.frames)
    if recipe.inputs:
        pixels += b"".join(context.asset(item.sha256).read_bytes() for item in recipe.inputs)
    media = MediaInfo(
        width=recipe.width, height=recipe.height, frames=recipe.frames, rate=recipe.rate
    )
    return (context.save(pixels, "application/octet-stream", media),)


def let_go_mark(marks: Path, job_id: str) -> Path:
    """The file that lets a held job go on."""
    return marks / f"{job_id}.let-go"


def _marks() -> Path:
    return Path(os.environ["WORKPRINT_TEST_MARKS"])


def _is_first(context: JobContext) -> bool:
    """Whether this job has been attempted before; the mark outlives the worker."""
    mark = _marks() / context.job_id
    is_first = not mark.exists()
    mark.touch()
    return is_first


def _suffer(words: set[str], context: JobContext) -> None:
    if "crash" in words:
        raise RuntimeError("a wire came loose")
    if "exit" in words:
        os._exit(7)
    if "segv" in words:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "hang" in words:
        os.kill(os.getpid(), signal.SIGSTOP)
    while "deaf" in words:
        time.sleep(FRAME_S)
    if "oom" in words and context.plan.precision is Precision.FP32:
        raise MemoryError
    if "hopeless" in words:
        raise MemoryError


def _preview(frame: np.ndarray) -> bytes:
    """Stands where a PNG would: the wire does not look inside."""
    return frame[:8, :8].tobytes()
