"""Text to video, image to video and text to image with the Wan models."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from engine.abilities.context import JobContext
from engine.abilities.video_output import save_video
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadMedia, BadRequest
from engine.models.checkpoint import damaged, missing
from engine.models.networks import Arrangement, Build, Networks, Reading
from engine.models.wan.conditions import Pictures, fit_picture
from engine.models.wan.generation import Kind, Request, generate
from engine.planning.calibration import FILE_NAME, Calibration, Stage
from engine.planning.planner import run_key
from engine.planning.shapes import snap
from engine.planning.timing import work_of
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import Ability, InputRole, Recipe

_STAGES: dict[str, Stage] = {
    "reading the prompt": "text",
    "denoising": "denoise",
    "decoding": "decode",
}


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """Make the clip or the picture that the recipe describes.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled, UnsupportedAbility.
    """
    entry = load_catalogue().entry(recipe.model)
    snapped = snap(recipe, entry)
    for sentence in snapped.notes:
        context.note(sentence)
    recipe = snapped.recipe
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    networks = Networks(
        _arrangement(entry, context),
        context.models,
        context.report,
        Reading(),
    )
    clock = _StageClock(context)
    frames = generate(
        _request(recipe, entry, context), _kind(entry, context), networks, clock.report
    )
    _record(clock, recipe, entry, context, networks.reading)
    if recipe.ability is Ability.TEXT_TO_IMAGE:
        return (_save_picture(frames[0], context),)
    return (save_video(frames, recipe.rate, context),)


def _save_picture(frame: NDArray[np.uint8], context: JobContext) -> Output:
    height, width, _ = frame.shape
    stream = io.BytesIO()
    Image.fromarray(frame).save(stream, "PNG")
    media = MediaInfo(width=width, height=height, frames=1)
    return context.save(stream.getvalue(), "image/png", media)


def _request(recipe: Recipe, entry: Entry, context: JobContext) -> Request:
    sampler, defaults = recipe.sampler, entry.defaults
    guidance = sampler.guidance_scale
    second = defaults.guidance_scale_2 if guidance is None else guidance
    guidance = defaults.guidance_scale if guidance is None else guidance
    return Request(
        prompt=recipe.prompt,
        negative_prompt=recipe.negative_prompt or defaults.negative_prompt,
        width=recipe.width,
        height=recipe.height,
        frames=recipe.frames,
        steps=sampler.steps or defaults.steps,
        guidance=guidance,
        guidance_2=guidance if second is None else second,
        seed=recipe.seed,
        schedule=sampler.schedule,
        pictures=_pictures(recipe, context),
        tiled=context.plan.tiled_decode,
    )


def _pictures(recipe: Recipe, context: JobContext) -> Pictures | None:
    if recipe.ability is not Ability.IMAGE_TO_VIDEO:
        return None
    given = {item.role: item.sha256 for item in recipe.inputs}
    first = given.get(InputRole.FIRST_FRAME)
    if first is None:
        raise BadRequest(
            "This model starts from a first frame, and the recipe has none.",
            "Add a picture as the first frame.",
        )
    last = given.get(InputRole.LAST_FRAME)
    return Pictures(
        first=_picture(first, recipe, context),
        last=None if last is None else _picture(last, recipe, context),
    )


def _picture(sha256: str, recipe: Recipe, context: JobContext) -> Image.Image:
    try:
        with Image.open(context.asset(sha256)) as picture:
            return fit_picture(picture, recipe.width, recipe.height)
    except (UnidentifiedImageError, OSError) as problem:
        raise BadMedia(
            "The first or last frame cannot be read as a picture.",
            "Use a PNG, JPEG or WebP file.",
        ) from problem


def _kind(entry: Entry, context: JobContext) -> Kind:
    path = context.weights / "model_index.json"
    try:
        index = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise missing(path) from None
    except ValueError as problem:
        raise damaged(path, str(problem)) from problem
    return Kind(
        boundary=index.get("boundary_ratio"),
        per_token_time=bool(index.get("expand_timesteps")),
        latent=entry.latent,
    )


def _arrangement(entry: Entry, context: JobContext) -> Arrangement:
    return Arrangement(
        model=entry.id,
        checkpoint=context.weights,
        components={component.name: component for component in entry.components},
        builders=_BUILDERS,
        precision=context.plan.precision,
        offload=context.plan.offload,
        device=torch.device(context.device),
    )


def _transformer(config: dict[str, Any]) -> Any:
    from diffusers.models.transformers.transformer_wan import WanTransformer3DModel

    return WanTransformer3DModel.from_config(config)


def _autoencoder(config: dict[str, Any]) -> Any:
    from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan

    return AutoencoderKLWan.from_config(config)


def _text_encoder(config: dict[str, Any]) -> Any:
    from transformers import UMT5Config, UMT5EncoderModel

    return UMT5EncoderModel(UMT5Config.from_dict(config))


def _image_encoder(config: dict[str, Any]) -> Any:
    from transformers import CLIPVisionConfig, CLIPVisionModel

    return CLIPVisionModel(CLIPVisionConfig.from_dict(config))


_BUILDERS: dict[str, Build] = {
    "WanTransformer3DModel": _transformer,
    "AutoencoderKLWan": _autoencoder,
    "UMT5EncoderModel": _text_encoder,
    "CLIPVisionModel": _image_encoder,
}


class _StageClock:
    """Passes reports on and measures how long each stage takes."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._phase, self._began_s = "", perf_counter()
        self.seconds: dict[str, float] = {}

    def report(
        self, phase: str, step: int, steps: int, preview: Callable[[], bytes] | None
    ) -> None:
        """See JobContext.report."""
        if phase != self._phase:
            self.close()
            self._phase, self._began_s = phase, perf_counter()
        self._context.report(phase, step, steps, preview)

    def close(self) -> None:
        """End the present stage."""
        if self._phase:
            spent_s = perf_counter() - self._began_s
            self.seconds[self._phase] = self.seconds.get(self._phase, 0.0) + spent_s


def _record(
    clock: _StageClock, recipe: Recipe, entry: Entry, context: JobContext, reading: Reading
) -> None:
    """Let the next plan's forecast of time rest on this run."""
    clock.close()
    plan = context.plan
    past = Calibration(context.weights.parent / FILE_NAME)
    key = run_key(entry.id, plan.device_name or plan.device, plan.precision, plan.offload)
    work = work_of(recipe, entry, 0, plan.tiled_decode)
    amounts = {"text": work.text, "denoise": work.denoise, "decode": work.decode}
    for phase, stage in _STAGES.items():
        past.record(key, stage, amounts[stage], clock.seconds.get(phase, 0.0))
    past.record(key, "load", reading.read_bytes, reading.read_s)
