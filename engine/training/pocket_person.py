"""The pocket person model: the video model told by pictures who is to act, in three stages.

Tokens of a vision encoder over cut-outs follow those of the text into the same cross-attention
(papers, B). Identity injection comes first, on stills and with the encoder frozen; then whole
clips; then naturalness, with pictures that are drawn otherwise than the clip and an encoder that
learns too, so that a picture is not copied as it is. Stills and clips are blocked, as the video
model's are. The last part distils guidance, as the video model does.

What ships is the difference from the video model, in low rank.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.abilities.personalize_video import PersonModel
from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.low_rank import add_low_rank, folded, save_updates
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.reference_encoder import TOKENS, ReferenceEncoder, with_references
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.training.batches import Batch, blocked_batch
from engine.training.budget import (
    Average,
    Budget,
    best_device,
    load_checkpoint,
    load_facts,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.contact_sheet import Row
from engine.training.finetune import compile_blocks
from engine.training.identities import CROSS_FROM, VIEWS
from engine.training.latents import SceneEncoder
from engine.training.muon import apply_rates, learn, optimisers
from engine.training.packages import DataError
from engine.training.person_encoder import Views, draw_views, train_encoder
from engine.training.person_evaluation import by_pictures, held_out_cases
from engine.training.person_scenes import TURN, PersonScenes, person_scenes
from engine.training.precision import mixed_precision
from engine.training.sample_grid import SampleGrid
from engine.training.samples import prompt_of
from engine.training.transformer import Teacher, flow_loss, null_text

PICTURES = 3
"""As many are seen at most in training; any number is read."""

_RANK = 48
_DRAWN_CLIPS = 6
_TOKENS_A_LATENT = 144
_ENCODER_SHARE = 0.15
_LONG_FROM, _CROSS_FROM, _GUIDED_FROM = 0.4, 0.65, 0.8
"""Fractions of the budget at which the stages and the distillation of guidance begin."""
_SAVE_EVERY_S = 20.0
_RATE = 0.6
_UNTOLD_SHARE = 0.05
"""How often the pictures are left out, so that without any the model is what it was."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything: turns of scenes at most, tokens a step, the batches of a turn."""

    turns: int
    tokens: int
    turn: tuple[int, ...] = TURN
    compiled: bool = True
    least_minutes: float = 0.1
    """So long it trains at least, however long drawing took."""


_CPU, _GPU = Scale(200, 4320, turn=(0, 0, 3, 0, 3)), Scale(2000, 69_120)
"""A processor has no time for other shapes and long clips."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is drawn at a time: how often each kind of scenes, and which views of who acts."""

    weights: dict[str, float]
    views: tuple[int, int]


