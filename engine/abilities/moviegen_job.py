"""What every job of the Movie Gen family shares: snapping, loading its networks, previews."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.video_output import preview_jpeg
from engine.catalogue import Entry
from engine.errors import BadWeights, WeightsNotInstalled
from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.pipeline import ClipRequest, MovieGenPipeline, to_uint8
from engine.models.moviegen.text import load_text_encoder
from engine.models.moviegen.transformer import VideoTransformer
from engine.planning.shapes import snap
from engine.protocol.plans import Precision
from engine.protocol.recipes import Recipe

_DTYPES = {Precision.BF16: torch.bfloat16, Precision.FP32: torch.float32}


def snap_and_tell(recipe: Recipe, entry: Entry, context: JobContext) -> Recipe:
    """The recipe as the model can follow it; what was changed is noted."""
    snapped = snap(recipe, entry)
    for sentence in snapped.notes:
        context.note(sentence)
    return snapped.recipe


def preview_of(pipeline: MovieGenPipeline, estimate: Tensor) -> bytes:
    """The middle of the clip as it looks so far."""
    middle = estimate[:, :, estimate.shape[2] // 2][:, :, None]
    video = pipeline.autoencoder.decode(middle.to(pipeline.autoencoder.dtype), 1)
    return preview_jpeg(to_uint8(video[0])[0].numpy())


def dtype_of(context: JobContext) -> torch.dtype:
    """The type in which the plan holds weights."""
    return _DTYPES.get(context.plan.precision, torch.float32)


def load_pipeline(
    entry: Entry, context: JobContext, network: str = "transformer"
) -> MovieGenPipeline:
    """The model of a job, warm from an earlier one if there was any.

    `network` is the folder of its transformer. Raises: BadWeights, WeightsNotInstalled.
    """
    return load_pipelines(entry, context, (network,))[0]


def load_pipelines(
    entry: Entry, context: JobContext, networks: tuple[str, ...]
) -> tuple[MovieGenPipeline, ...]:
    """The same for several transformers, which share all else."""
    dtype = dtype_of(context)
    device = torch.device(context.device)
    key = f"{entry.id}/{'+'.join(networks)}/{context.plan.precision}/{context.device}"
    size_bytes = sum(component.parameters for component in entry.components) * dtype.itemsize
    return context.models.get(
        key, size_bytes, lambda: _load(context.weights, networks, dtype, device)
    )


def load_networks(
    folder: Path, names: tuple[str, ...], context: JobContext
) -> tuple[MovieGenPipeline, ...]:
    """The networks of a folder, on the job's device, kept by nobody.

    Raises: BadWeights, WeightsNotInstalled.
    """
    return _load(folder, names, dtype_of(context), torch.device(context.device))


def request_of(recipe: Recipe, entry: Entry, prompt: str) -> ClipRequest:
    """What a recipe asks for, with the entry's defaults where it leaves a setting open."""
    sampler, defaults = recipe.sampler, entry.defaults
    guidance = sampler.guidance_scale
    return ClipRequest(
        prompt=prompt,
        negative_prompt=recipe.negative_prompt or defaults.negative_prompt,
        width=recipe.width,
        height=recipe.height,
        frames=recipe.frames,
        seed=recipe.seed,
        steps=sampler.steps or defaults.steps,
        guidance_scale=defaults.guidance_scale if guidance is None else guidance,
    )


@contextmanager
def telling_damage(folder: Path) -> Iterator[None]:
    """Weights that cannot be read as what they should be are told to be damaged.

    Raises: BadWeights.
    """
    try:
        yield
    except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as problem:
        raise BadWeights(
            f"The weights in {folder} are damaged ({' '.join(str(problem).split())[:120]}).",
            "Check them with: python3 main.py models verify, then fetch them again.",
        ) from problem


def _load(
    folder: Path, names: tuple[str, ...], dtype: torch.dtype, device: torch.device
) -> tuple[MovieGenPipeline, ...]:
    """The networks of a folder; the text encoder lies beside it, shared by the whole cast."""
    codec, text = folder / "autoencoder", folder.parent / "text-encoder"
    networks = [folder / name for name in names]
    for part in (codec, *networks, text):
        if not (part / "config.json").exists():
            raise WeightsNotInstalled(
                f"The model is not complete: {part} is not there.",
                "Fetch the program's resources again, for example with git checkout.",
            )
    with telling_damage(folder):
        autoencoder = TemporalAutoencoder.from_folder(codec, dtype)
        transformers = [VideoTransformer.from_folder(part, dtype).eval() for part in networks]
        text_encoder, tokenizer = load_text_encoder(text)
    first = MovieGenPipeline(autoencoder.eval(), transformers[0], text_encoder, tokenizer)
    others = (first.with_transformer(transformer) for transformer in transformers[1:])
    return tuple(pipeline.to(device) for pipeline in (first, *others))
