"""Scores of the sticker models on combinations that were never trained, given by the sticker judge.

Gains are relative, as the paper reports them: the tailored model over the aligned one that is told
the style in words, with the same prompts and seeds (papers, F).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.catalogue import load_catalogue
from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.matte import lift_off_matte
from engine.models.moviegen.prompts import sticker_caption
from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.models.moviegen.text import encode_prompts, load_text_encoder, phrase_vectors
from engine.models.moviegen.transformer import VideoTransformer
from engine.planning.sticker_vocabulary import POCKET_STICKER
from engine.training.budget import load_checkpoint
from engine.training.contact_sheet import Row, save_sheet
from engine.training.evaluation import Score
from engine.training.finetune import pocket_model
from engine.training.latents import Encode
from engine.training.sticker_animation import LoopFacts, loop_facts, loop_words
from engine.training.sticker_grammar import (
    STICKER_SUBJECTS,
    Sticker,
    Style,
    held_out_stickers,
    phrase_of,
)
from engine.training.sticker_judge import (
    Opinion,
    StickerJudge,
    load_sticker_judge,
    look,
    opinions,
)
from engine.training.sticker_latents import Drawn, draw, encode_samples
from engine.training.sticker_pictures import MIDDLE_FRAME, on_matte
from engine.training.sticker_samples import Guidance, generate, pictures
from engine.training.sticker_tailoring import GUIDANCE

SEEDS = 3
SEED = 2026
_SHEET_STICKERS, SHEET_LOOPS = 10, 10
_PAPER = {"quality_gain": 0.14, "alignment_gain": 0.162, "diversity_gain": 0.153}
NO_JUDGE = "there is no sticker judge yet; make one with: python3 main.py train sticker-judge"


Make = Callable[[list[str], list[int]], NDArray[np.uint8]]
"""(what each sticker shows, seeds) -> pictures (N, S, S, 3) on grey."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one model makes of the prompts: pictures (N, S, S, 3), every prompt SEEDS times."""

    pictures: NDArray[np.uint8]
    quality: float
    subject: float
    alignment: float
    diversity: float


@dataclass(frozen=True, slots=True)
class Peer:
    """What the judge makes of true art of the same prompts: nothing can be judged better."""

    name: str
    subject: float
    right: float
    quality: float
    alone: float | None = None


def _drawn_peer(judge: StickerJudge, wanted: list[Sticker]) -> Peer:
    """Of stickers of the grammar, as the sticker models learnt them."""
    drawn = np.stack([on_matte(draw(sticker).frames[0]) for sticker in wanted])
    said = opinions(judge, drawn, wanted)
    subject, right = (
        float(np.mean([getattr(o, name) for o in said])) for name in ("subject", "right")
    )
    return Peer("judge on drawn stickers", subject, right, _quality(said))


def drawn_by(
    model: VideoTransformer,
    autoencoder: TemporalAutoencoder,
    encode: Encode,
    guidance: Guidance,
) -> Make:
    """How a network makes stickers: of their words as they are."""

    def make(words: list[str], seeds: list[int]) -> NDArray[np.uint8]:
        captions = [sticker_caption(each) for each in words]
        made = generate(model, captions, seeds, encode, guidance)
        return pictures(autoencoder, made.latents)[:, 0]

    return make


def read_first(make: Make, rewriter: StickerRewriter) -> Make:
    """The same of words that are read before."""
    return lambda words, seeds: make([rewriter.still(each) for each in words], seeds)


def try_out(make: Make, judge: StickerJudge, wanted: list[Sticker]) -> Trial:
    """Every prompt with SEEDS seeds, judged.

    Quality is the share of stickers that are whole and in the style; alignment the share that shows
    what was asked; diversity the mean distance between the judge's features of a prompt's seeds.
    """
    many = [sticker for sticker in wanted for _ in range(SEEDS)]
    seen = make([phrase_of(sticker) for sticker in many], list(range(len(many))))
    said = opinions(judge, seen, many)
    with torch.inference_mode():
        features = judge.features(look(seen)).view(len(wanted), SEEDS, -1)
    features = torch.nn.functional.normalize(features, dim=-1)
    return Trial(
        seen,
        quality=_quality(said),
        subject=float(np.mean([o.subject for o in said])),
        alignment=float(np.mean([o.right for o in said])),
        diversity=float(torch.cdist(features, features).sum() / (len(many) * (SEEDS - 1))),
    )


