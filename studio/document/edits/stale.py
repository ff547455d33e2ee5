"""Stale clips: generated from something that has changed since.

| draft |   ->   | draft! |     what plays stays; the clip says why it is out of date
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from studio.document.edits.rebuild import change_clips
from studio.document.errors import EditError
from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import clips_of


def generated_media(clip: Clip) -> GeneratedMedia:
    """A clip's media, when it was generated. Raises: EditError when it was not."""
    if not isinstance(clip.media, GeneratedMedia):
        raise EditError(f"{clip.name or 'That clip'} was not generated.")
    return clip.media


def mark_stale(project: Project, clip_ids: Collection[Id], because: str) -> Project:
    """Say of clips that what they play is out of date, and why."""
    return change_clips(
        project,
        clip_ids,
        lambda clip: replace(clip, media=replace(generated_media(clip), stale_because=because)),
    )


def mark_users_stale(project: Project, sha256: str, because: str) -> Project:
    """Say of every clip whose recipe reads an asset that it is out of date; locked ones stay."""
    users = {
        clip.id
        for sequence in project.sequences
        for track, _, clip in clips_of(sequence)
        if not track.locked
        and isinstance(clip.media, GeneratedMedia)
        and clip.media.takes
        and sha256 in clip.media.recipe.inputs
    }
    return mark_stale(project, users, because) if users else project
