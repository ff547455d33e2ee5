"""Scores of the pocket video model on combinations it never saw, given by the judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.training.contact_sheet import Row, save_sheet
from engine.training.grammar import SUBJECTS, Scene, held_out_scenes
from engine.training.judge import Judge, answers, judge_clip, load_judge, look
from engine.training.samples import load_pipeline, make_clip, prompt_of
from engine.training.scenes import render

_SHEET_CLIPS = 16
_SCENE_SEED = 2026


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


def pocket_video(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Generate `clips` clips of held-out scenes and yield every score of the suite.

    The peer of the first three is the judge itself on rendered clips of the same scenes: no
    model can be judged better than that.
    """
    pipeline = load_pipeline(models, torch.bfloat16, torch.device("cpu"))
    judge = load_judge(models)
    scenes = held_out_scenes(clips, _SCENE_SEED)
    made = [make_clip(pipeline, prompt_of(s), s.seed % 1000) for s in scenes]
    real = [render(s, 512, 288, 24).frames for s in scenes]
    if sheet is not None:
        rows = [Row(prompt_of(s), f) for s, f in zip(scenes, made, strict=True)]
        save_sheet(rows[:_SHEET_CLIPS], sheet)
    ours, theirs = _shares_right(judge, scenes, made), _shares_right(judge, scenes, real)
    for name, target, index in (("subject", 0.8, 0), ("motion", 0.8, 2), ("setting", 0.8, 1)):
        yield Score(
            f"{name}_right", ours[index], "share", target, "judge on renders", theirs[index]
        )
    yield Score("synonym_right", _synonyms_right(pipeline, judge, clips), "share", 0.6)
    yield Score("frame_consistency", _consistency(made), "dB", None, "renders", _consistency(real))
    yield Score("motion_size", _motion(made), "levels", None, "renders", _motion(real))
    yield Score("frechet", _frechet(judge, made, real), "distance")


def _shares_right(
    judge: Judge, scenes: list[Scene], clips: list[NDArray[np.uint8]]
) -> tuple[float, ...]:
    right = np.zeros(3)
    for scene, frames in zip(scenes, clips, strict=True):
        verdict = judge_clip(judge, frames)
        seen = verdict.subject, verdict.setting, verdict.action
        right += np.equal(seen, answers(scene))
    return tuple(float(share) for share in right / len(scenes))


def _synonyms_right(pipeline: MovieGenPipeline, judge: Judge, clips: int) -> float:
    """Share of subjects judged right when named by a word that was in no caption."""
    scenes = [s for s in held_out_scenes(clips * 4, _SCENE_SEED + 1) if s.subject.synonyms]
    hits = 0
    for scene in scenes[:clips]:
        frames = make_clip(pipeline, prompt_of(scene, synonyms=True), scene.seed % 1000, frames=8)
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
    a, b = (torch.stack([judge(look(f)[None])[3][0] for f in clips]) for clips in (made, real))
    spread = (a.std(0) - b.std(0)).square().sum()
    return float((a.mean(0) - b.mean(0)).square().sum() + spread)