def _quality(said: list[Opinion]) -> float:
    return float(np.mean([o.whole > 0.5 and o.on_style > 0.5 for o in said]))


def compare_recipes(work: Path, models: Path, count: int) -> Iterator[tuple[str, Trial]]:
    """The aligned model with the style in words, sequential finetuning, and Style Tailoring.

    All three are read from a training run's folder and guided alike. Raises: FileNotFoundError.
    """
    encode = partial(encode_prompts, *load_text_encoder(models / "text-encoder"))
    autoencoder = TemporalAutoencoder.from_folder(
        models / "pocket-video/autoencoder", torch.float32
    ).eval()
    judge = load_sticker_judge(models)
    if judge is None:
        raise FileNotFoundError(NO_JUDGE)
    wanted = held_out_stickers(count, SEED, Style.DIE_CUT, moving=False)
    for name in ("align", "styled", "tailored"):
        model = pocket_model(load_checkpoint(work / f"{name}.safetensors"))
        yield name, try_out(drawn_by(model.eval(), autoencoder, encode, GUIDANCE), judge, wanted)


def pocket_sticker(models: Path, work: Path, count: int, sheet: Path | None) -> Iterator[Score]:
    """Every score of the suite; what needs a training run's folder says so where there is none.

    Prompts are read as the studio has them read. `synonym_unread` is what the model makes of words
    that it never learnt and that nobody reads for it.
    """
    judge = load_sticker_judge(models)
    yield from _recipe_scores(work, models, count, judge)
    text = load_text_encoder(models / "text-encoder")
    encode = partial(encode_prompts, *text)
    autoencoder = TemporalAutoencoder.from_folder(
        models / "pocket-video/autoencoder", torch.float32
    ).eval()
    folder = models / "pocket-video"
    sticker = VideoTransformer.from_folder(folder / "sticker-transformer", torch.float32).eval()
    loop = VideoTransformer.from_folder(folder / "loop-transformer", torch.float32).eval()
    wanted = held_out_stickers(count, SEED, Style.DIE_CUT, moving=False)
    rows: list[Row] = []
    if judge is not None:
        unread = drawn_by(sticker, autoencoder, encode, Guidance())
        make = read_first(unread, StickerRewriter(POCKET_STICKER, phrase_vectors(*text)))
        trial = try_out(make, judge, wanted)
        yield from still_scores(trial, make, judge, wanted, _drawn_peer(judge, wanted))
        yield Score("synonym_unread", _synonyms_right(unread, judge, count), "share")
        rows += still_rows(trial, wanted)
    yield Score("alpha_edge_error", _alpha_error(autoencoder, wanted), "levels")
    steps = load_catalogue().entry("pocket-sticker-loop").defaults.steps
    moving = held_out_stickers(count, SEED, Style.DIE_CUT, moving=True)
    stills = [draw(s) for s in moving]
    shown = [on_matte(sample.frames[MIDDLE_FRAME]) for sample in stills]
    references = encode_samples(stills, autoencoder, encode).reference
    captions = [loop_words(s) for s in moving]
    seeds = list(range(len(moving)))
    made = generate(loop, captions, seeds, encode, Guidance(), references, steps)
    clips = pictures(autoencoder, made.latents)
    facts = [loop_facts(clip, still) for clip, still in zip(clips, shown, strict=True)]
    yield from loop_scores(facts, stills)
    rows += [Row(c, clip) for c, clip in zip(captions[:SHEET_LOOPS], clips, strict=False)]
    if sheet is not None:
        save_sheet(rows, sheet)


def _recipe_scores(
    work: Path, models: Path, count: int, judge: StickerJudge | None
) -> Iterator[Score]:
    why = NO_JUDGE if judge is None else f"there is no finished training run in {work}"
    ready = judge is not None and (work / "tailored.safetensors").exists()
    trials = dict(compare_recipes(work, models, count)) if ready else {}
    for figure, of in (
        ("quality_gain", "quality"),
        ("alignment_gain", "alignment"),
        ("diversity_gain", "diversity"),
    ):
        if not trials:
            yield Score(figure, None, "relative", why=why)
            continue
        base, sequential, tailored = (
            getattr(trials[name], of) for name in ("align", "styled", "tailored")
        )
        peer = "sequential finetuning"
        gain = tailored / max(base, 1e-6) - 1
        yield Score(figure, gain, "relative", None, peer, sequential / max(base, 1e-6) - 1)


