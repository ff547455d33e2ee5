"""Scores of the sticker models on combinations that were never trained, given by the sticker judge.

Gains are relative, as the paper reports them: the tailored model over the aligned one that is told
the style in words, with the same prompts and seeds (papers, F).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
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
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.models.moviegen.transformer import VideoTransformer
from engine.training.budget import load_checkpoint
from engine.training.contact_sheet import Row, save_sheet
from engine.training.evaluation import Score
from engine.training.latents import Encode
from engine.training.sticker_animation import loop_facts, loop_words
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
from engine.training.sticker_latents import draw, encode_samples
from engine.training.sticker_pictures import MIDDLE_FRAME, on_matte
from engine.training.sticker_samples import Guidance, generate, pictures
from engine.training.sticker_tailoring import GUIDANCE

_SEEDS = 3
_SEED = 2026
_SHEET_STICKERS, _SHEET_LOOPS = 10, 10
_PAPER = {"quality_gain": 0.14, "alignment_gain": 0.162, "diversity_gain": 0.153}
_NO_JUDGE = "there is no sticker judge yet; make one with: python3 main.py train sticker-judge"


@dataclass(frozen=True, slots=True)
class Trial:
    """What one model makes of the prompts: pictures (N, S, S, 3), every prompt _SEEDS times."""

    pictures: NDArray[np.uint8]
    quality: float
    subject: float
    alignment: float
    diversity: float


def try_model(
    model: VideoTransformer,
    autoencoder: TemporalAutoencoder,
    encode: Encode,
    judge: StickerJudge,
    wanted: list[Sticker],
    guidance: Guidance,
) -> Trial:
    """Every prompt with _SEEDS seeds, judged.

    Quality is the share of stickers that are whole and in the style; alignment the share that shows
    what was asked; diversity the mean distance between the judge's features of a prompt's seeds.
    """
    many = [sticker for sticker in wanted for _ in range(_SEEDS)]
    captions = [sticker_caption(phrase_of(sticker)) for sticker in many]
    made = generate(model, captions, list(range(len(many))), encode, guidance)
    seen = pictures(autoencoder, made.latents)[:, 0]
    said = opinions(judge, seen, many)
    with torch.inference_mode():
        features = judge.features(look(seen)).view(len(wanted), _SEEDS, -1)
    features = torch.nn.functional.normalize(features, dim=-1)
    return Trial(
        seen,
        quality=_quality(said),
        subject=float(np.mean([o.subject for o in said])),
        alignment=float(np.mean([o.right for o in said])),
        diversity=float(torch.cdist(features, features).sum() / (len(many) * (_SEEDS - 1))),
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
        raise FileNotFoundError(_NO_JUDGE)
    wanted = held_out_stickers(count, _SEED, Style.DIE_CUT, moving=False)
    folder = models / "pocket-video/transformer"
    for name in ("align", "styled", "tailored"):
        model = VideoTransformer.from_folder(folder, torch.float32)
        model.load_state_dict(load_checkpoint(work / f"{name}.safetensors"))
        yield name, try_model(model.eval(), autoencoder, encode, judge, wanted, GUIDANCE)


def pocket_sticker(models: Path, work: Path, count: int, sheet: Path | None) -> Iterator[Score]:
    """Every score of the suite; what needs a training run's folder says so where there is none."""
    judge = load_sticker_judge(models)
    yield from _recipe_scores(work, models, count, judge)
    encode = partial(encode_prompts, *load_text_encoder(models / "text-encoder"))
    autoencoder = TemporalAutoencoder.from_folder(
        models / "pocket-video/autoencoder", torch.float32
    ).eval()
    folder = models / "pocket-video"
    sticker = VideoTransformer.from_folder(folder / "sticker-transformer", torch.float32).eval()
    loop = VideoTransformer.from_folder(folder / "loop-transformer", torch.float32).eval()
    wanted = held_out_stickers(count, _SEED, Style.DIE_CUT, moving=False)
    rows: list[Row] = []
    if judge is not None:
        trial = try_model(sticker, autoencoder, encode, judge, wanted, Guidance())
        drawn = np.stack([on_matte(draw(sticker).frames[0]) for sticker in wanted])
        said, peer = opinions(judge, drawn, wanted), "judge on drawn stickers"
        subject, right = ([getattr(o, name) for o in said] for name in ("subject", "right"))
        yield Score("subject_right", trial.subject, "share", 0.8, peer, float(np.mean(subject)))
        yield Score("prompt_right", trial.alignment, "share", None, peer, float(np.mean(right)))
        yield Score("quality", trial.quality, "share", None, peer, _quality(said))
        rows += [
            Row(phrase_of(s), trial.pictures[i * _SEEDS : (i + 1) * _SEEDS])
            for i, s in enumerate(wanted[:_SHEET_STICKERS])
        ]
        yield _alone(sticker, autoencoder, encode, judge)
        yield _synonyms(sticker, autoencoder, encode, judge, count)
    yield Score("alpha_edge_error", _alpha_error(autoencoder, wanted), "levels")
    steps = load_catalogue().entry("pocket-sticker-loop").defaults.steps
    moving = held_out_stickers(count, _SEED, Style.DIE_CUT, moving=True)
    stills = [draw(s) for s in moving]
    shown = [on_matte(sample.frames[MIDDLE_FRAME]) for sample in stills]
    references = encode_samples(stills, autoencoder, encode).reference
    captions = [loop_words(s) for s in moving]
    seeds = list(range(len(moving)))
    made = generate(loop, captions, seeds, encode, Guidance(), references, steps)
    clips = pictures(autoencoder, made.latents)
    facts = [loop_facts(clip, still) for clip, still in zip(clips, shown, strict=True)]
    real = [loop_facts(on_matte(s.frames), still) for s, still in zip(stills, shown, strict=True)]
    for figure, unit, name in (
        ("loop_closure", "ratio", "closure"),
        ("first_frame_fidelity", "dB", "fidelity_db"),
        ("motion_size", "levels", "motion"),
    ):
        ours, theirs = ([float(getattr(f, name)) for f in part] for part in (facts, real))
        shown_peer = None if figure == "first_frame_fidelity" else float(np.mean(theirs))
        yield Score(figure, float(np.mean(ours)), unit, None, "drawn loops", shown_peer)
    rows += [Row(c, clip) for c, clip in zip(captions[:_SHEET_LOOPS], clips, strict=False)]
    if sheet is not None:
        save_sheet(rows, sheet)


