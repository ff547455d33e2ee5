"""Clips and stills of the Movie Gen family: what its abilities share, from recipe to pixels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import load_pipeline, preview_of, request_of, snap_and_tell
from engine.abilities.prompt_reading import read_prompt, video_rewriter
from engine.abilities.shot_blocking import shot_of
from engine.abilities.stills import still_at
from engine.abilities.video_output import Frames
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest
from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.pipeline import ClipRequest, KnownFrames, MovieGenPipeline
from engine.models.moviegen.prompts import caption_of
from engine.protocol.recipes import InputRole, Recipe
from engine.sampling.spans import Span, backwards, covering


def make_frames(recipe: Recipe, context: JobContext) -> tuple[Recipe, Frames]:
    """The recipe as the model could follow it, and the frames (F, H, W, 3) it makes.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    if not recipe.prompt.strip() and not recipe.inputs:
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    context.report("loading")
    pipeline = load_pipeline(entry, context)
    known = _known_frames(recipe, context, pipeline.autoencoder)
    return recipe, make_clip(recipe, entry, context, pipeline, known)


def make_clip(
    recipe: Recipe,
    entry: Entry,
    context: JobContext,
    pipeline: MovieGenPipeline,
    known: KnownFrames | None,
    *,
    backward: bool = False,
    pictures: Tensor | None = None,
) -> Frames:
    """The frames (F, H, W, 3) of a snapped recipe, known ones among them.

    What is longer than the model was trained for is made window by window, with `backward` from
    the end to the beginning. `pictures` (N, 16, D) are the tokens of those that tell who acts.
    """

    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: preview_of(pipeline, estimate))

    recipe = read_prompt(recipe, entry.id, context, pipeline)
    spans = _spans(recipe.frames, entry, pipeline.autoencoder, backward=backward)
    request = replace(_request(recipe, entry, known, spans), pictures=pictures)
    if request.keyframe and pipeline.transformer.config.place_channels:
        shot = shot_of(recipe, video_rewriter(entry.id, context, pipeline, recipe))
        request = replace(request, shot=shot)
    latents = pipeline.denoise(request, on_step)
    context.report("decoding")
    return pipeline.decode(latents, recipe.frames).numpy()


def _spans(
    frames: int, entry: Entry, autoencoder: TemporalAutoencoder, *, backward: bool
) -> tuple[Span, ...]:
    length, factor = autoencoder.latent_frames(frames), autoencoder.time_factor
    if entry.windows is None:
        return ((0, length),)
    window, overlap = entry.windows.frames // factor, entry.windows.overlap // factor
    if backward:  # of frames after what it makes, the model has only ever met one
        return backwards(covering(length, window, 1), length)
    return covering(length, window, overlap)


def _request(
    recipe: Recipe, entry: Entry, known: KnownFrames | None, spans: tuple[Span, ...]
) -> ClipRequest:
    said = recipe.prompt.strip()
    prompt = caption_of(said, recipe.frames, recipe.rate) if said else ""
    keyframe = entry.keyframe_first and known is None and recipe.frames > 1
    return replace(request_of(recipe, entry, prompt), known=known, spans=spans, keyframe=keyframe)


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
    counts = torch.zeros(latent_frames, dtype=torch.bool)
    stills: dict[int, Tensor] = {}
    for item in given:
        place = places[item.role]
        stills[place] = _still(context.asset(item.sha256), recipe.width, recipe.height)
        counts[place] = True
    pixels = torch.stack([stills[place] for place in sorted(stills)], dim=1)
    return KnownFrames(pixels.repeat_interleave(autoencoder.time_factor, dim=1)[None], counts)


def _still(path: Path, width: int, height: int) -> Tensor:
    """A picture filled and cropped to the size, (3, H, W) float32 in [-1, 1]."""
    pixels = torch.from_numpy(still_at(path, width, height))
    return pixels.permute(2, 0, 1).float() / 127.5 - 1.0
