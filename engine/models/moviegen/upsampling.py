"""The spatial upsampler's denoising: a long clip in windows of frames, given its latents enlarged.

It knows nothing of pixels or files; engine.abilities.upscale_video brings films to it and back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.sampling.euler import OnStep, euler
from engine.sampling.multi_diffusion import merged_velocity
from engine.sampling.schedules import linear_quadratic
from engine.sampling.spans import Span, covering

_EMULATED_STEPS = 25


@dataclass(frozen=True, slots=True)
class UpscaleRequest:
    """How to make it: windows of `window` latent frames that share `overlap` (papers, A.6)."""

    prompt: str
    seed: int
    steps: int
    window: int
    overlap: int


@torch.inference_mode()
def upscale(
    network: VideoTransformer,
    source: Tensor,
    encode_text: Callable[[list[str]], TextFeatures],
    request: UpscaleRequest,
    on_step: OnStep,
) -> Tensor:
    """Normalised latents (1, C, T, H, W), one a frame, of the clip at the size of `source`.

    `source` are the latents, of that shape, of the clip enlarged bilinearly.
    """
    device, dtype = network.device, network.dtype
    generator = torch.Generator("cpu").manual_seed(request.seed)
    noise = torch.randn(source.shape, generator=generator).to(device)
    text = encode_text([request.prompt]).to(device, dtype)

    def velocity(x: Tensor, time: float, span: Span) -> Tensor:
        moment = torch.full((1,), time, device=device)
        given = source[:, :, slice(*span)]
        return network(x.to(dtype), moment, text, given.to(dtype)).float()

    length = source.shape[2]
    spans = covering(length, request.window, request.overlap)
    times = linear_quadratic(request.steps, max(_EMULATED_STEPS, request.steps))
    return euler(merged_velocity(velocity, spans, length), noise, times, on_step)
