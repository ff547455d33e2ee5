"""What every job of the Wan models shares: its networks, its settings, and its frames made."""

from __future__ import annotations

import json
from dataclasses import dataclass

import torch

from engine.abilities.context import JobContext
from engine.catalogue import Entry, load_catalogue
from engine.models.checkpoint import damaged, missing
from engine.models.networks import Arrangement, Networks
from engine.models.wan.builders import BUILDERS
from engine.models.wan.conditions import Pictures
from engine.models.wan.decoding import Frames
from engine.models.wan.generation import Kind, Request, generate
from engine.models.wan.known import Known
from engine.protocol.recipes import Recipe


@dataclass(frozen=True, slots=True)
class WanJob:
    """One job of a Wan model: what it is made with."""

    entry: Entry
    context: JobContext
    kind: Kind
    networks: Networks

    def make(self, recipe: Recipe, given: Pictures | Known | None) -> Frames:
        """Frames (F, height, width, 3) of a snapped recipe; `given` is what is there of them.

        Raises: BadRequest, BadWeights, WeightsNotInstalled, UnsupportedAbility.
        """
        request = _request(recipe, self.entry, given, tiled=self.context.plan.tiled_decode)
        return generate(request, self.kind, self.networks, self.context.report)


def wan_job(recipe: Recipe, context: JobContext) -> WanJob:
    """The job of a recipe. Raises: BadWeights, WeightsNotInstalled."""
    entry = load_catalogue().entry(recipe.model)
    arrangement = Arrangement(
        model=entry.id,
        checkpoint=context.weights,
        components={component.name: component for component in entry.components},
        builders=BUILDERS,
        precision=context.plan.precision,
        offload=context.plan.offload,
        device=torch.device(context.device),
    )
    networks = Networks(arrangement, context.models, context.report)
    return WanJob(entry, context, _kind(entry, context), networks)


def _request(
    recipe: Recipe, entry: Entry, given: Pictures | Known | None, *, tiled: bool
) -> Request:
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
        given=given,
        tiled=tiled,
    )


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
        controlled=entry.is_controlled,
    )
