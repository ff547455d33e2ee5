"""Ripple trims to the playhead (Q and W): which clip is meant, and the trim itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from studio.document.edits.trim import ripple_trim
from studio.document.model.clip import Clip
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.limits import Edge
from studio.document.queries.places import clip_at
from studio.session.session import Session

NOTHING_HERE = (
    "No picture lies under the playhead on a targeted track. "
    "Put the playhead inside a clip, or select the clip to trim."
)


def trim_to_playhead(session: Session, edge: Edge) -> None:
    """Take away what a clip has before the playhead (head) or after it (tail), and close up.

    Later clips of synced tracks follow, as they do at every ripple trim; what lies over or under
    the clip keeps its length. After the head is gone the playhead stands on what it stood on.
    """
    playhead = session.transport.position
    found = clip_to_trim(session.sequence, session.selection.ids, playhead)
    if found is None:
        session.notices.warning(NOTHING_HERE, topic="edit")
        return
    track, clip = found
    start = track.index.starts[track.index.by_id[clip.id]]
    if playhead == start:
        called = clip.name or "the clip"
        session.notices.warning(
            f"The playhead is on the first frame of {called}. "
            "Put it further in, where the trim shall end.",
            topic="edit",
        )
        return
    head = edge is Edge.HEAD
    frames = playhead - start if head else playhead - start - clip.duration
    name = "Trim start to playhead" if head else "Trim end to playhead"
    edit = partial(ripple_trim, clip_id=clip.id, edge=edge, frames=frames)
    if session.apply(name, edit) and head:
        session.transport.seek(start)


def clip_to_trim(
    sequence: Sequence, selected: Collection[Id], frame: int
) -> tuple[Track, Clip] | None:
    """The clip that a trim at a frame is about, with its track; None where there is none.

    A selected clip under the frame comes first, a picture before a sound; else the picture on the
    lowest targeted track. Sound is trimmed alone only where it was selected: music under the
    whole film is targeted too.
    """
    here = list(_clips_under(sequence, frame))
    chosen = [(track, clip) for track, clip in here if clip.id in selected]
    aimed = [
        (track, clip)
        for track, clip in here
        if track.kind is TrackKind.VIDEO and track.targeted and not track.locked
    ]
    return next(iter([*chosen, *aimed]), None)


def _clips_under(sequence: Sequence, frame: int) -> Iterator[tuple[Track, Clip]]:
    """The clips at a frame: pictures from the lowest track up, then sounds, then captions."""
    for kind in (TrackKind.VIDEO, TrackKind.AUDIO, TrackKind.CAPTION):
        for track in sequence.tracks:
            clip = clip_at(track, frame) if track.kind is kind else None
            if clip is not None:
                yield track, clip
