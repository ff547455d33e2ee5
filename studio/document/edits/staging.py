"""Placing a picture in the frame by hand: several values of a transform or a crop in one edit.

    | A |        ->    | A: transform |

A clip that has no such effect yet is given one: a transform comes last, a crop first, so that it
cuts the picture itself wherever that is moved. A value that is keyframed gets a keyframe at the
frame; one that stays as it is, none. Every verb raises EditError for a missing clip, a value out
of range or a locked track.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from studio.document.edits.effects import add_effect, effects_of
from studio.document.edits.parameters import Knob, set_keyframe, set_value, value_of
from studio.document.keyframes import value_at
from studio.document.model.curve import Curve
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.stage import Crop, Pose, last_place

SAME = 1e-9


def pose_picture(project: Project, clip_id: Id, at: int, pose: Pose) -> Project:
    """Put a clip's picture in a pose, `at` counting from the clip's first frame."""
    return _set_values(project, clip_id, at, "transform", asdict(pose))


def crop_picture(project: Project, clip_id: Id, at: int, crop: Crop) -> Project:
    """Cut the edges of a clip's picture off, `at` counting from the clip's first frame."""
    return _set_values(project, clip_id, at, "crop", asdict(crop))


def _set_values(
    project: Project, clip_id: Id, at: int, kind: str, values: Mapping[str, float]
) -> Project:
    project, effect_id = _with_effect(project, clip_id, kind)
    for name, value in values.items():
        knob = Knob(clip_id, name, effect_id)
        before = value_of(project, knob)
        assert not isinstance(before, bool | str)
        if abs(value_at(before, at) - value) <= SAME:
            continue
        if isinstance(before, Curve):
            project = set_keyframe(project, knob, at, value)
        else:
            project = set_value(project, knob, value)
    return project


def _with_effect(project: Project, clip_id: Id, kind: str) -> tuple[Project, Id]:
    """The effect of a kind that is in force last, added where there is none."""
    enabled = [effect for effect in effects_of(project, clip_id) if effect.enabled]
    place = last_place(enabled, kind)
    if place is not None:
        return project, enabled[place].id
    project = add_effect(project, clip_id, kind, 0 if kind == "crop" else None)
    effects = effects_of(project, clip_id)
    return project, effects[0 if kind == "crop" else -1].id
