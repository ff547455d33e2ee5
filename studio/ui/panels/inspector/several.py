"""Which clips the inspector is about when several are selected, and what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from collections.abc import Sequence as Row
from dataclasses import dataclass

from studio.document.model.clip import Clip
from studio.document.model.effect import Effect
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import Place, find

_ORDER = {TrackKind.VIDEO: 0, TrackKind.CAPTION: 1, TrackKind.AUDIO: 2}


@dataclass(frozen=True, slots=True)
class Several:
    """Clips that are inspected together, pictures first and then by where they begin.

    `heads` counts clips that are linked to each other once, as one click selects them.
    """

    clips: tuple[Clip, ...]
    heads: tuple[Clip, ...]
    pictures: tuple[Clip, ...]
    sounds: tuple[Clip, ...]

    @property
    def ids(self) -> tuple[Id, ...]:
        return tuple(clip.id for clip in self.clips)


@dataclass(frozen=True, slots=True)
class SharedEffect:
    """One effect that every clip of some has: its kind, and each (clip, effect) of it."""

    kind: str
    members: tuple[tuple[Id, Id], ...]


def several_of(project: Project, selected: Collection[Id]) -> Several | None:
    """The clips of a selection, None for fewer than two, linked ones counted once."""
    found = (find(project, each) for each in selected)
    places = [place for place in found if place is not None and isinstance(place.item, Clip)]
    places.sort(key=lambda p: (_ORDER[p.track.kind], p.range.start, p.item.id))
    whole = _clips(places)
    heads: list[Clip] = []
    links: set[Id] = set()
    for clip in whole:
        if clip.link is None or clip.link not in links:
            heads.append(clip)
        if clip.link is not None:
            links.add(clip.link)
    if len(heads) < 2:
        return None
    pictures = _clips(p for p in places if p.track.kind is TrackKind.VIDEO)
    sounds = _clips(p for p in places if p.track.kind is TrackKind.AUDIO)
    return Several(whole, tuple(heads), pictures, sounds)


def shared_effects(clips: Row[Clip]) -> list[SharedEffect]:
    """The effects that every clip has, in the first one's order.

    The second blur of one clip goes with the second of the others.
    """
    if not clips:
        return []
    numbered = [dict(_numbered(clip.effects)) for clip in clips]
    shared: list[SharedEffect] = []
    for key in numbered[0]:
        if all(key in each for each in numbered):
            pairs = zip(clips, numbered, strict=True)
            shared.append(SharedEffect(key[0], tuple((c.id, each[key]) for c, each in pairs)))
    return shared


def _numbered(effects: Iterable[Effect]) -> Iterable[tuple[tuple[str, int], Id]]:
    """((kind, how many of it came before), id) of every effect."""
    seen: Counter[str] = Counter()
    for effect in effects:
        yield (effect.kind, seen[effect.kind]), effect.id
        seen[effect.kind] += 1


def _clips(places: Iterable[Place]) -> tuple[Clip, ...]:
    return tuple(place.item for place in places if isinstance(place.item, Clip))
