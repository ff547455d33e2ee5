"""Scores of the editor on edits and scenes it never saw, beside SDEdit with the same base model.

Every scene is rendered before and after its edit, so that what is right is known exactly. SDEdit
hides the film in noise and lets the base model, told what is to be seen, bring it back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.moviegen_source import to_pixels
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.sampling.euler import euler
from engine.sampling.flow_matching import interpolate
from engine.training.contact_sheet import Row, save_sheet
from engine.training.edit_grammar import Edit, edited_caption, held_out_edits, instruction
from engine.training.edit_scenes import render_edits
from engine.training.evaluation import Score
from engine.training.grammar import SETTINGS, SUBJECTS, Scene
from engine.training.judge import Judge, judge_clip, load_judge
from engine.training.latents import SIZES
from engine.training.likeness import ssim_map
from engine.training.optical_running import Asked, changed
from engine.training.pocket_edit import FOLDER
from engine.training.precision import CPU, product_dtype
from engine.training.running import Frames, Held
from engine.training.samples import load_pipeline

FRAMES = 16
_SEED = 2027
_SHEET_EDITS = 16
_PEER = "SDEdit"
_PEER_START, _PEER_STEPS = 0.4, 12
"""Where on the way from noise to data SDEdit begins, and its steps."""
_SAME, _MOST_DB = 3, 60.0
"""Levels by which before and after may differ outside an edit; PSNR of what is the same."""
_LEAST_AREA = 0.02
_NEAR = 0.5
"""An edit is right where what it changed is at most this far from the truth, as a share of how far

the source was.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A held-out edit, and its scene before and after it."""

    scene: Scene
    edit: Edit
    words: str
    before: Frames
    after: Frames


@dataclass(frozen=True, slots=True)
class _Figures:
    right: float
    psnr_db: float | None
    ssim: float | None
    steady_db: float


def pocket_edit(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Edit `clips` held-out scenes and yield every score. Raises: FileNotFoundError."""
    pipeline = load_pipeline(models, product_dtype(CPU), CPU)
    if not (models / FOLDER / "config.json").exists():
        raise FileNotFoundError(
            "There is no editor; make one with: python3 main.py train pocket-edit"
        )
    judge, cases, held = load_judge(models), list(held_out_cases(clips)), Held()
    editor = Asked("pocket-edit")
    ours = [
        changed(models, case.before, case.words, case.scene.seed % 1000, held, editor)
        for case in cases
    ]
    theirs = [sdedit(pipeline, case) for case in cases]
    if sheet is not None:
        sheet_of(cases, ours, sheet)
    yield from compared(judge, cases, ours, theirs)


def sheet_of(cases: list[Case], made: list[Frames], sheet: Path) -> None:
    """Write the first of the cases as a contact sheet."""
    save_sheet([_row(c, m) for c, m in zip(cases, made, strict=True)][:_SHEET_EDITS], sheet)


def compared(
    judge: Judge | None, cases: list[Case], ours: list[Frames], theirs: list[Frames]
) -> Iterator[Score]:
    """Every score of what was made of the cases, beside the peer's."""
    mine = [_figures(judge, case, made) for case, made in zip(cases, ours, strict=True)]
    peer = [_figures(judge, case, made) for case, made in zip(cases, theirs, strict=True)]
    for name, unit, of in _SCORES:
        yield Score(name, _mean(of, mine), unit, None, _PEER, _mean(of, peer))
    for task in sorted({case.edit.task for case in cases}):
        here = [place for place, case in enumerate(cases) if case.edit.task == task]
        value, other = (float(np.mean([f[at].right for at in here])) for f in (mine, peer))
        yield Score(f"right_{task}", value, "share", None, _PEER, other)


_SCORES: tuple[tuple[str, str, Callable[[_Figures], float | None]], ...] = (
    ("instruction_right", "share", lambda f: f.right),
    ("outside_psnr_db", "dB", lambda f: f.psnr_db),
    ("outside_ssim", "share", lambda f: f.ssim),
    ("temporal_consistency", "dB", lambda f: f.steady_db),
)


