"""Projects built in a line or two: clips on tracks of a small sequence at 25 frames a second."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import (
    AssetMedia,
    Clip,
    Gap,
    Item,
    Media,
    Transition,
    TransitionKind,
)
from studio.document.model.effect import Effect, Value
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.time import Rate, Time
from studio.media.compositor.render import Scene
from studio.media.footage import Footage

FPS = Rate(25)
SIZE = (320, 180)
_ids = count(1)


def new_id(letter: str) -> str:
    return f"{letter}{next(_ids)}"


def asset(name: str, kind: AssetKind = AssetKind.VIDEO) -> Asset:
    """An asset that lies in the project's folder under its own name."""
    return Asset(id=name, name=name, kind=kind, path=name)


def shot(name: str, duration: int, start: int = 0, **more: object) -> Clip:
    """A clip of an asset, from a frame of it on."""
    return clip(AssetMedia(asset_id=name), duration, source_start=Time(start, FPS), **more)


def clip(media: Media, duration: int, **more: object) -> Clip:
    return Clip(id=new_id("c"), duration=duration, media=media, **more)  # type: ignore[arg-type]


def gap(duration: int) -> Gap:
    return Gap(id=new_id("g"), duration=duration)


def meet(kind: TransitionKind, before: int = 5, after: int = 5, **params: Value) -> Transition:
    pairs = tuple(sorted(params.items()))
    return Transition(id=new_id("x"), kind=kind, in_offset=before, out_offset=after, params=pairs)


def effect(kind: str, **params: Value) -> Effect:
    return Effect(id=new_id("e"), kind=kind, params=tuple(sorted(params.items())))


def video(*items: Item, **more: object) -> Track:
    return Track(id=new_id("t"), kind=TrackKind.VIDEO, items=items, **more)  # type: ignore[arg-type]


def audio(*items: Item, **more: object) -> Track:
    return Track(id=new_id("t"), kind=TrackKind.AUDIO, items=items, **more)  # type: ignore[arg-type]


def captions(*items: Item, **more: object) -> Track:
    return Track(id=new_id("t"), kind=TrackKind.CAPTION, items=items, **more)  # type: ignore[arg-type]


def cut(*tracks: Track, assets: tuple[Asset, ...] = (), **more: object) -> Project:
    """A project with one sequence, "s"; assets are those its clips name, unless given."""
    named = {
        item.media.asset_id
        for track in tracks
        for item in track.items
        if isinstance(item, Clip) and isinstance(item.media, AssetMedia)
    }
    known = {each.id for each in assets}
    found = tuple(asset(name, _kind(name)) for name in sorted(named - known))
    sequence = Sequence(id="s", name="Cut", rate=FPS, width=SIZE[0], height=SIZE[1], tracks=tracks)
    return Project(sequences=(replace(sequence, **more),), assets=(*assets, *found))


def scene(project: Project, folder: Path, **more: object) -> Scene:
    return Scene(project, Footage(folder), **more)  # type: ignore[arg-type]


def _kind(name: str) -> AssetKind:
    if name.endswith((".png", ".jpg")):
        return AssetKind.STILL
    return AssetKind.AUDIO if name.endswith((".wav", ".flac")) else AssetKind.VIDEO
