"""The Movie Gen video transformer: LLaMa-style blocks over space-time patches of latents.

Full bidirectional attention, RMSNorm, SwiGLU, cross-attention to several text encoders between
self-attention and feed-forward, factorised learnable positions added at every layer, and one
modulation network shared by all layers (Movie Gen, section 3.1.3; the audio model states the
shared network explicitly, and 30B parameters leave room for no other). One class serves the
paper's and the pocket's sizes.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, NamedTuple

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import register_to_config
from diffusers.loaders.peft import PeftAdapterMixin
from torch import Tensor, nn

from engine.models.moviegen.editing_tasks import TaskConditioning
from engine.models.moviegen.network import Network
from engine.models.moviegen.norm import RMSNorm


class TokenGrid(NamedTuple):
    """Tokens of a video along time, height and width."""

    frames: int
    rows: int
    columns: int


WHOLE = TokenGrid(0, 0, 0)
"""The origin of a latent that is no window of a larger one."""


class TextFeatures(NamedTuple):
    """Encoded text: one (B, L_i, D_i) tensor for each encoder, a mask over their concatenation

    (B, sum L_i), true where a token counts, and a pooled vector (B, P) where the model has one.
    """

    states: tuple[Tensor, ...]
    mask: Tensor
    pooled: Tensor | None

    def without_first(self) -> TextFeatures:
        """The same of all prompts but the first."""
        pooled = None if self.pooled is None else self.pooled[1:]
        return TextFeatures(tuple(part[1:] for part in self.states), self.mask[1:], pooled)

    def to(self, *args: Any) -> TextFeatures:
        """On another device, or its features in another type."""
        states = tuple(part.to(*args) for part in self.states)
        pooled = None if self.pooled is None else self.pooled.to(*args)
        return TextFeatures(states, self.mask.to(states[0].device), pooled)


def timestep_embedding(time: Tensor, channels: int) -> Tensor:
    """Sinusoids of `time` (B,) in [0, 1], shape (B, channels), float32."""
    half = channels // 2
    exponents = torch.arange(half, device=time.device, dtype=torch.float32) / half
    angles = time.float()[:, None] * 1000.0 * torch.exp(-math.log(10000.0) * exponents)[None]
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """Scaled dot-product attention over (B, heads, L, head_dim); `mask` is added to the scores.

    On a CPU in training the product is written out: the fused kernel's backward pass is several
    times slower there at the lengths the pocket model has.
    """
    if query.device.type == "cpu" and query.requires_grad:
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        if mask is not None:
            scores = scores + mask
        return scores.float().softmax(dim=-1).to(value.dtype) @ value
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)


class Attention(nn.Module):
    """Multi-head attention of a sequence to itself or to a context."""

    def __init__(self, dim: int, heads: int, qk_norm: bool) -> None:
        super().__init__()
        self.heads = heads
        self.to_query = nn.Linear(dim, dim, bias=False)
        self.to_key = nn.Linear(dim, dim, bias=False)
        self.to_value = nn.Linear(dim, dim, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)
        head_dim = dim // heads
        self.norm_query = RMSNorm(head_dim) if qk_norm else nn.Identity()
        self.norm_key = RMSNorm(head_dim) if qk_norm else nn.Identity()

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, x: Tensor, context: Tensor, mask: Tensor | None = None) -> Tensor:
        query = self.norm_query(self._split(self.to_query(x)))
        key = self.norm_key(self._split(self.to_key(context)))
        value = self._split(self.to_value(context))
        out = attend(query.to(value.dtype), key.to(value.dtype), value, mask)
        return self.to_out(out.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.gate = nn.Linear(dim, hidden, bias=False)
        self.up = nn.Linear(dim, hidden, bias=False)
        self.down = nn.Linear(hidden, dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))


class LocalMixing(nn.Module):
    """What a token's neighbours in space and time hold, added to it through a narrow convolution.

    Attention alone needs far more training than a laptop can give before neighbouring patches
    agree about one subject. The last layer starts at zero: a model without it is unchanged.
    """

    def __init__(self, dim: int, channels: int) -> None:
        super().__init__()
        self.norm = RMSNorm(dim)
        self.down = nn.Linear(dim, channels, bias=False)
        self.space = nn.Conv2d(channels, channels, 3, padding=1)
        self.time = nn.Linear(3 * channels, channels)
        self.up = nn.Linear(channels, dim, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor, grid: TokenGrid) -> Tensor:
        pictures = self.down(self.norm(x)).view(-1, grid.rows, grid.columns, self.space.in_channels)
        mixed = F.silu(self.space(pictures.permute(0, 3, 1, 2))).permute(0, 2, 3, 1)
        frames = mixed.reshape(x.shape[0], grid.frames, -1, self.space.in_channels)
        padded = F.pad(frames, (0, 0, 0, 0, 1, 1))
        around = torch.cat([padded[:, :-2], frames, padded[:, 2:]], dim=-1)
        return self.up(F.silu(self.time(around)).flatten(1, 2))


class ModulatedBlock(nn.Module):
    """The order of work in a block of any of the family's transformers."""

    bias: nn.Parameter
    norm_self: RMSNorm
    norm_cross: RMSNorm
    norm_ffn: RMSNorm
    self_attention: Attention
    cross_attention: Attention
    ffn: nn.Module

    def attend(self, x: Tensor, text: Tensor, text_mask: Tensor, modulation: Tensor) -> Tensor:
        """`x` (B, L, D) after attention to itself and to the text, and the feed-forward part."""
        shift1, scale1, gate1, shift2, scale2, gate2 = (
            (modulation + self.bias).to(x.dtype).unsqueeze(2).unbind(1)
        )
        hidden = self.norm_self(x) * (1 + scale1) + shift1
        x = x + gate1 * self.self_attention(hidden, hidden)
        x = x + self.cross_attention(self.norm_cross(x), text, text_mask)
        hidden = self.norm_ffn(x) * (1 + scale2) + shift2
        return x + gate2 * self.ffn(hidden)


