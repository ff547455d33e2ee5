"""A Wan clip from its recipe: text, conditions, the denoise loop, and the decoder.

Each stage is a function of its own, so that what it borrowed is let go when it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from engine.catalogue import Latent
from engine.errors import UnsupportedAbility
from engine.models.networks import Networks
from engine.models.quantised import repeated_blocks
from engine.models.wan.conditions import (
    Condition,
    Controlling,
    Joined,
    Pictures,
    Replacing,
    joined_condition,
    replacing_condition,
    see_picture,
)
from engine.models.wan.decoding import Frames, decode
from engine.models.wan.known import Known, controlling_condition, nothing_known
from engine.models.wan.preview import LatentColours, fit_colours
from engine.models.wan.schedule import make_scheduler
from engine.models.wan.text import encode_prompt
from engine.sampling.guidance import classifier_free

Report = Callable[[str, int, int, Callable[[], bytes] | None], None]
"""(phase, step, steps, preview): it may raise to stop."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made, every setting decided. `guidance_2` is the second expert's.

    `given` is what is there of it: pictures at its ends, or whatever is known of its frames, for
    a model that is controlled.
    """

    prompt: str
    negative_prompt: str
    width: int
    height: int
    frames: int
    steps: int
    guidance: float
    guidance_2: float
    seed: int
    schedule: str | None
    given: Pictures | Known | None
    tiled: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """How a checkpoint differs from the first of its family, as its model_index.json says.

    `boundary` is the share of the noise above which the first expert works. With `per_token_time`
    a given first frame replaces the noise instead of being joined to it; what is `controlled` has
    blocks that read what is known of any frame (VACE).
    """

    boundary: float | None
    per_token_time: bool
    latent: Latent
    controlled: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """Embeddings of the prompt and, when guided, of what to avoid: (1, 512, D) each."""

    wanted: Tensor
    avoided: Tensor | None


def generate(request: Request, kind: Kind, networks: Networks, report: Report) -> Frames:
    """Frames (F, height, width, 3) of the request.

    Raises: BadRequest, BadWeights, WeightsNotInstalled, UnsupportedAbility; what `report` raises.
    """
    prompt = _read_prompt(request, networks)
    colours = _read_colours(networks)
    condition = _prepare_condition(request, kind, networks)
    latents = _denoise(request, kind, prompt, condition, networks, colours, report)
    with networks.on_device("vae") as vae:
        return decode(
            latents.to(networks.arrangement.device),
            vae,
            request.tiled,
            lambda done, parts: report("decoding", done, parts, None),
        )


def start_noise(request: Request, networks: Networks, shape: tuple[int, ...]) -> Tensor:
    """The noise of a seed: the same on every device, since it is drawn on the CPU."""
    generator = torch.Generator().manual_seed(request.seed)
    return torch.randn(shape, generator=generator).to(networks.arrangement.device)


def _read_prompt(request: Request, networks: Networks) -> Prompt:
    wanted = encode_prompt(request.prompt, networks)
    if max(request.guidance, request.guidance_2) <= 1.0:
        return Prompt(wanted, None)
    return Prompt(wanted, encode_prompt(request.negative_prompt, networks))


def _read_colours(networks: Networks) -> LatentColours:
    def fit() -> LatentColours:
        with networks.on_device("vae") as vae:
            return fit_colours(vae, networks.arrangement.device)

    return networks.warm.get(f"{networks.arrangement.model}/colours", 0, fit)


def _prepare_condition(request: Request, kind: Kind, networks: Networks) -> Condition | None:
    match request.given:
        case Known() as known:
            return _controlling(known, networks)
        case Pictures() as pictures:
            return _from_pictures(pictures, request.frames, kind, networks)
        case None if kind.controlled:
            known = nothing_known(request.width, request.height, request.frames)
            return _controlling(known, networks)
        case None:
            return None


def _controlling(known: Known, networks: Networks) -> Controlling:
    with networks.on_device("vae") as vae:
        return controlling_condition(known, vae, networks.arrangement.device)


def _from_pictures(
    pictures: Pictures, frames: int, kind: Kind, networks: Networks
) -> Joined | Replacing:
    seen = None
    if networks.has("image_encoder"):
        if pictures.last is not None:
            raise UnsupportedAbility(
                "This model cannot end on a given frame.",
                "Leave the last frame out, or choose another model.",
            )
        seen = see_picture(pictures.first, networks)
    with networks.on_device("vae") as vae:
        if kind.per_token_time:
            return replacing_condition(pictures, frames, networks, vae)
        return joined_condition(pictures, frames, networks, vae, seen)


def _denoise(
    request: Request,
    kind: Kind,
    prompt: Prompt,
    condition: Condition | None,
    networks: Networks,
    colours: LatentColours,
    report: Report,
) -> Tensor:
    """Normalised latents (1, C, T, H, W) in float32, on the device."""
    place = networks.arrangement
    folder = place.checkpoint / "scheduler"
    scheduler = make_scheduler(folder, request.schedule, request.steps, place.device)
    references = condition.references if isinstance(condition, Controlling) else 0
    latents = start_noise(request, networks, _latent_shape(request, kind.latent, references))
    boundary = None if kind.boundary is None else kind.boundary * _train_steps(scheduler)
    position = _Position(report, request.steps)
    with ExitStack() as stack:
        expert, name = None, ""
        for index, time in enumerate(scheduler.timesteps):
            wanted = "transformer" if boundary is None or time >= boundary else "transformer_2"
            if wanted != name:
                expert = None
                stack.close()
                expert, name = stack.enter_context(networks.on_device(wanted)), wanted
                stack.enter_context(_watched(expert, position))
            position.step = index
            scale = request.guidance if name == "transformer" else request.guidance_2
            with torch.inference_mode():
                predict = _Predictor(expert, networks.dtype(name), condition, kind)
                velocity = predict.guided(latents, time, prompt, scale)
                estimate = latents - scheduler.sigmas[index].to(latents.device) * velocity
                latents = scheduler.step(velocity, time, latents, return_dict=False)[0]
            picture = partial(colours.picture, estimate)
            report("denoising", index + 1, request.steps, picture)
    if isinstance(condition, Replacing):
        return condition.laid_over(latents)
    return latents[:, :, references:]


@dataclass(frozen=True, slots=True)
class _Predictor:
    """One expert's prediction of the velocity noise - data, (1, C, T, H, W)."""

    expert: Any
    dtype: torch.dtype
    condition: Condition | None
    kind: Kind

    def guided(self, latents: Tensor, time: Tensor, prompt: Prompt, scale: float) -> Tensor:
        """The velocity at one time, led away from what is to be avoided by `scale`."""
        wanted = self._run(latents, time, prompt.wanted)
        if scale <= 1.0 or prompt.avoided is None:
            return wanted
        return classifier_free(wanted, self._run(latents, time, prompt.avoided), scale)

    def _run(self, latents: Tensor, time: Tensor, words: Tensor) -> Tensor:
        like: dict[str, Any] = {"device": latents.device, "dtype": self.dtype}
        more = dict[str, Tensor]()
        match self.condition:
            case Joined(given, seen):
                inputs = torch.cat([latents, given], dim=1)
                if seen is not None:
                    more["encoder_hidden_states_image"] = seen.to(**like)
            case Replacing() as replacing:
                inputs = replacing.laid_over(latents)
            case Controlling(control):
                inputs = latents
                more["control_hidden_states"] = control.to(**like)
            case None:
                inputs = latents
        return self.expert(
            hidden_states=inputs.to(self.dtype),
            timestep=self._times(latents, time),
            encoder_hidden_states=words.to(**like),
            return_dict=False,
            **more,
        )[0]

    def _times(self, latents: Tensor, time: Tensor) -> Tensor:
        """One time for all (1,), or one for each token (1, S), 0 where a frame is given."""
        if not self.kind.per_token_time:
            return time.expand(1)
        if isinstance(self.condition, Replacing):
            free = self.condition.free
        else:
            free = torch.ones_like(latents[:, :1])
        return (free[0, 0, :, ::2, ::2] * time).flatten().unsqueeze(0)


@dataclass(slots=True)
class _Position:
    """Where the loop is, for reports from inside a step."""

    report: Report
    steps: int
    step: int = 0

    def tell(self, *_: Any) -> None:
        """Report before a block, so that a job is cancelled within a block and not a step."""
        self.report("denoising", self.step, self.steps, None)


def _latent_shape(
    request: Request, latent: Latent, references: int
) -> tuple[int, int, int, int, int]:
    frames = references + (request.frames - 1) // latent.time + 1
    rows, columns = request.height // latent.space, request.width // latent.space
    return 1, latent.channels, frames, rows, columns


@contextmanager
def _watched(expert: nn.Module, position: _Position) -> Iterator[None]:
    blocks = [block for blocks in repeated_blocks(expert) for block in blocks]
    handles = [block.register_forward_pre_hook(position.tell) for block in blocks]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _train_steps(scheduler: Any) -> int:
    return int(scheduler.config.num_train_timesteps)
