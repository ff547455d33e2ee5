"""Animating stickers: teachers of different recipes, what is chosen of theirs, and a small student.

Each teacher is the aligned sticker model finetuned on loops in its own way. All animate the same
stills; what a person or the judge keeps trains a student with half the blocks, which then learns to
do with one forward a step what guidance takes three for, and in half the steps (papers, E).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.protocol.ratings import Candidate, Reason, write_candidates
from engine.sampling.flow_matching import logit_normal_times
from engine.sampling.schedules import linear_quadratic
from engine.training.animated_emoji import motion_size
from engine.training.finetune import Stage
from engine.training.sticker_grammar import (
    MOTIONS,
    RATE_FPS,
    Sticker,
    phrase_of,
    sample_sticker,
)
from engine.training.sticker_latents import Drawn, StickerShard
from engine.training.sticker_losses import Example, example, flow_loss, guidance_loss, step_loss
from engine.training.sticker_pictures import MIDDLE_FRAME, loop
from engine.training.sticker_samples import EMULATED_STEPS, Guidance, joined
from engine.training.sticker_tailoring import name_of

TIME_MEAN = -0.3
GUIDANCE = Guidance(text=3.0, still=1.5)
STUDENT_STEPS = 4
STUDENT_BLOCKS = (0, 2, 5, 7)
_NAMELESS_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class TeacherRecipe:
    """What makes one teacher different: shares of the emoji's loops in its batches, which frame it

    is shown, and which motion buckets it sees.
    """

    name: str
    emoji_share: float
    shown_frame: int
    sizes: tuple[str, ...]


TEACHERS = (
    TeacherRecipe("natural", 0.6, 0, ("small", "medium")),
    TeacherRecipe("exact", 0.0, MIDDLE_FRAME, ("small", "medium", "large")),
    TeacherRecipe("lively", 0.25, MIDDLE_FRAME, ("medium", "large", "large")),
)


def loop_words(sticker: Sticker) -> str:
    """The caption of a loop; some call their subject "it", as a person does who sees the still."""
    assert sticker.motion is not None
    rng = random.Random(sticker.seed)
    who = "it" if rng.random() < _NAMELESS_SHARE else phrase_of(sticker)
    act = rng.choice(sticker.motion.words)
    return f"FPS-{RATE_FPS}, {sticker.motion_size} motion, {who} {act}"


def drawn_loop(seed: str, index: int, recipe: TeacherRecipe) -> Drawn:
    """A loop of the grammar for a teacher."""
    rng = random.Random(f"{seed}/{index}")
    sticker = sample_sticker(rng, moving=True)
    while sticker.motion_size not in recipe.sizes:
        sticker = sample_sticker(rng, moving=True)
    return Drawn(loop(sticker), loop_words(sticker), recipe.shown_frame)


@dataclass(frozen=True, slots=True)
class LoopFacts:
    """What can be measured of a loop, beside the still that it was made from.

    `motion` in levels of 255 between neighbouring frames; `fidelity_db` of the frame that looks
    most like the still; `closure` the step from the last frame back to the first, relative to the
    other steps: 1 is a loop without a seam.
    """

    motion: float
    fidelity_db: float
    closure: float


def loop_facts(frames: NDArray[np.uint8], still: NDArray[np.uint8]) -> LoopFacts:
    """Measure RGB frames (8, S, S, 3) over the matte against their still (S, S, 3)."""
    values = frames.astype(np.float32)
    errors = np.square(values - still.astype(np.float32)).mean(axis=(1, 2, 3))
    steps = np.abs(np.diff(values, axis=0)).mean(axis=(1, 2, 3))
    back = float(np.abs(values[-1] - values[0]).mean())
    return LoopFacts(
        motion=motion_size(frames),
        fidelity_db=float(10 * np.log10(255.0**2 / max(float(errors.min()), 1e-6))),
        closure=back / max(float(steps.mean()), 0.05),
    )


def loop_fault(facts: LoopFacts, asked: Sticker) -> tuple[bool, Reason]:
    """Whether the automatic judge keeps a loop, and what is wrong if it does not.

    It must move when asked to, look like its still at some time, and close.
    """
    assert asked.motion is not None
    moves = facts.motion < 1.5 if asked.motion.id == "stand" else facts.motion > 0.8
    closes = facts.closure < 1.8 and facts.fidelity_db > 20.0
    return moves and closes, Reason.UGLY if moves else Reason.NO_MOTION


def mean_facts(facts: list[LoopFacts]) -> str:
    """The mean of what was measured of loops, in words."""
    motion, fidelity, closure = (
        float(np.mean([getattr(fact, name) for fact in facts]))
        for name in ("motion", "fidelity_db", "closure")
    )
    return f"motion {motion:.2f} levels, fidelity {fidelity:.1f} dB, closure {closure:.2f}"


def put_out_loops(
    loops: NDArray[np.uint8], captions: list[str], seeds: list[int], folder: Path, source: str
) -> None:
    """Lay loops (N, F, S, S, 3) out for the rating screen, an animated WebP each."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for index, frames in enumerate(loops):
        name = name_of(source, index)
        first, *rest = [Image.fromarray(frame) for frame in frames]
        first.save(folder / f"{name}.webp", save_all=True, append_images=rest, duration=125, loop=0)
        rows.append(
            Candidate(
                id=name,
                file=f"{name}.webp",
                prompt=captions[index],
                source=source,
                seed=seeds[index],
            )
        )
    write_candidates(folder, rows)


