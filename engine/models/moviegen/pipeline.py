"""From a prompt and known frames to pixels: the pocket and paper pipeline as diffusers has them.

It knows nothing of jobs or files; engine.abilities turns recipes into its requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from torch import Tensor
from transformers import BertModel, PreTrainedTokenizerFast

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.text import encode_prompts
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.sampling.euler import euler
from engine.sampling.guidance import classifier_free
from engine.sampling.schedules import linear_quadratic


@dataclass(frozen=True, slots=True)
class KnownFrames:
    """Frames that are given, not made: pixels (1, 3, F, H, W) in [-1, 1] for the whole length,

    and which latent frames of them count, bool (T',).
    """

    pixels: Tensor
    latent_frames: Tensor


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """What to make. `frames`, `width` and `height` are pixels; `guidance_scale` 1 means none."""

    prompt: str
    width: int
    height: int
    frames: int
    seed: int
    steps: int = 8
    guidance_scale: float = 1.0
    negative_prompt: str = ""
    emulated_steps: int = 25
    known: KnownFrames | None = None


OnStep = Callable[[int, int, Tensor], None]
"""(steps done, of, estimated normalised latents (1, C, T, H, W)) -> None; may raise to stop."""


class MovieGenPipeline(DiffusionPipeline):
    """Text, and frames if there are any, to video, by flow matching."""

    model_cpu_offload_seq = "text_encoder->transformer->autoencoder"

    def __init__(
        self,
        autoencoder: TemporalAutoencoder,
        transformer: VideoTransformer,
        text_encoder: BertModel,
        tokenizer: PreTrainedTokenizerFast,
    ) -> None:
        super().__init__()
        self.register_modules(
            autoencoder=autoencoder,
            transformer=transformer,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
        )

    def encode_text(self, prompts: list[str]) -> TextFeatures:
        """Features of prompts: states (B, L, D), mask (B, L), and the normalised mean (B, D)."""
        return encode_prompts(self.text_encoder, self.tokenizer, prompts)

    @torch.inference_mode()
    def denoise(self, request: ClipRequest, on_step: OnStep) -> Tensor:
        """Normalised latents (1, C, T, H, W) of the clip, telling `on_step` after each step.

        The prompt and its absence go through the transformer as one batch of two.
        """
        autoencoder, transformer = self.autoencoder, self.transformer
        device, dtype = transformer.device, transformer.dtype
        space = autoencoder.space_factor
        shape = (
            1,
            transformer.config.latent_channels,
            autoencoder.latent_frames(request.frames),
            request.height // space,
            request.width // space,
        )
        generator = torch.Generator("cpu").manual_seed(request.seed)
        noise = torch.randn(shape, generator=generator).to(device)
        known = self._known_latents(request.known, noise)
        text = self.encode_text([request.negative_prompt, request.prompt]).to(device, dtype)
        only_prompt = text.without_first()

        def velocity(x: Tensor, time: float) -> Tensor:
            x = known.put_into(x, noise, time)
            guided = request.guidance_scale != 1.0
            count = 2 if guided else 1
            out = transformer(
                x.to(dtype).expand(count, -1, -1, -1, -1),
                torch.full((count,), time, device=device),
                text if guided else only_prompt,
                known.condition.to(dtype).expand(count, -1, -1, -1, -1),
            ).float()
            return classifier_free(out[1:], out[:1], request.guidance_scale) if guided else out

        times = linear_quadratic(request.steps, max(request.emulated_steps, request.steps))
        latents = euler(velocity, noise, times, on_step)
        return known.put_into(latents, noise, 1.0)

    @torch.inference_mode()
    def decode(self, latents: Tensor, frames: int) -> Tensor:
        """Pixels (F, H, W, 3) uint8 on the CPU of normalised latents (1, C, T, H, W)."""
        video = self.autoencoder.decode_tiled(latents.to(self.autoencoder.dtype), frames)
        return to_uint8(video[0])

    def _known_latents(self, known: KnownFrames | None, noise: Tensor) -> _KnownLatents:
        if known is None:
            nothing = torch.zeros_like(noise[:, :1])
            return _KnownLatents(torch.zeros_like(noise), nothing)
        dtype = self.autoencoder.dtype
        latents = self.autoencoder.encode(known.pixels.to(noise.device, dtype)).float()
        mask = known.latent_frames.to(noise).view(1, 1, -1, 1, 1).expand_as(noise[:, :1])
        return _KnownLatents(latents * mask, mask)


@dataclass(frozen=True, slots=True)
class _KnownLatents:
    """Latents that are given, zero elsewhere, and their mask (1, 1, T, H, W)."""

    latents: Tensor
    mask: Tensor

    @property
    def condition(self) -> Tensor:
        return torch.cat([self.latents, self.mask], dim=1)

    def put_into(self, x: Tensor, noise: Tensor, time: float) -> Tensor:
        """`x` with the given part where it must be on its path at `time`."""
        path = time * self.latents + (1.0 - time) * noise
        return x * (1 - self.mask) + path * self.mask


def to_uint8(video: Tensor) -> Tensor:
    """(C, F, H, W) in [-1, 1] to (F, H, W, C) uint8 on the CPU."""
    pixels = (video.float() * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8)
    return pixels.permute(1, 2, 3, 0).contiguous().cpu()
