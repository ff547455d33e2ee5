"""A sound gone on with, with the Movie Gen family: the same place, the same music, no seam.

The end of the source is known to the model while it makes what follows, and both are decoded as one
piece; the output holds the new part only, crossed over from the old one where they meet.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_sound import load_sound, make_sound, request_of
from engine.abilities.sound_files import SAMPLE_RATE_HZ, require_length, save_sound, sound_source
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest, Internal
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ
from engine.models.moviegen.audio_pipeline import Known, SoundPipeline, SoundRequest
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

METHOD = "method"
TOGETHER, SEGMENTS = "together", "segments"
"""The option of a recipe that says how: all windows at once, or segment after segment."""

_BEAMS = 2
_HOP = SAMPLE_RATE_HZ // LATENT_RATE_HZ
_CROSSING = _HOP // 16
"""Samples over which the new part leaves the source's last one: over 40 ms instead of 2.5 the way

from one noise to another was a thump, 23 times as loud below 50 Hz as the rain around it."""


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """What follows where the part of the source that is used ends, `frames` latents of it.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    method = recipe.options.get(METHOD, TOGETHER)
    if method not in (TOGETHER, SEGMENTS):
        raise BadRequest(
            f'A sound cannot be extended by "{method}".', f"Choose {TOGETHER} or {SEGMENTS}."
        )
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    request = request_of(recipe, entry, recipe.frames)
    _, samples = sound_source(recipe, context)
    end = _whole_end(samples, entry)
    context.report("loading")
    pipeline = load_sound(entry, context)
    request = going_on(request, end, pipeline, _BEAMS if method == SEGMENTS else 0)
    made = make_sound(request, context, pipeline)
    return (save_sound(new_part(made, end), context),)


def going_on(
    request: SoundRequest, end: Tensor, pipeline: SoundPipeline, beams: int = 0
) -> SoundRequest:
    """The request for `end` (S,), in whole latents, and what follows it, as one sound."""
    known = pipeline.encode(end)
    counts = torch.zeros(known.shape[1] + request.length, dtype=torch.bool)
    counts[: known.shape[1]] = True
    filled = torch.nn.functional.pad(known, (0, request.length))
    return replace(request, length=len(counts), known=Known(filled, counts), beams=beams)


def new_part(made: Tensor, end: Tensor) -> Tensor:
    """The samples after `end` of what was made, brought to meet its last one without a step.

    The codec does not give the source back exactly: where the new part begins, the difference at
    the border is let fade out, too soon to be heard as a thump and not so soon as to be a click.
    """
    new = made[len(end) :].clone()
    gap = float(end[-1] - made[len(end) - 1])
    count = min(_CROSSING, len(new))
    new[:count] += gap * torch.linspace(1, 0, count)
    return new


def _whole_end(samples: Tensor, entry: Entry) -> Tensor:
    """The last samples of the source that the model goes on from, in whole latents."""
    if entry.windows is None:
        raise Internal(f"{entry.id} does not say how much it goes on from.")
    require_length(samples, 1 / LATENT_RATE_HZ)
    latents = min(entry.windows.overlap, len(samples) // _HOP)
    return samples[-latents * _HOP :]
