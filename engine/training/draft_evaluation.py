"""Scores of edits of drafts: told how the draft was made, beside looking at its pixels.

The drafts are made and kept as the studio does it. What an edit should give is known of those that
need nothing new drawn; of the others the judge says what it sees.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray

from engine.abilities.animatic import Drawers, cast_as_made, draw
from engine.abilities.video_output import write_film
from engine.catalogue import load_catalogue
from engine.models.animatic.film import Stage
from engine.models.animatic.layers import to_levels
from engine.models.opticals.colours import Colour, dyed, lightness
from engine.models.opticals.layers import laid_over
from engine.protocol.recipes import FILM_RECIPE, Ability, Recipe
from engine.training.edit_evaluation import FRAMES, Case, is_right, kept, outside
from engine.training.edit_grammar import Edit, held_out_edits, instruction
from engine.training.edit_scenes import TONES
from engine.training.evaluation import Score
from engine.training.grammar import Scene
from engine.training.judge import Judge
from engine.training.latents import SIZES
from engine.training.optical_running import Asked, edited
from engine.training.precision import CPU
from engine.training.running import Frames, Held, read
from engine.training.samples import JUDGED_RATE, load_drawers, prompt_of, rewriter_of

_TASKS = ("remove", "recolour", "segment", "replace", "background")
_JUDGED = frozenset({"replace", "background"})
_SEED, _PEER = 2028, "by looking"


@dataclass(frozen=True, slots=True)
class DraftCase:
    """A held-out edit of a draft: its recipe, and its frames before and after, as far as known."""

    made_by: Recipe
    case: Case


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one draft: whether the edit is right, and in dB how like the source it is outside, and how

    like what is behind where something was removed.
    """

    task: str
    right: float
    outside_db: float | None
    inside_db: float | None


def of_drafts(models: Path, judge: Judge | None, clips: int, held: Held) -> Iterator[Score]:
    """Edit `clips` drafts both ways and yield every score."""
    drawers = load_drawers(models, torch.float32, CPU)  # as the edits are made
    told, looked = [], []
    for draft in draft_cases(drawers, clips):
        for found, recipe in ((told, _json(draft.made_by)), (looked, "")):
            made = made_of(models, draft.case, held, recipe)
            found.append(_figures(judge, draft.case, made))
    yield from compared_ways(told, looked)


def _json(recipe: Recipe) -> str:
    return msgspec.json.encode(recipe).decode()


def made_of(models: Path, case: Case, held: Held, film_recipe: str) -> Frames:
    """What the ability makes of a draft's file; the draft as it is, where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "draft.mp4"
        write_film(case.before, Fraction(JUDGED_RATE), film)
        asked = Asked(options={FILM_RECIPE: film_recipe} if film_recipe else {})
        made = edited(models, film, case.words, case.scene.seed % 1000, held, asked)
        return read(film) if made is None else made


def draft_cases(drawers: Drawers, count: int) -> Iterator[DraftCase]:
    """Held-out edits of drafts of held-out scenes; the tasks take turns."""
    cases = (each for each in held_out_edits(8 * count, _SEED) if each[1].task in _TASKS)
    for scene, edit in islice(cases, count):
        yield _draft_case(drawers, scene, edit)


def _draft_case(drawers: Drawers, scene: Scene, edit: Edit) -> DraftCase:
    entry, rewriter = load_catalogue().entry("pocket-animatic"), rewriter_of(drawers)
    width, height = SIZES["16:9"]
    made_by = Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=entry.id,
        prompt=f"{prompt_of(scene)}, {scene.camera.words[0]}",
        seed=scene.seed % 1000,
        width=width,
        height=height,
        frames=FRAMES,
        rate=JUDGED_RATE,
        options=entry.options,
    )
    cast = cast_as_made(rewriter, made_by)
    stage = draw(cast, made_by, entry, drawers, lambda *_: None).stage()
    words = instruction(scene, edit, random.Random(scene.seed))
    before, after = (_frames(of) for of in (stage.picture, after_edit(stage, edit)))
    return DraftCase(made_by, Case(scene, edit, words, before, after))


def after_edit(stage: Stage, edit: Edit) -> Callable[[int], NDArray[np.uint8]]:
    """The frames after an edit, what falls in front of them too; of one that needs something drawn,

    those without the subject.
    """
    if edit.task == "recolour":
        art = replace(stage.art, pixels=_recoloured(stage.art.pixels, TONES[edit.detail]))
        return replace(stage, art=art).picture
    if edit.task != "segment":
        return lambda index: stage.with_drops(stage.place(index).copy(), index)

    def marked(index: int) -> NDArray[np.uint8]:
        layer = stage.subject(index)
        layer[..., :3] = np.array(TONES[edit.detail], np.float32) * layer[..., 3:]
        floor = stage.floor(index).astype(np.float32) / np.float32(255.0)
        return stage.with_drops(to_levels(laid_over(layer, floor)), index)

    return marked


def _recoloured(art: NDArray[np.float32], tone: Colour) -> NDArray[np.float32]:
    """Premultiplied RGBA in shades of a tone, which what is as light as all of it has.

    How light a new colour is nobody asked; so it is by the opticals' own rule.
    """
    cover = art[..., 3:]
    own = (art[..., :3] / np.maximum(cover, 1e-4)).astype(np.float32, copy=False)
    usual = float(lightness(own[art[..., 3] > 0.5]).mean())
    return np.dstack([dyed(own, tone, usual) * cover, cover]).astype(np.float32, copy=False)


def _frames(of: Callable[[int], NDArray[np.uint8]]) -> Frames:
    return np.stack([of(index) for index in range(FRAMES)])


def _figures(judge: Judge | None, case: Case, made: Frames) -> Figures:
    """Where something new is drawn, only the judge is asked: where it lies nobody knows."""
    same, task = kept(case), case.edit.task
    right = is_right(judge, case, made, same)
    if task in _JUDGED:
        return Figures(task, right, None, None)
    inside = outside(case.after, made, ~same)[0] if task == "remove" else None
    return Figures(task, right, outside(case.before, made, same)[0], inside)


def compared_ways(told: Sequence[Figures], looked: Sequence[Figures]) -> Iterator[Score]:
    """The scores of the same drafts, both ways."""
    figures: tuple[tuple[str, str, Callable[[Figures], float | None]], ...] = (
        ("draft_instruction_right", "share", lambda f: f.right),
        ("draft_outside_psnr_db", "dB", lambda f: f.outside_db),
        ("draft_behind_psnr_db", "dB", lambda f: f.inside_db),
    )
    for name, unit, of in figures:
        yield Score(name, _mean(told, of), unit, None, _PEER, _mean(looked, of))
    for task in sorted({each.task for each in told}):
        mine, peer = ([f for f in found if f.task == task] for found in (told, looked))
        right = _mean(mine, lambda f: f.right), _mean(peer, lambda f: f.right)
        yield Score(f"draft_right_{task}", right[0], "share", None, _PEER, right[1])


def _mean(figures: Sequence[Figures], of: Callable[[Figures], float | None]) -> float | None:
    values = [value for each in figures if (value := of(each)) is not None]
    return float(np.mean(values)) if values else None
