"""Scores of films that go on, of ranges that are bridged and of frames in between: rendered scenes

whose rest is known. Beside what an editor does without: the last frame held, and the frames on both
sides faded.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.abilities import interpolate_frames, multiplane_extend, multiplane_retake
from engine.abilities.context import Run
from engine.abilities.video_output import write_film
from engine.planning.shapes import RETAKE_IN_S, RETAKE_OUT_S
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from engine.training.contact_sheet import Row, save_sheet
from engine.training.enlarging_evaluation import psnr, ssim
from engine.training.evaluation import Score
from engine.training.grammar import Scene, held_out_scenes
from engine.training.running import Context, Held, read
from engine.training.samples import prompt_of
from engine.training.scenes import RATE_FPS, render

Frames = NDArray[np.uint8]
"""(F, H, W, 3)."""

_SIZE, _FRAMES, _SEED = (512, 288), 24, 2031
_KNOWN, _NEW = 16, 6
"""Frames that are given, and those after them that are compared."""
_RANGE = 9, 15
_SHEET_CLIPS = 16
_HELD, _FADED, _BLENDED = "last frame held", "faded", "neighbours blended"


def pocket_multiplane(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Every figure, of `clips` held-out scenes. Raises: FileNotFoundError, without weights."""
    if not (models / "portraits").is_dir():
        raise FileNotFoundError(f"There are no weights in {models / 'portraits'}.")
    scenes, held = held_out_scenes(clips, _SEED), Held()
    truths = [render(scene, *_SIZE, _FRAMES).frames for scene in scenes]
    longer = [_longer(models, held, truth[:_KNOWN]) for truth in truths]
    bridged = [_bridged(models, held, truth) for truth in truths]
    after = [truth[_KNOWN : _KNOWN + _NEW] for truth in truths]
    within = [truth[slice(*_RANGE)] for truth in truths]
    yield from _scores("extend", longer, after, [_last_held(t) for t in truths], _HELD)
    yield from _scores("bridge", bridged, within, [_faded(t) for t in truths], _FADED)
    between = [_between(models, held, truth) for truth in truths]
    missing = [truth[1:-1:2] for truth in truths]
    yield from _scores("interpolate", between, missing, [_blended(t) for t in truths], _BLENDED)
    if sheet is not None:
        save_sheet(list(_rows(scenes, after, longer)), sheet)


def _scores(
    what: str, made: list[Frames], true: list[Frames], peers: list[Frames], peer: str
) -> Iterator[Score]:
    for name, unit, figure in (("psnr", "dB", psnr), ("ssim", "", _likeness)):
        ours, theirs = _mean(figure, made, true), _mean(figure, peers, true)
        yield Score(f"{what}_{name}", ours, unit, None, peer, theirs)


def _mean(
    figure: Callable[[Frames, Frames], float], made: list[Frames], true: list[Frames]
) -> float:
    return float(np.mean([figure(a, b) for a, b in zip(made, true, strict=True)]))


def _likeness(made: Frames, true: Frames) -> float:
    return float(np.mean([ssim(a, b) for a, b in zip(made, true, strict=True)]))


def _longer(models: Path, held: Held, known: Frames) -> Frames:
    return _made(models, held, known, multiplane_extend.run, Ability.EXTEND_VIDEO, {})


def _bridged(models: Path, held: Held, film: Frames) -> Frames:
    begins, ends = (str(Fraction(place, RATE_FPS)) for place in _RANGE)
    span: dict[str, str] = {RETAKE_IN_S: begins, RETAKE_OUT_S: ends}
    made = _made(models, held, film, multiplane_retake.run, Ability.RETAKE, span)
    return made[slice(*_RANGE)]


def _between(models: Path, held: Held, film: Frames) -> Frames:
    """Every second frame of a film, made of the others."""
    kept, run, ability = film[::2], interpolate_frames.run, Ability.INTERPOLATE_FRAMES
    made = _made(models, held, kept, run, ability, {}, Shape(2 * len(kept), Fraction(RATE_FPS, 2)))
    return made[1:-1:2]


@dataclass(frozen=True, slots=True)
class Shape:
    """How many frames are asked for, and the rate of the film they are made of."""

    frames: int = _NEW
    rate: Fraction = Fraction(RATE_FPS)


def _made(
    models: Path,
    held: Held,
    film: Frames,
    run: Run,
    ability: Ability,
    options: dict[str, str],
    shape: Shape = Shape(),
) -> Frames:
    """What an ability makes of a film without words."""
    recipe = Recipe(
        ability=ability,
        model="pocket-multiplane",
        frames=shape.frames,
        rate=f"{RATE_FPS}/1",
        inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
        options={**options},
    )
    with tempfile.TemporaryDirectory() as folder:
        given, scratch = Path(folder) / "film.mp4", Path(folder) / "made"
        scratch.mkdir()
        write_film(film, shape.rate, given)
        context = Context(scratch, models / "portraits", held, given, recipe.model)
        run(recipe, context)
        return read(context.saved)


def _last_held(truth: Frames) -> Frames:
    return np.repeat(truth[_KNOWN - 1 : _KNOWN], _NEW, axis=0)


def _faded(truth: Frames) -> Frames:
    begins, ends = _RANGE
    before, after, count = truth[begins - 1], truth[ends], ends - begins + 1
    shares = [(place + 1) / count for place in range(ends - begins)]
    pictures = [cv2.addWeighted(before, 1 - share, after, share, 0.0) for share in shares]
    return np.stack(pictures).astype(np.uint8, copy=False)


def _blended(truth: Frames) -> Frames:
    pairs = zip(truth[:-2:2], truth[2::2], strict=True)
    return np.stack([cv2.addWeighted(a, 0.5, b, 0.5, 0.0) for a, b in pairs]).astype(np.uint8)


def _rows(scenes: list[Scene], after: list[Frames], longer: list[Frames]) -> Iterator[Row]:
    """Of each scene the last frame that is compared: as it was, and as the film goes on."""
    clips = zip(scenes, after, longer, strict=True)
    for scene, *frames in list(clips)[:_SHEET_CLIPS]:
        yield Row(prompt_of(scene), np.stack([each[-1] for each in frames]))