def animation_prompts(count: int) -> list[Sticker]:
    """What every teacher is asked: each motion as often, on stickers that were not trained so."""
    rng = random.Random("animation")
    asked = []
    while len(asked) < count:
        sticker = sample_sticker(rng, moving=True)
        if sticker.motion is MOTIONS[len(asked) % len(MOTIONS)]:
            asked.append(sticker)
    return asked


def mixed(shards: list[tuple[float, StickerShard]], count: int) -> StickerShard:
    """`count` samples drawn from shards by their shares."""
    shares = [share for share, _ in shards]
    counts = torch.multinomial(torch.tensor(shares), count, replacement=True).bincount(
        minlength=len(shards)
    )
    return joined(
        [
            shard.select(torch.randint(0, len(shard), (int(number),)))
            for number, (_, shard) in zip(counts, shards, strict=True)
            if number
        ]
    )


@dataclass(frozen=True, slots=True)
class Loops:
    """What a stage learns from: `count` loops a step, drawn from shards by their shares.

    `null` is the empty prompt, which stands in where a caption is dropped or guidance needs none.
    """

    shards: list[tuple[float, StickerShard]]
    null: TextFeatures
    device: torch.device
    count: int

    def example(self, times: Tensor, *, drop: bool) -> Example:
        """Loops noised to their times (count,), some without their conditions if `drop`."""
        return example(mixed(self.shards, self.count), times, self.null, self.device, drop=drop)

    def times(self) -> Tensor:
        """Times (count,) of all kinds."""
        return logit_normal_times(self.count, mean=TIME_MEAN)


def loop_stage(name: str, minutes: float, loops: Loops, rate: float) -> Stage:
    """A finetune by flow matching."""

    def loss(model: VideoTransformer, _spent: float) -> Tensor:
        return flow_loss(model, loops.example(loops.times(), drop=True))

    return Stage(name, minutes, loss, rate)


def guidance_stage(
    name: str,
    minutes: float,
    teacher: VideoTransformer,
    loops: Loops,
    guidance: Guidance,
    rate: float,
) -> Stage:
    """One forward learns what the teacher's guided ones say."""

    def loss(model: VideoTransformer, _spent: float) -> Tensor:
        sample = loops.example(loops.times(), drop=False)
        return guidance_loss(model, teacher, sample, loops.null, guidance.text, guidance.still)

    return Stage(name, minutes, loss, rate)


def step_stage(
    name: str, minutes: float, teacher: VideoTransformer, loops: Loops, rate: float
) -> Stage:
    """A step of the student's schedule learns where two of the teacher's lead."""
    times = torch.tensor(linear_quadratic(STUDENT_STEPS, EMULATED_STEPS))

    def loss(model: VideoTransformer, _spent: float) -> Tensor:
        index = torch.randint(0, STUDENT_STEPS, (loops.count,))
        starts, ends = times[index].to(loops.device), times[index + 1].to(loops.device)
        sample = loops.example(starts, drop=False)
        return step_loss(model, teacher, sample, starts, ends)

    return Stage(name, minutes, loss, rate)


def student_of(teacher: VideoTransformer) -> VideoTransformer:
    """A model with the teacher's first, last and every other block, and all else of it."""
    small = VideoTransformer.from_config({**teacher.config, "layers": len(STUDENT_BLOCKS)})
    weights = {
        name: value
        for name, value in teacher.state_dict().items()
        if not name.startswith("blocks.")
    }
    for place, block in enumerate(STUDENT_BLOCKS):
        for name, value in teacher.blocks[block].state_dict().items():
            weights[f"blocks.{place}.{name}"] = value
    small.load_state_dict(weights)
    return small.to(teacher.device)
