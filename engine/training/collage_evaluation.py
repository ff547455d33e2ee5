"""Scores of stickers laid of cut-outs: the prompts, seeds and judge of the sticker model's.

Prompts are read as the studio has them read, and a loop is made of the still and the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.abilities.collage import Draw, drawer, make_sticker
from engine.abilities.collage_loop import movement_of
from engine.catalogue import load_catalogue
from engine.models.collage.cut_outs import CutOut
from engine.models.collage.looping import REST_FRAME, loop, shapes
from engine.models.collage.movements import REACHES
from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.models.moviegen.sticker_things import Thing, read_things
from engine.models.moviegen.text import phrase_vectors
from engine.planning.collage_vocabulary import POCKET_COLLAGE, POCKET_COLLAGE_LOOP
from engine.protocol.recipes import Ability, Recipe
from engine.training.contact_sheet import Row, save_sheet
from engine.training.evaluation import Score
from engine.training.precision import CPU, product_dtype
from engine.training.samples import load_drawers
from engine.training.sticker_animation import LoopFacts, loop_facts, loop_words
from engine.training.sticker_evaluation import (
    NO_JUDGE,
    SEED,
    SHEET_LOOPS,
    Peer,
    alone_right,
    loop_scores,
    still_rows,
    still_scores,
    try_out,
)
from engine.training.sticker_grammar import STICKER_SUBJECTS, Sticker, Style, held_out_stickers
from engine.training.sticker_judge import StickerJudge, load_sticker_judge
from engine.training.sticker_latents import draw
from engine.training.sticker_pictures import MIDDLE_FRAME, SIZE_PIXELS, on_matte
from engine.training.stickers import sticker as packaged


def pocket_collage(models: Path, count: int, sheet: Path | None) -> Iterator[Score]:
    """Every score of the suite; what takes a judge is told to be missing where there is none."""
    judge, laying = load_sticker_judge(models), Laying(models)
    rows: list[Row] = []
    if judge is None:
        yield Score("subject_right", None, "share", 0.8, why=NO_JUDGE)
    else:
        wanted = held_out_stickers(count, SEED, Style.DIE_CUT, moving=False)
        trial = try_out(laying.drawn, judge, wanted)
        yield from still_scores(trial, laying.drawn, judge, wanted, _peer(laying, judge, wanted))
        rows += still_rows(trial, wanted)
    moving = held_out_stickers(count, SEED, Style.DIE_CUT, moving=True)
    drawn = [draw(sticker) for sticker in moving]
    loops = [
        looped(sample.frames[MIDDLE_FRAME], sticker)
        for sample, sticker in zip(drawn, moving, strict=True)
    ]
    facts = [
        facts_of(frames, sample.frames[MIDDLE_FRAME])
        for frames, sample in zip(loops, drawn, strict=True)
    ]
    yield from loop_scores(facts, drawn)
    shown = zip(moving[:SHEET_LOOPS], loops, strict=False)
    rows += [Row(loop_words(sticker), on_matte(frames)) for sticker, frames in shown]
    if sheet is not None:
        save_sheet(rows, sheet)


def _peer(laying: Laying, judge: StickerJudge, wanted: list[Sticker]) -> Peer:
    """Of true art that is laid the same way."""
    real = try_out(laying.true, judge, wanted)
    name, alone = "judge on true art laid so", alone_right(laying.true, judge)
    return Peer(name, real.subject, real.alignment, real.quality, alone)


class Laying:
    """How stickers are laid with the weights that ship, and of true art in place of drawn."""

    def __init__(self, models: Path) -> None:
        self._pipeline = load_drawers(models, product_dtype(CPU), CPU).subjects
        embed = phrase_vectors(self._pipeline.text_encoder, self._pipeline.tokenizer)
        self._rewriter = StickerRewriter(POCKET_COLLAGE, embed)
        self._entry = load_catalogue().entry("pocket-collage")

    def drawn(self, words: list[str], seeds: list[int]) -> NDArray[np.uint8]:
        """What a user gets, on grey (N, S, S, 3)."""
        recipes = [self._recipe(seed) for seed in seeds]
        draws = [drawer(r, self._entry, self._pipeline, lambda *_: None) for r in recipes]
        return self._laid(words, recipes, draws)

    def true(self, words: list[str], seeds: list[int]) -> NDArray[np.uint8]:
        """The same of the art that the sticker model learnt from."""
        recipes = [self._recipe(seed) for seed in seeds]
        return self._laid(words, recipes, [_true_art] * len(recipes))

    def _laid(
        self, words: list[str], recipes: list[Recipe], draws: list[Draw]
    ) -> NDArray[np.uint8]:
        told = [read_things(each, self._rewriter) for each in words]
        laid = map(make_sticker, told, recipes, draws)
        return np.stack([on_matte(_premultiplied(picture)) for picture in laid])

    def _recipe(self, seed: int) -> Recipe:
        return Recipe(
            ability=Ability.TEXT_TO_STICKER,
            model=self._entry.id,
            seed=seed,
            width=SIZE_PIXELS,
            height=SIZE_PIXELS,
            frames=1,
        )


def _true_art(thing: Thing, _part: tuple[int, int]) -> CutOut:
    label = next(each.label for each in STICKER_SUBJECTS if each.noun == thing.name)
    return CutOut.of(_straight(packaged(label)))


def looped(rest: NDArray[np.float32], sticker: Sticker) -> NDArray[np.float32]:
    """The loop (8, S, S, 4) that is made of words and a still `rest` (S, S, 4), premultiplied."""
    *_, words = loop_words(sticker).split(", ")
    told = StickerRewriter(POCKET_COLLAGE_LOOP, _known_alone).motion(words)
    movement = movement_of(told)
    assert movement is not None  # the grammar's motions are all known
    moved = shapes(movement, REACHES[sticker.motion_size])
    return _premultiplied(loop(_straight(rest), moved, rest.shape[0]))


def facts_of(frames: NDArray[np.float32], given: NDArray[np.float32]) -> LoopFacts:
    """What is measured of a loop, the still it was given laid where the loop has it at rest."""
    rest, there = _box(frames[REST_FRAME]), _box(given)
    part = given[there[1] : there[1] + there[3], there[0] : there[0] + there[2]]
    laid = np.zeros_like(given)
    laid[rest[1] : rest[1] + rest[3], rest[0] : rest[0] + rest[2]] = cv2.resize(
        part, (rest[2], rest[3]), interpolation=cv2.INTER_AREA
    )
    return loop_facts(on_matte(frames), on_matte(laid))


def _known_alone(phrases: object) -> NDArray[np.float32]:
    raise AssertionError(f"the grammar's words need no encoder: {phrases}")


def _box(rgba: NDArray[np.float32]) -> tuple[int, int, int, int]:
    left, top, width, height = cv2.boundingRect((rgba[..., 3] > 0.5).astype(np.uint8))
    return left, top, width, height


def _premultiplied(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    art = rgba.astype(np.float32) / np.float32(255)
    art[..., :3] *= art[..., 3:]
    return art


def _straight(rgba: NDArray[np.float32]) -> NDArray[np.uint8]:
    own = np.concatenate([rgba[..., :3] / np.maximum(rgba[..., 3:], 1e-4), rgba[..., 3:]], axis=2)
    return (own.clip(0, 1) * 255).round().astype(np.uint8)
