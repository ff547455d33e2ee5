"""Effects on clips, tracks and sequences: add, remove, reorder, switch, copy.

    A: blur          A: blur, vignette
    |  A  |    ->    |  A  |

Effects apply first to last. No verb here moves a clip or changes its length. Values are set in
`parameters`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TypeAlias

from studio.document.catalogue import EFFECTS, Target
from studio.document.edits.rebuild import change_clip, change_clips, mint, with_sequence, with_track
from studio.document.errors import EditError
from studio.document.model.effect import Effect
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import find, find_clip

Effects: TypeAlias = tuple[Effect, ...]


def effects_of(project: Project, owner_id: Id) -> Effects:
    """The effects of a clip, a track or a sequence.

    Raises: EditError when the project has no such owner.
    """
    clip = find_clip(project, owner_id)
    if clip is not None:
        return clip.effects
    for sequence in project.sequences:
        if sequence.id == owner_id:
            return sequence.effects
        for track in sequence.tracks:
            if track.id == owner_id:
                return track.effects
    raise EditError("What the effect was on is no longer in the project.")


def change_effects(project: Project, owner_id: Id, change: Callable[[Effects], Effects]) -> Project:
    """The project with the effects of a clip, a track or a sequence changed.

    Raises: EditError for a missing owner or a clip on a locked track.
    """
    for sequence in project.sequences:
        if sequence.id == owner_id:
            return with_sequence(project, replace(sequence, effects=change(sequence.effects)))
        for track in sequence.tracks:
            if track.id == owner_id:
                changed = replace(track, effects=change(track.effects))
                return with_sequence(project, with_track(sequence, changed))
    return change_clip(project, owner_id, lambda clip: replace(clip, effects=change(clip.effects)))


def _suits(project: Project, owner_id: Id, target: Target) -> bool:
    """Sequences take all effects, audio tracks those on sound, the others those on pictures."""
    place = find(project, owner_id)
    tracks = [track for sequence in project.sequences for track in sequence.tracks]
    track = place.track if place else next((t for t in tracks if t.id == owner_id), None)
    if track is None:
        return True
    return (target is Target.SOUND) == (track.kind is TrackKind.AUDIO)


def add_effect(project: Project, owner_id: Id, kind: str, place: int | None = None) -> Project:
    """Add an effect with its default settings: last, or at a place among the owner's.

    Raises: EditError for a kind that is unknown or does not suit the owner, a missing owner or a
    locked track.
    """
    entry = EFFECTS.get(kind)
    if entry is None:
        raise EditError(f"There is no effect called {kind}.")
    if not _suits(project, owner_id, entry.target):
        raise EditError(f"{entry.label} works on {entry.target.value}s, which this is not.")
    project, (effect_id,) = mint(project, "e")
    effect = Effect(id=effect_id, kind=kind)

    def added(effects: Effects) -> Effects:
        at = len(effects) if place is None else place
        return (*effects[:at], effect, *effects[at:])

    return change_effects(project, owner_id, added)


def remove_effect(project: Project, owner_id: Id, effect_id: Id) -> Project:
    """Take an effect away.

    Raises: EditError for a missing effect or owner, or a locked track.
    """
    _effect(project, owner_id, effect_id)
    return change_effects(
        project, owner_id, lambda effects: tuple(e for e in effects if e.id != effect_id)
    )


def _effect(project: Project, owner_id: Id, effect_id: Id) -> Effect:
    for effect in effects_of(project, owner_id):
        if effect.id == effect_id:
            return effect
    raise EditError("That effect is no longer there.")


def move_effect(project: Project, owner_id: Id, effect_id: Id, place: int) -> Project:
    """Put an effect at another place in its owner's order.

    Raises: EditError for a missing effect or owner, or a locked track.
    """
    effect = _effect(project, owner_id, effect_id)

    def moved(effects: Effects) -> Effects:
        others = tuple(e for e in effects if e.id != effect_id)
        return (*others[:place], effect, *others[place:])

    return change_effects(project, owner_id, moved)


def enable_effect(project: Project, owner_id: Id, effect_id: Id, *, enabled: bool) -> Project:
    """Switch an effect off, or on again, with its settings kept.

    Raises: EditError for a missing effect or owner, or a locked track.
    """
    _effect(project, owner_id, effect_id)
    return change_effect(project, owner_id, effect_id, lambda e: replace(e, enabled=enabled))


def change_effect(
    project: Project, owner_id: Id, effect_id: Id, change: Callable[[Effect], Effect]
) -> Project:
    """The project with one effect changed.

    Raises: EditError for a missing effect or owner, or a locked track.
    """
    _effect(project, owner_id, effect_id)
    return change_effects(
        project,
        owner_id,
        lambda effects: tuple(change(e) if e.id == effect_id else e for e in effects),
    )


def paste_effects(project: Project, source_id: Id, clip_ids: Collection[Id]) -> Project:
    """Give clips the effects of another, after those they have.

    Raises: EditError for a missing clip or a locked track.
    """
    effects = effects_of(project, source_id)
    project, ids = mint(project, "e", len(effects) * len(set(clip_ids)))
    free = iter(ids)
    return change_clips(
        project,
        clip_ids,
        lambda clip: replace(
            clip, effects=(*clip.effects, *(replace(each, id=next(free)) for each in effects))
        ),
    )
