"""Scenes in which anyone may act: rendered in a stream while training goes on, or before it.

Their captions call whoever it is a character; who it is only the pictures tell.
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

from engine.training.grammar import Scene, Subject, caption, sample_scene
from engine.training.identities import NOUN, trained_identities
from engine.training.latents import (
    LONG_FRAMES,
    SHORT_FRAMES,
    SIZES,
    SceneEncoder,
    Shard,
    cover,
    room_like,
    scene_loader,
)
from engine.training.packages import DataError
from engine.training.scenes import render


@dataclass(frozen=True, slots=True)
class Kind:
    """Clips of one length and shape, how many are encoded at a time, and how many there may be."""

    name: str
    aspect: str
    frames: int
    batch: int
    room: int


KINDS = (
    Kind("short", "16:9", SHORT_FRAMES, 8, 8000),
    Kind("short", "1:1", SHORT_FRAMES, 8, 1500),
    Kind("short", "9:16", SHORT_FRAMES, 8, 1500),
    Kind("long", "16:9", LONG_FRAMES, 4, 1000),
)
"""Without moments: they are the middles of these clips."""
TURN = (0, 0, 1, 0, 0, 2, 0, 3)
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
    """Set once there are some of every kind, or none will come any more."""

    def of(self, name: str) -> list[Cast]:
        """Those of a name of which there are any. Raises: DataError where none can be had."""
        self.begun.wait()
        found = [cast for cast in self.casts.values() if cast.kind.name == name]
        if not found:
            raise DataError(f"No scenes of the kind {name} could be rendered.")
        return found


def cast_scene(rng: random.Random, who: str) -> Scene:
    """A random scene with a given identity in it."""
    return replace(sample_scene(rng), subject=Subject(who, NOUN))


class _Stream(Dataset[tuple[int, int, Tensor, str, Tensor]]):
    """Scenes by (kind, index): kind, who, frames (3, F, H, W) uint8, caption, subject cover."""

    def __getitem__(self, which: tuple[int, int]) -> tuple[int, int, Tensor, str, Tensor]:
        cv2.setNumThreads(1)
        place, index = which
        kind, rng = KINDS[place], random.Random(f"person/{place}/{index}")
        who = rng.randrange(len(trained_identities()))
        scene = cast_scene(rng, trained_identities()[who])
        clip = render(scene, *SIZES[kind.aspect], kind.frames)
        pictures = torch.from_numpy(clip.frames).permute(3, 0, 1, 2)
        return place, who, pictures, caption(scene), cover(clip.mask)


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
    encoder: SceneEncoder, turns: int, *, streamed: bool, turn: tuple[int, ...] = TURN
) -> Iterator[PersonScenes]:
    """Scenes of so many turns; `streamed` ones are added to for as long as the block goes on."""
    scenes, stopped = PersonScenes(), Event()
    # Its processes begin here, before training has threads of its own.
    batches = iter(scene_loader(_Stream(), batch_sampler=list(_in_turns(turns, turn))))
    thread = Thread(target=_add_all, args=(batches, encoder, scenes, stopped), daemon=True)
    thread.start()
    if not streamed:
        thread.join()
    try:
        yield scenes
    finally:
        stopped.set()
        thread.join()


def _add_all(
    batches: Iterator[Any], encoder: SceneEncoder, scenes: PersonScenes, stopped: Event
) -> None:
    """Encode every batch into the room for its kind, until all are there or `stopped`."""
    try:
        for places, who, *rest in batches:
            if stopped.is_set():
                return
            place, part = int(places[0]), encoder.encoded(tuple(rest))
            if place not in scenes.casts:
                room = KINDS[place].room
                identities = torch.zeros(room, dtype=torch.long, device=part.latents.device)
                scenes.casts[place] = Cast(KINDS[place], room_like(part, room), identities)
            cast = scenes.casts[place]
            cast.who[cast.shard.count : cast.shard.count + len(who)] = who.to(cast.who.device)
            cast.shard.add(part)
            if place == len(KINDS) - 1:
                scenes.begun.set()
    finally:
        scenes.begun.set()
