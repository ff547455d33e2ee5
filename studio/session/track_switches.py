"""The switches and faders of a track as edits: a field by its name, and the verb that sets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from studio.document.edits import tracks
from studio.document.model.project import Project

_VERBS: dict[str, Callable[[Project, str, Any], Project]] = {
    "name": tracks.rename_track,
    "locked": lambda project, track, value: tracks.lock_track(project, track, locked=value),
    "mute": lambda project, track, value: tracks.mute_track(project, track, mute=value),
    "solo": lambda project, track, value: tracks.solo_track(project, track, solo=value),
    "hidden": lambda project, track, value: tracks.hide_track(project, track, hidden=value),
    "targeted": lambda project, track, value: tracks.target_track(project, track, targeted=value),
    "synced": lambda project, track, value: tracks.sync_track(project, track, synced=value),
    "height": tracks.set_track_height,
    "colour": tracks.colour_track,
    "gain_db": tracks.set_track_gain,
    "pan": tracks.set_track_pan,
}


def change_track(project: Project, track_id: str, fields: Mapping[str, Any]) -> Project:
    """Set fields of a track. Raises: EditError when there is no such track."""
    for name, value in fields.items():
        project = _VERBS[name](project, track_id, value)
    return project
