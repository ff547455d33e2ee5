"""What is true of every project, whatever was done to it."""

from __future__ import annotations

from itertools import pairwise

from studio.document.model.clip import Clip, Gap, Transition
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind


def check(project: Project) -> None:
    """Assert every rule of the model."""
    ids: list[str] = [asset.id for asset in project.assets]
    for sequence in project.sequences:
        ids.append(sequence.id)
        ids.extend(marker.id for marker in sequence.markers)
        for track in sequence.tracks:
            ids.append(track.id)
            ids.extend(item.id for item in track.items)
            check_track(track)
        check_links(sequence)
    assert len(ids) == len(set(ids)), "an id names two things"
    assert all(_number(each) < project.next_id for each in ids), "an id will be given out again"


def _number(object_id: str) -> int:
    return int(object_id[1:]) if object_id[1:].isdigit() else 0


def check_track(track: Track) -> None:
    for item in track.items:
        if not isinstance(item, Transition):
            assert item.duration >= 1, f"{item.id} is empty"
        if isinstance(item, Clip):
            longest = max(item.fade_in_frames, item.fade_out_frames)
            assert longest <= item.duration, f"a fade is longer than {item.id}"
    for before, after in pairwise(track.items):
        assert not (isinstance(before, Gap) and isinstance(after, Gap)), "two gaps touch"
        assert not (isinstance(before, Transition) and isinstance(after, Transition))
    if track.items:
        assert not isinstance(track.items[-1], Gap), "a track ends in a gap"
    for place, item in enumerate(track.items):
        if isinstance(item, Transition):
            check_transition(track, place, item)
    if track.kind is not TrackKind.VIDEO:
        kinds = {item.kind for item in track.items if isinstance(item, Transition)}
        assert all(kind.value == "crossfade" for kind in kinds)


def check_transition(track: Track, place: int, transition: Transition) -> None:
    before = track.items[place - 1] if place else None
    after = track.items[place + 1] if place + 1 < len(track.items) else None
    assert isinstance(before, Clip) or isinstance(after, Clip), "a transition joins nothing"
    assert transition.in_offset + transition.out_offset > 0
    assert transition.in_offset >= 0
    assert transition.out_offset >= 0
    if not isinstance(before, Clip):
        assert transition.in_offset == 0, "a transition reaches into a gap"
    if not isinstance(after, Clip):
        assert transition.out_offset == 0, "a transition reaches into a gap"
    if isinstance(after, Clip):
        beyond = track.items[place + 2] if place + 2 < len(track.items) else None
        taken = beyond.in_offset if isinstance(beyond, Transition) else 0
        assert transition.out_offset + taken <= after.duration, "two transitions overlap"
    if isinstance(before, Clip):
        assert transition.in_offset <= before.duration


def check_links(sequence: Sequence) -> None:
    """Ties are within a sequence; that a clip is tied to itself alone is allowed."""
    for track in sequence.tracks:
        for item in track.items:
            if isinstance(item, Clip):
                assert item.link is None or item.link != ""
