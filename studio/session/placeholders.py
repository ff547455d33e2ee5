"""The edit that gives birth to a generated clip: an empty clip of the right length, job at work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from engine.protocol.recipes import Ability, Recipe
from studio.document.edits.insert import insert, overwrite
from studio.document.edits.link import link
from studio.document.edits.rebuild import change_clip
from studio.document.edits.source import NEW, Piece
from studio.document.edits.stale import generated_media
from studio.document.edits.tracks import add_track
from studio.document.errors import EditError
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia, Pending
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.media import clips_awaiting
from studio.document.queries.places import is_free, locate_clip, sequence_of
from studio.document.time import FrameRange, Time
from studio.session.model_rules import seconds_of
from studio.session.recipes import stored
from studio.session.sounding import SOUNDS

NAME_LIMIT = 48
STILL_S = 4


@dataclass(frozen=True, slots=True)
class AtPlayhead:
    """At the playhead.

    `handle_frames` of what is made, or a few more, lie hidden on either side of the clip, which
    then lasts for `seconds` where there is so much.
    """

    handle_frames: int = 0
    seconds: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Beside:
    """Joined to a clip: right after it, or right before it."""

    clip_id: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class Under:
    """Below a clip on an audio track, linked to it and as long as it is."""

    clip_id: str


Spot: TypeAlias = AtPlayhead | Beside | Under
AT_PLAYHEAD = AtPlayhead()


def place_placeholder(
    project: Project,
    sequence_id: str,
    playhead: int,
    recipe: Recipe,
    job: Pending,
    spot: Spot = AT_PLAYHEAD,
) -> Project:
    """Lay a placeholder down where it belongs.

    At the playhead it takes the first track of its kind with room for it, else a new one. Joined
    to a clip it fills the gap there, and where there is none later clips make room.
    Raises: EditError when it cannot be laid down.
    """
    sequence = sequence_of(project, sequence_id)
    match spot:
        case AtPlayhead():
            clip = _trimmed(_placeholder(recipe, job, sequence), spot, sequence)
            return _lay(project, sequence_id, playhead, clip, _kind_of(recipe))
        case Under(clip_id=clip_id):
            return _lay_under(project, clip_id, recipe, job)
        case Beside(clip_id=clip_id, before=before):
            sequence = locate_clip(project, clip_id)[0].sequence
            return _join(project, clip_id, _placeholder(recipe, job, sequence), before=before)


def _placeholder(recipe: Recipe, job: Pending, sequence: Sequence) -> Clip:
    return Clip(
        id=NEW,
        name=short_name(recipe),
        duration=frames_of(recipe, sequence),
        media=GeneratedMedia(recipe=stored(recipe), jobs=(job,)),
    )


def _trimmed(clip: Clip, spot: AtPlayhead, sequence: Sequence) -> Clip:
    """The clip without the frames that are hidden on either side of it."""
    hidden = spot.handle_frames
    if not hidden:
        return clip
    room = clip.duration - 2 * hidden
    if room < 1:
        raise EditError("The extra frames leave nothing of the clip. Make it longer.")
    wished = round(spot.seconds * sequence.rate.fraction)
    return replace(
        clip,
        duration=min(wished, room) if wished else room,
        source_start=Time(hidden, sequence.rate),
        media=replace(generated_media(clip), handle_frames=hidden),
    )


def _kind_of(recipe: Recipe) -> TrackKind:
    return TrackKind.AUDIO if recipe.ability in SOUNDS else TrackKind.VIDEO


def _lay_under(project: Project, clip_id: str, recipe: Recipe, job: Pending) -> Project:
    """The new clip joins the clip's link, its own sound in it perhaps, or begins one with it."""
    place, above = locate_clip(project, clip_id)
    sequence_id = place.sequence.id
    clip = replace(_placeholder(recipe, job, place.sequence), duration=above.duration)
    project = _lay(project, sequence_id, place.range.start, clip, TrackKind.AUDIO)
    laid = next(clips_awaiting(project, job.job_id)).id
    if above.link is None:
        return link(project, [clip_id, laid])
    return change_clip(project, laid, lambda each: replace(each, link=above.link))


def _lay(project: Project, sequence_id: str, start: int, clip: Clip, kind: TrackKind) -> Project:
    span = FrameRange(start, start + clip.duration)
    track = _track_with_room(sequence_of(project, sequence_id), span, kind)
    if track is None:
        project = add_track(project, sequence_id, kind)
        of_kind = [t for t in sequence_of(project, sequence_id).tracks if t.kind is kind]
        track = of_kind[-1]
    return overwrite(project, sequence_id, start, [Piece(track.id, clip)])


def _join(project: Project, clip_id: str, clip: Clip, *, before: bool) -> Project:
    place, _ = locate_clip(project, clip_id)
    start = place.range.start - clip.duration if before else place.range.end
    piece, sequence_id = [Piece(place.track.id, clip)], place.sequence.id
    if start >= 0 and is_free(place.track, FrameRange(start, start + clip.duration)):
        return overwrite(project, sequence_id, start, piece)
    return insert(project, sequence_id, place.range.start if before else place.range.end, piece)


def frames_of(recipe: Recipe, sequence: Sequence) -> int:
    """How many sequence frames a recipe's output fills."""
    seconds = seconds_of(recipe) or Fraction(STILL_S)
    return max(1, int(seconds * sequence.rate.fraction))


def short_name(recipe: Recipe) -> str:
    """A clip's name from its prompt: the first words, or what it is where it has none."""
    words = recipe.prompt.split()
    name = ""
    for word in words:
        if len(name) + len(word) + 1 > NAME_LIMIT:
            return f"{name.rstrip(',')}…"
        name = f"{name} {word}".strip()
    if not name and recipe.ability is Ability.VIDEO_TO_AUDIO:
        return "Soundtrack"
    return name or recipe.ability.value.replace("_", " ").capitalize()


def _track_with_room(sequence: Sequence, span: FrameRange, kind: TrackKind) -> Track | None:
    """Targeted tracks first; a locked one never."""
    usable = [t for t in sequence.tracks if t.kind is kind and not t.locked]
    ordered = [*(t for t in usable if t.targeted), *(t for t in usable if not t.targeted)]
    return next((track for track in ordered if is_free(track, span)), None)
