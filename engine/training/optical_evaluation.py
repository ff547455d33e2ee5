"""Scores of the opticals on the editor's held-out edits: the same scenes, figures and peer.

A case is written as a film without loss, and the ability is given that film and the words, as a
person would.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import av

from engine.training.draft_evaluation import of_drafts
from engine.training.edit_evaluation import (
    Case,
    Frames,
    compared,
    held_out_cases,
    sdedit,
    sheet_of,
)
from engine.training.evaluation import Score
from engine.training.judge import load_judge
from engine.training.optical_running import edited
from engine.training.precision import CPU, product_dtype
from engine.training.running import Held
from engine.training.samples import load_pipeline
from engine.training.scenes import RATE_FPS


def pocket_opticals(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Change `clips` held-out scenes and yield every score. Raises: FileNotFoundError."""
    pipeline = load_pipeline(models, product_dtype(CPU), CPU)
    judge, cases, held = load_judge(models), list(held_out_cases(clips)), Held()
    ours = [changed(models, case, held) for case in cases]
    if sheet is not None:
        sheet_of(cases, ours, sheet)
    theirs = [sdedit(pipeline, case) for case in cases]
    yield from compared(judge, cases, ours, theirs)
    yield from of_drafts(models, judge, clips, held)


def changed(models: Path, case: Case, held: Held) -> Frames:
    """What the ability makes of a case; the case as it is, where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.mkv"
        _write(case.before, path)
        made = edited(models, path, case.words, case.scene.seed % 1000, held)
    return case.before if made is None else made


def _write(frames: Frames, path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264rgb", RATE_FPS, {"qp": "0", "preset": "ultrafast"})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "rgb24"
        for picture in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode())
