"""The edit that gives birth to a generated clip: an empty clip of the right length, job at work."""

from __future__ import annotations

from fractions import Fraction

from engine.protocol.recipes import Recipe
from studio.document.edits.insert import overwrite
from studio.document.edits.source import NEW, Piece
from studio.document.edits.tracks import add_track
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia, Pending
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.places import is_free, sequence_of
from studio.document.time import FrameRange
from studio.session.draft import seconds_of
from studio.session.recipes import stored

NAME_LIMIT = 48
STILL_S = 4


def place_placeholder(
    project: Project, sequence_id: str, start: int, recipe: Recipe, job: Pending
) -> Project:
    """Lay a placeholder at a frame, on the first video track with room for it, else on a new one.

    Raises: EditError when it cannot be laid down.
    """
    sequence = sequence_of(project, sequence_id)
    duration = frames_of(recipe, sequence)
    span = FrameRange(start, start + duration)
    track = _track_with_room(sequence, span)
    if track is None:
        project = add_track(project, sequence_id, TrackKind.VIDEO)
        of_kind = [t for t in sequence_of(project, sequence_id).tracks if t.kind is TrackKind.VIDEO]
        track = of_kind[-1]
    clip = Clip(
        id=NEW,
        name=short_name(recipe),
        duration=duration,
        media=GeneratedMedia(recipe=stored(recipe), jobs=(job,)),
    )
    return overwrite(project, sequence_id, start, [Piece(track.id, clip)])


def frames_of(recipe: Recipe, sequence: Sequence) -> int:
    """How many sequence frames a recipe's output fills."""
    seconds = seconds_of(recipe) or Fraction(STILL_S)
    return max(1, int(seconds * sequence.rate.fraction))


def short_name(recipe: Recipe) -> str:
    """A clip's name from its prompt: the first words."""
    words = recipe.prompt.split()
    name = ""
    for word in words:
        if len(name) + len(word) + 1 > NAME_LIMIT:
            return f"{name.rstrip(',')}…"
        name = f"{name} {word}".strip()
    return name or recipe.ability.value.replace("_", " ").capitalize()


def _track_with_room(sequence: Sequence, span: FrameRange) -> Track | None:
    """Targeted tracks first; a locked one never."""
    usable = [t for t in sequence.tracks if t.kind is TrackKind.VIDEO and not t.locked]
    ordered = [*(t for t in usable if t.targeted), *(t for t in usable if not t.targeted)]
    return next((track for track in ordered if is_free(track, span)), None)
