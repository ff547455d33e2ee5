"""The catalogue: what is known of each model before any of it is on this machine.

One TOML file per model under resources/catalogue says what it can do, what it is made of, what
sizes it makes and under which terms. This module reads those files and imports nothing heavy; it
knows neither which models are installed (engine.downloads) nor what they need (engine.planning).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from engine.errors import Internal, UnknownModel
from engine.protocol.models import FrameRules, Licence, ModelCard
from engine.protocol.plans import Precision
from engine.protocol.recipes import Ability

FOLDER_VARIABLE = "WORKPRINT_CATALOGUE"
FOLDER = Path(__file__).resolve().parents[1] / "resources" / "catalogue"

_BYTES_OF = {"fp32": 4, "bf16": 2, "int8": 1}

Number = int | float


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One network of a model: a folder of the checkpoint, and what planning needs to know of it.

    `config` holds the arguments of `class_name` that differ from its defaults. `parameters` counts
    every weight, `block_parameters` those in the repeated blocks' matrices (which can be quantised
    and streamed), `fp32_parameters` those that stay in float32. `stored` is the precision of the
    downloaded files. With `per_token_time` every token has a timestep of its own.

    An autoencoder's decoding is measured, not derived: at its peak it holds `pixel_bytes` of
    float32 for each output pixel and `pixel_frame_bytes` more for each pixel of each frame, and
    it computes `pixel_frame_flops`. So is an enlarger, which works one frame at a time: it holds
    `pixel_bytes` for each output pixel and, for each pixel of the film in one square tile with
    sides of `tile_side`, `pixel_frame_bytes`; it computes `pixel_frame_flops` for each of all.
    """

    name: str
    kind: str
    class_name: str
    stored: Literal["fp32", "bf16", "int8"]
    parameters: int
    block_parameters: int = 0
    fp32_parameters: int = 0
    blocks: int = 0
    per_token_time: bool = False
    pixel_bytes: float = 0.0
    pixel_frame_bytes: float = 0.0
    pixel_frame_flops: float = 0.0
    config: dict[str, Number | bool | str | list[Number | bool]] = {}

    @property
    def stored_bytes(self) -> int:
        """Size of its weights as they are downloaded."""
        return self.parameters * _BYTES_OF[self.stored]

    def number(self, key: str, default: Number = 0) -> int:
        """One of its config's whole numbers."""
        value = self.config.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Internal(f"The catalogue's {self.class_name} has {key} = {value!r}.")
        return int(value)


class Latent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a video becomes tokens: what its autoencoder and its patches divide it by.

    A causal autoencoder codes the first frame by itself: 1 + (frames - 1) / time latent frames,
    where another makes frames / time, rounded up.
    """

    channels: int
    space: int
    time: int
    patch: int
    causal: bool


class KnownFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file whose hash is pinned here; the others' are taken from the hub at download."""

    path: str
    sha256: str
    size_bytes: int


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where weights come from: a hub's repository, a folder of this program, or nowhere.

    `folders` are the parts of the repository that are downloaded, "" being its top.
    """

    kind: Literal["hub", "bundled", "none"]
    repository: str = ""
    revision: str = "main"
    folders: tuple[str, ...] = ()
    folder: str = ""


class Defaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a recipe that leaves a setting open gets."""

    steps: int
    guidance_scale: float
    frames: int
    negative_prompt: str = ""
    guidance_scale_2: float | None = None


