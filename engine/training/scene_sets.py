"""Which scenes the video transformer learns from: how many of each kind, from disk or in a stream.

On a processor scenes are rendered, encoded and kept on disk first, since a run that goes on wants
them again; more come while it trains, so that a long run does not learn a few by heart. A GPU that
waited for its processors would idle: there all of them stream, and training draws from what there
is, on the device.
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

from engine.training.blocked_scenes import BlockedDataset
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
class Scenes:
    """Scenes of one kind: how many of each aspect, and how many are encoded at a time."""

    name: str
    counts: Mapping[str, int]
    frames: int
    batch: int

    def dataset(self, aspect: str, count: int, seed: int) -> SceneDataset:
        if self.name == "plate":
            return PlateDataset(count, aspect, seed)
        return BlockedDataset(count, aspect, self.frames, seed)


ON_DISK = (
    Scenes("plate", {"16:9": 160, "9:16": 40, "1:1": 40}, 1, 20),
    Scenes("still", {"16:9": 1500, "9:16": 150, "1:1": 150}, 1, 50),
    Scenes("short", {"16:9": 150, "9:16": 20, "1:1": 20}, SHORT_FRAMES, 5),
    Scenes("long", {"16:9": 16}, LONG_FRAMES, 4),
)
_ADDED = (
    Scenes("still", {"16:9": 9000}, 1, 25),
    Scenes("short", {"16:9": 1800}, SHORT_FRAMES, 5),
    Scenes("long", {"16:9": 60}, LONG_FRAMES, 2),
)
_STREAMED = (
    Scenes("plate", {"16:9": 2400, "9:16": 600, "1:1": 600}, 1, 24),
    Scenes("still", {"16:9": 2400, "9:16": 600, "1:1": 600}, 1, 24),
    Scenes("short", {"16:9": 10_000, "9:16": 1000, "1:1": 1000}, SHORT_FRAMES, 8),
    Scenes("long", {"16:9": 2000}, LONG_FRAMES, 4),
)
"""Moments are the middles of these clips. All but plates are blocked."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What is streamed: every kind, and in how many rounds, so that some of each are there soon."""

    kinds: tuple[Scenes, ...] = _STREAMED
    rounds: int = 10

    def in_turns(self) -> list[list[tuple[int, str, int]]]:
        """Batches of (kind, aspect, index), each of one kind and aspect."""
        batches = []
        for number in range(self.rounds):
            for kind, scenes in enumerate(self.kinds):
                for aspect, count in scenes.counts.items():
                    first, end = (count * edge // self.rounds for edge in (number, number + 1))
                    here = [(kind, aspect, index) for index in range(first, end)]
                    batches += [
                        here[start : start + scenes.batch]
                        for start in range(0, len(here), scenes.batch)
                    ]
        return batches


@dataclass(slots=True)
class SceneSets:
    """Shards by kind: "plate", "still", "short" and "long"; clips have moments."""

    shards: dict[str, list[Shard]] = field(default_factory=dict)
    begun: Event = field(default_factory=Event)
    """Set once there are some of every kind, or none will come any more."""

    def wait(self) -> None:
        """Return once there are some of every kind. Raises: DataError if they cannot be made."""
        self.begun.wait()
        if missing := [scenes.name for scenes in ON_DISK if not self.of(scenes.name)]:
            raise DataError(f"No scenes could be rendered of these kinds: {', '.join(missing)}.")

    def of(self, kind: str) -> list[Shard]:
        """The shards of a kind; moments are those of whole clips."""
        return self.shards.get(kind.removeprefix("moment_"), [])


ADDED = Stream(_ADDED, rounds=60)
"""What comes on a processor beside the scenes on disk, which have every kind and shape."""


def kept_scenes(encoder: SceneEncoder, folder: Path, on_disk: tuple[Scenes, ...]) -> SceneSets:
    """Scenes in `folder`, those rendered and encoded first that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    sets = SceneSets()
    for scenes in on_disk:
        for aspect, count in scenes.counts.items():
            path = folder / f"{scenes.name}-{aspect.replace(':', 'x')}.safetensors"
            encoder.write(path, scenes.dataset(aspect, count, seed=1), scenes.batch)
            sets.shards.setdefault(scenes.name, []).append(read_shard(path))
    if on_disk:
        sets.begun.set()
    return sets


@contextmanager
def scenes_for(
    encoder: SceneEncoder, folder: Path, stream: Stream, on_disk: tuple[Scenes, ...] = ()
) -> Iterator[SceneSets]:
    """Scenes streamed for as long as the block goes on, beside those that `folder` keeps."""
    sets, stopped = kept_scenes(encoder, folder, on_disk), Event()
    # Its processes begin here, before training has threads of its own.
    batches = iter(scene_loader(_Streamed(stream.kinds), batch_sampler=stream.in_turns()))
    work = (batches, stream.kinds, encoder, sets, stopped, folder)
    thread = Thread(target=_add_all, args=work, daemon=True)
    thread.start()
    try:
        yield sets
    finally:
        stopped.set()
        thread.join()


class _Streamed(Dataset[tuple[int, Tensor, str, Tensor]]):
    """All streamed scenes by (kind, aspect, index), with their kind's place in the stream."""

    def __init__(self, kinds: tuple[Scenes, ...]) -> None:
        self.kinds = kinds

    def __getitem__(self, which: tuple[int, str, int]) -> tuple[int, Tensor, str, Tensor]:
        kind, aspect, index = which
        scenes = self.kinds[kind]
        return kind, *scenes.dataset(aspect, scenes.counts[aspect], seed=2)[index]


def _add_all(
    batches: Iterator[Any],
    kinds: tuple[Scenes, ...],
    encoder: SceneEncoder,
    sets: SceneSets,
    stopped: Event,
    folder: Path,
) -> None:
    """Encode every batch into the room for its kind and shape, until all are there or `stopped`."""
    rooms: dict[tuple[int, torch.Size], Shard] = {}
    try:
        for places, *batch in batches:
            if stopped.is_set():
                return
            kind, part = int(places[0]), encoder.encoded_in_turn(tuple(batch), stopped)
            key = kind, part.latents.shape[1:]
            if key not in rooms:
                rooms[key] = room_like(part, max(kinds[kind].counts.values()))
                sets.shards.setdefault(kinds[kind].name, []).append(rooms[key])
            rooms[key].add(part)
            if kind == len(kinds) - 1:
                sets.begun.set()
        log_line(folder, "all scenes are rendered and encoded")
    except Exception as problem:
        # Training goes on with what there is; without any, whoever waits is told.
        log_line(folder, f"no more scenes: {str(problem).splitlines()[0]}")
    finally:
        sets.begun.set()
