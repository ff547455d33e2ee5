"""What is seen and heard: the one order in which viewer, mixer and export take a sequence's clips.

Pictures are layers, bottom to top. A layer is a clip at one of its frames, or two clips meeting
in a transition. Sounds are stretches, because a mixer works in blocks of samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from studio.document.model.clip import Clip, Transition
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.time import FrameRange


@dataclass(frozen=True, slots=True)
class ClipLayer:
    """A clip at one frame, counted from its first; outside its own range under a transition."""

    track: Track
    clip: Clip
    frame: int


@dataclass(frozen=True, slots=True)
class TransitionLayer:
    """Two layers meeting. `progress` runs from 0 to 1, taken at the middle of the frame.

    A side is None where the transition comes from, or goes to, nothing.
    """

    track: Track
    transition: Transition
    outgoing: ClipLayer | None
    incoming: ClipLayer | None
    progress: Fraction


Layer: TypeAlias = ClipLayer | TransitionLayer


def layers_at(sequence: Sequence, frame: int) -> tuple[Layer, ...]:
    """The layers seen at a frame, bottom to top: video tracks, then caption tracks over them."""
    if frame < 0:
        return ()
    tracks = [
        track
        for kind in (TrackKind.VIDEO, TrackKind.CAPTION)
        for track in sequence.tracks
        if track.kind is kind and not track.hidden
    ]
    layers = (layer_at(track, frame) for track in tracks)
    return tuple(layer for layer in layers if layer is not None)


def layer_at(track: Track, frame: int) -> Layer | None:
    """What one track shows at a frame, None where it shows nothing."""
    place = track.place_at(frame)
    for at in (place + 1, place - 1):
        if 0 <= at < len(track.items):
            item = track.items[at]
            if isinstance(item, Transition) and transition_range(track, at).contains(frame):
                return _transition_layer(track, at, item, frame)
    return _clip_layer(track, place, frame)


def _clip_layer(track: Track, place: int, frame: int) -> ClipLayer | None:
    if not 0 <= place < len(track.items):
        return None
    item = track.items[place]
    if not isinstance(item, Clip) or not item.enabled:
        return None
    return ClipLayer(track, item, frame - track.index.starts[place])


def _transition_layer(
    track: Track, place: int, transition: Transition, frame: int
) -> TransitionLayer | None:
    outgoing = _clip_layer(track, place - 1, frame)
    incoming = _clip_layer(track, place + 1, frame)
    if outgoing is None and incoming is None:
        return None
    span = transition_range(track, place)
    progress = Fraction(2 * (frame - span.start) + 1, 2 * span.duration)
    return TransitionLayer(track, transition, outgoing, incoming, progress)


def transition_range(track: Track, place: int) -> FrameRange:
    """The frames of the sequence that a transition, at its place on a track, covers."""
    cut = track.index.starts[place]
    item = track.items[place]
    if not isinstance(item, Transition):
        return FrameRange(cut, cut)
    return FrameRange(cut - item.in_offset, cut + item.out_offset)


def visible_range(track: Track, place: int) -> FrameRange:
    """The frames in which a clip can be seen or heard: its own, and those of its transitions."""
    starts = track.index.starts
    start, end = starts[place], starts[place + 1]
    before = track.items[place - 1] if place > 0 else None
    after = track.items[place + 1] if place + 1 < len(track.items) else None
    head = before.in_offset if isinstance(before, Transition) else 0
    tail = after.out_offset if isinstance(after, Transition) else 0
    return FrameRange(start - head, end + tail)


@dataclass(frozen=True, slots=True)
class Sound:
    """A clip on an audio track, from where it is heard to where it ends.

    `start` is the frame of the sequence at which the clip's frame 0 lies. `heard` reaches beyond
    the clip under a crossfade. `fading_in` and `fading_out` are the transitions at its ends with
    the frames they cover.
    """

    track: Track
    clip: Clip
    start: int
    heard: FrameRange
    fading_in: tuple[Transition, FrameRange] | None
    fading_out: tuple[Transition, FrameRange] | None


def audible_tracks(sequence: Sequence) -> tuple[Track, ...]:
    """The audio tracks that sound: those soloed if any is, none that is muted."""
    tracks = [track for track in sequence.tracks if track.kind is TrackKind.AUDIO]
    soloed = [track for track in tracks if track.solo]
    return tuple(track for track in soloed or tracks if not track.mute)


def sounds_in(sequence: Sequence, span: FrameRange) -> Iterator[Sound]:
    """Everything heard in a stretch of a sequence, track by track in time order."""
    for track in audible_tracks(sequence):
        yield from track_sounds(track, span)


def track_sounds(track: Track, span: FrameRange) -> Iterator[Sound]:
    """What one track would sound in a stretch, in time order, whether or not it is muted."""
    place = max(0, track.place_at(max(0, span.start)) - 2)
    for at in range(place, len(track.items)):
        starts = track.index.starts
        if starts[at] >= span.end and not _begins_early(track, at, span.end):
            break
        item = track.items[at]
        if not isinstance(item, Clip) or not item.enabled:
            continue
        heard = visible_range(track, at)
        if heard.intersects(span):
            ins, outs = _transition(track, at - 1), _transition(track, at + 1)
            yield Sound(track, item, starts[at], heard, ins, outs)


def _begins_early(track: Track, place: int, end: int) -> bool:
    """Whether an item past the end of a stretch is heard in it, by its crossfade."""
    item = track.items[place]
    if isinstance(item, Transition):
        return transition_range(track, place).start < end
    return visible_range(track, place).start < end


def _transition(track: Track, place: int) -> tuple[Transition, FrameRange] | None:
    if not 0 <= place < len(track.items):
        return None
    item = track.items[place]
    if not isinstance(item, Transition):
        return None
    return item, transition_range(track, place)
