"""A film edited by instruction with the Movie Gen family, at its own size, rate and length.

The model is told where, and edits a small copy, window by window; what it changed is laid over the
film itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.edit_blending import blend
from engine.abilities.edit_region import find_region
from engine.abilities.edit_span import range_of
from engine.abilities.lossless_copy import copy_frames
from engine.abilities.moviegen_job import load_pipeline, preview_of
from engine.abilities.moviegen_source import source_of, to_pixels
from engine.abilities.opticals_job import OpticalJob
from engine.abilities.sound_of_source import save_with_sound
from engine.abilities.video_input import Shown, frames_from, part_used, pictures_at, rgb_of
from engine.abilities.video_output import Frames
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadMedia
from engine.models.moviegen.edit_regions import BOXED, TONED, flat_latents, latent_region
from engine.models.moviegen.editing import EditPlace, EditRequest, edit
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.opticals.colours import TONES
from engine.planning.edit_reading import Instruction, guidance_of, instruction_of
from engine.planning.edit_telling import told_words
from engine.planning.shapes import nearest_aspect
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

NETWORK = "edit-transformer"
_CHUNK_FRAMES = 32
"""The autoencoder codes as many at once; no more are held as floats."""


@dataclass(frozen=True, slots=True)
class _Edited:
    """The model's size: the source as the codec gives it back, the edit, and where they differ."""

    before: Frames
    after: Frames
    masks: NDArray[np.float32]


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, edited.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    asked = instruction_of(recipe)
    given, film = source_of(recipe, context)
    part = part_used(film, given)
    first, end = film.between(*part)
    span = film.between(*range_of(recipe, part))
    _check_length(span[1] - span[0], entry)
    if asked.words != recipe.prompt.strip():
        context.note(f"Read as: {asked.words}")
    context.report("loading")
    pipeline = load_pipeline(entry, context, NETWORK)
    edited = _edited(OpticalJob(recipe, entry, asked, film, span, context), pipeline)
    if not edited.masks.any():
        context.note("The edit changed nothing that can be seen; let it follow the words more.")

    def new(shown: Shown) -> NDArray[np.uint8] | None:
        context.report("saving", shown.index - first, end - first)
        place = shown.index - span[0]
        if not span[0] <= shown.index < span[1] or not edited.masks[place].any():
            return None
        mask = edited.masks[place]
        before, after = edited.before[place], edited.after[place]
        return blend(rgb_of(shown), before, after, mask, keeps_detail=asked.task not in BOXED)

    frames = frames_from(film, first, end)
    copied = copy_frames(frames, film.rate, film.pixel_aspect, new, context.scratch / "picture")
    return (save_with_sound(film, part, copied, context),)


def _check_length(frames: int, entry: Entry) -> None:
    if frames > entry.rules.max_frames:
        raise BadMedia(
            f"{entry.title} edits at most {entry.rules.max_frames} frames at once, and this part "
            f"has {frames}.",
            "Use a shorter part of the film.",
        )


def _edited(job: OpticalJob, pipeline: MovieGenPipeline) -> _Edited:
    film, span, entry, context = job.film, job.span, job.entry, job.context
    size = nearest_aspect(film.width, film.height, entry.rules)
    region = find_region(job, size)
    # Squeezed, not cropped: the edit is laid over every pixel of the film.
    pictures = pictures_at(film, film.times_s[slice(*span)], size, crop=False)
    count = len(pictures)
    latents = _latents(pipeline, pictures, entry.latent.time)
    request = _request(job.recipe, job.asked, entry)
    place = EditPlace(latent_region(region.told)[None], _tone(pipeline, job.asked))

    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: preview_of(pipeline, estimate))

    black = pipeline.encode(torch.full((1, 3, entry.latent.time, size[1], size[0]), -1.0))
    text = pipeline.encode_text
    made = edit(pipeline.transformer, latents, place, black[:, :, :1], text, request, on_step)
    context.report("decoding")
    after = pipeline.decode(made, count).numpy()
    before = pipeline.decode(latents, count).numpy()
    return _Edited(before, after, region.masks(before, after))


@torch.inference_mode()
def _tone(pipeline: MovieGenPipeline, asked: Instruction) -> Tensor | None:
    """Latents (C,) of the colour that is named, if one is."""
    if asked.task not in TONED or not asked.detail:
        return None
    return flat_latents(pipeline.autoencoder, [TONES[asked.detail]])[0]


@torch.inference_mode()
def _latents(pipeline: MovieGenPipeline, pictures: Frames, factor: int) -> Tensor:
    """Latents of all pictures; the last is held until a whole latent frame is filled."""
    missing = -len(pictures) % factor
    held = np.concatenate([pictures, np.repeat(pictures[-1:], missing, axis=0)])
    chunks = range(0, len(held), _CHUNK_FRAMES)
    parts = [pipeline.encode(to_pixels(held[at : at + _CHUNK_FRAMES])) for at in chunks]
    return torch.cat(parts, dim=2)


def _request(recipe: Recipe, asked: Instruction, entry: Entry) -> EditRequest:
    assert entry.windows is not None  # an editor has windows
    factor = entry.latent.time
    keep, follow = guidance_of(recipe)
    return EditRequest(
        words=told_words(asked),
        task=asked.task,
        seed=recipe.seed,
        steps=recipe.sampler.steps or entry.defaults.steps,
        keep_source=keep,
        follow=follow,
        window=entry.windows.frames // factor,
        overlap=entry.windows.overlap // factor,
    )
