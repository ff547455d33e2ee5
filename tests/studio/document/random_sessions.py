"""Random editing sessions, for the properties that hold whatever somebody does to a film."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from studio.document.errors import EditError
from studio.document.model.project import Project
from studio.document.model.sequence import Track, TrackKind
from tests.studio.document.actions import VERBS, Action, perform
from tests.studio.document.films import picture_and_sound, track

NUMBERS = st.integers(0, 9999)
ACTIONS = st.builds(Action, st.sampled_from(sorted(VERBS)), NUMBERS, NUMBERS, NUMBERS)
SESSIONS = st.lists(ACTIONS, min_size=1, max_size=14)


def start() -> Project:
    """Two picture tracks, two of sound and one for captions."""
    project = picture_and_sound("AAAAAAAAAABBBBBBBBBB....CCCCCCCCCCCC|DDDDDDDDDDDDDDDDDDDDDDD")
    sequence = project.sequences[0]
    more = (
        track("....EEEEEEEE....FFFFFFF", "V2"),
        track("GGGGGGGGGGGGGGGGGGG", "A2", TrackKind.AUDIO),
        Track(id="C1", name="C1", kind=TrackKind.CAPTION),
    )
    return replace(project, sequences=(replace(sequence, tracks=(*sequence.tracks, *more)),))


def performed(session: list[Action]) -> Project:
    """What a session makes of `start`; actions that cannot be done are left out."""
    project = start()
    for action in session:
        try:
            project = perform(project, action)
        except EditError:
            continue
    return project
