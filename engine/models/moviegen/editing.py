"""Editing by instruction: from latents of a film to those of the film as asked for (papers, C).

A long film is edited in windows that are merged at every step. Outside the region that the edit is
about the film stays on its own path from noise. Pixels and files are the abilities'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models.moviegen.edit_regions import hint_of, kept_outside, told_of_region
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.planning.edit_words import GENERATE, TASKS
from engine.sampling.euler import OnStep, euler
from engine.sampling.guidance import two_scale_shares
from engine.sampling.multi_diffusion import merged_velocity
from engine.sampling.schedules import linear_quadratic
from engine.sampling.spans import Span, covering

_EMULATED_STEPS = 25


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What to change. `task` is one of `engine.planning.edit_words.TASKS`.

    `keep_source` and `follow` are the two scales of guidance, 1 and 1 meaning none; `window` and
    `overlap` are latent frames.
    """

    words: str
    task: str
    seed: int
    steps: int
    keep_source: float
    follow: float
    window: int
    overlap: int


@dataclass(frozen=True, slots=True)
class EditPlace:
    """Where an edit may change latents, shares (1, 1, T, H, W), and the latents (C,) of the colour

    that is named, if one is.
    """

    region: Tensor
    tone: Tensor | None


@dataclass(frozen=True, slots=True)
class _Branches:
    """The predictions that guidance needs, those whose share is zero left out."""

    shares: tuple[float, ...]
    sees_source: tuple[bool, ...]
    text: TextFeatures
    task: Tensor


@torch.inference_mode()
def edit(
    network: VideoTransformer,
    source: Tensor,
    place: EditPlace,
    black: Tensor,
    encode_text: Callable[[list[str]], TextFeatures],
    request: EditRequest,
    on_step: OnStep,
) -> Tensor:
    """Normalised latents (1, C, T, H, W) of the edited film, outside its region the source's.

    Args:
        network: a transformer with `source_channels` and `tasks`.
        source: latents of the film, of that shape.
        place: where it may change.
        black: a latent frame (1, C, 1, H, W) of a black film, which stands for no source.
        encode_text: prompts to features.
        request: what to change, and how.
        on_step: told after each step.
    """
    device, dtype = network.device, network.dtype
    generator = torch.Generator("cpu").manual_seed(request.seed)
    noise = torch.randn(source.shape, generator=generator).to(device)
    region = place.region.to(device)
    told = told_of_region(source, region, hint_of(request.task, source, place.tone))
    branches = _branches(request, encode_text, device, dtype)
    count = len(branches.shares)

    def velocity(x: Tensor, time: float, span: Span) -> Tensor:
        part = slice(*span)
        x = kept_outside(x, source[:, :, part], region[:, :, part], noise[:, :, part], time)
        given, where = source[:, :, part].to(dtype), told[:, :, part].to(dtype)
        nothing = black.to(dtype).expand_as(given)
        films = torch.cat([given if sees else nothing for sees in branches.sees_source])
        seen = torch.tensor(branches.sees_source, device=device).view(-1, 1, 1, 1, 1)
        wheres = where * seen
        moments = torch.full((count,), time, device=device)
        same = x.to(dtype).expand(count, -1, -1, -1, -1)
        parts = network(
            same, moments, branches.text, wheres, source=films, task=branches.task
        ).float()
        shares = torch.tensor(branches.shares, device=device).view(-1, 1, 1, 1, 1)
        return (parts * shares).sum(0, keepdim=True)

    length = source.shape[2]
    spans = covering(length, request.window, min(request.overlap, request.window - 1))
    times = linear_quadratic(request.steps, max(_EMULATED_STEPS, request.steps))
    made = euler(merged_velocity(velocity, spans, length), noise, times, on_step)
    return torch.where(region > 0, made, source)


def _branches(
    request: EditRequest,
    encode_text: Callable[[list[str]], TextFeatures],
    device: torch.device,
    dtype: torch.dtype,
) -> _Branches:
    """Neither, the source alone, and source and instruction, as far as they count."""
    shares = two_scale_shares(request.keep_source, request.follow)
    plain, asked = TASKS.index(GENERATE), TASKS.index(request.task)
    all_of = tuple(
        (share, seen, words, task)
        for share, seen, words, task in zip(
            shares, (False, True, True), ("", "", request.words), (plain, plain, asked), strict=True
        )
        if share
    )
    text = encode_text([words for _, _, words, _ in all_of]).to(device, dtype)
    tasks = torch.tensor([task for *_, task in all_of], device=device)
    return _Branches(
        tuple(share for share, *_ in all_of), tuple(seen for _, seen, *_ in all_of), text, tasks
    )
