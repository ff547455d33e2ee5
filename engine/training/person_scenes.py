"""Scenes in which anyone may act: rendered in a stream while training goes on.

Their captions call whoever it is a character; who it is only the pictures tell. They are blocked,
as the video model's are: their place, and where in it somebody stands, are told.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event, Thread
from typing import Any

import cv2
import torch
from torch import Tensor
from torch.utils.data import Dataset

from engine.training.blocked_scenes import blocked_sample
from engine.training.grammar import Scene, Subject, sample_scene
from engine.training.identities import NOUN, trained_identities
from engine.training.latents import (
    LONG_FRAMES,
    SHORT_FRAMES,
    SceneEncoder,
    Shard,
    room_like,
    scene_loader,
)
from engine.training.packages import DataError


@dataclass(frozen=True, slots=True)
class Kind:
    """Clips or stills of one shape, how many are encoded at a time, and how many there may be."""

    name: str
    aspect: str
    frames: int
    batch: int
    room: int


KINDS = (
    Kind("still", "16:9", 1, 24, 12_000),
    Kind("still", "1:1", 1, 24, 2000),
    Kind("still", "9:16", 1, 24, 2000),
    Kind("short", "16:9", SHORT_FRAMES, 8, 8000),
    Kind("short", "1:1", SHORT_FRAMES, 8, 1500),
    Kind("short", "9:16", SHORT_FRAMES, 8, 1500),
    Kind("long", "16:9", LONG_FRAMES, 4, 1000),
)
TURN = (0, 3, 1, 4, 0, 3, 2, 5, 0, 6)
"""Batches of one turn of the stream, by their kinds' places."""


@dataclass(slots=True)
class Cast:
    """Samples of one kind with who acts in each: `who` (room,) places among the identities."""

    kind: Kind
    shard: Shard
    who: Tensor


@dataclass(slots=True)
class PersonScenes:
    """What has been rendered so far, by the kinds' places."""

    casts: dict[int, Cast] = field(default_factory=dict)
    begun: Event = field(default_factory=Event)
    """Set once the first turn is over, or none will come any more."""

    def of(self, name: str) -> list[Cast]:
        """Those of a name, of which there may be none yet. Raises: DataError where none of any."""
        self.begun.wait()
        if not self.casts:
            raise DataError("No scenes could be rendered.")
        return [cast for cast in self.casts.values() if cast.kind.name == name]


def cast_scene(rng: random.Random, who: str) -> Scene:
    """A random scene with a given identity in it."""
    return replace(sample_scene(rng), subject=Subject(who, NOUN))


class _Stream(Dataset[tuple[Any, ...]]):
    """Scenes by (kind, index): kind, who, and what BlockedDataset says of each."""

    def __getitem__(self, which: tuple[int, int]) -> tuple[Any, ...]:
        cv2.setNumThreads(1)
        place, index = which
        kind, rng = KINDS[place], random.Random(f"person/{place}/{index}")
        who = rng.randrange(len(trained_identities()))
        scene = cast_scene(rng, trained_identities()[who])
        return place, who, *blocked_sample(scene, kind.aspect, kind.frames, rng)


def _in_turns(turns: int, turn: tuple[int, ...]) -> Iterator[list[tuple[int, int]]]:
    """Batches of one kind each, until all rooms are full or the turns are over."""
    begun = [0] * len(KINDS)
    for _ in range(turns):
        for place in turn:
            first, kind = begun[place], KINDS[place]
            last = min(first + kind.batch, kind.room)
            begun[place] = last
            if first < last:
                yield [(place, index) for index in range(first, last)]


@contextmanager
def person_scenes(
    encoder: SceneEncoder, turns: int, turn: tuple[int, ...] = TURN
) -> Iterator[PersonScenes]:
    """Scenes of so many turns, added to for as long as the block goes on."""
    scenes, stopped = PersonScenes(), Event()
    # Its processes begin here, before training has threads of its own.
    batches = iter(scene_loader(_Stream(), batch_sampler=list(_in_turns(turns, turn))))
    work = (batches, len(turn), encoder, scenes, stopped)
    thread = Thread(target=_add_all, args=work, daemon=True)
    thread.start()
    try:
        yield scenes
    finally:
        stopped.set()
        thread.join()


def _add_all(
    batches: Iterator[Any],
    turn: int,
    encoder: SceneEncoder,
    scenes: PersonScenes,
    stopped: Event,
) -> None:
    """Encode every batch into the room for its kind, until all are there or `stopped`.

    A first turn has so many batches.
    """
    try:
        for number, (places, who, *rest) in enumerate(batches, 1):
            if stopped.is_set():
                return
            place, part = int(places[0]), encoder.encoded_in_turn(tuple(rest), stopped)
            if place not in scenes.casts:
                room = KINDS[place].room
                identities = torch.zeros(room, dtype=torch.long, device=part.latents.device)
                scenes.casts[place] = Cast(KINDS[place], room_like(part, room), identities)
            cast = scenes.casts[place]
            cast.who[cast.shard.count : cast.shard.count + len(who)] = who.to(cast.who.device)
            cast.shard.add(part)
            if number == turn:
                scenes.begun.set()
    finally:
        scenes.begun.set()
