"""A clip's own settings: name, colour, note, levels, fades, fit and blending.

None of them moves anything: every verb here leaves all places, lengths and other clips as they
were, and raises EditError for a missing clip, a locked track or a value out of range.

    |  A  |   ->   |  A*  |
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from studio.document.edits.rebuild import change_clip, change_clips
from studio.document.errors import EditError
from studio.document.model.clip import BlendMode, Clip, FadeShape, Fit
from studio.document.model.project import Project
from studio.document.model.record import Id


def rename(project: Project, clip_id: Id, name: str) -> Project:
    """Give a clip another name."""
    return change_clip(project, clip_id, lambda clip: replace(clip, name=name))


def annotate(project: Project, clip_id: Id, note: str) -> Project:
    """Write a note on a clip."""
    return change_clip(project, clip_id, lambda clip: replace(clip, note=note))


def colour(project: Project, clip_ids: Collection[Id], label: str) -> Project:
    """Label clips on the timeline: a `Label`, or "" for their track's own."""
    return change_clips(project, clip_ids, lambda clip: replace(clip, colour=label))


def enable(project: Project, clip_ids: Collection[Id], *, enabled: bool) -> Project:
    """Take clips out of the result, or put them back, where they lie."""
    return change_clips(project, clip_ids, lambda clip: replace(clip, enabled=enabled))


def set_blend(project: Project, clip_ids: Collection[Id], blend: BlendMode) -> Project:
    """Choose how pictures meet what lies beneath them."""
    return change_clips(project, clip_ids, lambda clip: replace(clip, blend=blend))


def set_fit(project: Project, clip_ids: Collection[Id], fit: Fit) -> Project:
    """Choose how pictures of another size sit in the frame."""
    return change_clips(project, clip_ids, lambda clip: replace(clip, fit=fit))


def preserve_pitch(project: Project, clip_ids: Collection[Id], *, preserve: bool) -> Project:
    """Keep the pitch of sounds at other speeds, or let it follow the speed."""
    return change_clips(project, clip_ids, lambda clip: replace(clip, preserve_pitch=preserve))


def set_fades(
    project: Project,
    clip_ids: Collection[Id],
    *,
    in_frames: int | None = None,
    out_frames: int | None = None,
    shape: FadeShape | None = None,
) -> Project:
    """Fade clips in and out; what is None stays as it was.

        |  A  |   ->   | ◢ A ◣ |

    Raises: also when a fade is negative or longer than its clip.
    """

    def faded(clip: Clip) -> Clip:
        head = clip.fade_in_frames if in_frames is None else in_frames
        tail = clip.fade_out_frames if out_frames is None else out_frames
        if not (0 <= head <= clip.duration and 0 <= tail <= clip.duration):
            raise EditError(f"{clip.name or 'The clip'} is only {clip.duration} frames long.")
        return replace(
            clip,
            fade_in_frames=head,
            fade_out_frames=tail,
            fade_shape=clip.fade_shape if shape is None else shape,
        )

    return change_clips(project, clip_ids, faded)
