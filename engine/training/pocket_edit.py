"""Train the pocket editor: the pocket video transformer learns to edit by instruction.

Three stages share one budget, after the paper (papers, C): single frames, as films of one frame;
films, among them stills set in motion and generative segmentation; then backtranslation, where
what the model made is led back to the film that was there before. A share of the time goes to
rendering first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.configs import POCKET_EDITOR
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.models.moviegen.transformer import VideoTransformer
from engine.planning.edit_words import TASKS
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
from engine.training.edit_latents import Kind, Store, StoreMaker, load_store, save_store
from engine.training.edit_losses import (
    MadeEdits,
    back_example,
    edit_loss,
    first_of_each,
    made_edits,
    made_of,
    pair_example,
)
from engine.training.muon import apply_rates, learn, optimisers
from engine.training.packages import DataError
from engine.training.sample_grid import SampleGrid
from engine.training.sticker_samples import pictures

FOLDER = "pocket-video/edit-transformer"
_RENDER_SHARE = 0.17
_CPU_KINDS = (
    (0.6, Kind("still", 1)),
    (0.4, Kind("short", 12, animated_share=0.15)),
)
_GPU_KINDS = (*_CPU_KINDS, (0.5, Kind("long", 24)))
"""Shares of the time for rendering; a processor has none for long films."""
_STAGE_TWO, _STAGE_THREE = 0.2, 0.75
_BACK_SHARE = 0.35
_STILLS_ALONE = 0.7
_CPU_TOKENS, _GPU_TOKENS = 1152, 69_120
"""Tokens a step. In the little time that a processor has, more steps beat larger ones."""
_TOKENS_A_FRAME = 144
_GPU_EDITS_MADE = 640
"""Edits of the model's own that the third stage leads back; a processor has no time for it, since

