"""Shots that read other shots: what a retake or an extension is made of is made again first.

Pure functions over a project and a cast, as `conform_plan`, which knows each shot by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import msgspec

from engine.protocol.models import ModelCard
from engine.protocol.recipes import FILM_RECIPE, Recipe
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia, Take
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import clips_of, find
from studio.session.conform_plan import (
    Shot,
    Target,
    plays_it,
    readable,
    shot_of,
    shots_of,
    take_for,
)

Makers = dict[str, list[tuple[Clip, str, Recipe]]]
"""SHA-256 of an output -> the clips that keep it as a take, why each must stay, and its recipe."""


def survey(
    project: Project, sequence_id: Id, cast: tuple[ModelCard, ...], target: Target
) -> tuple[Shot, ...]:
    """Every generated shot of a sequence and of what is nested in it, each after what it reads.

    What no clip plays, but another shot is made of, is among them.
    """
    shots = shots_of(project, sequence_id, cast, target)
    makers = _makers(project)
    linked = tuple(_linked(project, shot, shots, makers, cast, target) for shot in shots)
    return tuple(_in_order(linked))


def resolved(project: Project, shot: Shot) -> Shot | None:
    """A shot as it reads what has been made again; None while that is not there."""
    recipe = shot.recipe
    for sha256, source in shot.reads:
        made = resolved(project, source)
        output = kept(project, made) if made is not None else None
        if output is None:
            return None
        recipe = _reading(recipe, sha256, output[0].sha256)
    return shot if recipe is shot.recipe else replace(shot, recipe=recipe)


def kept(project: Project, shot: Shot) -> tuple[Asset, Take] | None:
    """The output of a shot's recipe that one of its clips keeps, if there is one."""
    for clip_id in shot.clip_ids:
        place = find(project, clip_id)
        if place is None or not isinstance(place.item, Clip):
            continue
        take = take_for(place.item, shot)
        asset = project.assets_by_id.get(take.asset_id) if take is not None else None
        if take is not None and asset is not None:
            return asset, take
    return None


def depends_on(shot: Shot, source: Shot) -> bool:
    """Whether a shot is made of another, by whatever way."""
    return any(read.before == source.before or depends_on(read, source) for _, read in shot.reads)


def _linked(
    project: Project,
    shot: Shot,
    shots: tuple[Shot, ...],
    makers: Makers,
    cast: tuple[ModelCard, ...],
    target: Target,
) -> Shot:
    """A shot with those that make again what it reads."""
    if shot.obstacle:
        return shot
    reads: list[tuple[str, Shot]] = []
    notes: list[str] = []
    outputs = {asset.sha256 for asset in project.assets if asset.generated}
    for given in shot.recipe.inputs:
        source = _source(given.sha256, shots, makers, cast, target)
        if source is None and given.sha256 in outputs:
            notes.append("It reads something that a model made earlier, and reads it as it is.")
        if source is None:
            continue
        source = _linked(project, source, shots, makers, cast, target)
        if source.obstacle:
            notes.append(f"What it was made of, {source.name}, stays: {source.obstacle}")
            continue
        used_s = Fraction(given.out_s) if given.out_s else Fraction(0)
        reads.append((given.sha256, replace(source, needed_s=max(source.needed_s, used_s))))
    shot = replace(shot, reads=tuple(reads), notes=(*shot.notes, *notes))
    return _looked_up(project, shot)


def _looked_up(project: Project, shot: Shot) -> Shot:
    """A shot with what is there of it, of the sources that it will read."""
    if not shot.reads:
        return shot
    now = resolved(project, shot)
    places = [find(project, clip_id) for clip_id in shot.clip_ids] if now is not None else []
    clips = [place.item for place in places if place is not None and isinstance(place.item, Clip)]
    if now is None or not clips:
        return replace(shot, made=None, plays=False)
    made = next((take for clip in clips if (take := take_for(clip, now)) is not None), None)
    return replace(shot, made=made, plays=all(plays_it(clip, now) for clip in clips))


def _source(
    sha256: str,
    shots: tuple[Shot, ...],
    makers: Makers,
    cast: tuple[ModelCard, ...],
    target: Target,
) -> Shot | None:
    """What makes an output again: a shot that plays, or one that is kept to be read."""
    found = makers.get(sha256, [])
    if not found:
        return None
    recipe = found[0][2]
    for shot in shots:
        if shot.before == recipe:
            return shot
    free = [clip for clip, why, _ in found if not why]
    clips, why = (free, "") if free else ([clip for clip, _, _ in found], found[0][1])
    source = shot_of(clips[0], recipe, cast, target)
    source = replace(source, hidden=True, plays=False, clip_ids=tuple(clip.id for clip in clips))
    return replace(source, obstacle=why) if why else source


def _makers(project: Project) -> Makers:
    found: Makers = {}
    outputs = {asset.id: asset.sha256 for asset in project.assets if asset.generated}
    for sequence in project.sequences:
        for track, _, clip in clips_of(sequence):
            if not isinstance(clip.media, GeneratedMedia):
                continue
            why = f"{track.name or 'Its track'} is locked." if track.locked else ""
            for take in clip.media.takes:
                recipe = None if take.is_footage else readable(take.recipe)
                if recipe is not None and outputs.get(take.asset_id):
                    found.setdefault(outputs[take.asset_id], []).append((clip, why, recipe))
    return found


def _reading(recipe: Recipe, before: str, after: str) -> Recipe:
    """A recipe that reads another file; what was known of how the one before was made is not so."""
    inputs = tuple(
        msgspec.structs.replace(given, sha256=after) if given.sha256 == before else given
        for given in recipe.inputs
    )
    options = {name: said for name, said in recipe.options.items() if name != FILM_RECIPE}
    return msgspec.structs.replace(recipe, inputs=inputs, options=options)


def _in_order(shots: tuple[Shot, ...]) -> Iterator[Shot]:
    """Each shot once, after those that it reads."""
    told: list[tuple[Recipe, str]] = []

    def tell(shot: Shot) -> Iterator[Shot]:
        for _, source in shot.reads:
            yield from tell(source)
        if (shot.before, shot.obstacle) not in told:
            told.append((shot.before, shot.obstacle))
            yield shot

    for shot in shots:
        yield from tell(shot)
