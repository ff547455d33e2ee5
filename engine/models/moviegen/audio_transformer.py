"""The Movie Gen audio transformer: flow matching over a sequence of sound latents.

Blocks of self-attention, cross-attention to text and a plain feed-forward part; one network, shared
by all layers, turns the time into scales, shifts and gates, to which each layer adds its own bias
(Movie Gen, section 6.2.2). What a picture shows is added latent by latent, known sound is
concatenated on channels. One class serves the paper's and the pocket's sizes.
"""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from engine.models.moviegen.network import Network
from engine.models.moviegen.norm import RMSNorm
from engine.models.moviegen.transformer import (
    Attention,
    ModulatedBlock,
    TextFeatures,
    timestep_embedding,
)

_TIME_CHANNELS = 256


class GatedPicture(nn.Module):
    """Picture features as what is added to the sequence; no feature adds nothing."""

    def __init__(self, inputs: int, dim: int) -> None:
        super().__init__()
        self.value = nn.Linear(inputs, dim, bias=False)
        self.gate = nn.Linear(inputs, dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.value(x) * torch.sigmoid(self.gate(x))


class NeighbourMixing(nn.Module):
    """What a latent's neighbours in time hold, added through a narrow convolution.

    The paper has no such layer; at the pocket's size it brings sounds onto their moments far
    sooner than attention alone. It starts at zero.
    """

    def __init__(self, dim: int, channels: int) -> None:
        super().__init__()
        self.norm = RMSNorm(dim)
        self.down = nn.Linear(dim, channels, bias=False)
        self.time = nn.Conv1d(channels, channels, 5, padding=2)
        self.up = nn.Linear(channels, dim, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor) -> Tensor:
        mixed = self.time(self.down(self.norm(x)).transpose(1, 2)).transpose(1, 2)
        return self.up(F.silu(mixed))


class AudioBlock(ModulatedBlock):
    """Self-attention, cross-attention and feed-forward; `bias` is this layer's own modulation."""

    def __init__(
        self, dim: int, heads: int, ffn_dim: int, qk_norm: bool, local_channels: int
    ) -> None:
        super().__init__()
        self.local = NeighbourMixing(dim, local_channels) if local_channels else None
        self.bias = nn.Parameter(torch.zeros(6, dim))
        self.norm_self, self.self_attention = RMSNorm(dim), Attention(dim, heads, qk_norm)
        self.norm_cross, self.cross_attention = RMSNorm(dim), Attention(dim, heads, qk_norm)
        self.norm_ffn = RMSNorm(dim)
        self.ffn = nn.Sequential(
            nn.Linear(dim, ffn_dim, bias=False), nn.GELU(), nn.Linear(ffn_dim, dim, bias=False)
        )

    def forward(self, x: Tensor, text: Tensor, text_mask: Tensor, modulation: Tensor) -> Tensor:
        if self.local is not None:
            x = x + self.local(x)
        return self.attend(x, text, text_mask, modulation)


class AudioTransformer(Network):
    """Velocity of flow matching for sound latents (B, C, T), given time, text and conditions.

    `context_channels` are the known latents and, at the pocket's size, a mask of them;
    `modulation_dim` is the width inside the shared modulation network. A sequence is at most
    `max_positions` latents long: longer sound is made in windows.
    """

    _repeated_blocks: ClassVar[list[str]] = ["AudioBlock"]
    _no_split_modules: ClassVar[list[str]] = ["AudioBlock"]

    @register_to_config
    def __init__(
        self,
        layers: int = 36,
        dim: int = 4608,
        ffn_dim: int = 18432,
        heads: int = 36,
        latent_channels: int = 128,
        context_channels: int = 128,
        picture_dim: int = 1024,
        text_dims: tuple[int, ...] = (768,),
        modulation_dim: int = 18432,
        max_positions: int = 750,
        qk_norm: bool = False,
        local_channels: int = 0,
    ) -> None:
        super().__init__()
        self.latents_in = nn.Linear(latent_channels + context_channels, dim)
        self.picture_in = GatedPicture(picture_dim, dim)
        self.positions = nn.Parameter(0.02 * torch.randn(max_positions, dim))
        self.text_in = nn.ModuleList(
            nn.Sequential(nn.Linear(width, dim), nn.LayerNorm(dim)) for width in text_dims
        )
        self.time_in = nn.Sequential(
            nn.Linear(_TIME_CHANNELS, dim), nn.SiLU(), nn.Linear(dim, dim), nn.SiLU()
        )
        self.modulation = nn.Sequential(
            nn.Linear(dim, modulation_dim), nn.SiLU(), _silent(modulation_dim, 6 * dim)
        )
        self.blocks = nn.ModuleList(
            AudioBlock(dim, heads, ffn_dim, qk_norm, local_channels) for _ in range(layers)
        )
        self.norm_out = RMSNorm(dim)
        self.modulation_out = _silent(dim, 2 * dim)
        self.latents_out = _silent(dim, latent_channels)

    def forward(
        self,
        latents: Tensor,
        time: Tensor,
        text: TextFeatures,
        context: Tensor | None = None,
        picture: Tensor | None = None,
    ) -> Tensor:
        """Velocity (B, C, T) at `time` (B,), where 0 is noise and 1 is data.

        Args:
            latents: noisy latents (B, C, T).
            time: (B,) in [0, 1].
            text: the encoded caption.
            context: (B, context_channels, T), zero where nothing is known; None for none at all.
            picture: (B, T, picture_dim), one feature for each latent, zero where nothing is seen.

        Raises:
            ValueError: the sequence is longer than the positions learnt.
        """
        length = latents.shape[-1]
        if length > self.config.max_positions:
            raise ValueError(
                f"{length} latents are more than {self.config.max_positions} positions"
            )
        if context is None:
            count = self.config.context_channels
            context = latents.new_zeros(latents.shape[0], count, length)
        x = self.latents_in(torch.cat([latents, context], dim=1).transpose(1, 2))
        x = x + self.positions[:length].to(x.dtype)
        if picture is not None:
            x = x + self.picture_in(picture.to(x.dtype))
        states = [layer(part) for layer, part in zip(self.text_in, text.states, strict=True)]
        words = torch.cat(states, dim=1)
        mask = torch.zeros(text.mask.shape, device=x.device, dtype=x.dtype)
        mask = mask.masked_fill(~text.mask, -1e4)[:, None, None]
        embedded = timestep_embedding(time, _TIME_CHANNELS)
        moment = self.time_in(embedded.to(self.latents_in.weight.dtype))
        modulation = self.modulation(moment).unflatten(-1, (6, -1))
        for block in self.blocks:
            x = block(x, words, mask, modulation)
        shift, scale = self.modulation_out(moment).unsqueeze(1).chunk(2, dim=-1)
        return self.latents_out(self.norm_out(x) * (1 + scale) + shift).transpose(1, 2)


def _silent(inputs: int, outputs: int) -> nn.Linear:
    """A layer that begins by saying nothing."""
    layer = nn.Linear(inputs, outputs)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