each costs as much as ten steps, and true pairs teach the same.
"""
_NEW_RATE, _KNOWN_RATE, _WARM_STEPS = 1.5e-3, 5e-4, 10
"""Peaks of AdamW for what an editor has that its base has not, and for all else."""
_SAVE_EVERY_S = 60.0
_LOG_EVERY = 10
_CHECKPOINT = "editor.safetensors"


@dataclass(frozen=True, slots=True)
class _Data:
    """What there is to learn from."""

    stores: dict[str, Store]
    tokens: int
    edits_made: int

    @property
    def kinds(self) -> set[str]:
        """The kinds of batch that can be drawn."""
        return {*self.stores, "back"} if self.edits_made else {*self.stores}

    def count(self, kind: str) -> int:
        frames = self.stores[kind].latents.shape[2]
        return max(1, self.tokens // (_TOKENS_A_FRAME * frames))


def stage_weights(spent: float, kinds: Collection[str]) -> dict[str, float]:
    """How often each of some kinds of batch is drawn, the fraction of the training being spent.

    Without a way back to learn single frames come first for longer: they are what is cheap.
    """
    if "back" not in kinds:
        return {"still": 1.0} if spent < _STILLS_ALONE else {"still": 0.5, "short": 0.5}
    if spent < _STAGE_TWO:
        return {"still": 1.0}
    if spent < _STAGE_THREE:
        return {"still": 0.2, "short": 0.6, "long": 0.2}
    return {"still": 0.1, "short": 0.35, "long": 0.55 - _BACK_SHARE, "back": _BACK_SHARE}


def train(minutes: float, work: Path, models: Path, device_name: str | None) -> None:
    """Render, train for what is left of the minutes, and ship the editor.

    The editor that ships is trained on; else the base transformer is what it begins with.

    Raises:
        DataError: the base models are not there.
    """
    budget = Budget(minutes)
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    model = _begin(work, models).to(device)
    autoencoder = TemporalAutoencoder.from_folder(
        models / "pocket-video/autoencoder", torch.float32
    )
    autoencoder.eval().to(device)
    data = _render(models, autoencoder, 60 * minutes * _RENDER_SHARE, work)
    rest = Budget(max(minutes * (1 - budget.spent), 0.01))
    if (work / _CHECKPOINT).exists():
        rest.resume(load_facts(work / _CHECKPOINT).get("spent", 0.0))
    grid = SampleGrid(work, partial(drawn_edits, data.stores["still"], autoencoder))
    average = _learn(model, data, rest, work, grid)
    model.load_state_dict(average.weights)
    model.to_folder(models / FOLDER)
    log_line(work, f"shipped to {FOLDER}")


def widened(base: VideoTransformer) -> VideoTransformer:
    """An editor with the weights of a model that generates; what is new starts as it is made."""
    editor = VideoTransformer(**POCKET_EDITOR)
    editor.load_state_dict(base.state_dict(), strict=False)
    return editor


def _begin(work: Path, models: Path) -> VideoTransformer:
    checkpoint, shipped = work / _CHECKPOINT, models / FOLDER
    if checkpoint.exists():
        model = VideoTransformer(**POCKET_EDITOR)
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint.name}")
        return model
    if (shipped / "config.json").exists():
        log_line(work, f"training on from {shipped}")
        return VideoTransformer.from_folder(shipped, torch.float32)
    base = models / "pocket-video/transformer"
    if not (base / "config.json").exists():
        raise DataError("There is no video model to begin with; train pocket-video first.")
    return widened(VideoTransformer.from_folder(base, torch.float32))


def _render(models: Path, autoencoder: TemporalAutoencoder, seconds: float, work: Path) -> _Data:
    device = autoencoder.device
    encoder, tokenizer = load_text_encoder(models / "text-encoder")
    nn.Module.to(encoder, device)  # transformers' own `to` does not say what it takes
    encode = partial(encode_prompts, encoder, tokenizer)
    seed = str(random.getrandbits(31))
    maker = StoreMaker(autoencoder, encode, seed)
    stores: dict[str, Store] = {}
    for share, kind in _CPU_KINDS if device.type == "cpu" else _GPU_KINDS:
        kept = work / "latents" / f"{kind.name}.safetensors"
        if kept.exists():
            stores[kind.name] = load_store(kept)
            continue
        store = stores[kind.name] = maker.make(kind, share * seconds)
        if device.type == "cpu":
            save_store(store, kept)
        films, texts = len(store.latents), len(store.states)
        log_line(work, f"rendered {kind.name}: {films} films, {texts} instructions")
    if device.type == "cpu":
        return _Data(stores, _CPU_TOKENS, 0)
    return _Data(stores, _GPU_TOKENS, _GPU_EDITS_MADE)


def _optimisers(model: VideoTransformer) -> tuple[torch.optim.Optimizer, ...]:
    """On a GPU those of every transformer; a processor would spend half of each step in Muon."""
    if model.device.type != "cpu":
        return optimisers(model)
    new, known = [], []
    for name, parameter in model.named_parameters():
        (new if name.startswith(("source_in", "task_in")) else known).append(parameter)
    adamw = torch.optim.AdamW(
        [{"params": new, "peak": _NEW_RATE}, {"params": known, "peak": _KNOWN_RATE}],
        betas=(0.9, 0.95),
        weight_decay=0.0,
        fused=True,
    )
    return (adamw,)


def _learn(
    model: VideoTransformer, data: _Data, budget: Budget, work: Path, grid: SampleGrid
) -> Average:
    """Train through the three stages, and return the averaged weights."""
    average, all_of = Average(model, 0.998), _optimisers(model)
    rng, step, saved_s = random.Random(), 0, time.monotonic()
    smooth: dict[str, Tensor] = {}
    edits: MadeEdits | None = None
    while not budget.over:
        weights = stage_weights(budget.spent, data.kinds)
        kind = rng.choices(list(weights), list(weights.values()))[0]
        if edits is None and weights.get("back"):
            edits = made_edits(model, data.stores["short"], data.edits_made, data.count("short"))
            log_line(work, f"step {step}: {len(edits.made)} edits of the model's own kept")
        if kind == "back" and edits is not None and len(edits.made):
            example = back_example(data.stores["short"], edits, data.count("short"))
        else:
            kind = "short" if kind == "back" else kind
            example = pair_example(data.stores[kind], data.count(kind))
        apply_rates(all_of, budget.learning_rate(1.0, step, _WARM_STEPS, 0.5))
        loss = edit_loss(model, example)
        learn(model, loss, all_of)
        average.update(model)
        smooth[kind] = smooth.get(kind, loss.detach()).lerp(loss.detach(), 0.05)
        if step % _LOG_EVERY == 0:
            losses = " ".join(f"{name} {value.item():.4f}" for name, value in smooth.items())
            log_line(work, f"step {step} spent {budget.spent:.3f} {losses}")
        if time.monotonic() - saved_s > _SAVE_EVERY_S:
            _save(work, average, step, budget)
            saved_s = time.monotonic()
        grid.look(average.weights, step)
        step += 1
    _save(work, average, step, budget)
    grid.draw(average.weights, "finished")
    log_line(work, f"finished after {step} steps")
    return average


def drawn_edits(
    store: Store, autoencoder: TemporalAutoencoder, weights: Mapping[str, Tensor]
) -> list[Row]:
    """One edit of each task by an editor of these weights: before, edited, and as it should be."""
    model = VideoTransformer(**POCKET_EDITOR).to(autoencoder.device).eval()
    model.load_state_dict(weights)
    asked = first_of_each(store)
    noise = torch.randn(asked.source.shape, generator=torch.Generator().manual_seed(1))
    made = made_of(model, asked, noise.to(asked.source))
    shown = torch.stack([asked.source, made, asked.target], dim=2).flatten(2, 3)
    frames = pictures(autoencoder, shown)
    return [Row(TASKS[task], film) for task, film in zip(asked.task.tolist(), frames, strict=True)]


def _save(work: Path, average: Average, step: int, budget: Budget) -> None:
    facts = {"step": float(step), "spent": budget.spent}
    save_checkpoint(work / _CHECKPOINT, average.weights, facts)
