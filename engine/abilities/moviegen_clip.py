"""Clips and stills of the Movie Gen family: what its abilities share, from recipe to pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from safetensors import SafetensorError
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.video_output import Frames, preview_jpeg
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadMedia, BadRequest, BadWeights, WeightsNotInstalled
from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.pipeline import ClipRequest, KnownFrames, MovieGenPipeline, to_uint8
from engine.models.moviegen.prompts import caption_of
from engine.models.moviegen.text import load_text_encoder
from engine.models.moviegen.transformer import VideoTransformer
from engine.planning.shapes import snap
from engine.protocol.plans import Precision
from engine.protocol.recipes import InputRole, Recipe

_DTYPES = {Precision.BF16: torch.bfloat16, Precision.FP32: torch.float32}


def make_frames(recipe: Recipe, context: JobContext) -> tuple[Recipe, Frames]:
    """The recipe as the model could follow it, and the frames (F, H, W, 3) it makes.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    entry = load_catalogue().entry(recipe.model)
    snapped = snap(recipe, entry)
    for sentence in snapped.notes:
        context.note(sentence)
    recipe = snapped.recipe
    context.report("loading")
    pipeline = _pipeline(entry, context)
    request = _request(recipe, entry, context, pipeline.autoencoder)

    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: _preview(pipeline, estimate))

    latents = pipeline.denoise(request, on_step)
    context.report("decoding")
    frames = pipeline.decode(latents, recipe.frames).numpy()
    return recipe, frames


def _request(
    recipe: Recipe, entry: Entry, context: JobContext, autoencoder: TemporalAutoencoder
) -> ClipRequest:
    sampler, defaults = recipe.sampler, entry.defaults
    guidance = sampler.guidance_scale
    return ClipRequest(
        prompt=caption_of(recipe.prompt, recipe.frames, recipe.rate),
        negative_prompt=recipe.negative_prompt or defaults.negative_prompt,
        width=recipe.width,
        height=recipe.height,
        frames=recipe.frames,
        seed=recipe.seed,
        steps=sampler.steps or defaults.steps,
        guidance_scale=defaults.guidance_scale if guidance is None else guidance,
        known=_known_frames(recipe, context, autoencoder),
    )


def _known_frames(
    recipe: Recipe, context: JobContext, autoencoder: TemporalAutoencoder
) -> KnownFrames | None:
    """Given stills laid out over the clip; each counts for the latent frame it falls into."""
    latent_frames = autoencoder.latent_frames(recipe.frames)
    places = {
        InputRole.FIRST_FRAME: 0,
        InputRole.MIDDLE_FRAME: latent_frames // 2,
        InputRole.LAST_FRAME: latent_frames - 1,
    }
    given = [item for item in recipe.inputs if item.role in places]
    if not given:
        return None
    factor = autoencoder.time_factor
    pixels = torch.zeros(1, 3, latent_frames * factor, recipe.height, recipe.width)
    counts = torch.zeros(latent_frames, dtype=torch.bool)
    for item in given:
        place = places[item.role]
        still = _still(context.asset(item.sha256), recipe.width, recipe.height)
        pixels[:, :, place * factor : (place + 1) * factor] = still[None, :, None]
        counts[place] = True
    return KnownFrames(pixels, counts)


def _still(path: Path, width: int, height: int) -> Tensor:
    """A picture filled and cropped to the size, (3, H, W) float32 in [-1, 1]."""
    try:
        with Image.open(path) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            fitted = ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError) as problem:
        raise BadMedia(
            "The given frame cannot be read as a picture.", "Use a PNG, JPEG or WebP file."
        ) from problem
    pixels = torch.from_numpy(np.asarray(fitted).copy())
    return pixels.permute(2, 0, 1).float() / 127.5 - 1.0


def _preview(pipeline: MovieGenPipeline, estimate: Tensor) -> bytes:
    """The middle of the clip as it looks so far."""
    middle = estimate[:, :, estimate.shape[2] // 2][:, :, None]
    video = pipeline.autoencoder.decode(middle.to(pipeline.autoencoder.dtype), 1)
    return preview_jpeg(to_uint8(video[0])[0].numpy())


def _pipeline(entry: Entry, context: JobContext) -> MovieGenPipeline:
    dtype = _DTYPES.get(context.plan.precision, torch.float32)
    device = torch.device(context.device)
    key = f"{entry.id}/{context.plan.precision}/{context.device}"
    size_bytes = sum(component.parameters for component in entry.components) * dtype.itemsize
    return context.models.get(key, size_bytes, lambda: _load(context.weights, dtype, device))


def _load(folder: Path, dtype: torch.dtype, device: torch.device) -> MovieGenPipeline:
    """The networks of a folder; the text encoder lies beside it, shared by the whole cast."""
    parts = folder / "autoencoder", folder / "transformer", folder.parent / "text-encoder"
    for part in parts:
        if not (part / "config.json").exists():
            raise WeightsNotInstalled(
                f"The model is not complete: {part} is not there.",
                "Fetch the program's resources again, for example with git checkout.",
            )
    try:
        autoencoder = TemporalAutoencoder.from_pretrained(parts[0], torch_dtype=dtype)
        transformer = VideoTransformer.from_pretrained(parts[1], torch_dtype=dtype)
        text_encoder, tokenizer = load_text_encoder(parts[2])
    except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as problem:
        raise BadWeights(
            f"The weights in {folder} are damaged ({' '.join(str(problem).split())[:120]}).",
            "Check them with: python3 main.py models verify, then fetch them again.",
        ) from problem
    pipeline = MovieGenPipeline(autoencoder.eval(), transformer.eval(), text_encoder, tokenizer)
    return pipeline.to(device)
