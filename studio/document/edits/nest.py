"""Nesting: clips made into a sequence of their own, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Sequence as Row
from dataclasses import replace

from studio.document.edits.faders import carried, differ, is_neutral
from studio.document.edits.rebuild import mint, with_sequence
from studio.document.edits.splicer import Splicer
from studio.document.edits.ties import retie, transitions_between
from studio.document.errors import EditError
from studio.document.model.clip import AS_SHOT, Clip, Gap, Item, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.places import (
    Place,
    clips_of,
    is_free,
    locate_clip,
    sequence_of,
    with_linked,
)
from studio.document.time import FrameRange, Rounding


def nest(project: Project, clip_ids: Collection[Id], name: str, *, linked: bool = True) -> Project:
    """Make clips into a sequence of their own, and put that in their place.

        V2 |   | B |            V2 |
        V1 | A |       | C |    V1 |   [N]   | C |
        A1 | a |            ->  A1 |   [n]   |

    Picture and sound of the nested sequence are linked clips, each on the lowest track it had.
    Where the tracks do different things to their clips (faders, effects, mute), those inside do
    them, and the nested clip lies on one that does nothing: the lowest of them, or a new one.
    Stays: what is seen and heard; the place of every other clip; transitions between clips that
    are nested together. Goes: transitions from a nested clip to one that is not, for a sequence
    has no frames beyond its ends to mix.
    Raises: EditError for no clips, clips of several sequences, a locked track, another clip
    between them on the track that takes the nested one, or a track ducked by one left outside.
    """
    ids = with_linked(project, clip_ids) if linked else frozenset(clip_ids)
    found = [locate_clip(project, clip_id) for clip_id in sorted(ids)]
    if not found or len({place.sequence.id for place, _ in found}) > 1:
        raise EditError("Select clips of one sequence to nest them.")
    span = FrameRange(
        min(place.range.start for place, _ in found), max(place.range.end for place, _ in found)
    )
    project, inner_id, tracks = _empty_inner(project, found, span, name)
    project = _put_in_place(project, found, span, inner_id, name)
    splicer = Splicer(project, inner_id)
    for place, clip in found:
        splicer.lay(tracks[place.track.id], place.range.start - span.start, clip)
    homes = {clip.id: tracks[place.track.id] for place, clip in found}
    retie(splicer, homes, transitions_between(found))
    return splicer.finish()


def _empty_inner(
    project: Project, found: Row[tuple[Place, Clip]], span: FrameRange, name: str
) -> tuple[Project, Id, Mapping[Id, Id]]:
    """The project with an empty sequence, its id, and its track for each one that gives clips."""
    outer = found[0][0].sequence
    used = {place.track.id for place, _ in found}
    sources = [track for track in outer.tracks if track.id in used]
    project, (sequence_id, *ids) = mint(project, "s", 1 + len(sources))
    known = {source.id: track_id for source, track_id in zip(sources, ids, strict=True)}
    apart = {kind for kind in TrackKind if differ(t for t in sources if t.kind is kind)}
    tracks = tuple(
        carried(track, source, outer, span.start, known) if source.kind in apart else track
        for source, track in ((each, _empty(each, known[each.id])) for each in sources)
    )
    inner = replace(
        outer, id=sequence_id, name=name, tracks=tracks, markers=(), effects=(), start_timecode=0
    )
    return replace(project, sequences=(*project.sequences, inner)), sequence_id, known


def _empty(source: Track, track_id: Id) -> Track:
    return Track(
        id=track_id, kind=source.kind, name=source.name, caption_style=source.caption_style
    )


def _put_in_place(
    project: Project, found: Row[tuple[Place, Clip]], span: FrameRange, inner_id: Id, name: str
) -> Project:
    """The project with clips taken out of their sequence and a nested one laid there."""
    splicer = Splicer(project, found[0][0].sequence.id)
    for place, _ in found:
        splicer.lift(place.track.id, place.range)
    homes = _homes(splicer, {place.track.id for place, _ in found})
    link = splicer.new_id("l") if len(homes) > 1 else None
    for track in homes:
        if not is_free(track, span):
            raise EditError(f"A clip on {track.name} lies between those to nest. Select it too.")
        media = SequenceMedia(sequence_id=inner_id)
        clip_id = splicer.new_id("c")
        clip = Clip(id=clip_id, name=name, duration=span.duration, media=media, link=link)
        splicer.lay(track.id, span.start, clip)
    return splicer.finish()


def _homes(splicer: Splicer, used: Collection[Id]) -> list[Track]:
    """The track that takes the nested clip, one of each kind; captions go with the picture."""
    homes: list[Track] = []
    for kind in (TrackKind.VIDEO, TrackKind.AUDIO):
        tracks = [track for track in splicer.tracks if track.id in used and track.kind is kind]
        if not tracks:
            continue
        for track in tracks:
            splicer.open(track.id)
        fit = tracks if not differ(tracks) else [each for each in tracks if is_neutral(each)]
        fit = fit if tracks[0].solo or not any(each.solo for each in tracks) else []
        homes.append(fit[0] if fit else _new_home(splicer, tracks))
    if not homes:
        raise EditError("Captions alone cannot be nested. Select pictures or sounds with them.")
    return homes


def _new_home(splicer: Splicer, tracks: Row[Track]) -> Track:
    """A track that does nothing to its clips, above others; soloed if one of them is."""
    kind = tracks[0].kind
    number = 1 + sum(track.kind is kind for track in splicer.tracks)
    name = f"{kind.value[0].upper()}{number}"
    solo = any(track.solo for track in tracks)
    track = Track(id=splicer.new_id("t"), kind=kind, name=name, solo=solo)
    splicer.add_track(track, len(splicer.tracks))
    return track


def unnest(project: Project, clip_id: Id) -> Project:
    """Put a nested sequence's own clips back in its place.

        V1 |   [N]   | C |        V2 |   | B |
        A1 |   [n]   |        ->  V1 | A |       | C |
                                  A1 | a |

    Its lowest track lands where the nested clip was, the others on free tracks above, or new ones;
    tracks with faders, effects or mute of their own on new ones; its captions on free ones.
    Stays: what is seen and heard; the place of every other clip; the nested sequence itself.
    Raises: EditError when it is no nested clip, plays at another speed or rate, or has effects or
    levels of its own, which its clips could not take over.
    """
    place, clip = locate_clip(project, clip_id)
    parts = _nested_parts(place, clip)
    inner = _inner_of(project, place.sequence, parts)
    splicer = Splicer(project, place.sequence.id)
    links: dict[Id, Id] = {}

    def lay(kind: TrackKind, span: FrameRange, part: Clip, first: Id | None) -> None:
        sources = [track for track in inner.tracks if track.kind is kind]
        rows = [_cut_out(project, inner, source, part) for source in sources]
        if first is None:
            rows = [row for row in rows if row]
        if first is None or all(is_neutral(source) for source in sources):
            homes = _free_tracks(splicer, kind, span, first, len(rows))
        else:
            start = part.source_start.ticks(inner.rate, Rounding.NEAREST)
            homes = _new_tracks(splicer, sources, inner, start - span.start, splicer.track(first))
        for row, home in zip(rows, homes, strict=True):
            fresh = list(_as_new(splicer, row, links))
            missing = part.duration - sum(item.duration for item in fresh)
            splicer.fill(home, span, [*fresh, splicer.gap(missing)])

    for part_place, part in parts:
        splicer.lift(part_place.track.id, part_place.range)
        lay(part_place.track.kind, part_place.range, part, part_place.track.id)
    lay(TrackKind.CAPTION, place.range, clip, None)
    return splicer.finish()


def _nested_parts(place: Place, clip: Clip) -> list[tuple[Place, Clip]]:
    """A nested clip, and those linked to it that show the same sequence."""
    if not isinstance(clip.media, SequenceMedia):
        raise EditError("That is not a nested sequence.")
    found = [(place, clip)]
    for track, _, other in clips_of(place.sequence):
        tied = clip.link is not None and other.link == clip.link and other.id != clip.id
        if tied and isinstance(other.media, SequenceMedia):
            found.append((Place(place.sequence, track, track.index.by_id[other.id]), other))
    return found


def _inner_of(project: Project, outer: Sequence, parts: Row[tuple[Place, Clip]]) -> Sequence:
    """The nested sequence, when its clips can take its place."""
    media = parts[0][1].media
    inner_id = media.sequence_id if isinstance(media, SequenceMedia) else ""
    inner = sequence_of(project, inner_id)
    if inner.rate != outer.rate or any(clip.speed != AS_SHOT for _, clip in parts):
        raise EditError("A nested sequence at another speed or frame rate cannot be unnested.")
    own = [clip.effects or clip.opacity != 1.0 or clip.gain_db or clip.pan for _, clip in parts]
    if any(own):
        raise EditError("The nested clip has effects of its own. Remove them to unnest it.")
    return inner


def _free_tracks(
    splicer: Splicer, kind: TrackKind, span: FrameRange, first: Id | None, count: int
) -> list[Id]:
    """Tracks of a kind that are free over a stretch: from `first` on, then new ones."""
    same = [track for track in splicer.tracks if track.kind is kind]
    begin = next((i for i, track in enumerate(same) if track.id == first), 0)
    free = [t.id for t in same[begin:] if not t.locked and is_free(t, span)][:count]
    while len(free) < count:
        number = 1 + sum(track.kind is kind for track in splicer.tracks)
        name = f"{kind.value[0].upper()}{number}"
        track = Track(id=splicer.new_id("t"), kind=kind, name=name)
        splicer.add_track(track, len(splicer.tracks))
        free.append(track.id)
    return free


def _new_tracks(
    splicer: Splicer, sources: Row[Track], inner: Sequence, frames: int, nest_on: Track
) -> list[Id]:
    """New tracks that do to their clips what those inside did, counted from `frames` later.

    They are soloed where the track was that the nest lay on.
    """
    ids = {source.id: splicer.new_id("t") for source in sources}
    for source in sources:
        number = 1 + sum(track.kind is source.kind for track in splicer.tracks)
        name = f"{source.kind.value[0].upper()}{number}"
        track = Track(id=ids[source.id], kind=source.kind, name=name, solo=nest_on.solo)
        splicer.add_track(carried(track, source, inner, frames, ids), len(splicer.tracks))
    return list(ids.values())


def _cut_out(project: Project, inner: Sequence, track: Track, part: Clip) -> tuple[Item, ...]:
    """The items of a nested track that a nested clip shows."""
    start = part.source_start.ticks(inner.rate, Rounding.NEAREST)
    end = start + part.duration
    alone = replace(inner, tracks=(replace(track, locked=False),))
    cutter = Splicer(with_sequence(project, alone), inner.id)
    if end < track.duration:
        cutter.fill(track.id, FrameRange(end, track.duration), [])
    if start > 0:
        cutter.fill(track.id, FrameRange(0, start), [])
    return cutter.track(track.id).items


def _as_new(splicer: Splicer, row: Row[Item], links: dict[Id, Id]) -> Iterator[Item]:
    """Items under new ids, the links among them renewed."""
    for item in row:
        if isinstance(item, Clip):
            link = links.setdefault(item.link, splicer.new_id("l")) if item.link else None
            yield replace(item, id=splicer.new_id("c"), link=link)
        else:
            yield replace(item, id=splicer.new_id("g" if isinstance(item, Gap) else "x"))
