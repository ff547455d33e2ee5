"""Someone of your own in a clip, by the person model: pictures tell who, the prompt what and where.

Every frame is drawn, as the video model draws it; who acts is seen from new sides, and is less
exact than a cut-out of the picture would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import torch
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_clip import make_clip
from engine.abilities.moviegen_job import load_networks, telling_damage
from engine.abilities.personal_photos import cut_outs
from engine.abilities.personal_prompt import begun, read_personal
from engine.abilities.photos import portraitist
from engine.abilities.prompt_reading import video_rewriter
from engine.abilities.video_output import save_video
from engine.models.moviegen.low_rank import load_updated
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.reference_encoder import ReferenceEncoder, reference_picture
from engine.models.moviegen.rewriting import Clause
from engine.protocol.assets import Output
from engine.protocol.recipes import OFF, REWRITE, Recipe

_SIZE_BYTES = 150 * 2**20


@dataclass(frozen=True, slots=True)
class PersonModel:
    """The pipeline whose transformer reads pictures, and what makes tokens of them."""

    pipeline: MovieGenPipeline
    encoder: ReferenceEncoder

    @torch.inference_mode()
    def tokens(self, pictures: Tensor) -> Tensor:
        """(N, 16, D) of cut-outs (N, 4, 64, 64)."""
        return self.encoder(pictures.to(self.encoder.device))


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A clip in which the pictures' subject does what the prompt says.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    recipe, entry = begun(recipe, context)
    model = _model(context)
    networks = portraitist(context)
    context.report("cutting out")
    cuts = cut_outs(recipe, networks, context)
    tokens = model.tokens(torch.stack([reference_picture(cut.rgba) for cut in cuts]))
    clause = read_personal(
        video_rewriter(entry.id, context, model.pipeline, recipe), recipe.prompt, context
    )
    told = msgspec.structs.replace(
        recipe, prompt=caption_words(clause), options={**recipe.options, REWRITE: OFF}
    )
    frames = make_clip(told, entry, context, model.pipeline, None, pictures=tokens)
    return (save_video(frames, recipe.rate, context),)


def caption_words(clause: Clause) -> str:
    """A prompt as the training captions were: a character, what it does and where, the camera."""
    parts = ("a character", clause.action or "stands still", clause.setting)
    said = " ".join(part for part in parts if part)
    return f"{said}, {clause.camera}" if clause.camera else said


def load_person(home: Path, context: JobContext) -> PersonModel:
    """The model of a folder; the video model that it changes lies beside it."""
    base = home.parent / "pocket-video"
    (pipeline,) = load_networks(base, ("transformer",), context)
    with telling_damage(home):
        transformer = load_updated(pipeline.transformer, base / "transformer", home / "updates")
        encoder = ReferenceEncoder.from_folder(home / "encoder", torch.float32)
    transformer.eval().to(pipeline.transformer.device)
    return PersonModel(
        pipeline.with_transformer(transformer), encoder.eval().to(transformer.device)
    )


def _model(context: JobContext) -> PersonModel:
    key = f"pocket-person/{context.plan.precision}/{context.device}"
    return context.models.get(key, _SIZE_BYTES, lambda: load_person(context.weights, context))
