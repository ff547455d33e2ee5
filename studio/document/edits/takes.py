"""Generated clips: recipes, jobs, takes, staleness, conform.

    | recipe ··· |   ->   | recipe: take 1 |   ->   | recipe: take 1, *take 2* |
      placeholder           a job is done             another is chosen

No verb here moves a clip or changes its length: what plays in the cut changes only when a take is
chosen. A take may begin later than the footage it stands beside (`Recipe.footage_in`); a clip's
`source_start` counts in the take that plays, and follows when another is chosen. Every verb raises
EditError for a clip that is missing, was not generated, or is on a locked track; but what comes
from an engine (`finish_job`, `fail_job`) reaches locked tracks too, because it adds to a clip and
changes no cut.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from studio.document.edits.assets import with_asset
from studio.document.edits.rebuild import change_clip, change_clips, mint
from studio.document.edits.stale import generated_media
from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import AssetMedia, Clip
from studio.document.model.generated import FOOTAGE, Failed, GeneratedMedia, Pending, Recipe, Take
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.media import clips_awaiting
from studio.document.queries.places import locate_clip
from studio.document.retime import source_range
from studio.document.time import ZERO, Rate


def _change(
    project: Project, clip_id: Id, change: Callable[[GeneratedMedia], GeneratedMedia]
) -> Project:
    return change_clip(
        project, clip_id, lambda clip: replace(clip, media=change(generated_media(clip)))
    )


def _everywhere(project: Project, job_id: str, change: Callable[[Clip, Rate], Clip]) -> Project:
    """Change every clip that waits for a job: halves of one that was cut wait together.

    `change` is given a clip and the rate of its sequence.
    """
    waiting = {clip.id for clip in clips_awaiting(project, job_id)}
    if not waiting:
        raise EditError("No clip waits for that job any more.")
    sequences = list(project.sequences)
    for at, sequence in enumerate(sequences):
        tracks = tuple(
            replace(
                track,
                items=tuple(
                    change(item, sequence.rate)
                    if isinstance(item, Clip) and item.id in waiting
                    else item
                    for item in track.items
                ),
            )
            if not waiting.isdisjoint(track.index.by_id)
            else track
            for track in sequence.tracks
        )
        if any(new is not old for new, old in zip(tracks, sequence.tracks, strict=True)):
            sequences[at] = replace(sequence, tracks=tracks)
    return replace(project, sequences=tuple(sequences))


def set_recipe(project: Project, clip_id: Id, recipe: Recipe) -> Project:
    """Change what a clip asks for. Its takes stay, and the one that plays may then be stale.

    It is not where no more than its manner has changed, as its seed: then it is one take of many.
    """

    def changed(media: GeneratedMedia) -> GeneratedMedia:
        return replace(media, recipe=recipe, stale_because=_stale(media, recipe))

    return _change(project, clip_id, changed)


RECIPE_CHANGED = "The recipe has changed."


def _stale(media: GeneratedMedia, recipe: Recipe) -> str:
    """Why what plays is out of date once a clip asks for another thing, "" when it is not."""
    playing = media.take
    if playing is None:
        return ""
    if not playing.is_footage and not playing.recipe.asks_the_same(recipe):
        return RECIPE_CHANGED
    return "" if media.stale_because == RECIPE_CHANGED else media.stale_because


def set_handles(project: Project, clip_id: Id, frames: int) -> Project:
    """Set how many extra frames new takes get on either side."""
    if frames < 0:
        raise EditError("Handles are no fewer than 0 frames.")
    return _change(project, clip_id, lambda media: replace(media, handle_frames=frames))


def adopt(project: Project, clip_id: Id, recipe: Recipe) -> Project:
    """Let a clip of footage have takes: what it plays becomes the first, and is chosen.

        | a.mov |   ->   | recipe: *a.mov* |

    Stays: what plays, frame for frame. A clip that was generated already is not changed.
    Raises: EditError when it plays neither, or another than the first picture of its file.
    """

    def adopted(clip: Clip) -> Clip:
        if isinstance(clip.media, GeneratedMedia):
            return clip
        if not isinstance(clip.media, AssetMedia) or clip.media.stream:
            raise EditError(f"{clip.name or 'That clip'} cannot have takes.")
        footage = Take(id=take_id, asset_id=clip.media.asset_id, recipe=FOOTAGE, tier="")
        media = GeneratedMedia(recipe=recipe, takes=(footage,), chosen=take_id)
        return replace(clip, media=media)

    project, (take_id,) = mint(project, "k")
    return change_clip(project, clip_id, adopted)


def start_job(project: Project, clip_id: Id, job_id: str, engine: str = "") -> Project:
    """Note that an engine works on another take. Failures noted before are dismissed."""
    job = Pending(job_id=job_id, engine=engine)

    def started(media: GeneratedMedia) -> GeneratedMedia:
        others = [j for j in media.jobs if isinstance(j, Pending) and j.job_id != job_id]
        return replace(media, jobs=(*others, job))

    return _change(project, clip_id, started)


def fail_job(project: Project, job_id: str, reason: str) -> Project:
    """Note that a job ended without a take, and why, on every clip that waits for it."""
    failed = Failed(job_id=job_id, reason=reason)

    def changed(clip: Clip, _rate: Rate) -> Clip:
        media = generated_media(clip)
        jobs = tuple(failed if job.job_id == job_id else job for job in media.jobs)
        return replace(clip, media=replace(media, jobs=jobs))

    return _everywhere(project, job_id, changed)


def dismiss_job(project: Project, job_id: str) -> Project:
    """Forget a job that was cancelled, or a failure that has been read."""
    return _everywhere(
        project, job_id, lambda clip, _rate: replace(clip, media=_without_job(clip, job_id))
    )


def _without_job(clip: Clip, job_id: str) -> GeneratedMedia:
    media = generated_media(clip)
    return replace(media, jobs=tuple(job for job in media.jobs if job.job_id != job_id))


def finish_job(
    project: Project, job_id: str, asset: Asset, take: Take, *, choose: bool = False
) -> Project:
    """Add what a job has made, as a take, to every clip that waits for it.

    It is chosen where there was no take before, or when `choose`; otherwise what plays stays until
    `choose_take`. A clip that plays more by now than the take was made of keeps what it plays.
    `asset.id`, `take.id` and `take.asset_id` are given here; an asset of the same bytes that the
    project has already is used instead.
    """
    project, asset_id = with_asset(project, asset)
    project, (take_id,) = mint(project, "k")
    kept = replace(take, id=take_id, asset_id=asset_id)

    def finished(clip: Clip, rate: Rate) -> Clip:
        added = replace(clip, media=_with_take(_without_job(clip, job_id), kept))
        playing = _playing(added, take_id)
        return playing if choose and _covers(kept, asset, playing, rate) else added

    return _everywhere(project, job_id, finished)


def _with_take(media: GeneratedMedia, take: Take) -> GeneratedMedia:
    takes = (*media.takes, take)
    if media.take is not None:
        return replace(media, takes=takes)
    return replace(media, takes=takes, chosen=take.id, stale_because="")


def add_take(
    project: Project, clip_id: Id, asset: Asset, take: Take, *, choose: bool = False
) -> Project:
    """Add a take to a clip, and play it when `choose` or when it is the first."""
    project, asset_id = with_asset(project, asset)
    project, (take_id,) = mint(project, "k")
    kept = replace(take, id=take_id, asset_id=asset_id)
    project = _change(project, clip_id, lambda media: _with_take(media, kept))
    return choose_take(project, clip_id, take_id) if choose else project


def choose_take(project: Project, clip_id: Id, take_id: Id) -> Project:
    """Play another of a clip's takes, the same moments of its footage.

    Raises: EditError when the take was made of less than the clip plays by now.
    """
    place, _ = locate_clip(project, clip_id)
    rate, assets = place.sequence.rate, project.assets_by_id

    def chosen(clip: Clip) -> Clip:
        playing = _choosing(clip, take_id)
        take = generated_media(playing).take
        assert take is not None
        if take.asset_id in assets and not _covers(take, assets[take.asset_id], playing, rate):
            raise EditError(
                "That take was made of less of the footage than the clip plays now. Trim the clip, "
                "or make the take again."
            )
        return playing

    return change_clip(project, clip_id, chosen)


def _choosing(clip: Clip, take_id: Id) -> Clip:
    media = generated_media(clip)
    take = next((take for take in media.takes if take.id == take_id), None)
    if take is None:
        raise EditError("That take is no longer kept.")
    changed = not take.is_footage and not take.recipe.asks_the_same(media.recipe)
    stale = "This take was made with another recipe." if changed else ""
    return _playing(clip, take_id, stale)


def _playing(clip: Clip, take_id: Id, stale_because: str = "") -> Clip:
    """The clip with another take, and the same moments of its footage."""
    before = generated_media(clip)
    after = replace(before, chosen=take_id, stale_because=stale_because)
    began = before.take.begins if before.take is not None else ZERO
    begins = after.take.begins if after.take is not None else ZERO
    if begins == began:
        return replace(clip, media=after)
    return replace(clip, media=after, source_start=clip.source_start + began - begins)


def _covers(take: Take, asset: Asset, clip: Clip, rate: Rate) -> bool:
    """Whether a take of a part of the footage holds all that the clip plays of it.

    The length of a clip at another speed is rounded to frames: it may play up to half of one more.
    """
    if take.recipe.footage_in is None:
        return True
    played = source_range(clip, rate)
    spare_s = played.duration.seconds / clip.duration / 2
    end_s = played.end_time_exclusive.seconds
    return played.start.seconds >= -spare_s and end_s <= asset.duration.seconds + spare_s


def remove_take(project: Project, clip_id: Id, take_id: Id) -> Project:
    """Forget a take; when it was the one that plays, the last of the others plays instead."""

    def removed(clip: Clip) -> Clip:
        media = generated_media(clip)
        takes = tuple(take for take in media.takes if take.id != take_id)
        if len(takes) == len(media.takes):
            raise EditError("That take is no longer kept.")
        if media.chosen == take_id and takes:
            clip = _choosing(clip, takes[-1].id)
            return replace(clip, media=replace(generated_media(clip), takes=takes))
        left = replace(media, takes=takes)
        if media.chosen == take_id:
            left = replace(left, chosen=None, stale_because="")
        return replace(clip, media=left)

    return change_clip(project, clip_id, removed)


def note_take(project: Project, clip_id: Id, take_id: Id, note: str) -> Project:
    """Write a note on a take."""
    return _change(
        project,
        clip_id,
        lambda media: replace(
            media,
            takes=tuple(replace(t, note=note) if t.id == take_id else t for t in media.takes),
        ),
    )


def accept(project: Project, clip_ids: Collection[Id]) -> Project:
    """Keep what plays, though it was out of date: the take's recipe becomes the clip's."""

    def accepted(clip: Clip) -> Clip:
        media = generated_media(clip)
        if media.take is None:
            raise EditError(f"{clip.name or 'The clip'} has no take to accept yet.")
        if media.take.is_footage:
            return replace(clip, media=replace(media, stale_because=""))
        return replace(clip, media=replace(media, recipe=media.take.recipe, stale_because=""))

    return change_clips(project, clip_ids, accepted)


@dataclass(frozen=True, slots=True)
class Swap:
    """Another take for a clip, as conform made it: new, or one that the clip keeps already."""

    clip_id: Id
    asset: Asset
    take: Take


def conform(project: Project, swaps: Sequence[Swap]) -> Project:
    """Swap the takes of many clips for others, as one edit.

        | draft | draft | draft |   ->   | final | final | final |

    A take of the same bytes by the same recipe that a clip keeps already is chosen, not added.
    Stays: the cut, frame for frame; every earlier take, to go back to; what the clip asks for.
    """
    if not swaps:
        raise EditError("There is nothing to conform: no new takes were made.")
    chosen: dict[Id, Take] = {}
    for swap in swaps:
        _, clip = locate_clip(project, swap.clip_id)
        project, asset_id = with_asset(project, swap.asset)
        kept = _kept(generated_media(clip), asset_id, swap.take)
        if kept is None:
            project, (take_id,) = mint(project, "k")
            kept = replace(swap.take, id=take_id, asset_id=asset_id)
        chosen[swap.clip_id] = kept

    def swapped(clip: Clip) -> Clip:
        media, take = generated_media(clip), chosen[clip.id]
        takes = media.takes if take in media.takes else (*media.takes, take)
        return _playing(replace(clip, media=replace(media, takes=takes)), take.id)

    return change_clips(project, chosen, swapped)


def _kept(media: GeneratedMedia, asset_id: Id, wanted: Take) -> Take | None:
    """The take of a clip that is the wanted one already."""
    same = (
        take
        for take in media.takes
        if take.asset_id == asset_id and take.recipe.text == wanted.recipe.text
    )
    return next(same, None)
