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
from engine.models.moviegen.pipeline import MovieGenPipeline, to_uint8
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
    dtype = dtype_of(context)
    device = torch.device(context.device)
    key = f"{entry.id}/{network}/{context.plan.precision}/{context.device}"
    size_bytes = sum(component.parameters for component in entry.components) * dtype.itemsize
    return context.models.get(
        key, size_bytes, lambda: _load(context.weights, network, dtype, device)
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


def _load(folder: Path, network: str, dtype: torch.dtype, device: torch.device) -> MovieGenPipeline:
    """The networks of a folder; the text encoder lies beside it, shared by the whole cast."""
    parts = folder / "autoencoder", folder / network, folder.parent / "text-encoder"
    for part in parts:
        if not (part / "config.json").exists():
            raise WeightsNotInstalled(
                f"The model is not complete: {part} is not there.",
                "Fetch the program's resources again, for example with git checkout.",
            )
    with telling_damage(folder):
        autoencoder = TemporalAutoencoder.from_folder(parts[0], dtype)
        transformer = VideoTransformer.from_folder(parts[1], dtype)
        text_encoder, tokenizer = load_text_encoder(parts[2])
    pipeline = MovieGenPipeline(autoencoder.eval(), transformer.eval(), text_encoder, tokenizer)
    return pipeline.to(device)
