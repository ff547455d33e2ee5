"""The store of edited scenes: rendered by worker processes, encoded and kept on the device.

A GPU's machine renders it anew in seconds; on a processor it is kept for a run that goes on.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, fields
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.edit_regions import (
    TONED,
    Masks,
    flat_latents,
    latent_region,
    region_of,
)
from engine.models.moviegen.transformer import TextFeatures
from engine.planning.edit_reading import read_instruction
from engine.planning.edit_telling import told_words
from engine.planning.edit_words import COLOURS, GENERATE, TASKS
from engine.training.draws import Draws
from engine.training.edit_grammar import Edit, has_way_back, instruction, sample_edits
from engine.training.edit_scenes import TONES, Rendered, animated, render_edits
from engine.training.grammar import SUBJECTS, Scene, caption, sample_scene
from engine.training.latents import SIZES, TEXT_TOKENS, Encode, pad_text, scene_loader
from engine.training.precision import mixed_precision
from engine.training.stickers import sticker

EDITS_A_SCENE = 5
_ASPECTS = ("16:9",)
_STATIC_SHARE = 0.5
_ROUGH = -2, 4
"""By how many pixels a matte may be wider than it is."""
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
class Pair:
    """From one version of a scene to another: the task, what is told of it and of the way back or

    "", the colour it names or "", and the `region` (1, T, H, W) of latents that it is about.
    """

    source: int
    target: int
    task: str
    words: str
    back: str
    colour: str
    region: Tensor


@dataclass(frozen=True, slots=True)
class Drawn:
    """One scene and its edits, `frames` (V, 3, F, H, W) uint8, and the pairs of them."""

    frames: Tensor
    pairs: list[Pair]


@dataclass(frozen=True, slots=True)
class Store:
    """Films of one length and the pairs of them, on one device.

    `latents` (N, C, T, H, W) float16; `black` (C, T, H, W) those of a black film; `pairs` (P, 7)
    are source, target, task, text, text of the way back or -1, colour or 0, and the number of the
    pair, whose region is in `regions` (P, 1, T, H, W); `tones` (1 + K, C) are latents of nothing,
    which are zero, and of each colour; the texts' features are `states` (M, L, D), `mask` (M, L)
    and `pooled` (M, D), the first of the empty instruction.
    """

    latents: Tensor
    black: Tensor
    pairs: Tensor
    regions: Tensor
    tones: Tensor
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

    def hints(self, colours: Tensor) -> Tensor:
        """Latents (B, C, 1, 1, 1) of the colours (B,) that are named."""
        return self.tones[colours].float()[:, :, None, None, None]


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
        scene, size = sample_scene(rng), SIZES[rng.choice(_ASPECTS)]
        edits = sample_edits(scene, EDITS_A_SCENE, rng)
        if rng.random() < self.kind.animated_share:
            films = _set_in_motion(render_edits(scene, edits, *size, 1), self.kind.frames, rng)
        else:
            films = render_edits(scene, edits, *size, self.kind.frames)
        mattes = roughened(films.mattes, rng)
        pairs = [
            _pair(scene, edit, version, mattes, rng) for version, edit in enumerate(edits, start=1)
        ]
        words = caption(scene, still=self.kind.frames == 1)
        everywhere = latent_region(np.ones_like(mattes))
        pairs.append(Pair(NO_SOURCE, 0, GENERATE, words, "", "", everywhere))
        return Drawn(torch.from_numpy(films.frames).permute(0, 4, 1, 2, 3), pairs)


def roughened(mattes: NDArray[np.uint8], rng: random.Random) -> Masks:
    """Mattes (F, H, W) in [0, 1] from levels, a little wider or narrower than they are: whoever

    looks for them in a film does not find them to the pixel.
    """
    reach = rng.randint(*_ROUGH)
    kernel = np.ones((2 * abs(reach) + 1,) * 2, np.uint8)
    change = cv2.dilate if reach > 0 else cv2.erode
    rough = np.stack([change(matte, kernel) for matte in mattes])
    return rough.astype(np.float32) / np.float32(255.0)


def _set_in_motion(stills: Rendered, frames: int, rng: random.Random) -> Rendered:
    """Stills as films of so many frames, their matte moved with them."""
    matte = np.repeat(stills.mattes[:, :, :, None], 3, axis=3)
    moved = animated(np.concatenate([stills.frames[:, 0], matte]), frames, rng)
    return Rendered(moved[:-1], moved[-1, ..., 0])


def _pair(scene: Scene, edit: Edit, version: int, mattes: Masks, rng: random.Random) -> Pair:
    """From a scene to one of its edits, read and told as an editor's words are."""
    asked = read_instruction(instruction(scene, edit, rng), edit.task)
    return Pair(
        0,
        version,
        edit.task,
        told_words(asked),
        instruction(scene, edit, rng, back=True) if has_way_back(edit) else "",
        edit.detail if edit.task in TONED else "",
        latent_region(region_of(edit.task, edit.side, mattes)),
    )


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
        pairs: list[tuple[int, ...]] = []
        regions: list[Tensor] = []
        texts: dict[str, int] = {"": 0}
        ends_s = time.monotonic() + seconds
        for index, drawn in enumerate(loader):
            first = index * len(drawn.frames)
            for pair in drawn.pairs:
                given = NO_SOURCE if pair.source == NO_SOURCE else first + pair.source
                said = texts.setdefault(pair.words, len(texts))
                back = texts.setdefault(pair.back, len(texts)) if pair.back else -1
                colour = 1 + COLOURS.index(pair.colour) if pair.colour else 0
                task = TASKS.index(pair.task)
                pairs.append((given, first + pair.target, task, said, back, colour, len(pairs)))
                regions.append(pair.region.half())
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
        where = torch.stack(regions).to(self.device)
        tones = flat_latents(self.autoencoder, [TONES[name] for name in COLOURS]).half()
        tones = torch.cat([torch.zeros_like(tones[:1]), tones])
        return Store(torch.cat(films), black, table, where, tones, *self._features(list(texts)))

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
