"""Pictures that a Wan clip starts from, or ends on, as the transformer takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.models.networks import Networks

_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
_CLIP_SIDE = 224


@dataclass(frozen=True, slots=True)
class Pictures:
    """RGB pictures of the clip's size; `last` only where `first` is."""

    first: Image.Image
    last: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Latents (1, C, T, H, W) that are joined to the noisy ones by channels.

    `seen` (1, 257, D) goes in beside the prompt.
    """

    latents: Tensor
    seen: Tensor | None


@dataclass(frozen=True, slots=True)
class Replacing:
    """Latents (1, C, T, H, W) that take the noisy ones' place where `free` (1, 1, T, H, W) is 0."""

    latents: Tensor
    free: Tensor

    def laid_over(self, latents: Tensor) -> Tensor:
        """Noisy latents with what is given in its place."""
        return (1 - self.free) * self.latents + self.free * latents


@dataclass(frozen=True, slots=True)
class Controlling:
    """What blocks of their own read (1, 96, R + T, H, W); its first R frames are `references`."""

    control: Tensor
    references: int


Condition = Joined | Replacing | Controlling
"""What the loop lays under the noisy latents."""


def fit_picture(
    picture: Image.Image,
    width: int,
    height: int,
    by: Image.Resampling = Image.Resampling.LANCZOS,
) -> Image.Image:
    """The picture as RGB, scaled to cover width × height and cut to it around its middle."""
    picture = picture.convert("RGB")
    scale = max(width / picture.width, height / picture.height)
    size = max(width, round(picture.width * scale)), max(height, round(picture.height * scale))
    scaled = picture.resize(size, by)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return scaled.crop((left, top, left + width, top + height))


def replacing_condition(pictures: Pictures, frames: int, networks: Networks, vae: Any) -> Replacing:
    """For models with a time for each token: the first frame is given, the rest is free."""
    video = _pixels(pictures.first).unsqueeze(2)
    latents = encode_video(video.to(networks.arrangement.device), vae)
    free = torch.ones((1, 1, latent_frames(frames, vae), *latents.shape[3:]))
    free[:, :, 0] = 0
    return Replacing(latents, free.to(latents.device))


def joined_condition(
    pictures: Pictures, frames: int, networks: Networks, vae: Any, seen: Tensor | None
) -> Joined:
    """For models with channels for it: a video of the given frames and grey, and which they are.

    Its channels are four for which of each latent frame's frames are given, then its latents.
    """
    first = _pixels(pictures.first)
    video = torch.zeros((1, 3, frames, *first.shape[2:]))
    given = torch.zeros((1, frames))
    video[:, :, 0], given[:, 0] = first, 1
    if pictures.last is not None:
        video[:, :, -1], given[:, -1] = _pixels(pictures.last), 1
    latents = encode_video(video.to(networks.arrangement.device), vae)
    step = vae.config.scale_factor_temporal
    marks = torch.cat([given[:, :1].repeat(1, step), given[:, 1:]], dim=1)
    marks = marks.view(1, -1, step, 1, 1).transpose(1, 2).expand(-1, -1, -1, *latents.shape[3:])
    return Joined(torch.cat([marks.to(latents), latents], dim=1), seen)


def see_picture(picture: Image.Image, networks: Networks) -> Tensor:
    """What CLIP sees in a picture: (1, 257, D), from its last layer but one."""
    with networks.on_device("image_encoder") as encoder, torch.inference_mode():
        pixels = _for_clip(picture).unsqueeze(0).to(networks.arrangement.device)
        return encoder(pixel_values=pixels, output_hidden_states=True).hidden_states[-2].cpu()


def encode_video(video: Tensor, vae: Any) -> Tensor:
    """Normalised latents (1, C, T, H, W) of a video (1, 3, F, height, width) in [-1, 1]."""
    with torch.inference_mode():
        latents = vae.encode(video.to(vae.dtype)).latent_dist.mode().float()
    mean, std = latent_statistics(vae, latents)
    return (latents - mean) / std


def latent_statistics(vae: Any, like: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and spread of each latent channel, shaped to go with (1, C, T, H, W)."""
    shape = (1, vae.config.z_dim, 1, 1, 1)
    mean = like.new_tensor(vae.config.latents_mean).view(shape)
    return mean, like.new_tensor(vae.config.latents_std).view(shape)


def latent_frames(frames: int, vae: Any) -> int:
    """Latent frames of a clip; the first frame has one to itself."""
    return (frames - 1) // vae.config.scale_factor_temporal + 1


def _pixels(picture: Image.Image) -> Tensor:
    """(1, 3, height, width) in [-1, 1]."""
    values = torch.from_numpy(np.asarray(picture, dtype=np.float32).copy())
    return (values / 127.5 - 1.0).permute(2, 0, 1).unsqueeze(0)


def _for_clip(picture: Image.Image) -> Tensor:
    """(3, 224, 224): the middle of the picture, normalised as CLIP was trained."""
    square = fit_picture(picture, _CLIP_SIDE, _CLIP_SIDE, Image.Resampling.BICUBIC)
    values = np.asarray(square, dtype=np.float32) / 255.0
    normal = (values - np.array(_CLIP_MEAN)) / np.array(_CLIP_STD)
    return torch.from_numpy(normal.astype(np.float32)).permute(2, 0, 1)
