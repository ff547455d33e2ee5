"""The pocket sticker models: from the pocket video transformer to stickers, and to moving ones.

Where stickers ship already, alignment goes on from those: they know more shapes than clips do.

Every stage leaves a checkpoint of its name in the work folder; a run that is gone on with takes the
finished ones from there. Candidates for the sets lie in a folder that the rating screen opens; what
a person chose there counts, and where nobody has, the automatic judge's choices do.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.sampling.flow_matching import logit_normal_times
from engine.training.animated_emoji import animations
from engine.training.animated_emoji import drawn as drawn_emoji
from engine.training.budget import best_device, load_checkpoint, log_line, take_turns
from engine.training.contact_sheet import Row
from engine.training.draws import Draws
from engine.training.finetune import (
    Stage,
    compile_blocks,
    frozen_copy,
    pocket_model,
    run_stage,
)
from engine.training.latents import Encode
from engine.training.packages import DataError
from engine.training.ratings import decide
from engine.training.sticker_animation import (
    GUIDANCE,
    TEACHERS,
    Loops,
    TeacherRecipe,
    animation_prompts,
    drawn_loop,
    guidance_stage,
    loop_facts,
    loop_fault,
    loop_stage,
    loop_words,
    mean_facts,
    put_out_loops,
    step_stage,
    student_of,
)
from engine.training.sticker_grammar import Style, caption, held_out_stickers
from engine.training.sticker_judge import StickerJudge, load_sticker_judge
from engine.training.sticker_latents import (
    StickerShard,
    draw,
    encode_samples,
    read_sticker_shard,
    weak_loop,
    weak_sticker,
    write_shard,
)
from engine.training.sticker_losses import example, flow_loss
from engine.training.sticker_pictures import MIDDLE_FRAME, on_matte
from engine.training.sticker_samples import Guidance, generate, joined, pictures
from engine.training.sticker_tailoring import GUIDANCE as STICKER_GUIDANCE
from engine.training.sticker_tailoring import (
    TIME_MEAN,
    Sets,
    batch_loss,
    expert_pieces,
    fault,
    is_on_style,
    judged,
    make_candidates,
    name_of,
    plain_batch,
    put_out,
    sets_from,
    tailoring_batch,
)
from engine.training.transformer import null_text

_STILLS, _LOOPS, _TEACHER_LOOPS = 5000, 600, 320
_GPU_TIMES = 12
"""How many times as many samples a GPU is given, in all and at each step."""
_CANDIDATES, _ANIMATIONS = 912, 72
_STILL_SHARE = 0.85
_STILL_BATCH, _LOOP_BATCH, _SET_BATCH = 64, 8, 48
_FINE_RATE, _DISTIL_RATE = 0.35, 0.5

_DRAWN, _DRAWN_SEED = 8, 7

_SHARES = {
    "align": 0.42,
    "aligned": 0.03,
    "styled": 0.03,
    "tailored": 0.06,
    "sticker": 0.10,
    "teacher": 0.05,
    "student": 0.07,
    "guided": 0.08,
    "loop": 0.06,
}
"""Shares of the minutes; "teacher" is each teacher's."""


@dataclass(frozen=True, slots=True)
class Studio:
    """What every stage of a run works with."""

    work: Path
    device: torch.device
    autoencoder: TemporalAutoencoder
    encode: Encode
    null: TextFeatures

    @property
    def times(self) -> int:
        """How many times the samples that two processor cores get."""
        return 1 if self.device.type == "cpu" else _GPU_TIMES

    def model(self, name: str) -> VideoTransformer:
        """A model of the base's shape with the weights of a finished stage."""
        model = pocket_model(load_checkpoint(self.work / f"{name}.safetensors")).to(self.device)
        compile_blocks(model)
        return model

    def stills(self, guidance: Guidance, weights: Mapping[str, Tensor]) -> list[Row]:
        """Stickers of a few held-out prompts by a model of these weights, three seeds each."""
        asked = held_out_stickers(_DRAWN, _DRAWN_SEED, Style.DIE_CUT, moving=False)
        words = [caption(sticker) for sticker in asked]
        many, seeds = [each for each in words for _ in range(3)], [*range(3)] * len(words)
        model = pocket_model(weights).to(self.device).eval()
        made = generate(model, many, seeds, self.encode, guidance)
        seen = pictures(self.autoencoder, made.latents)[:, 0].reshape(len(words), 3, 256, 256, 3)
        return [Row(said, three) for said, three in zip(words, seen, strict=True)]

    def loops(self, guidance: Guidance, weights: Mapping[str, Tensor]) -> list[Row]:
        """Loops of a few held-out stickers by a model of these weights."""
        asked = held_out_stickers(_DRAWN, _DRAWN_SEED, Style.DIE_CUT, moving=True)
        words, seeds = [loop_words(sticker) for sticker in asked], [*range(len(asked))]
        drawn = [draw(sticker) for sticker in asked]
        references = encode_samples(drawn, self.autoencoder, self.encode).reference
        model = pocket_model(weights).to(self.device).eval()
        made = generate(model, words, seeds, self.encode, guidance, references)
        seen = pictures(self.autoencoder, made.latents)
        return [Row(said, frames) for said, frames in zip(words, seen, strict=True)]


