"""Labels of clips: put on what is selected in one step, and used to select."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from studio.document.edits import clips
from studio.document.edits.tracks import colour_track
from studio.document.model.clip import Clip
from studio.document.model.label import Label
from studio.document.queries.places import find
from studio.session.session import Session


def label_clips(session: Session, clip_ids: Collection[str], label: Label | None) -> bool:
    """Label clips; None takes their labels off, so that they have their tracks'."""
    word = label.value if label is not None else ""
    name = f"Label {word}" if word else "Remove label"
    if len(clip_ids) > 1:
        name += f" of {len(clip_ids)} clips"
    return session.apply(name, partial(clips.colour, clip_ids=clip_ids, label=word))


def label_track(session: Session, track_id: str, label: Label | None) -> bool:
    """Label a track, and with it the clips on it that have no label."""
    word = label.value if label is not None else ""
    name = f"Label track {word}" if word else "Remove track label"
    return session.apply(name, partial(colour_track, track_id=track_id, colour=word))


def selected_labels(session: Session) -> frozenset[str]:
    """The labels of the selected clips, as they are seen: their own, or else their tracks'."""
    places = (find(session.project, each) for each in session.selection.ids)
    return frozenset(
        place.item.colour or place.track.colour
        for place in places
        if place is not None and isinstance(place.item, Clip)
    )


def select_labelled(session: Session) -> None:
    """Select every clip of the open sequence that has a label of one that is selected."""
    wanted = selected_labels(session)
    session.selection.set(
        item.id
        for track in session.sequence.tracks
        for item in track.items
        if isinstance(item, Clip) and (item.colour or track.colour) in wanted
    )
