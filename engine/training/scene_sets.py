"""Which scenes the video transformer learns from: how many of each kind, from disk or in a stream.

Two processor cores would share their time between rendering and training, so there scenes are
rendered, encoded and kept on disk first. A GPU that waited for its processors would idle: there a
thread goes on rendering and encoding while training draws from what there is, on the device.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import Dataset

from engine.training.budget import log_line
from engine.training.latents import (
    LONG_FRAMES,
    SHORT_FRAMES,
    PlateDataset,
    SceneDataset,
    SceneEncoder,
    Shard,
    read_shard,
    room_like,
    scene_loader,
)
from engine.training.packages import DataError


@dataclass(frozen=True, slots=True)
class _Scenes:
    """Scenes of one kind: how many of each aspect, and how many are encoded at a time.

    `length_frames` is the clip's where only its middle is rendered.
    """

    name: str
    counts: Mapping[str, int]
    frames: int
    batch: int
    length_frames: int = 0

    def dataset(self, aspect: str, count: int, seed: int) -> SceneDataset:
        if self.name == "plate":
            return PlateDataset(count, aspect, seed)
        return SceneDataset(count, aspect, self.frames, seed, self.length_frames)


_ON_DISK = (
    _Scenes("plate", {"16:9": 400, "9:16": 60, "1:1": 60}, 1, 20),
    _Scenes("still", {"16:9": 2500, "9:16": 150, "1:1": 150}, 1, 50),
    _Scenes("moment_short", {"16:9": 3000, "9:16": 150, "1:1": 150}, 4, 25, SHORT_FRAMES),
    _Scenes("moment_long", {"16:9": 200}, 4, 25, LONG_FRAMES),
    _Scenes("short", {"16:9": 500, "9:16": 30, "1:1": 30}, SHORT_FRAMES, 10),
    _Scenes("long", {"16:9": 60}, LONG_FRAMES, 5),
)
_STREAMED = (
    _Scenes("plate", {"16:9": 2400, "9:16": 600, "1:1": 600}, 1, 24),
    _Scenes("still", {"16:9": 2400, "9:16": 600, "1:1": 600}, 1, 24),
    _Scenes("short", {"16:9": 10_000, "9:16": 1000, "1:1": 1000}, SHORT_FRAMES, 8),
    _Scenes("long", {"16:9": 2000}, LONG_FRAMES, 4),
)
"""Without moments: they are the middles of these clips."""
_ROUNDS = 10
"""How often the stream goes round its kinds, so that some of each are there soon."""


@dataclass(slots=True)
class SceneSets:
    """Shards by kind: "plate", "still", "moment_short", "moment_long", "short" and "long"."""

    shards: dict[str, list[Shard]] = field(default_factory=dict)
    begun: Event = field(default_factory=Event)
    """Set once there are some of every kind, or none will come any more."""

    def wait(self) -> None:
        """Return once there are some of every kind. Raises: DataError if they cannot be made."""
        self.begun.wait()
        if missing := [scenes.name for scenes in _ON_DISK if not self.of(scenes.name)]:
            raise DataError(f"No scenes could be rendered of these kinds: {', '.join(missing)}.")

    def of(self, kind: str) -> list[Shard]:
        """The shards of a kind; clips stand in for their own moments."""
        return self.shards.get(kind) or self.shards.get(kind.removeprefix("moment_"), [])


def kept_scenes(encoder: SceneEncoder, folder: Path) -> SceneSets:
    """Scenes in `folder`, those rendered and encoded first that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    sets = SceneSets()
    for scenes in _ON_DISK:
        for aspect, count in scenes.counts.items():
            path = folder / f"{scenes.name}-{aspect.replace(':', 'x')}.safetensors"
            encoder.write(path, scenes.dataset(aspect, count, seed=1), scenes.batch)
            sets.shards.setdefault(scenes.name, []).append(read_shard(path))
    sets.begun.set()
    return sets


@contextmanager
def scenes_for(encoder: SceneEncoder, folder: Path, *, streamed: bool) -> Iterator[SceneSets]:
    """Scenes kept in `folder`, or streamed for as long as the block goes on."""
    if not streamed:
        yield kept_scenes(encoder, folder)
        return
    sets, stopped = SceneSets(), Event()
    # Its processes begin here, before training has threads of its own.
    batches = iter(scene_loader(_Stream(), batch_sampler=_in_turns()))
    thread = Thread(target=_add_all, args=(batches, encoder, sets, stopped, folder), daemon=True)
    thread.start()
    try:
        yield sets
    finally:
        stopped.set()
        thread.join()


class _Stream(Dataset[tuple[int, Tensor, str, Tensor]]):
    """All streamed scenes by (kind, aspect, index), with their kind's place in `_STREAMED`."""

    def __getitem__(self, which: tuple[int, str, int]) -> tuple[int, Tensor, str, Tensor]:
        kind, aspect, index = which
        return kind, *_STREAMED[kind].dataset(aspect, _STREAMED[kind].counts[aspect], 2)[index]


def _in_turns() -> list[list[tuple[int, str, int]]]:
    """Batches of one kind and aspect each, all kinds in every round."""
    batches = []
    for number in range(_ROUNDS):
        for kind, scenes in enumerate(_STREAMED):
            for aspect, count in scenes.counts.items():
                here = range(count * number // _ROUNDS, count * (number + 1) // _ROUNDS)
                batches += [
                    [(kind, aspect, index) for index in here[start : start + scenes.batch]]
                    for start in range(0, len(here), scenes.batch)
                ]
    return batches


def _add_all(
    batches: Iterator[Any], encoder: SceneEncoder, sets: SceneSets, stopped: Event, folder: Path
) -> None:
    """Encode every batch into the room for its kind and shape, until all are there or `stopped`."""
    rooms: dict[tuple[int, torch.Size], Shard] = {}
    try:
        for kinds, *batch in batches:
            if stopped.is_set():
                return
            kind, part = int(kinds[0]), encoder.encoded(tuple(batch))
            key = kind, part.latents.shape[1:]
            if key not in rooms:
                rooms[key] = room_like(part, max(_STREAMED[kind].counts.values()))
                sets.shards.setdefault(_STREAMED[kind].name, []).append(rooms[key])
            rooms[key].add(part)
            if kind == len(_STREAMED) - 1:
                sets.begun.set()
        log_line(folder, "all scenes are rendered and encoded")
    except Exception as problem:
        # Training goes on with what there is; without any, whoever waits is told.
        log_line(folder, f"no more scenes: {str(problem).splitlines()[0]}")
    finally:
        sets.begun.set()
