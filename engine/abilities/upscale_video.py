"""A film made larger with the Movie Gen family's upsampler: video to video, frame by frame coded.

The source is enlarged bilinearly, each of its frames encoded as a still of its own, and the
latents given to the upsampler beside noise. Coded by themselves frames keep 5 to 8 dB more than
four to a latent, in the paper's autoencoder and in ours (docs/decisions/0011). Windows of frames
are merged at every step (papers, A.6).
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import dtype_of, load_pipeline, preview_of, telling_damage
from engine.abilities.moviegen_source import source_of, to_pixels
from engine.abilities.video_input import Film, frames_from, part_used, rgb_of
from engine.abilities.video_output import Frames, save_video
from engine.catalogue import Entry, Upsampler, load_catalogue
from engine.errors import BadRequest, UnsupportedAbility, WeightsNotInstalled
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.transformer import VideoTransformer
from engine.models.moviegen.upsampling import UpscaleRequest, upscale
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

_TRAIN = "python3 main.py train pocket-upsampler"


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, at the size asked for.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled, UnsupportedAbility.
    """
    entry = load_catalogue().entry(recipe.model)
    given, film = source_of(recipe, context)
    in_s, out_s = part_used(film, given)
    upsampler = _upsampler(entry)
    size = _size(recipe, film, upsampler, entry)
    first, end = film.between(in_s, out_s)
    _check_length(end - first, upsampler)
    context.report("loading")
    network = _load(entry, upsampler, context)
    pipeline = load_pipeline(entry, context)
    token = entry.latent.space * entry.latent.patch
    shown = frames_from(film, first, end)
    large = np.stack([_enlarged(rgb_of(frame), size, token) for frame in shown])
    made = _upscaled(large, recipe, entry, context, pipeline, network)
    rate = f"{film.rate.numerator}/{film.rate.denominator}"
    return (save_video(made[:, : size[1], : size[0]], rate, context),)


def _upsampler(entry: Entry) -> Upsampler:
    if entry.upsampler is None:
        raise UnsupportedAbility(f"{entry.title} has no upsampler.", "Choose another model for it.")
    return entry.upsampler


def _size(recipe: Recipe, film: Film, upsampler: Upsampler, entry: Entry) -> tuple[int, int]:
    """Width and height of the output, even; left open, the source's times the factor."""
    width, height = recipe.width, recipe.height
    if width <= 0 or height <= 0:
        width, height = film.width * upsampler.factor, film.height * upsampler.factor
    width, height = width + width % 2, height + height % 2
    if width * height > upsampler.max_pixels or max(width, height) > upsampler.max_side:
        most = max(entry.rules.aspects.values(), key=lambda size: size[0] * size[1])
        raise BadRequest(
            f"The upsampler makes pictures of up to {most[0] * upsampler.factor} × "
            f"{most[1] * upsampler.factor}, upright as well, and {width} × {height} is more.",
            "Give a smaller width and height, or a smaller film.",
        )
    return width, height


def _check_length(frames: int, upsampler: Upsampler) -> None:
    if frames > upsampler.max_frames:
        raise BadRequest(
            f"The upsampler makes at most {upsampler.max_frames} frames, not {frames}.",
            "Use a shorter part of the film.",
        )


def _enlarged(picture: Frames, size: tuple[int, int], multiple: int) -> Frames:
    """A picture of the size, its edges repeated until a whole number of tokens fits."""
    large = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
    down, right = -size[1] % multiple, -size[0] % multiple
    padded = cv2.copyMakeBorder(large, 0, down, 0, right, cv2.BORDER_REPLICATE)
    return padded.astype(np.uint8, copy=False)


def _upscaled(
    large: Frames,
    recipe: Recipe,
    entry: Entry,
    context: JobContext,
    pipeline: MovieGenPipeline,
    network: VideoTransformer,
) -> Frames:
    upsampler = _upsampler(entry)
    source = torch.cat([pipeline.encode(to_pixels(frame[None])) for frame in large], dim=2)
    request = UpscaleRequest(
        prompt=recipe.prompt.strip(),
        seed=recipe.seed,
        steps=recipe.sampler.steps or upsampler.steps,
        window=upsampler.windows.frames,
        overlap=upsampler.windows.overlap,
    )

    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: preview_of(pipeline, estimate))

    latents = upscale(network, source, pipeline.encode_text, request, on_step)
    context.report("decoding")
    return np.concatenate(
        [_decoded(pipeline, latents[:, :, [index]]) for index in range(len(large))]
    )


def _decoded(pipeline: MovieGenPipeline, latent: Tensor) -> Frames:
    return pipeline.decode(latent, 1).numpy()


def _load(entry: Entry, upsampler: Upsampler, context: JobContext) -> VideoTransformer:
    folder = context.weights / upsampler.component.name
    if not (folder / "config.json").exists():
        raise WeightsNotInstalled(
            f"{entry.title}'s upsampler has not been trained on this machine, and none ships yet.",
            f"Train it with {_TRAIN}.",
        )
    dtype, device = dtype_of(context), torch.device(context.device)

    def read() -> VideoTransformer:
        with telling_damage(folder):
            network = VideoTransformer.from_folder(folder, dtype)
        return network.eval().to(device)

    key = f"{entry.id}/{upsampler.component.name}/{context.plan.precision}/{context.device}"
    return context.models.get(key, upsampler.component.parameters * dtype.itemsize, read)