def _recipe_scores(
    work: Path, models: Path, count: int, judge: StickerJudge | None
) -> Iterator[Score]:
    why = _NO_JUDGE if judge is None else f"there is no finished training run in {work}"
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


def _alone(
    model: VideoTransformer, autoencoder: TemporalAutoencoder, encode: Encode, judge: StickerJudge
) -> Score:
    """Share of all subjects judged right, each asked for by itself with a seed of its own."""
    asked = [Sticker(s, Style.DIE_CUT, seed) for seed, s in enumerate(STICKER_SUBJECTS)]
    captions = [sticker_caption(phrase_of(s)) for s in asked]
    made = generate(model, captions, [s.seed for s in asked], encode, Guidance())
    said = opinions(judge, pictures(autoencoder, made.latents)[:, 0], asked)
    return Score("subject_alone_right", float(np.mean([o.subject for o in said])), "share", 0.8)


def _synonyms(
    model: VideoTransformer,
    autoencoder: TemporalAutoencoder,
    encode: Encode,
    judge: StickerJudge,
    count: int,
) -> Score:
    """Share of subjects judged right when named by a word that was in no caption."""
    named = [subject for subject in STICKER_SUBJECTS if subject.synonyms]
    chosen = random.Random(_SEED).sample(named, min(count, len(named)))
    asked = [Sticker(subject, Style.DIE_CUT, seed) for seed, subject in enumerate(chosen)]
    captions = [sticker_caption(phrase_of(s, synonyms=True)) for s in asked]
    made = generate(model, captions, list(range(len(asked))), encode, Guidance())
    said = opinions(judge, pictures(autoencoder, made.latents)[:, 0], asked)
    return Score("synonym_right", float(np.mean([o.subject for o in said])), "share", 0.6)


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