class Block(ModulatedBlock):
    """Self-attention, cross-attention and feed-forward; `bias` is this layer's own modulation."""

    def __init__(
        self, dim: int, heads: int, ffn_dim: int, qk_norm: bool, local_channels: int
    ) -> None:
        super().__init__()
        self.local = LocalMixing(dim, local_channels) if local_channels else None
        self.bias = nn.Parameter(torch.zeros(6, dim))
        self.norm_self, self.self_attention = RMSNorm(dim), Attention(dim, heads, qk_norm)
        self.norm_cross, self.cross_attention = RMSNorm(dim), Attention(dim, heads, qk_norm)
        self.norm_ffn, self.ffn = RMSNorm(dim), FeedForward(dim, ffn_dim)

    def forward(
        self, x: Tensor, text: Tensor, text_mask: Tensor, modulation: Tensor, grid: TokenGrid
    ) -> Tensor:
        if self.local is not None:
            x = x + self.local(x, grid)
        return self.attend(x, text, text_mask, modulation)


class FactorisedPositions(nn.Module):
    """Learnable tables for time, height and width, summed (Movie Gen, section 3.1.3)."""

    def __init__(self, dim: int, lengths: tuple[int, int, int]) -> None:
        super().__init__()
        self.time, self.height, self.width = (
            nn.Parameter(_sinusoids(length, dim, axis)) for axis, length in enumerate(lengths)
        )

    def forward(self, grid: TokenGrid, origin: TokenGrid) -> Tensor:
        """Positions of a window of `grid` tokens at `origin`, shape (1, frames*rows*columns, D).

        Raises:
            ValueError: the window leaves the tables.
        """
        limits = TokenGrid(self.time.shape[0], self.height.shape[0], self.width.shape[0])
        if any(o + g > m for o, g, m in zip(origin, grid, limits, strict=True)):
            raise ValueError(f"{grid} at {origin} is larger than the positions learnt, {limits}")
        t = self.time[origin.frames : origin.frames + grid.frames, None, None]
        h = self.height[None, origin.rows : origin.rows + grid.rows, None]
        w = self.width[None, None, origin.columns : origin.columns + grid.columns]
        return (t + h + w).flatten(0, 2).unsqueeze(0)


def _sinusoids(length: int, dim: int, axis: int) -> Tensor:
    """Small sinusoids in a third of the channels: a start from which nearness is already known."""
    if torch.get_default_device().type == "meta":
        return torch.empty(length, dim)
    third = dim // 6 * 2
    half = third // 2
    rates = torch.exp(-math.log(100.0) * torch.arange(half) / half)
    angles = torch.arange(length)[:, None] * rates[None]
    table = torch.zeros(length, dim)
    start = axis * third
    table[:, start : start + half] = 0.3 * angles.sin()
    table[:, start + half : start + third] = 0.3 * angles.cos()
    return table


