"""Which gesture a press on an edge, a cut, a clip's inside or a fade begins, by tool."""

from __future__ import annotations

from functools import partial

from studio.document.edits.clips import set_fades
from studio.document.edits.transitions import change_transition
from studio.document.edits.trim import ripple_trim, roll, slide, slip, trim
from studio.document.model.clip import Clip
from studio.document.model.sequence import Sequence
from studio.document.queries.limits import (
    Edge,
    Limits,
    media_limits,
    roll_limits,
    slide_limits,
    slip_limits,
    trim_limits,
)
from studio.document.queries.points import snap_points
from studio.document.queries.trimming import watched_clip, watched_cut, watched_edge
from studio.document.time import Time
from studio.ui.timeline.gestures import Edit, EditGesture, Gesture
from studio.ui.timeline.layout import OnClip, OnTransition, Part
from studio.ui.timeline.pointer import Pointer
from studio.ui.timeline.spans import length_words, shift_words
from studio.ui.timeline.state import TimelineState, Tool


def edge_gesture(state: TimelineState, pressed: Pointer, hit: OnClip, tool: Tool) -> Gesture:
    """Trim an edge: ripple with Ctrl or the ripple tool, roll with the roll tool.

    Alt trims a clip without what is linked to it.
    """
    project, clip = state.session.project, hit.clip
    edge = Edge.HEAD if hit.part is Part.LEFT_EDGE else Edge.TAIL
    frame = hit.start if edge is Edge.HEAD else hit.start + clip.duration
    linked = not pressed.alt
    if tool is Tool.ROLL and hit.edge_partner is not None:
        return _roll(state, pressed, hit, frame, linked=linked)
    ripple = tool is Tool.RIPPLE or pressed.control
    limits = (media_limits if ripple else trim_limits)(project, clip.id, edge)
    verb = ripple_trim if ripple else trim
    return EditGesture(
        state,
        pressed,
        "Ripple trim" if ripple else "Trim",
        lambda frames: partial(verb, clip_id=clip.id, edge=edge, frames=frames, linked=linked),
        edges=(frame,),
        limits=limits,
        points=snap_points_for(state, {clip.id}),
        words=partial(_trim_words, state.sequence, clip, edge),
        watched=watched_edge(project, clip.id, edge, linked=linked),
    )


def body_gesture(state: TimelineState, pressed: Pointer, hit: OnClip, tool: Tool) -> Gesture:
    """Slip or slide a clip."""
    project, clip = state.session.project, hit.clip
    linked = not pressed.alt
    watched = watched_clip(project, clip.id, linked=linked)
    if tool is Tool.SLIP:
        rate = state.sequence.rate
        limits = slip_limits(project, clip.id)
        return EditGesture(
            state,
            pressed,
            "Slip",
            lambda frames: partial(slip, clip_id=clip.id, by=Time(-frames, rate), linked=linked),
            limits=Limits(_minus(limits.high), _minus(limits.low)),
            words=lambda frames: f"Slip {shift_words(-frames, state.sequence)}",
            watched=watched,
        )
    return EditGesture(
        state,
        pressed,
        "Slide",
        lambda frames: partial(slide, clip_id=clip.id, frames=frames, linked=linked),
        edges=(hit.start, hit.start + clip.duration),
        limits=slide_limits(project, clip.id),
        points=snap_points_for(state, {clip.id}),
        words=lambda frames: f"Slide {shift_words(frames, state.sequence)}",
        watched=watched,
    )


def fade_gesture(state: TimelineState, pressed: Pointer, hit: OnClip) -> Gesture:
    """Drag the end of a fade."""
    clip = hit.clip
    if hit.part is Part.FADE_IN:
        before, other = clip.fade_in_frames, clip.fade_out_frames
        limits = Limits(-before, clip.duration - other - before)

        def verb(frames: int) -> Edit:
            return partial(set_fades, clip_ids=[clip.id], in_frames=before + frames)

        def words(frames: int) -> str:
            return f"Fade in {length_words(before + frames, state.sequence)}"
    else:
        before, other = clip.fade_out_frames, clip.fade_in_frames
        limits = Limits(-(clip.duration - other - before), before)

        def verb(frames: int) -> Edit:
            return partial(set_fades, clip_ids=[clip.id], out_frames=before - frames)

        def words(frames: int) -> str:
            return f"Fade out {length_words(before - frames, state.sequence)}"

    return EditGesture(state, pressed, "Fade", verb, limits=limits, words=words)


def transition_gesture(state: TimelineState, pressed: Pointer, hit: OnTransition) -> Gesture:
    """Drag one end of a transition; Shift drags both ends alike."""
    item = hit.transition
    both = pressed.shift

    def verb(frames: int) -> Edit:
        outwards = -frames if hit.edge < 0 else frames
        head = item.in_offset + (outwards if hit.edge < 0 or both else 0)
        tail = item.out_offset + (outwards if hit.edge > 0 or both else 0)
        return partial(change_transition, transition_id=item.id, in_offset=head, out_offset=tail)

    reach = item.in_offset if hit.edge < 0 else item.out_offset
    limits = Limits(None, reach) if hit.edge < 0 else Limits(-reach, None)
    return EditGesture(
        state,
        pressed,
        "Trim transition",
        verb,
        edges=(hit.cut - item.in_offset if hit.edge < 0 else hit.cut + item.out_offset,),
        limits=limits,
        points=snap_points_for(state, set()),
    )


def snap_points_for(state: TimelineState, ignoring: set[str]) -> tuple[int, ...]:
    """What a drag is drawn to, the playhead and the marked range included."""
    extra = state.extra_snap_points()
    return tuple(sorted({*snap_points(state.session.sequence, ignoring), *extra}))


def _roll(
    state: TimelineState, pressed: Pointer, hit: OnClip, frame: int, *, linked: bool
) -> Gesture:
    assert hit.edge_partner is not None
    head = hit.part is Part.LEFT_EDGE
    left, right = (hit.edge_partner, hit.clip.id) if head else (hit.clip.id, hit.edge_partner)
    return EditGesture(
        state,
        pressed,
        "Roll",
        lambda frames: partial(roll, left_id=left, right_id=right, frames=frames, linked=linked),
        edges=(frame,),
        limits=roll_limits(state.session.project, left, right),
        points=snap_points_for(state, {left, right}),
        words=lambda frames: f"Roll {shift_words(frames, state.sequence)}",
        watched=watched_cut(state.session.project, left, right, linked=linked),
    )


def _trim_words(sequence: Sequence, clip: Clip, edge: Edge, frames: int) -> str:
    length = clip.duration + (-frames if edge is Edge.HEAD else frames)
    return f"{shift_words(frames, sequence)}  length {length_words(length, sequence)}"


def _minus(frames: int | None) -> int | None:
    return None if frames is None else -frames
