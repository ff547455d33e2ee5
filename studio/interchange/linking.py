"""Linking on the way in: picture and sound of one file at one place belong together.

OpenTimelineIO has no links. Clips with a record have theirs, unless their file tells of a change.
Those of other programs have what their file says; where it says nothing of a whole sequence, they
are matched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from studio.document.model.clip import AssetMedia, Clip
from studio.document.model.record import Id
from studio.document.model.sequence import Track, TrackKind
from studio.document.time import Time
from studio.interchange.reading import Reading


def linked(tracks: tuple[Track, ...], reading: Reading) -> tuple[Track, ...]:
    """The tracks, with foreign clips linked as told, or else where they start together in media."""
    ids = [item.id for track in tracks for item in track.items]
    told = [reading.told_links[each] for each in ids if each in reading.told_links]
    if told:
        counts = Counter(name for name in told if name)
        fresh = {name: reading.fresh("l") for name, count in counts.items() if count > 1}
        return tuple(_as_told(track, fresh, reading) for track in tracks)
    return _matched(tracks, reading)


def _as_told(track: Track, names: dict[str, Id], reading: Reading) -> Track:
    items = tuple(
        replace(item, link=names.get(reading.told_links.get(item.id, "")))
        if isinstance(item, Clip) and (item.id in reading.foreign or item.id in reading.told_links)
        else item
        for item in track.items
    )
    return replace(track, items=items)


def _matched(tracks: tuple[Track, ...], reading: Reading) -> tuple[Track, ...]:
    """The tracks, with foreign pictures and sounds linked that start together in the same media."""
    pairs: dict[tuple[Id, int, int, Time], set[TrackKind]] = {}
    for track, key in _keys(tracks, reading):
        pairs.setdefault(key, set()).add(track.kind)
    names = {
        key: reading.fresh("l")
        for key, kinds in pairs.items()
        if kinds >= {TrackKind.VIDEO, TrackKind.AUDIO}
    }
    if not names:
        return tracks
    return tuple(_with_links(track, names, reading) for track in tracks)


def _keys(
    tracks: tuple[Track, ...], reading: Reading
) -> Iterator[tuple[Track, tuple[Id, int, int, Time]]]:
    for track in tracks:
        for place, item in enumerate(track.items):
            if isinstance(item, Clip) and (key := _key(track, place, item, reading)):
                yield track, key


def _key(
    track: Track, place: int, clip: Clip, reading: Reading
) -> tuple[Id, int, int, Time] | None:
    if clip.id not in reading.foreign or not isinstance(clip.media, AssetMedia):
        return None
    start = track.index.starts[place]
    return clip.media.asset_id, start, clip.duration, clip.source_start


def _with_links(
    track: Track, names: dict[tuple[Id, int, int, Time], Id], reading: Reading
) -> Track:
    items = list(track.items)
    for place, item in enumerate(items):
        if isinstance(item, Clip):
            key = _key(track, place, item, reading)
            if key in names:
                items[place] = replace(item, link=names[key])
    return replace(track, items=tuple(items))
