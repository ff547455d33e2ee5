"""The store of edited scenes: rendered by worker processes, encoded and kept on the device.

A GPU's machine renders it anew in seconds; on a processor it is kept for a run that goes on.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.transformer import TextFeatures
from engine.planning.edit_words import GENERATE, TASKS
from engine.training.draws import Draws
from engine.training.edit_grammar import has_way_back, instruction, sample_edits
from engine.training.edit_scenes import animated, render_edits
from engine.training.grammar import SUBJECTS, caption, sample_scene
from engine.training.latents import SIZES, TEXT_TOKENS, Encode, pad_text, scene_loader
from engine.training.precision import mixed_precision
from engine.training.stickers import sticker

EDITS_A_SCENE = 5
_ASPECTS = ("16:9",)
_STATIC_SHARE = 0.5
_TEXTS_AT_ONCE = 512
_FRAMES_AT_ONCE = 144
_ENOUGH_SCENES = 1_000_000
NO_SOURCE = -1
"""In place of a source's index: the black film of plain generation."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Scenes of one length; those of `animated_share` are stills that are set in motion."""

    name: str
    frames: int
    animated_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One scene and its edits, `frames` (V, 3, F, H, W) uint8, and what leads from one to another.

    A pair is (source version, target version, task, instruction, instruction back or "").
    """

    frames: Tensor
    pairs: list[tuple[int, int, str, str, str]]


@dataclass(frozen=True, slots=True)
class Store:
    """Films of one length and the pairs of them, on one device.

    `latents` (N, C, T, H, W) float16; `black` (C, T, H, W) those of a black film; `pairs` (P, 5)
    are source, target, task, text, and text of the way back or -1; the texts' features are
    `states` (M, L, D), `mask` (M, L) and `pooled` (M, D), the first of the empty instruction.
    """

    latents: Tensor
    black: Tensor
    pairs: Tensor
    states: Tensor
    mask: Tensor
    pooled: Tensor

    def text(self, indices: Tensor) -> TextFeatures:
        """Features of the texts (B,)."""
        states, pooled = self.states[indices].float(), self.pooled[indices].float()
        return TextFeatures((states,), self.mask[indices], pooled)

    def films(self, indices: Tensor) -> Tensor:
        """Latents (B, C, T, H, W) float32; black where the index is NO_SOURCE."""
        found = self.latents[indices.clamp_min(0)].float()
        return torch.where((indices == NO_SOURCE).view(-1, 1, 1, 1, 1), self.black.float(), found)


def save_store(store: Store, path: Path) -> None:
    """Keep a store in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file({f.name: getattr(store, f.name).contiguous() for f in fields(store)}, partial)
    partial.replace(path)


def load_store(path: Path) -> Store:
    """A store from its file."""
    return Store(**load_file(path))


class Scenes:
    """Draws edited scenes of a kind by index."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def __call__(self, seed: str, index: int) -> Drawn:
        """One scene, a few edits of it and their instructions."""
        rng = random.Random(f"edit/{seed}/{self.kind.name}/{index}")
        scene, (width, height) = sample_scene(rng), SIZES[rng.choice(_ASPECTS)]
        edits = sample_edits(scene, EDITS_A_SCENE, rng)
        if rng.random() < self.kind.animated_share:
            stills = render_edits(scene, edits, width, height, 1)[:, 0]
            films = animated(stills, self.kind.frames, rng)
        else:
            films = render_edits(scene, edits, width, height, self.kind.frames)
        pairs = [
            (
                0,
                version,
                edit.task,
                instruction(scene, edit, rng),
                instruction(scene, edit, rng, back=True) if has_way_back(edit) else "",
            )
            for version, edit in enumerate(edits, start=1)
        ]
        words = caption(scene, still=self.kind.frames == 1)
        pairs.append((NO_SOURCE, 0, GENERATE, words, ""))
        return Drawn(torch.from_numpy(films).permute(0, 4, 1, 2, 3), pairs)


class StoreMaker:
    """Renders and encodes for as long as it is given."""

    def __init__(self, autoencoder: TemporalAutoencoder, encode: Encode, seed: str) -> None:
        self.autoencoder, self.encode, self.seed = autoencoder, encode, seed
        self.device = autoencoder.device
        for subject in SUBJECTS:
            sticker(subject.label)  # read once, before the workers are forked

    @torch.inference_mode()
    def make(self, kind: Kind, seconds: float, least: int = 8) -> Store:
        """What can be rendered in `seconds`, of `least` scenes at least."""
        loader = scene_loader(Draws(_ENOUGH_SCENES, self.seed, Scenes(kind)), batch_size=None)
        films: list[Tensor] = []
        waiting: list[Tensor] = []
        pairs: list[tuple[int, int, int, int, int]] = []
        texts: dict[str, int] = {"": 0}
        ends_s = time.monotonic() + seconds
        for index, drawn in enumerate(loader):
            first = index * len(drawn.frames)
            for source, target, task, words, back in drawn.pairs:
                given = source if source == NO_SOURCE else first + source
                said = texts.setdefault(words, len(texts))
                returned = texts.setdefault(back, len(texts)) if back else -1
                pairs.append((given, first + target, TASKS.index(task), said, returned))
            waiting.append(drawn.frames)
            over = time.monotonic() >= ends_s and index + 1 >= least
            if over or len(waiting) * drawn.frames[:, 0].shape[:2].numel() >= _FRAMES_AT_ONCE:
                films.append(self._encoded(torch.cat(waiting)))
                waiting.clear()
            if over:
                break
        blank = torch.zeros(1, *drawn.frames.shape[1:], dtype=torch.uint8)
        black = self._encoded(blank)[0]
        table = torch.tensor(pairs, device=self.device)
        return Store(torch.cat(films), black, table, *self._features(list(texts)))

    def _encoded(self, frames: Tensor) -> Tensor:
        """Latents (V, C, T, H, W) float16 of films (V, 3, F, H, W) uint8."""
        pixels = frames.to(self.device).float() / 127.5 - 1.0
        with mixed_precision(self.device):
            return self.autoencoder.encode(pixels).half()

    def _features(self, texts: list[str]) -> tuple[Tensor, Tensor, Tensor]:
        parts = [
            self.encode(texts[start : start + _TEXTS_AT_ONCE])
            for start in range(0, len(texts), _TEXTS_AT_ONCE)
        ]
        states = torch.cat([pad_text(part.states[0], TEXT_TOKENS).half() for part in parts])
        mask = torch.cat([pad_text(part.mask, TEXT_TOKENS) for part in parts])
        pooled = torch.cat([part.pooled.half() for part in parts if part.pooled is not None])
        return states.to(self.device), mask.to(self.device), pooled.to(self.device)
