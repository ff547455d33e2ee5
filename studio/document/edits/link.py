"""Tying clips together: links (a picture and its sound) and groups (whatever an editor likes)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from studio.document.edits.rebuild import change_clips, mint
from studio.document.errors import EditError
from studio.document.model.project import Project
from studio.document.model.record import Id


def _several(clip_ids: Collection[Id], verb: str) -> None:
    if len(set(clip_ids)) < 2:
        raise EditError(f"Select at least two clips to {verb} them.")


def link(project: Project, clip_ids: Collection[Id]) -> Project:
    """Link clips: they are then selected, moved and trimmed as one.

        V | A |      V | A |─┐
        A | a |  ->  A | a |─┘

    Stays: every place, length and picture. Earlier links of the clips are given up.
    Raises: EditError for fewer than two clips, a missing clip or a locked track.
    """
    _several(clip_ids, "link")
    project, (tie,) = mint(project, "l")
    return change_clips(project, clip_ids, lambda clip: replace(clip, link=tie))


def unlink(project: Project, clip_ids: Collection[Id]) -> Project:
    """Undo the links of clips.

        V | A |─┐      V | A |
        A | a |─┘  ->  A | a |

    Stays: every place, length and picture; groups.
    Raises: EditError for a missing clip or a locked track.
    """
    return change_clips(project, clip_ids, lambda clip: replace(clip, link=None))


def group(project: Project, clip_ids: Collection[Id]) -> Project:
    """Group clips: they are then selected and moved as one, but trimmed each by itself.

        | A |gap| B |   ->   [ A |gap| B ]

    Stays: every place, length, picture and link. Earlier groups of the clips are given up.
    Raises: EditError for fewer than two clips, a missing clip or a locked track.
    """
    _several(clip_ids, "group")
    project, (tie,) = mint(project, "p")
    return change_clips(project, clip_ids, lambda clip: replace(clip, group=tie))


def ungroup(project: Project, clip_ids: Collection[Id]) -> Project:
    """Undo the groups of clips.

        [ A |gap| B ]   ->   | A |gap| B |

    Stays: every place, length, picture and link.
    Raises: EditError for a missing clip or a locked track.
    """
    return change_clips(project, clip_ids, lambda clip: replace(clip, group=None))
