"""Clips for evaluation: the shipped pipeline run over grammar scenes, without an engine."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.catalogue import load_catalogue
from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.pipeline import ClipRequest, MovieGenPipeline
from engine.models.moviegen.text import load_text_encoder
from engine.models.moviegen.transformer import VideoTransformer
from engine.training.grammar import Scene, article
from engine.training.latents import SIZES


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


def make_clip(
    pipeline: MovieGenPipeline, prompt: str, seed: int, frames: int = 24
) -> NDArray[np.uint8]:
    """A 16:9 clip (F, H, W, 3) with a static camera, as the studio's default makes it."""
    width, height = SIZES["16:9"]
    entry = load_catalogue().entry("pocket-video")
    defaults = entry.defaults
    request = ClipRequest(
        prompt=f"FPS-12, static, {prompt}",
        width=width,
        height=height,
        frames=frames,
        seed=seed,
        steps=defaults.steps,
        guidance_scale=defaults.guidance_scale,
        keyframe=entry.keyframe_first,
    )
    latents = pipeline.denoise(request, lambda *_: None)
    return pipeline.decode(latents, frames).numpy()
