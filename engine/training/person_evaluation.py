"""Scores of the person model on characters it never saw: how alike, how steady, how obedient.

It stands beside the cut-out film, which copies the picture and so keeps who it is by construction,
and beside the video model told in words alone. Where no person model was trained those two are
scored by themselves.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.animatic import clause_of, direction_of, place_for
from engine.abilities.personalize_video import PersonModel
from engine.catalogue import load_catalogue
from engine.models.animatic.film import staged_film
from engine.models.moviegen.low_rank import load_updated
from engine.models.moviegen.nouns import article
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.reference_encoder import ReferenceEncoder, squared
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.text import phrase_vectors
from engine.models.portraits.salience import load_salience
from engine.planning.sticker_vocabulary import clip_vocabulary
from engine.protocol.recipes import Ability, Recipe
from engine.training.contact_sheet import Row, save_sheet
from engine.training.evaluation import Score
from engine.training.grammar import ACTIONS, CAMERAS, SETTINGS, Scene
from engine.training.identities import NOUN, held_out_identities, posed
from engine.training.identity_judge import IdentityJudge, load_judge, own_accuracy
from engine.training.judge import Judge, judge_clip
from engine.training.judge import load_judge as load_clip_judge
from engine.training.latents import SHORT_FRAMES, SIZES
from engine.training.packages import DataError
from engine.training.person_scenes import cast_scene
from engine.training.precision import CPU, product_dtype
from engine.training.samples import load_pipeline, make_clip, prompt_of
from engine.training.scenes import RATE_FPS
from engine.training.sticker_pictures import Rgba
from engine.training.stickers import sticker

_SEED = 2027
_LOOKS = 6
"""Frames of a clip that the judge looks at."""
_MOST_DROP_POINTS = 5.0
_GATE = 0.5
_OURS, _COPY, _WORDS = "person model", "cut-out film", "words alone"
_UNTRAINED = "there is no person model yet; make one with: python3 main.py train pocket-person"
_NO_JUDGE = "there is no judge yet; make one with: python3 main.py train judge"


@dataclass(frozen=True, slots=True)
class Case:
    """A scene with someone unseen, and the picture of them that is given."""

    scene: Scene
    picture: Rgba


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines of a clip's frames with the picture, and of each frame with the next."""

    best: float
    worst: float
    mean: float
    steady: float


