"""Scores of the opticals on the editor's held-out edits: the same scenes, figures and peer.

The ability is given a film and the words, as a person would.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.training.draft_evaluation import of_drafts
from engine.training.edit_evaluation import (
    compared,
    held_out_cases,
    sdedit,
    sheet_of,
)
from engine.training.evaluation import Score
from engine.training.judge import load_judge
from engine.training.optical_running import changed
from engine.training.precision import CPU, product_dtype
from engine.training.running import Held
from engine.training.samples import load_pipeline


def pocket_opticals(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Change `clips` held-out scenes and yield every score. Raises: FileNotFoundError."""
    pipeline = load_pipeline(models, product_dtype(CPU), CPU)
    judge, cases, held = load_judge(models), list(held_out_cases(clips)), Held()
    ours = [changed(models, c.before, c.words, c.scene.seed % 1000, held) for c in cases]
    if sheet is not None:
        sheet_of(cases, ours, sheet)
    theirs = [sdedit(pipeline, case) for case in cases]
    yield from compared(judge, cases, ours, theirs)
    yield from of_drafts(models, judge, clips, held)
