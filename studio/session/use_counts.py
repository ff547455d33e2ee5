"""How often the timelines use each file and each sequence, counted anew only where they changed."""

from __future__ import annotations

from collections import Counter

from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Track
from studio.document.queries.media import asset_id_of


class UseCounts:
    """Linked picture and sound count once, as one click selects them.

    Tracks are values: what was counted on one holds until the track is another.
    """

    def __init__(self) -> None:
        self._counted: dict[Id, tuple[Track, frozenset[tuple[Id, Id]]]] = {}
        self._project: Project | None = None
        self._total: Counter[Id] = Counter()

    def of(self, project: Project) -> Counter[Id]:
        """Uses by the ids of assets and sequences."""
        if project is not self._project:
            self._project = project
            self._total = Counter(self._uses(project))
        return self._total

    def _uses(self, project: Project) -> list[Id]:
        found: set[tuple[Id, Id]] = set()
        kept: dict[Id, tuple[Track, frozenset[tuple[Id, Id]]]] = {}
        for sequence in project.sequences:
            for track in sequence.tracks:
                known = self._counted.get(track.id)
                if known is None or known[0] is not track:
                    known = (track, _on(track))
                kept[track.id] = known
                found |= known[1]
        self._counted = kept
        return [used for used, _by in found]


def _on(track: Track) -> frozenset[tuple[Id, Id]]:
    """(what is used, by what) on a track; what is linked is named by its link."""
    return frozenset(
        (used, item.link or item.id)
        for item in track.items
        if isinstance(item, Clip) and (used := _used(item))
    )


def _used(clip: Clip) -> Id:
    if isinstance(clip.media, SequenceMedia):
        return clip.media.sequence_id
    return asset_id_of(clip) or ""