def held_out_cases(count: int) -> Iterator[Case]:
    """Edits that were never trained, in words that were; the tasks take turns."""
    for scene, change in held_out_edits(count, _SEED):
        words = instruction(scene, change, random.Random(scene.seed))
        before, after = render_edits(scene, [change], *SIZES["16:9"], FRAMES).frames
        yield Case(scene, change, words, before, after)


@torch.inference_mode()
def sdedit(pipeline: MovieGenPipeline, case: Case) -> Frames:
    """The same film by SDEdit (Meng et al. 2021) with the base model, told what is to be seen."""
    network = pipeline.transformer
    source = pipeline.encode(to_pixels(case.before))
    words = edited_caption(case.scene, case.edit)
    prompt = f"FPS-12, {case.scene.camera.words[0]}, {words}"
    text = pipeline.encode_text([prompt]).to(network.device, network.dtype)
    generator = torch.Generator("cpu").manual_seed(case.scene.seed % 1000)
    noise = torch.randn(source.shape, generator=generator)
    began = interpolate(source, noise, torch.tensor([_PEER_START]))

    def velocity(x: Tensor, time: float) -> Tensor:
        return network(x.to(network.dtype), torch.tensor([time]), text).float()

    steps = range(_PEER_STEPS + 1)
    times = [_PEER_START + (1 - _PEER_START) * step / _PEER_STEPS for step in steps]
    return pipeline.decode(euler(velocity, began, times, lambda *_: None), FRAMES).numpy()


def _figures(judge: Judge | None, case: Case, made: Frames) -> _Figures:
    same = kept(case)
    psnr, ssim = outside(case.before, made, same)
    return _Figures(is_right(judge, case, made, same), psnr, ssim, _steadiness(case.after, made))


def kept(case: Case) -> NDArray[np.bool_]:
    """Where an edit changes nothing (F, H, W)."""
    return np.abs(case.before.astype(np.int16) - case.after).max(axis=3) <= _SAME


def is_right(judge: Judge | None, case: Case, made: Frames, same: NDArray[np.bool_]) -> float:
    """1 where the judge names what was asked for, or where it names nothing of the kind, where

    the changed place came near to what it should be.
    """
    if judge is not None and case.edit.task == "replace":
        return float(SUBJECTS[judge_clip(judge, made).subject].label == case.edit.detail)
    if judge is not None and case.edit.task == "background":
        return float(SETTINGS[judge_clip(judge, made).setting].id == case.edit.detail)
    changed = ~same
    truth = case.after.astype(np.float32)[changed]
    asked = np.abs(truth - case.before[changed]).mean()
    missed = np.abs(truth - made[changed]).mean()
    return float(missed < _NEAR * asked)


def outside(
    before: Frames, made: Frames, same: NDArray[np.bool_]
) -> tuple[float | None, float | None]:
    """PSNR in dB and SSIM against the source where an edit changes nothing; None without such."""
    if same.mean() < _LEAST_AREA:
        return None, None
    error = float(np.square(before.astype(np.float32) - made)[same].mean())
    psnr = min(_MOST_DB, 10 * np.log10(255.0**2 / max(error, 1e-9)))
    pairs = zip(before, made, same, strict=True)
    alike = [ssim_map(b, m)[s].mean() for b, m, s in pairs if s.any()]
    return psnr, float(np.mean(alike))


def _steadiness(truth: Frames, made: Frames) -> float:
    """How near the change from frame to frame is to the truth's, in dB: flicker lowers it, and

    motion that is meant does not.
    """
    wanted, found = (np.diff(frames.astype(np.float32), axis=0) for frames in (truth, made))
    return 10 * float(np.log10(255.0**2 / max(float(np.square(wanted - found).mean()), 1e-6)))


def _mean(of: Callable[[_Figures], float | None], figures: list[_Figures]) -> float | None:
    values = [value for each in figures if (value := of(each)) is not None]
    return float(np.mean(values)) if values else None


def _row(case: Case, made: Frames) -> Row:
    """The middle of a film before, as edited, and as it should be."""
    middle = FRAMES // 2
    return Row(case.words, np.stack([case.before[middle], made[middle], case.after[middle]]))