def train(minutes: float, work: Path, models: Path, device_name: str | None) -> None:
    """Train every stage that is not done yet, and ship the two that a user needs.

    The base transformer, the autoencoder and the sticker judge must be there. Raises: DataError.
    """
    judge = load_sticker_judge(models)
    if judge is None:
        raise DataError("There is no sticker judge; make one with: main.py train sticker-judge")
    if not (models / "pocket-video/autoencoder/config.json").exists():
        raise DataError("There is no autoencoder; make one with: main.py train pocket-video")
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    text_encoder, tokenizer = load_text_encoder(models / "text-encoder")
    torch.nn.Module.to(text_encoder, device)
    encode = partial(encode_prompts, text_encoder, tokenizer)
    autoencoder = TemporalAutoencoder.from_folder(
        models / "pocket-video/autoencoder", torch.float32
    )
    studio = Studio(work, device, autoencoder.eval().to(device), encode, null_text(encode))
    minutes_of = {name: share * minutes for name, share in _SHARES.items()}
    _align(studio, models, minutes_of["align"])
    _tailor(studio, judge, minutes_of)
    ship(studio, "sticker", models / "pocket-video/sticker-transformer")
    _animate(studio, minutes_of)
    ship(studio, "loop", models / "pocket-video/loop-transformer")


def ship(studio: Studio, stage: str, folder: Path) -> None:
    """Write a finished stage's weights packed, with their configuration."""
    studio.model(stage).to_folder(folder)
    log_line(studio.work, f"shipped {stage} to {folder.name}")


def _align(studio: Studio, models: Path, minutes: float) -> None:
    """Domain alignment: the base learns stickers and loops from weak captions."""
    latents = studio.work / "latents"
    kinds = (("still", _STILLS, weak_sticker), ("loop", _LOOPS, weak_loop))
    for kind, count, make in kinds:
        samples = Draws(count * studio.times, f"weak/{kind}", make)
        write_shard(
            latents / f"weak-{kind}.safetensors", samples, studio.autoencoder, studio.encode
        )
    if (studio.work / "align.safetensors").exists():
        return
    stills, loops = (
        read_sticker_shard(latents / f"weak-{kind}.safetensors", studio.device)
        for kind, _, _ in kinds
    )
    starts = (models / f"pocket-video/{name}" for name in ("sticker-transformer", "transformer"))
    start = next((folder for folder in starts if (folder / "config.json").exists()), None)
    if start is None:
        raise DataError("There is no video model to begin with; train pocket-video first.")
    model = VideoTransformer.from_folder(start, torch.float32).to(studio.device)
    log_line(studio.work, f"domain alignment begins from {start.name}")

    def loss(model: VideoTransformer, _spent: float) -> torch.Tensor:
        moving = random.random() >= _STILL_SHARE
        shard, count = (loops, _LOOP_BATCH) if moving else (stills, _STILL_BATCH)
        count *= studio.times
        chosen = torch.randint(0, len(shard), (count,))
        times = logit_normal_times(count, mean=TIME_MEAN)
        sample = example(shard.select(chosen), times, studio.null, studio.device, drop=True)
        return flow_loss(model, sample)

    stage = Stage("align", minutes, loss, draw=partial(studio.stills, STICKER_GUIDANCE))
    run_stage(model, stage, studio.work)


def _tailor(studio: Studio, judge: StickerJudge, minutes: dict[str, float]) -> None:
    """The sets, the sequential baseline, Style Tailoring, and its guidance distilled."""
    if (studio.work / "sticker.safetensors").exists():
        return
    sets = _sets(studio, judge)
    null, device, count = studio.null, studio.device, _SET_BATCH * studio.times
    stages = (
        ("aligned", "align", partial(plain_batch, sets.alignment, count)),
        ("styled", "aligned", partial(plain_batch, sets.style, count)),
        ("tailored", "align", partial(tailoring_batch, sets, count)),
    )
    for name, start, batches in stages:
        loss = batch_loss(batches, null, device)
        guided = partial(studio.stills, STICKER_GUIDANCE)
        stage = Stage(name, minutes[name], loss, _FINE_RATE, guided)
        run_stage(studio.model(start), stage, studio.work)
    tailored = studio.model("tailored")
    both = Loops([(0.5, sets.style), (0.5, sets.alignment)], null, device, count)
    stage = guidance_stage(
        "sticker", minutes["sticker"], frozen_copy(tailored), both, STICKER_GUIDANCE, _DISTIL_RATE
    )
    run_stage(tailored, replace(stage, draw=partial(studio.stills, Guidance())), studio.work)