def _zero_linear(inputs: int, outputs: int) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class VideoTransformer(Network, PeftAdapterMixin):
    """Velocity of flow matching for latents (B, C, T, H, W), given time, text and conditions.

    `condition_channels` more channels are concatenated to the noisy latent (known frames and
    their mask, or an input video); their weights start at zero, so that the model without them
    is unchanged (Movie Gen, section 5.1.2). `local_channels` widens each block by `LocalMixing`,
    which the paper does not have and the pocket size needs. `source_channels` are those of the
    latents of a video that is edited, concatenated likewise, and `tasks` how many kinds of edits
    there are, each told as `TaskConditioning` of width `task_dim` (Movie Gen, section 5.1).
    `place_channels` are those that say where a subject is to be (see `blocking`).
    """

    _repeated_blocks: ClassVar[list[str]] = ["Block"]
    _no_split_modules: ClassVar[list[str]] = ["Block"]

    @register_to_config
    def __init__(
        self,
        layers: int = 48,
        dim: int = 6144,
        ffn_dim: int = 16384,
        heads: int = 48,
        latent_channels: int = 16,
        condition_channels: int = 0,
        patch_size: int = 2,
        text_dims: tuple[int, ...] = (4096, 1280, 1472),
        pooled_dim: int = 0,
        max_positions: tuple[int, int, int] = (32, 96, 96),
        qk_norm: bool = False,
        local_channels: int = 0,
        source_channels: int = 0,
        tasks: int = 0,
        task_dim: int = 128,
        place_channels: int = 0,
    ) -> None:
        super().__init__()
        self.patch_in = nn.Linear(latent_channels * patch_size**2, dim)
        if condition_channels:
            self.condition_in = nn.Linear(condition_channels * patch_size**2, dim, bias=False)
            nn.init.zeros_(self.condition_in.weight)
        if source_channels:
            self.source_in = nn.Linear(source_channels * patch_size**2, dim, bias=False)
            nn.init.zeros_(self.source_in.weight)
        if place_channels:
            self.place_in = nn.Linear(place_channels * patch_size**2, dim, bias=False)
            nn.init.zeros_(self.place_in.weight)
        if tasks:
            self.task_in = TaskConditioning(tasks, task_dim, dim)
        self.positions = FactorisedPositions(dim, max_positions)
        self.text_in = nn.ModuleList(
            nn.Sequential(nn.Linear(width, dim), nn.LayerNorm(dim)) for width in text_dims
        )
        self.time_in = nn.Sequential(nn.Linear(256, dim), nn.SiLU(), nn.Linear(dim, dim))
        if pooled_dim:
            self.pooled_in = nn.Linear(pooled_dim, dim)
        self.modulation = nn.Sequential(nn.SiLU(), _zero_linear(dim, 6 * dim))
        self.blocks = nn.ModuleList(
            Block(dim, heads, ffn_dim, qk_norm, local_channels) for _ in range(layers)
        )
        self.norm_out = RMSNorm(dim)
        self.modulation_out = nn.Sequential(nn.SiLU(), _zero_linear(dim, 2 * dim))
        self.patch_out = _zero_linear(dim, latent_channels * patch_size**2)

    def grid(self, latent_frames: int, latent_height: int, latent_width: int) -> TokenGrid:
        """Tokens of a latent of the given size."""
        patch = self.config.patch_size
        return TokenGrid(latent_frames, latent_height // patch, latent_width // patch)

    def forward(
        self,
        latents: Tensor,
        time: Tensor,
        text: TextFeatures,
        condition: Tensor | None = None,
        origin: TokenGrid = WHOLE,
        *,
        source: Tensor | None = None,
        task: Tensor | None = None,
        place: Tensor | None = None,
    ) -> Tensor:
        """Velocity (B, C, T, H, W) at `time` (B,), where 0 is noise and 1 is data.

        Args:
            latents: noisy latents (B, C, T, H, W).
            time: (B,) in [0, 1].
            text: encoded prompt.
            condition: (B, condition_channels, T, H, W), or None for none.
            origin: where a window of a larger latent begins, in tokens.
            source: latents of the video to edit, (B, source_channels, T, H, W), or None.
            task: indices of the tasks (B,), or None where nothing is edited.
            place: where the subject is to be, (B, place_channels, T, H, W), or None.
        """
        grid = self.grid(*latents.shape[2:])
        x = self.patch_in(self._patchify(latents))
        if condition is not None:
            x = x + self.condition_in(self._patchify(condition))
        if source is not None:
            x = x + self.source_in(self._patchify(source))
        if place is not None:
            x = x + self.place_in(self._patchify(place))
        positions = self.positions(grid, origin).to(x.dtype)
        states = [layer(part) for layer, part in zip(self.text_in, text.states, strict=True)]
        context = torch.cat(states, dim=1)
        mask = torch.zeros(text.mask.shape, device=x.device, dtype=x.dtype)
        mask = mask.masked_fill(~text.mask, -1e4)[:, None, None]
        moment = self.time_in(timestep_embedding(time, 256).to(self.patch_in.weight.dtype))
        if text.pooled is not None and self.config.pooled_dim:
            moment = moment + self.pooled_in(text.pooled)
        if task is not None:
            tokens, extra = self.task_in(task)
            context, moment = torch.cat([context, tokens.to(context.dtype)], dim=1), moment + extra
            mask = F.pad(mask, (0, tokens.shape[1]))
        modulation = self.modulation(moment).unflatten(-1, (6, -1))
        for block in self.blocks:
            x = block(x + positions, context, mask, modulation, grid)
        shift, scale = self.modulation_out(moment).unsqueeze(1).chunk(2, dim=-1)
        return self._unpatchify(self.patch_out(self.norm_out(x) * (1 + scale) + shift), grid)

    def _patchify(self, x: Tensor) -> Tensor:
        patch = self.config.patch_size
        b, c, t, h, w = x.shape
        x = x.view(b, c, t, h // patch, patch, w // patch, patch)
        x = x.permute(0, 2, 3, 5, 1, 4, 6)
        return x.reshape(b, t * (h // patch) * (w // patch), c * patch * patch)

    def _unpatchify(self, x: Tensor, grid: TokenGrid) -> Tensor:
        patch, channels = self.config.patch_size, self.config.latent_channels
        x = x.view(x.shape[0], *grid, channels, patch, patch).permute(0, 4, 1, 2, 5, 3, 6)
        return x.reshape(x.shape[0], channels, grid.frames, grid.rows * patch, grid.columns * patch)