_STAGES = (
    Stage({"still": 0.85, "short": 0.15}, (0, CROSS_FROM)),
    Stage({"still": 0.62, "short": 0.3, "long": 0.08}, (0, CROSS_FROM)),
    Stage({"still": 0.66, "short": 0.28, "long": 0.06}, (CROSS_FROM // 2, VIEWS)),
)


class PersonNetworks(nn.Module):
    """What learns: the transformer and, in the last stage, the encoder before it."""

    def __init__(self, transformer: VideoTransformer, encoder: ReferenceEncoder) -> None:
        super().__init__()
        self.transformer, self.encoder = transformer, encoder


def stage_at(spent: float) -> Stage:
    """The stage that a fraction of the budget falls in."""
    return _STAGES[(spent >= _LONG_FROM) + (spent >= _CROSS_FROM)]


def train(
    minutes: float,
    work: Path,
    models: Path,
    device_name: str | None,
    scale: Scale | None = None,
) -> None:
    """Train within `minutes`, rendering included, from the shipped video model, and ship it.

    Raises: DataError, where there is no video model to begin with.
    """
    base, home = models / "pocket-video/transformer", models / "pocket-person"
    if not (base / "config.json").exists():
        raise DataError(f"There is no video model in {base}. Train pocket-video first.")
    device, budget = best_device(device_name), Budget(minutes)
    take_turns(device)
    torch.manual_seed(0)
    text_encoder, tokenizer = load_text_encoder(models / "text-encoder")
    torch.nn.Module.to(text_encoder, device)
    encode = partial(encode_prompts, text_encoder, tokenizer)
    autoencoder = TemporalAutoencoder.from_folder(
        models / "pocket-video/autoencoder", torch.float32
    )
    scene_encoder = SceneEncoder(autoencoder.to(device).eval(), encode)
    size = scale or (_CPU if device.type == "cpu" else _GPU)
    views = draw_views("0", device)
    log_line(work, f"drew {VIEWS} pictures of each of {len(views.pictures)} identities")
    with person_scenes(scene_encoder, size.turns, size.turn) as scenes:
        networks = _begin(base, device, work)
        if not (work / "person.safetensors").exists():
            train_encoder(networks.encoder, views, minutes * _ENCODER_SHARE, work)
        pipeline = MovieGenPipeline(autoencoder, networks.transformer, text_encoder, tokenizer)
        grid = SampleGrid(work, partial(drawn_persons, pipeline))
        trainer = Trainer(networks, views, scenes, _null(null_text(encode)), size, grid)
        trainer.run(Budget(max(minutes * (1.0 - budget.spent), size.least_minutes)))
    ship(networks, base, home)
    log_line(work, f"wrote {home}")


def _begin(base: Path, device: torch.device, work: Path) -> PersonNetworks:
    """The video model with room for pictures and updates of low rank; or as it was left."""
    encoder = ReferenceEncoder()
    video = VideoTransformer.from_folder(base, torch.float32)
    width = encoder.config.token_dim
    model = VideoTransformer.from_config(
        {**video.config, "text_dims": (*video.config.text_dims, width)}
    )
    model.load_state_dict(video.state_dict(), strict=False)
    add_low_rank(model, _RANK, new=f"text_in.{len(video.config.text_dims)}.")
    networks = PersonNetworks(model, encoder)
    if (work / "person.safetensors").exists():
        networks.load_state_dict(load_checkpoint(work / "person.safetensors"))
        log_line(work, "resumed from person.safetensors")
    return networks.to(device)


def _null(text: TextFeatures) -> TextFeatures:
    """The empty prompt and no picture; `text` is the empty prompt alone."""
    width = ReferenceEncoder().config.token_dim
    tokens = text.states[0].new_zeros(1, PICTURES, TOKENS, width)
    there = torch.zeros(1, PICTURES, dtype=torch.bool, device=tokens.device)
    return with_references(text, tokens, there)


class Trainer:
    """One run of all three stages."""

    def __init__(
        self,
        networks: PersonNetworks,
        views: Views,
        scenes: PersonScenes,
        null: TextFeatures,
        scale: Scale,
        grid: SampleGrid,
    ) -> None:
        self.networks, self.views, self.scenes, self.null = networks, views, scenes, null
        self.work, self.grid, self.rng = grid.folder, grid, random.Random()
        self.device = views.pictures.device
        words = null.states[0].shape[1]
        self.silent = TextFeatures(null.states[:1], null.mask[:, :words], null.pooled)
        self.scale = scale
        self.known = self._known_tokens()

    @torch.no_grad()
    def _known_tokens(self) -> Tensor:
        """Every view's tokens from the encoder as it is now, (N, VIEWS, 16, D) float16."""
        encoder = self.networks.encoder
        rows = [encoder(row[:VIEWS].float() / 255.0).half() for row in self.views.pictures]
        return torch.stack(rows)

    def run(self, budget: Budget) -> None:
        """Train until the budget is spent; the networks end with their averaged weights."""
        networks, model = self.networks, self.networks.transformer
        average, both = Average(networks, 0.998), optimisers(networks)
        if self.scale.compiled:
            compile_blocks(model)
        checkpoint, step, smooth = self.work / "person.safetensors", 0, {}
        budget.resume(load_facts(checkpoint)["spent"] if checkpoint.exists() else 0.0)
        teacher, saved_s = None, budget.clock()
        while not budget.over:
            stage = stage_at(budget.spent)
            name, batch = self._draw(stage)
            networks.encoder.requires_grad_(stage is _STAGES[-1])
            if teacher is None and budget.spent >= _GUIDED_FROM:
                teacher = self._teacher(average)
                log_line(self.work, f"step {step}: distilling guidance")
            apply_rates(both, budget.learning_rate(_RATE, step, 30, 0.6))
            loss = flow_loss(model, batch, self.device, teacher)
            learn(networks, loss, both)
            average.update(networks)
            smooth[name] = smooth.get(name, loss.detach()).lerp(loss.detach(), 0.03)
            if step % 50 == 0:
                told = " ".join(f"{kind} {value.item():.4f}" for kind, value in smooth.items())
                log_line(self.work, f"step {step} spent {budget.spent:.3f} {told}")
            if budget.clock() - saved_s > _SAVE_EVERY_S:
                save_checkpoint(checkpoint, average.weights, {"spent": budget.spent})
                saved_s = budget.clock()
            self.grid.look(average.weights, step)
            step += 1
        networks.load_state_dict(average.weights)
        save_checkpoint(checkpoint, average.weights, {"spent": 1.0})
        self.grid.draw(average.weights, "finished")
        log_line(self.work, f"finished after {step} steps")

    def _draw(self, stage: Stage) -> tuple[str, Batch]:
        """A batch of a kind, with pictures of who acts in each sample after its text."""
        there = {name: part for name, part in stage.weights.items() if self.scenes.of(name)}
        name = self.rng.choices(list(there), list(there.values()))[0]
        casts = self.scenes.of(name)
        cast = self.rng.choices(casts, [len(each.shard) for each in casts])[0]
        tokens = cast.shard.latents.shape[2] * _TOKENS_A_LATENT
        count = max(1, self.scale.tokens // tokens)
        batch = blocked_batch(cast.shard, count, self.rng, self.silent)
        who = cast.who[batch.chosen]
        count = len(who)
        which = torch.randint(*stage.views, (count, PICTURES), device=self.device)
        if stage is _STAGES[-1]:
            pictures = self.views.seen(who.repeat_interleave(PICTURES), which.flatten())
            with mixed_precision(self.device):
                tokens = self.networks.encoder(pictures).unflatten(0, (count, PICTURES)).float()
        else:
            tokens = self.known[who[:, None], which].float()
        return name, replace(batch, text=self._told(batch.text, tokens))

    def _told(self, text: TextFeatures, tokens: Tensor) -> TextFeatures:
        """Text and one to three pictures; none where the prompt is empty, and now and then."""
        count = len(tokens)
        seen = torch.randint(1, PICTURES + 1, (count,), device=self.device)
        there = torch.arange(PICTURES, device=self.device)[None] < seen[:, None]
        assert text.pooled is not None
        assert self.silent.pooled is not None
        untold = (text.pooled == self.silent.pooled.to(text.pooled)).all(dim=1)
        untold |= torch.rand(count, device=self.device) < _UNTOLD_SHARE
        return with_references(text, tokens, there & ~untold[:, None])

    def _teacher(self, average: Average) -> Teacher:
        """A frozen model with the averaged weights of now, the low rank folded in."""
        model = _transformer_of(self.networks.transformer.config, average.weights)
        model.requires_grad_(False).eval().to(self.device)
        if self.scale.compiled:
            compile_blocks(model)
        return Teacher(model, self.null)


def _transformer_of(config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> VideoTransformer:
    """The transformer of both networks' weights, its low rank folded in."""
    own = {
        name.removeprefix("transformer."): value
        for name, value in weights.items()
        if name.startswith("transformer.")
    }
    model = VideoTransformer.from_config(config)
    model.load_state_dict(folded(own))
    return model


def drawn_persons(pipeline: MovieGenPipeline, weights: Mapping[str, Tensor]) -> list[Row]:
    """Clips with a few characters that nobody trained with, by networks of these weights."""
    model = _transformer_of(pipeline.transformer.config, weights).eval()
    model.to(pipeline.autoencoder.device)
    encoder = ReferenceEncoder()
    encoder.load_state_dict(
        {k.removeprefix("encoder."): v for k, v in weights.items() if k.startswith("encoder.")}
    )
    person = PersonModel(pipeline.with_transformer(model), encoder.eval().to(model.device))
    with mixed_precision(model.device):
        return [
            Row(prompt_of(case.scene), by_pictures(person, case))
            for case in held_out_cases(_DRAWN_CLIPS)
        ]


def ship(networks: PersonNetworks, base: Path, home: Path) -> None:
    """Write the encoder, and what the transformer learnt on the base, below `home`."""
    save_updates(networks.transformer, base, home / "updates")
    networks.encoder.to("cpu").to_folder(home / "encoder")
