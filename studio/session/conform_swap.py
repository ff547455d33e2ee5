"""The edits of a conform: what was made is kept beside what plays, and at the end all is swapped.

Pure: from a project and its shots to the project after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.document.edits.takes import Swap, add_take, conform
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip
from studio.document.model.generated import Take
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import find
from studio.session.conform_chain import kept, resolved
from studio.session.conform_plan import Shot, plays_it, used_s


@dataclass(frozen=True, slots=True)
class Swapped:
    """A project after its conform, and the clips that play another take in it."""

    project: Project
    clip_ids: tuple[Id, ...]


def keep_take(project: Project, shot: Shot, asset: Asset, take: Take) -> Project:
    """Give a shot's clips what was made for it, as a take that does not play yet."""
    for clip_id in shot.clip_ids:
        project = add_take(project, clip_id, asset, take)
    return project


def swapped(project: Project, shots: Iterable[Shot]) -> Swapped | None:
    """The project with the takes of its shots chosen; None when no clip is left to change.

    A clip that has gone since, is on a locked track, or plays beyond the end of the new take,
    keeps what it shows.
    """
    shown = (resolved(project, shot) for shot in shots if not shot.hidden)
    swaps = [
        Swap(clip_id, *output)
        for shot in shown
        if shot is not None and (output := kept(project, shot)) is not None
        for clip_id in shot.clip_ids
        if _takes_it(project, clip_id, shot, output[0])
    ]
    if not swaps:
        return None
    return Swapped(conform(project, swaps), tuple(swap.clip_id for swap in swaps))


def _takes_it(project: Project, clip_id: Id, shot: Shot, asset: Asset) -> bool:
    place = find(project, clip_id)
    if place is None or not isinstance(place.item, Clip) or place.track.locked:
        return False
    used = used_s(place.item, place.sequence, shot.before)
    is_long_enough = shot.recipe.frames <= 1 or used <= asset.duration.seconds
    return is_long_enough and not plays_it(place.item, shot)
