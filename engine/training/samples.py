"""Clips for evaluation: the shipped pipeline run over grammar scenes, without an engine."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.animatic import Drawers, cast_as_made, make_film
from engine.abilities.shot_blocking import shot_of
from engine.catalogue import load_catalogue
from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.blocking import BlockedShot
from engine.models.moviegen.pipeline import ClipRequest, MovieGenPipeline
from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.models.moviegen.transformer import VideoTransformer
from engine.planning.sticker_vocabulary import clip_vocabulary
from engine.protocol.recipes import Ability, Recipe
from engine.training.grammar import Scene, article
from engine.training.latents import SIZES
from engine.training.scenes import RATE_FPS

JUDGED_RATE = f"{RATE_FPS}/1"
"""What judges learnt. A cut-out film at it is the frames of a faster one at the same moments."""


def load_pipeline(models: Path, dtype: torch.dtype, device: torch.device) -> MovieGenPipeline:
    """The shipped pocket video model."""
    folder = models / "pocket-video"
    autoencoder = TemporalAutoencoder.from_folder(folder / "autoencoder", dtype)
    transformer = VideoTransformer.from_folder(folder / "transformer", dtype)
    text = load_text_encoder(models / "text-encoder")
    return MovieGenPipeline(autoencoder.eval(), transformer.eval(), *text).to(device)


def prompt_of(scene: Scene, *, synonyms: bool = False) -> str:
    """What a person would type for a scene; with `synonyms`, in words that were never trained."""
    rng = random.Random(scene.seed)
    noun, action, setting = (
        scene.subject.noun,
        rng.choice(scene.action.words),
        rng.choice(scene.setting.words),
    )
    if synonyms and scene.subject.synonyms:
        noun = rng.choice(scene.subject.synonyms)
    return f"{article(noun)} {action} {setting}"


def load_drawers(models: Path, dtype: torch.dtype, device: torch.device) -> Drawers:
    """The two models that draw for the pocket animatic."""
    places = load_pipeline(models, dtype, device)
    folder = models / "pocket-video/sticker-transformer"
    subjects = VideoTransformer.from_folder(folder, dtype).eval().to(device)
    return Drawers(places, places.with_transformer(subjects))


def rewriter_of(drawers: Drawers) -> Rewriter:
    """What reads the prompts of cut-out films."""
    places = drawers.places
    embed = phrase_vectors(places.text_encoder, places.tokenizer)
    return Rewriter(clip_vocabulary("pocket-animatic"), embed)


def clip_rewriter(pipeline: MovieGenPipeline) -> Rewriter:
    """What reads the prompts of the video model's clips."""
    embed = phrase_vectors(pipeline.text_encoder, pipeline.tokenizer)
    return Rewriter(clip_vocabulary("pocket-video"), embed)


def make_animatic(drawers: Drawers, prompt: str, seed: int, frames: int = 24) -> NDArray[np.uint8]:
    """A 16:9 cut-out film (F, H, W, 3), its prompt read as the studio has it read."""
    width, height = SIZES["16:9"]
    entry = load_catalogue().entry("pocket-animatic")
    rewriter = rewriter_of(drawers)
    recipe = Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=entry.id,
        prompt=prompt,
        seed=seed,
        width=width,
        height=height,
        frames=frames,
        rate=JUDGED_RATE,
        options=entry.options,
    )
    cast = cast_as_made(rewriter, recipe)
    return make_film(cast, recipe, entry, drawers, lambda *_: None)


def make_clip(
    pipeline: MovieGenPipeline,
    prompt: str,
    seed: int,
    frames: int = 24,
    pictures: Tensor | None = None,
) -> NDArray[np.uint8]:
    """A 16:9 clip (F, H, W, 3) with a static camera, as the studio's default makes it.

    A clip of one frame is a still; `pictures` (N, 16, D) are tokens of those that tell who acts.
    The prompt goes to the model as it is; how its words move is read, as the studio reads it.
    """
    width, height = SIZES["16:9"]
    entry = load_catalogue().entry("pocket-video")
    defaults = entry.defaults
    request = ClipRequest(
        prompt=prompt if frames == 1 else f"FPS-12, static, {prompt}",
        width=width,
        height=height,
        frames=frames,
        seed=seed,
        steps=defaults.steps,
        guidance_scale=defaults.guidance_scale,
        keyframe=entry.keyframe_first and frames > 1,
        pictures=pictures,
        shot=_shot(pipeline, prompt, seed, frames) if frames > 1 else None,
    )
    latents = pipeline.denoise(request, lambda *_: None)
    return pipeline.decode(latents, frames).numpy()


def _shot(pipeline: MovieGenPipeline, prompt: str, seed: int, frames: int) -> BlockedShot | None:
    """How a clip of a prompt is blocked, of a model that has learnt to be told."""
    if not pipeline.transformer.config.place_channels:
        return None
    width, height = SIZES["16:9"]
    recipe = Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model="pocket-video",
        prompt=prompt,
        seed=seed,
        width=width,
        height=height,
        frames=frames,
        rate=JUDGED_RATE,
    )
    return shot_of(recipe, clip_rewriter(pipeline))