def pocket_person(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Every score. Raises: DataError, where the model or its judge is missing."""
    salience = load_salience(models / "portraits/salience")
    judge, clip_judge = load_judge(models, salience), load_clip_judge(models)
    if judge is None:
        raise DataError("There is no identity judge yet. Make one with: train identity-judge.")
    cases = held_out_cases(clips)
    base = load_pipeline(models, product_dtype(CPU), CPU)
    person = _load_person(models, base)
    made = {
        _COPY: [_copied(base, case) for case in cases],
        _WORDS: [_in_words(base, case) for case in cases],
    }
    if person is not None:
        made[_OURS] = [by_pictures(person, case) for case in cases]
    if sheet is not None:
        shown = made.get(_OURS, made[_COPY])
        rows = [Row(_told(case), frames) for case, frames in zip(cases, shown, strict=True)]
        save_sheet(rows[:16], sheet)
    like = {name: _mean_likeness(judge, cases, frames) for name, frames in made.items()}
    yield from _likeness_scores(like)
    yield Score("identity_of_others", _of_others(judge, cases), "cosine")
    yield Score("judge_right", own_accuracy(judge.model), "share")
    yield from _alignment_scores(clip_judge, cases, made)


def _likeness_scores(like: dict[str, Likeness]) -> Iterator[Score]:
    """The person model's beside the cut-out film's, and those of words alone."""
    ours, copied, words = like.get(_OURS), like[_COPY], like[_WORDS]
    why = "" if ours else _UNTRAINED
    for name in ("best", "worst", "mean"):
        value, peer = ours and getattr(ours, name), getattr(copied, name)
        yield Score(f"identity_{name}", value, "cosine", _GATE, _COPY, peer, why)
    for name in ("best", "worst", "mean"):
        yield Score(f"words_identity_{name}", getattr(words, name), "cosine")
    steady = ours and ours.steady
    yield Score("consistency", steady, "cosine", None, _COPY, copied.steady, why)


def held_out_cases(count: int) -> list[Case]:
    """Scenes with identities that nobody trained with, each given in another pose."""
    rng, cases = random.Random(_SEED), []
    labels = rng.sample(held_out_identities(), min(count, len(held_out_identities())))
    for label in labels:
        scene = cast_scene(rng, label)
        still = Scene(scene.subject, scene.setting, scene.action, CAMERAS[0], scene.seed)
        cases.append(Case(still, posed(sticker(label), rng, other=False)))
    return cases


def _load_person(models: Path, base: MovieGenPipeline) -> PersonModel | None:
    """The person model; None where there is none. Raises: DataError, for another base's."""
    home, folder = models / "pocket-person", models / "pocket-video/transformer"
    if not (home / "updates/config.json").exists():
        return None
    try:
        transformer = load_updated(base.transformer, folder, home / "updates")
    except ValueError as problem:
        raise DataError(f"The updates in {home} fit nothing: {problem}.") from problem
    encoder = ReferenceEncoder.from_folder(home / "encoder", torch.float32).eval()
    return PersonModel(base.with_transformer(transformer.eval()), encoder)


def _told(case: Case) -> str:
    """The prompt that says nothing of who it is."""
    return prompt_of(case.scene)


def by_pictures(person: PersonModel, case: Case) -> NDArray[np.uint8]:
    """A clip (F, H, W, 3) of whoever a case's picture shows."""
    tokens = person.tokens(squared(case.picture)[None])
    return make_clip(person.pipeline, _told(case), case.scene.seed % 1000, pictures=tokens)


def _in_words(base: MovieGenPipeline, case: Case) -> NDArray[np.uint8]:
    label = case.scene.subject.label
    said = _told(case).replace(article(NOUN), article(label), 1)
    return make_clip(base, said, case.scene.seed % 1000)


def _copied(base: MovieGenPipeline, case: Case) -> NDArray[np.uint8]:
    rewriter = Rewriter(
        clip_vocabulary("pocket-animatic"), phrase_vectors(base.text_encoder, base.tokenizer)
    )
    clause = clause_of(rewriter, _told(case))
    entry, (width, height) = load_catalogue().entry("pocket-animatic"), SIZES["16:9"]
    recipe = Recipe(
        ability=Ability.PERSONALIZE_VIDEO,
        model=entry.id,
        seed=case.scene.seed,
        width=width,
        height=height,
        options=entry.options,
    )
    place = place_for(clause, recipe, entry, base, lambda *_: None)
    direction = replace(direction_of(clause, recipe), ground=place.ground)
    art = _straight(case.picture)
    stage = staged_film(place, art, direction, SHORT_FRAMES, RATE_FPS)
    return np.stack([stage.picture(index) for index in range(SHORT_FRAMES)])


def _straight(art: Rgba) -> NDArray[np.uint8]:
    colours = art[..., :3] / np.maximum(art[..., 3:], 1e-4)
    rgba = np.concatenate([colours, art[..., 3:]], axis=-1)
    return np.round(rgba.clip(0, 1) * 255.0).astype(np.uint8)


def _mean_likeness(
    judge: IdentityJudge, cases: list[Case], clips: list[NDArray[np.uint8]]
) -> Likeness:
    each = [likeness(judge, case.picture, clip) for case, clip in zip(cases, clips, strict=True)]
    names = ("best", "worst", "mean", "steady")
    return Likeness(*(float(np.mean([getattr(one, name) for one in each])) for name in names))


def likeness(judge: IdentityJudge, picture: Rgba, frames: NDArray[np.uint8]) -> Likeness:
    """How alike who a clip shows is to a picture; a frame in which nobody is seen counts as 0."""
    given = judge.of_pictures(squared(picture)[None])[0]
    chosen = np.linspace(0, len(frames) - 1, _LOOKS).round().astype(int)
    seen = judge.of_frames(frames[chosen])
    values = [0.0 if one is None else float(one @ given) for one in seen]
    steps = [_alike(a, b) for a, b in itertools.pairwise(seen)]
    return Likeness(max(values), min(values), float(np.mean(values)), float(np.mean(steps)))


def _alike(first: Tensor | None, second: Tensor | None) -> float:
    return 0.0 if first is None or second is None else float(first @ second)


def _of_others(judge: IdentityJudge, cases: list[Case]) -> float:
    """How alike the pictures of different people are to each other: what 0 would be at best."""
    vectors = judge.of_pictures(torch.stack([squared(case.picture) for case in cases]))
    count = len(vectors)
    return float((vectors @ vectors.T).fill_diagonal_(0.0).sum() / max(count * (count - 1), 1))


def _alignment_scores(
    judge: Judge | None, cases: list[Case], made: dict[str, list[NDArray[np.uint8]]]
) -> Iterator[Score]:
    """Points by which setting and action are seen right less often than in words alone."""
    shares = {name: _aligned(judge, cases, clips) for name, clips in made.items()} if judge else {}
    words, why = shares.get(_WORDS), "" if judge else _NO_JUDGE
    for figure, name in (("alignment_drop", _OURS), ("draft_alignment_drop", _COPY)):
        share = shares.get(name)
        drop = None if share is None or words is None else 100.0 * (words - share)
        missing = why or ("" if name in made else _UNTRAINED)
        yield Score(figure, drop, "points", _MOST_DROP_POINTS, why=missing)
    yield Score("words_alignment", words, "share", why=why)


def _aligned(judge: Judge, cases: list[Case], clips: list[NDArray[np.uint8]]) -> float:
    """The share of settings and actions that the judge sees as they were asked for."""
    right = 0
    for case, clip in zip(cases, clips, strict=True):
        verdict = judge_clip(judge, clip)
        right += SETTINGS[verdict.setting] == case.scene.setting
        right += ACTIONS[verdict.action] == case.scene.action
    return right / (2 * len(cases))