def _sets(studio: Studio, judge: StickerJudge) -> Sets:
    candidates = make_candidates(
        studio.model("align"), studio.autoencoder, studio.encode, _CANDIDATES
    )
    folder = studio.work / "candidates"
    put_out(candidates, folder, "aligned")
    opinions = judged(candidates, judge)
    kept = decide(folder, {name_of("aligned", i): fault(o) for i, o in enumerate(opinions)})

    def keep(index: int) -> tuple[bool, bool]:
        aligned = name_of("aligned", index) in kept
        return aligned, aligned and is_on_style(candidates.wanted[index], opinions[index])

    sets = sets_from(candidates, keep, expert_pieces(studio.autoencoder, studio.encode))
    log_line(
        studio.work,
        f"of {_CANDIDATES} candidates {len(sets.alignment)} make the alignment set;"
        f" {len(sets.style)} pieces make the style set",
    )
    return sets


def _animate(studio: Studio, minutes: dict[str, float]) -> None:
    """The teachers, what is chosen of theirs, and the student in its three stages."""
    if (studio.work / "loop.safetensors").exists():
        return
    null, device, count = studio.null, studio.device, _LOOP_BATCH * studio.times
    emoji = _emoji_shard(studio)
    grammar = {recipe.name: _teacher_shard(studio, recipe) for recipe in TEACHERS}
    for recipe in TEACHERS:
        shards = [(1 - recipe.emoji_share, grammar[recipe.name])]
        if recipe.emoji_share:
            shards.append((recipe.emoji_share, emoji))
        loops = Loops(shards, null, device, count)
        stage = loop_stage(f"teacher-{recipe.name}", minutes["teacher"], loops, _FINE_RATE)
        stage = replace(stage, draw=partial(studio.loops, GUIDANCE))
        run_stage(studio.model("align"), stage, studio.work)
    chosen = _chosen(studio)
    best = studio.model("teacher-exact")
    student = student_of(best)
    drawn_share = 0.6 if chosen else 1.0
    shards = [(drawn_share, grammar["exact"]), *((1 - drawn_share, shard) for shard in chosen)]
    loops = Loops(shards, null, device, count)
    run_stage(student, loop_stage("student", minutes["student"], loops, 1.0), studio.work)
    guided = guidance_stage(
        "guided", minutes["guided"], frozen_copy(best), loops, GUIDANCE, _DISTIL_RATE
    )
    run_stage(student, guided, studio.work)
    short = step_stage("loop", minutes["loop"], frozen_copy(student), loops, _DISTIL_RATE)
    run_stage(student, replace(short, draw=partial(studio.loops, Guidance())), studio.work)


def _emoji_shard(studio: Studio) -> StickerShard:
    path = studio.work / "latents/emoji-loop.safetensors"
    if not path.exists():
        samples = [drawn_emoji(animation) for animation in animations()]
        write_shard(path, samples, studio.autoencoder, studio.encode)
    return read_sticker_shard(path, studio.device)


def _teacher_shard(studio: Studio, recipe: TeacherRecipe) -> StickerShard:
    path = studio.work / f"latents/teacher-{recipe.name}.safetensors"
    count = _TEACHER_LOOPS * studio.times
    samples = Draws(count, f"teacher/{recipe.name}", partial(drawn_loop, recipe=recipe))
    write_shard(path, samples, studio.autoencoder, studio.encode)
    return read_sticker_shard(path, studio.device)


def _chosen(studio: Studio) -> list[StickerShard]:
    """The teachers' loops that a person or the judge keeps, if any; told teacher by teacher."""
    asked = animation_prompts(_ANIMATIONS)
    stills = [draw(sticker) for sticker in asked]
    shown = [on_matte(sample.frames[MIDDLE_FRAME]) for sample in stills]
    references = encode_samples(stills, studio.autoencoder, studio.encode).reference
    captions = [loop_words(sticker) for sticker in asked]
    kept = []
    for recipe in TEACHERS:
        model = studio.model(f"teacher-{recipe.name}")
        seeds = [sticker.seed for sticker in asked]
        made = generate(model, captions, seeds, studio.encode, GUIDANCE, references)
        seen = pictures(studio.autoencoder, made.latents)
        facts = [loop_facts(frames, rest) for frames, rest in zip(seen, shown, strict=True)]
        folder = studio.work / f"animations-{recipe.name}"
        put_out_loops(seen, captions, seeds, folder, recipe.name)
        faults = (loop_fault(fact, sticker) for fact, sticker in zip(facts, asked, strict=True))
        names = decide(folder, {name_of(recipe.name, i): f for i, f in enumerate(faults)})
        good = [i for i in range(len(asked)) if name_of(recipe.name, i) in names]
        log_line(studio.work, f"teacher {recipe.name}: kept {len(good)}; {mean_facts(facts)}")
        if good:
            kept.append(made.select(torch.tensor(good)))
    if not kept:
        log_line(studio.work, "no loop of a teacher was kept: the student learns from drawn ones")
    return [joined(kept)] if kept else []
