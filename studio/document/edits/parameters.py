"""Values and keyframes: of effects, of generators, and a clip's own opacity, gain and pan.

    strength                    strength    ◆
    --------------      ->             ◆──╱ ╲──◆

A `Knob` says which value. No verb here moves a clip or changes its length; every one raises
EditError for a value out of range, a missing owner, or a locked track.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.document.catalogue import EFFECTS, GENERATORS
from studio.document.catalogue.entry import Entry, NumberParameter, Parameter, Unit, complaint
from studio.document.edits.effects import change_effect, effects_of
from studio.document.edits.rebuild import change_clip
from studio.document.errors import EditError
from studio.document.keyframes import moved_keyframe, with_keyframe, without_keyframe
from studio.document.model.clip import Clip, GeneratorMedia
from studio.document.model.curve import Curve, Interpolation, Number
from studio.document.model.effect import Effect, Value
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import locate_clip

LEVELS: dict[str, NumberParameter] = {
    "opacity": NumberParameter("opacity", "Opacity", 1.0, 0.0, 1.0),
    "gain_db": NumberParameter("gain_db", "Gain", 0.0, -96.0, 24.0, Unit.DECIBELS, 0.1),
    "pan": NumberParameter("pan", "Pan", 0.0, -1.0, 1.0),
}
"""A clip's own values that can be keyframed."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One value: of an effect of a clip, track or sequence; or, without effect, a clip's own.

    A clip's own are those of `LEVELS` and, for a generator, its parameters.
    """

    owner_id: Id
    name: str
    effect_id: Id | None = None


def parameter_of(project: Project, knob: Knob) -> Parameter:
    """The catalogue's description of a value.

    Raises: EditError when there is no such value.
    """
    entry, label = _entry(project, knob)
    parameter = entry.parameter(knob.name) if entry else None
    if parameter is None and knob.effect_id is None:
        parameter = LEVELS.get(knob.name)
    if parameter is None:
        raise EditError(f"{label} has no setting called {knob.name}.")
    return parameter


def _entry(project: Project, knob: Knob) -> tuple[Entry | None, str]:
    if knob.effect_id is None:
        _, clip = locate_clip(project, knob.owner_id)
        entry = GENERATORS[clip.media.kind] if isinstance(clip.media, GeneratorMedia) else None
        return entry, clip.name or "The clip"
    kind = _effect(project, knob).kind
    entry = EFFECTS.get(kind)
    return entry, entry.label if entry else kind


def _effect(project: Project, knob: Knob) -> Effect:
    for effect in effects_of(project, knob.owner_id):
        if effect.id == knob.effect_id:
            return effect
    raise EditError("That effect is no longer there.")


def value_of(project: Project, knob: Knob) -> Value:
    """What a value is now: stored, or the default.

    Raises: EditError when there is no such value.
    """
    parameter = parameter_of(project, knob)
    if knob.effect_id is not None:
        return dict(_effect(project, knob).params).get(knob.name, parameter.default)
    _, clip = locate_clip(project, knob.owner_id)
    if knob.name in LEVELS:
        return _level(clip, knob.name)
    params = clip.media.params if isinstance(clip.media, GeneratorMedia) else ()
    return dict(params).get(knob.name, parameter.default)


def _level(clip: Clip, name: str) -> Number:
    return {"opacity": clip.opacity, "gain_db": clip.gain_db, "pan": clip.pan}[name]


def set_value(project: Project, knob: Knob, value: Value) -> Project:
    """Set a value, in place of one that may have been keyframed."""
    parameter = parameter_of(project, knob)
    trouble = complaint(parameter, value)
    if trouble:
        raise EditError(trouble)
    if knob.effect_id is not None:
        return change_effect(
            project,
            knob.owner_id,
            knob.effect_id,
            lambda effect: replace(effect, params=_with(effect.params, parameter, value)),
        )
    return change_clip(project, knob.owner_id, lambda clip: _with_own(clip, parameter, value))


def _with_own(clip: Clip, parameter: Parameter, value: Value) -> Clip:
    if parameter.name in LEVELS and not isinstance(value, bool | str):
        match parameter.name:
            case "opacity":
                return replace(clip, opacity=value)
            case "gain_db":
                return replace(clip, gain_db=value)
            case _:
                return replace(clip, pan=value)
    if isinstance(clip.media, GeneratorMedia):
        params = _with(clip.media.params, parameter, value)
        return replace(clip, media=replace(clip.media, params=params))
    return clip


def _with(
    params: tuple[tuple[str, Value], ...], parameter: Parameter, value: Value
) -> tuple[tuple[str, Value], ...]:
    """Parameters with one set, in name order; the default is kept by leaving it out."""
    kept = {name: old for name, old in params if name != parameter.name}
    if value != parameter.default:
        kept[parameter.name] = value
    return tuple(sorted(kept.items()))


def reset_value(project: Project, knob: Knob) -> Project:
    """Put a value back to its default, keyframes and all."""
    return set_value(project, knob, parameter_of(project, knob).default)


def _number(project: Project, knob: Knob) -> Number:
    value = value_of(project, knob)
    if isinstance(value, bool | str):
        raise EditError(f"{parameter_of(project, knob).label} cannot be keyframed.")
    return value


def set_keyframe(
    project: Project, knob: Knob, at: int, value: float, leave: Interpolation | None = None
) -> Project:
    """Set a keyframe at a frame counted from the clip's first, over one that is there.

    Without `leave`, the way to the next keyframe stays what it was at that moment.
    """
    return set_value(project, knob, with_keyframe(_number(project, knob), at, value, leave))


def remove_keyframe(project: Project, knob: Knob, at: int) -> Project:
    """Take a keyframe away; without its last one a value stays what that was."""
    return set_value(project, knob, without_keyframe(_keyed(project, knob, at), at))


def move_keyframe(project: Project, knob: Knob, at: int, to: int) -> Project:
    """Put a keyframe at another frame, over one that is there."""
    return set_value(project, knob, moved_keyframe(_keyed(project, knob, at), at, to))


def _keyed(project: Project, knob: Knob, at: int) -> Number:
    number = _number(project, knob)
    if not isinstance(number, Curve) or all(key.at != at for key in number.keyframes):
        raise EditError("There is no keyframe at that frame.")
    return number
