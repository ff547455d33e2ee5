"""Scores of the video model and the animatic on combinations they never saw, by the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.training.contact_sheet import Row, save_sheet
from engine.training.grammar import SUBJECTS, Scene, held_out_scenes
from engine.training.judge import Judge, judge_clip, load_judge, look
from engine.training.judge_truth import answers, sight
from engine.training.latents import SHORT_FRAMES
from engine.training.precision import CPU, product_dtype
from engine.training.reading_evaluation import shares_read
from engine.training.samples import (
    clip_rewriter,
    load_drawers,
    load_pipeline,
    make_animatic,
    make_clip,
    prompt_of,
    rewriter_of,
)
from engine.training.scenes import render

_SHEET_CLIPS = 16
_SCENE_SEED = 2026
_JUDGED = (
    ("subject_right", "share", 0.8),
    ("setting_right", "share", 0.8),
    ("motion_right", "share", 0.8),
    ("synonym_right", "share", 0.6),
    ("frechet", "distance", None),
)
"""What the judge scores: figure, unit, target. Its peer is the judge on rendered clips of the same

scenes: no model can be judged better than that.
"""
_NO_JUDGE = "there is no judge yet; make one with: python3 main.py train judge"


@dataclass(frozen=True, slots=True)
class Score:
    """One figure and what it should reach; `target` is None where none is set."""

    figure: str
    value: float | None
    unit: str
    target: float | None = None
    peer: str | None = None
    peer_value: float | None = None
    why: str = ""


Make = Callable[[str, int, int], NDArray[np.uint8]]
"""(prompt, seed, frames) -> a clip (F, H, W, 3)."""


def pocket_video(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Scores of the video model alone; prompts are read as the studio has them read.

    `synonym_unread` is what it makes of words that it never learnt and that nobody reads for it.
    """
    pipeline = load_pipeline(models, product_dtype(CPU), CPU)
    read, judge = clip_rewriter(pipeline).rewrite, load_judge(models)

    def make(prompt: str, seed: int, frames: int) -> NDArray[np.uint8]:
        return make_clip(pipeline, read(prompt), seed, frames)

    yield from _suite(make, judge, clips, sheet)
    if judge is not None:
        unread = _synonyms_right(partial(make_clip, pipeline), judge, clips)
        yield Score("synonym_unread", unread, "share")


def pocket_animatic(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Scores of the cut-out films that drafts are; prompts are read as the studio has them read."""
    drawers = load_drawers(models, product_dtype(CPU), CPU)
    for part, share in shares_read(rewriter_of(drawers)).items():
        yield Score(f"reading_{part}", share, "share")
    yield from _suite(partial(make_animatic, drawers), load_judge(models), clips, sheet)


def _suite(make: Make, judge: Judge | None, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Make `clips` clips of held-out scenes and yield every score.

    What takes a judge is told to be missing where none was trained.
    """
    scenes = held_out_scenes(clips, _SCENE_SEED)
    made = [make(prompt_of(s), s.seed % 1000, SHORT_FRAMES) for s in scenes]
    real = [render(s, 512, 288, SHORT_FRAMES).frames for s in scenes]
    if sheet is not None:
        rows = [Row(prompt_of(s), f) for s, f in zip(scenes, made, strict=True)]
        save_sheet(rows[:_SHEET_CLIPS], sheet)
    yield Score("frame_consistency", _consistency(made), "dB", None, "renders", _consistency(real))
    yield Score("motion_size", _motion(made), "levels", None, "renders", _motion(real))
    if judge is None:
        yield from (Score(name, None, unit, aim, why=_NO_JUDGE) for name, unit, aim in _JUDGED)
        return
    ours, theirs = _shares_right(judge, scenes, made), _shares_right(judge, scenes, real)
    synonyms = _synonyms_right(make, judge, clips)
    values = *zip(ours, theirs, strict=True), (synonyms, None), (_frechet(judge, made, real), None)
    for (name, unit, aim), (value, peer) in zip(_JUDGED, values, strict=True):
        yield Score(name, value, unit, aim, None if peer is None else "judge on renders", peer)


def _shares_right(
    judge: Judge, scenes: list[Scene], clips: list[NDArray[np.uint8]]
) -> tuple[float, ...]:
    right = np.zeros(3)
    for scene, frames in zip(scenes, clips, strict=True):
        verdict = judge_clip(judge, frames)
        seen = verdict.subject, verdict.setting, verdict.action
        right += np.equal(seen, answers(scene))
    return tuple(float(share) for share in right / len(scenes))


def _synonyms_right(make: Make, judge: Judge, clips: int) -> float:
    """Share of subjects judged right when named by a word that was in no caption."""
    scenes = [s for s in held_out_scenes(clips * 4, _SCENE_SEED + 1) if s.subject.synonyms]
    hits = 0
    for scene in scenes[:clips]:
        frames = make(prompt_of(scene, synonyms=True), scene.seed % 1000, 8)
        hits += SUBJECTS[judge_clip(judge, frames).subject] == scene.subject
    return hits / min(clips, len(scenes))


def _consistency(clips: list[NDArray[np.uint8]]) -> float:
    """Mean PSNR in dB between neighbouring frames: flicker lowers it, and so does motion."""
    values = []
    for frames in clips:
        steps = np.diff(frames.astype(np.float32), axis=0)
        values.append(10 * np.log10(255.0**2 / max(float(np.square(steps).mean()), 1e-6)))
    return float(np.mean(values))


def _motion(clips: list[NDArray[np.uint8]]) -> float:
    """Mean absolute change between neighbouring frames, in levels of 255."""
    return float(np.mean([np.abs(np.diff(f.astype(np.float32), axis=0)).mean() for f in clips]))


@torch.inference_mode()
def _frechet(judge: Judge, made: list[NDArray[np.uint8]], real: list[NDArray[np.uint8]]) -> float:
    """Fréchet distance between Gaussians over the judge's features, their variances diagonal."""
    a, b = (
        torch.stack([look(judge, sight(f)).features[0] for f in clips]) for clips in (made, real)
    )
    spread = (a.std(0) - b.std(0)).square().sum()
    return float((a.mean(0) - b.mean(0)).square().sum() + spread)