class Windows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network makes what is longer than it was trained for: stretches of `frames` frames,

    each sharing `overlap` frames with the one before it.
    """

    frames: int
    overlap: int

    def count(self, frames: int) -> int:
        """How many windows it takes to make so many frames."""
        return 1 + max(0, -(-(frames - self.frames) // (self.frames - self.overlap)))


class Upsampler(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The network that makes a model's clips larger, and the limits it was made for."""

    steps: int
    factor: int
    max_pixels: int
    max_side: int
    max_frames: int
    windows: Windows
    component: Component


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most that a model makes of what an ability of its own asks for."""

    max_frames: int
    max_pixels: int


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model. `runnable` is false for a model that this version can plan but not run.

    Without `windows` a clip is made in one piece; with `keyframe_first` one that begins from text
    alone is made from its middle. With `draws_stills` a clip is pictures that are moved, and costs
    its networks what one frame does. `upsampler` is what `upscale_video` runs in place of the
    transformer. `limits` are those of abilities for which `rules` has others. `subjects` are the
    things it has learnt to draw, where they can be counted; none where anything can be asked for.
    What is `cut_from_art` takes from the art library what that has, and draws what it lacks.
    `options` are what a recipe that is written today says besides; one that does not say them was
    written before, and is followed as it was then. `unverified` names the figures that were not
    checked against the model's own files.
    """

    id: str
    title: str
    family: str
    tier: str
    abilities: tuple[Ability, ...]
    licence: Licence
    rules: FrameRules
    defaults: Defaults
    latent: Latent
    source: Source
    components: tuple[Component, ...]
    precisions: tuple[Precision, ...]
    pipeline: str = ""
    windows: Windows | None = None
    keyframe_first: bool = False
    draws_stills: bool = False
    cut_from_art: bool = False
    options: dict[str, str | int | float | bool] = {}
    upsampler: Upsampler | None = None
    limits: dict[Ability, Limits] = {}
    runnable: bool = True
    files: tuple[KnownFile, ...] = ()
    note: str = ""
    subjects: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @property
    def download_bytes(self) -> int:
        """Size of all weights as they are downloaded."""
        return sum(component.stored_bytes for component in self.components)

    @property
    def is_controlled(self) -> bool:
        """Whether its transformer has blocks that read what is known of a clip (VACE)."""
        return any("vace_layers" in component.config for component in self.components)

    def component(self, kind_prefix: str) -> Component | None:
        """The first component of a kind such as "wan_transformer", or None."""
        return next((c for c in self.components if c.kind.startswith(kind_prefix)), None)

    def doing(self, ability: Ability) -> Entry:
        """The model as it is planned for an ability: within that ability's limits. Larger pictures

        are its upsampler's work, which sees every frame by itself.
        """
        own = self.limits.get(ability)
        if own is not None:
            rules = msgspec.structs.replace(
                self.rules, max_frames=own.max_frames, max_pixels=own.max_pixels
            )
            return msgspec.structs.replace(self, rules=rules)
        upsampler = self.upsampler
        if ability is not Ability.UPSCALE_VIDEO or upsampler is None:
            return self
        others = (c for c in self.components if not c.kind.endswith("transformer"))
        largest = {
            name: _scaled(size, upsampler.factor) for name, size in self.rules.aspects.items()
        }
        return msgspec.structs.replace(
            self,
            components=(*others, upsampler.component),
            defaults=msgspec.structs.replace(self.defaults, steps=upsampler.steps),
            latent=msgspec.structs.replace(self.latent, time=1),
            rules=msgspec.structs.replace(
                self.rules,
                frame_step=1,
                aspects=largest,
                max_pixels=upsampler.max_pixels,
                max_frames=upsampler.max_frames,
            ),
            windows=upsampler.windows,
        )

    @property
    def _draws(self) -> str:
        if self.cut_from_art or not self.subjects:
            return ""
        return f"It has learnt {', '.join(self.subjects)}."

    def card(self, installed: bool, weights_sha256: str = "") -> ModelCard:
        """What the studio sees of it."""
        return ModelCard(
            id=self.id,
            title=self.title,
            family=self.family,
            tier=self.tier,
            abilities=self.abilities,
            licence=self.licence,
            rules=self.rules,
            size_bytes=self.download_bytes,
            installed=installed,
            weights_sha256=weights_sha256,
            note=" ".join(filter(None, (self.note, self._draws))),
            runnable=self.runnable,
            options=self.options,
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models, in the order in which people should see them."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def entry(self, model_id: str) -> Entry:
        """The model of that id.

        Raises: UnknownModel, naming the nearest id.
        """
        known = {entry.id: entry for entry in self.entries}
        if model_id in known:
            return known[model_id]
        near = get_close_matches(model_id.lower(), known, n=1, cutoff=0.4)
        hint = f"Did you mean {near[0]}?" if near else f"Choose from {', '.join(known)}."
        raise UnknownModel(f'There is no model called "{model_id}".', hint)

    def serving(self, ability: Ability) -> tuple[Entry, ...]:
        """The models that can do `ability` in this version."""
        return tuple(e for e in self.entries if ability in e.abilities and e.runnable)


def _scaled(size: tuple[int, int], factor: int) -> tuple[int, int]:
    return size[0] * factor, size[1] * factor


_TIERS = ("draft", "local", "server")


def read_entry(path: Path) -> Entry:
    """One catalogue file as an Entry.

    Raises: Internal, naming the file and the line of thought that failed.
    """
    try:
        entry = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Entry)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise Internal(
            f"The catalogue file {path} cannot be used: {problem}.",
            "Restore it from a fresh copy of the program.",
        ) from problem
    if entry.id != path.stem:
        raise Internal(f"The catalogue file {path} describes {entry.id}.", "Name them alike.")
    return entry


def load_catalogue() -> Catalogue:
    """The models this program knows, and those of the folder that WORKPRINT_CATALOGUE names.

    Raises: Internal, for a file that cannot be used.
    """
    own = os.environ.get(FOLDER_VARIABLE)
    return read_catalogue(*(FOLDER, Path(own)) if own else (FOLDER,))


def _rank(entry: Entry) -> tuple[int, bool, int, str]:
    return _TIERS.index(entry.tier), not entry.draws_stills, entry.download_bytes, entry.id


@cache
def read_catalogue(*folders: Path) -> Catalogue:
    """Read every model's file: drafts first, of them those that draw stills, then by size.

    Raises: Internal, for a file that cannot be used.
    """
    entries = [read_entry(path) for folder in folders for path in folder.glob("*.toml")]
    entries.sort(key=_rank)
    return Catalogue(tuple(entries))
