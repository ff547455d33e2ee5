"""From an aligned sticker model to one with a style: sets, baselines, and Style Tailoring.

The alignment set teaches what a prompt asks for, the style set how a sticker looks. Finetuned on
one after the other, a model gains style and loses prompts. Style Tailoring trains on both at once
and lets the noise level decide: noisy steps, which settle what is where, learn from the alignment
set, late steps from the style set (papers, F).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.protocol.ratings import Candidate, Reason, write_candidates
from engine.sampling.flow_matching import logit_normal_times
from engine.training.latents import Encode
from engine.training.sticker_grammar import Sticker, Style, caption, sample_sticker
from engine.training.sticker_judge import Opinion, StickerJudge, opinions
from engine.training.sticker_latents import StickerShard, draw, encode_samples
from engine.training.sticker_losses import example, flow_loss
from engine.training.sticker_samples import Guidance, generate, joined, pictures

CONTENT_ABOVE = 0.8
"""Noise levels (1 is pure noise) from which a step learns content: T' as a fraction. The paper's is
recalled as 900 of 1000 steps of another schedule; at 0.8 of ours the content set gets about as many
updates, one in eight."""

TIME_MEAN = -0.2
GUIDANCE = Guidance(text=4.0)
_SURE_WHOLE, _SURE_STYLE = 0.5, 0.8
_EXPERT_PIECES = 420


@dataclass(frozen=True, slots=True)
class Sets:
    """What tailoring learns from: content in all styles, and pieces in the one style."""

    alignment: StickerShard
    style: StickerShard


@dataclass(frozen=True, slots=True)
class Candidates:
    """Stickers a model made: what was asked, latents, and pictures (N, S, S, 3) over the matte."""

    wanted: list[Sticker]
    made: StickerShard
    pictures: NDArray[np.uint8]


def make_candidates(
    model: VideoTransformer, autoencoder: TemporalAutoencoder, encode: Encode, count: int
) -> Candidates:
    """Stickers of random prompts of the grammar, half of them in the style wanted."""
    rng = random.Random("candidates")
    wanted = [
        sample_sticker(rng, Style.DIE_CUT if index % 2 else None, moving=False)
        for index in range(count)
    ]
    captions = [caption(sticker) for sticker in wanted]
    seeds = [sticker.seed for sticker in wanted]
    made = generate(model, captions, seeds, encode, GUIDANCE)
    return Candidates(wanted, made, pictures(autoencoder, made.latents)[:, 0])


def put_out(candidates: Candidates, folder: Path, source: str) -> None:
    """Lay the candidates out for the rating screen: a picture each, and the list."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for index, picture in enumerate(candidates.pictures):
        sticker, name = candidates.wanted[index], name_of(source, index)
        Image.fromarray(picture).save(folder / f"{name}.png")
        prompt = caption(sticker)
        rows.append(
            Candidate(id=name, file=f"{name}.png", prompt=prompt, source=source, seed=sticker.seed)
        )
    write_candidates(folder, rows)


def name_of(source: str, index: int) -> str:
    """The id of a source's candidate."""
    return f"{source}-{index:05d}"


def judged(candidates: Candidates, judge: StickerJudge) -> list[Opinion]:
    """The automatic judge's opinion of every candidate."""
    found: list[Opinion] = []
    for start in range(0, len(candidates.wanted), 64):
        here = slice(start, start + 64)
        found += opinions(judge, candidates.pictures[here], candidates.wanted[here])
    return found


def fault(opinion: Opinion) -> tuple[bool, Reason]:
    """Whether the judge lets a candidate into the alignment set, and what is wrong if it is not."""
    whole = opinion.whole > _SURE_WHOLE
    return opinion.right and whole, Reason.OFF_PROMPT if whole else Reason.UGLY


def is_on_style(sticker: Sticker, opinion: Opinion) -> bool:
    """Whether a candidate may enter the style set."""
    sure = opinion.on_style > _SURE_STYLE and opinion.whole > _SURE_STYLE
    return sticker.style is Style.DIE_CUT and opinion.right and sure


def expert_pieces(autoencoder: TemporalAutoencoder, encode: Encode) -> StickerShard:
    """Pieces in the style, drawn: what design experts would choose."""
    rng = random.Random("experts")
    drawn = [draw(sample_sticker(rng, Style.DIE_CUT, moving=False)) for _ in range(_EXPERT_PIECES)]
    parts = [
        encode_samples(drawn[start : start + 32], autoencoder, encode)
        for start in range(0, len(drawn), 32)
    ]
    return joined(parts)


def sets_from(
    candidates: Candidates, keep: Callable[[int], tuple[bool, bool]], experts: StickerShard
) -> Sets:
    """The two sets; `keep(i)` says whether candidate i enters the first, and the second."""
    choices = [keep(index) for index in range(len(candidates.wanted))]
    aligned = torch.tensor([i for i, (first, _) in enumerate(choices) if first], dtype=torch.long)
    styled = torch.tensor([i for i, (_, second) in enumerate(choices) if second], dtype=torch.long)
    made = candidates.made
    return Sets(made.select(aligned), joined([experts, made.select(styled)]))


def tailoring_batch(sets: Sets, count: int) -> tuple[StickerShard, Tensor]:
    """Samples and their times (B,): content where it is noisy, style where it is not."""
    times = logit_normal_times(count, mean=TIME_MEAN)
    content = int((1.0 - times >= CONTENT_ABOVE).sum())
    order = times.argsort()
    parts = [_some(sets.alignment, content)] if content else []
    if content < count:
        parts.append(_some(sets.style, count - content))
    return joined(parts), times[order]


def plain_batch(shard: StickerShard, count: int) -> tuple[StickerShard, Tensor]:
    """Samples of one set at times of all kinds."""
    return _some(shard, count), logit_normal_times(count, mean=TIME_MEAN)


def batch_loss(
    draw_batch: Callable[[], tuple[StickerShard, Tensor]], null: TextFeatures, device: torch.device
) -> Callable[[VideoTransformer, float], Tensor]:
    """The loss of a stage that learns from such batches."""

    def loss(model: VideoTransformer, _spent: float) -> Tensor:
        shard, times = draw_batch()
        return flow_loss(model, example(shard, times, null, device, drop=True))

    return loss


def _some(shard: StickerShard, count: int) -> StickerShard:
    return shard.select(torch.randint(0, len(shard), (count,)))