def still_scores(
    trial: Trial, make: Make, judge: StickerJudge, wanted: list[Sticker], peer: Peer
) -> Iterator[Score]:
    """What the judge says of a trial, of subjects alone, and of words that were in no caption."""
    name = peer.name
    yield Score("subject_right", trial.subject, "share", 0.8, name, peer.subject)
    yield Score("prompt_right", trial.alignment, "share", None, name, peer.right)
    yield Score("quality", trial.quality, "share", None, name, peer.quality)
    share = alone_right(make, judge)
    yield Score(
        "subject_alone_right", share, "share", 0.8, None if peer.alone is None else name, peer.alone
    )
    yield Score("synonym_right", _synonyms_right(make, judge, len(wanted)), "share", 0.6)


def _synonyms_right(make: Make, judge: StickerJudge, count: int) -> float:
    """Share of `count` subjects judged right when named by a word that was in no caption."""
    named = [subject for subject in STICKER_SUBJECTS if subject.synonyms]
    chosen = random.Random(SEED).sample(named, min(count, len(named)))
    asked = [Sticker(subject, Style.DIE_CUT, seed) for seed, subject in enumerate(chosen)]
    return _subjects_right(make, judge, asked, synonyms=True)


def alone_right(make: Make, judge: StickerJudge) -> float:
    """Share of all subjects judged right, each asked for by itself with a seed of its own."""
    alone = [Sticker(s, Style.DIE_CUT, seed) for seed, s in enumerate(STICKER_SUBJECTS)]
    return _subjects_right(make, judge, alone)


def _subjects_right(
    make: Make, judge: StickerJudge, asked: list[Sticker], *, synonyms: bool = False
) -> float:
    made = make([phrase_of(s, synonyms=synonyms) for s in asked], [s.seed for s in asked])
    return float(np.mean([o.subject for o in opinions(judge, made, asked)]))


def still_rows(trial: Trial, wanted: list[Sticker]) -> list[Row]:
    """What a contact sheet shows of a trial."""
    return [
        Row(phrase_of(sticker), trial.pictures[index * SEEDS : (index + 1) * SEEDS])
        for index, sticker in enumerate(wanted[:_SHEET_STICKERS])
    ]


def loop_scores(facts: list[LoopFacts], drawn: list[Drawn]) -> Iterator[Score]:
    """What was measured of loops, beside the drawn loops of the same stickers."""
    real = [loop_facts(on_matte(s.frames), on_matte(s.frames[MIDDLE_FRAME])) for s in drawn]
    for figure, unit, name in (
        ("loop_closure", "ratio", "closure"),
        ("first_frame_fidelity", "dB", "fidelity_db"),
        ("motion_size", "levels", "motion"),
    ):
        ours, theirs = ([float(getattr(f, name)) for f in part] for part in (facts, real))
        shown_peer = None if figure == "first_frame_fidelity" else float(np.mean(theirs))
        yield Score(figure, float(np.mean(ours)), unit, None, "drawn loops", shown_peer)


def _alpha_error(autoencoder: TemporalAutoencoder, stickers: list[Sticker]) -> float:
    """Mean absolute error of alpha within 4 pixels of a sticker's edge, in levels of 255."""
    import cv2

    errors = []
    for sticker in stickers[:24]:
        rgba = draw(sticker).frames[0]
        pixels = torch.from_numpy(on_matte(rgba)).permute(2, 0, 1)[None, :, None].float()
        with torch.inference_mode():
            latents = autoencoder.encode(pixels / 127.5 - 1.0)
            video = lift_off_matte(autoencoder.decode_rgba(latents, 1))
        alpha = (video[0, 3, 0] * 127.5 + 127.5).numpy()
        edge = cv2.morphologyEx(rgba[..., 3], cv2.MORPH_GRADIENT, np.ones((9, 9), np.uint8)) > 0.5
        errors.append(np.abs(alpha - rgba[..., 3] * 255.0)[edge].mean())
    return float(np.mean(errors))
