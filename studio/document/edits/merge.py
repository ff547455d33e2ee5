"""Merging: the sequences and media of another project come into this one.

    [ Cut ]  +  [ Cut, Titles ]   ->   [ Cut, Cut 2, Titles ]

Stays: every sequence and asset that was there. What comes in gets ids of its own, and media whose
bytes are known already is not put in the bin twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studio.document.edits.assets import with_asset
from studio.document.edits.bins import keep_bins
from studio.document.edits.rebuild import mint
from studio.document.model.clip import AssetMedia, Clip, Item, Media, SequenceMedia
from studio.document.model.effect import Effect
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track
from studio.document.queries.bins import joined_bin


def merge(project: Project, other: Project, into: str = "") -> Project:
    """Take in all of another project; its sequences follow those that are there.

    What is new lies in the folder `into` of the media bin, in folders as it had them there.
    """
    names: dict[Id, Id] = {}
    project = keep_bins(project, (joined_bin(into, each) for each in (*other.bins, "")))
    for asset in other.assets:
        filed = replace(asset, bin=joined_bin(into, asset.bin))
        project, names[asset.id] = with_asset(project, filed)
    for sequence in other.sequences:
        for old in _ids(sequence):
            if old not in names:
                project, (names[old],) = mint(project, old[:1])
    taken = {sequence.name for sequence in project.sequences}
    for sequence in other.sequences:
        filed = replace(sequence, bin=joined_bin(into, sequence.bin))
        made = _renamed(filed, names, _free(sequence.name, taken))
        taken.add(made.name)
        project = replace(project, sequences=(*project.sequences, made))
    return project


def _ids(sequence: Sequence) -> Iterator[Id]:
    """All that is to have an id of its own, once or more often."""
    yield sequence.id
    yield from (marker.id for marker in sequence.markers)
    for track in sequence.tracks:
        yield track.id
        for item in track.items:
            yield item.id
            if isinstance(item, Clip):
                yield from (each for each in (item.link, item.group) if each)


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered where there is one already."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _renamed(sequence: Sequence, names: dict[Id, Id], name: str) -> Sequence:
    return replace(
        sequence,
        id=names[sequence.id],
        name=name,
        markers=tuple(replace(each, id=names[each.id]) for each in sequence.markers),
        tracks=tuple(_renamed_track(track, names) for track in sequence.tracks),
        effects=_renamed_effects(sequence.effects, names),
    )


def _renamed_track(track: Track, names: dict[Id, Id]) -> Track:
    items = tuple(_renamed_item(item, names) for item in track.items)
    effects = _renamed_effects(track.effects, names)
    return replace(track, id=names[track.id], items=items, effects=effects)


def _renamed_item(item: Item, names: dict[Id, Id]) -> Item:
    if not isinstance(item, Clip):
        return replace(item, id=names[item.id])
    return replace(
        item,
        id=names[item.id],
        link=names[item.link] if item.link else None,
        group=names[item.group] if item.group else None,
        media=_renamed_media(item.media, names),
        effects=_renamed_effects(item.effects, names),
    )


def _renamed_media(media: Media, names: dict[Id, Id]) -> Media:
    match media:
        case AssetMedia(asset_id=asset_id):
            return replace(media, asset_id=names.get(asset_id, asset_id))
        case SequenceMedia(sequence_id=sequence_id):
            return replace(media, sequence_id=names.get(sequence_id, sequence_id))
        case GeneratedMedia(takes=takes):
            renamed = (replace(t, asset_id=names.get(t.asset_id, t.asset_id)) for t in takes)
            return replace(media, takes=tuple(renamed))
        case _:
            return media


def _renamed_effects(effects: tuple[Effect, ...], names: dict[Id, Id]) -> tuple[Effect, ...]:
    """Effects whose files (a look-up table) go by their new ids."""
    return tuple(
        replace(
            effect,
            params=tuple(
                (name, names.get(value, value) if isinstance(value, str) else value)
                for name, value in effect.params
            ),
        )
        for effect in effects
    )
