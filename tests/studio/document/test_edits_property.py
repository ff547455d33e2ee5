"""Random editing sessions: whatever is done, the rules hold, and all of it can be undone."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.assembly import applied, assemble
from studio.document.edits import cut, insert, move, trim
from studio.document.edits.source import Piece
from studio.document.errors import EditError
from studio.document.history import History
from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.sequence import Track
from studio.document.queries.limits import Edge
from studio.document.queries.places import clips_of
from studio.document.rows import all_rows, differences
from studio.document.time import FrameRange, Time
from tests.studio.document.actions import Action, perform
from tests.studio.document.editing_session import one_step
from tests.studio.document.films import RATE, clip, film, picture_and_sound, track
from tests.studio.document.random_sessions import SESSIONS, start
from tests.studio.document.rules import check


def test_the_film_that_sessions_start_from_keeps_the_rules() -> None:
    check(start())


@settings(max_examples=80)
@given(SESSIONS)
def test_every_edit_keeps_the_rules_and_can_be_undone(session: list[Action]) -> None:
    history = History(start())
    states = [history.project]
    for action in session:
        before = history.project
        try:
            changes = history.apply(action.verb, lambda p, a=action: perform(p, a))
        except EditError:
            assert history.project is before
            continue
        check(history.project)
        if changes:
            states.append(history.project)
    for state in reversed(states[:-1]):
        history.undo()
        assert history.project == state
        check(history.project)
    for state in states[1:]:
        history.redo()
        assert history.project == state


@settings(max_examples=60)
@given(SESSIONS)
def test_rows_say_everything_and_only_what_changed(session: list[Action]) -> None:
    project = start()
    for action in session:
        try:
            changed = perform(project, action)
        except EditError:
            continue
        rows = differences(project, changed)
        assert applied(project, rows) == changed
        assert applied(changed, [row.undone for row in rows]) == project
        project = changed
    whole = {row.id: row.after for row in all_rows(project) if row.after}
    assert assemble(whole) == project


@settings(max_examples=60)
@given(SESSIONS)
def test_an_index_brought_up_to_date_is_the_one_made_anew(session: list[Action]) -> None:
    project = start()
    for action in session:
        try:
            project = perform(project, action)
        except EditError:
            continue
        for row in project.sequences[0].tracks:
            fresh = Track(id="", kind=row.kind, items=row.items).index
            assert list(row.index.starts) == list(fresh.starts)
            assert dict(row.index.by_id) == dict(fresh.by_id)


@pytest.mark.parametrize("seed", range(8))
def test_long_sessions_are_put_together_again_from_rows(seed: int) -> None:
    """Blocks that change places do so without a row of their own; only long sessions have them."""
    chance = random.Random(1000 + seed)
    history = History(FILM)
    for _ in range(60):
        before = history.project
        one_step(history, chance)
        rows = differences(before, history.project)
        assert applied(before, rows) == history.project
        assert applied(history.project, [row.undone for row in rows]) == before
    whole = {row.id: row.after for row in all_rows(history.project) if row.after}
    assert assemble(whole) == history.project


def test_blocks_that_change_places_are_put_together_again_from_rows() -> None:
    before = film(track("AABBCCDDEE"))
    items = {item.id: item for item in before.sequences[0].tracks[0].items}
    row = replace(track("", "V1"), items=tuple(items[name] for name in "ADEBC"))
    after = replace(before, sequences=(replace(before.sequences[0], tracks=(row,)),))
    rows = differences(before, after)
    assert applied(before, rows) == after
    assert applied(after, [change.undone for change in rows]) == before


def _ids(project: Project) -> st.SearchStrategy[str]:
    clips = [c.id for t, _, c in clips_of(project.sequences[0]) if t.name in ("V1", "A1")]
    return st.sampled_from(sorted(clips))


FILM = picture_and_sound("AAAAAAAAAABBBBBBBBBB....CCCCCCCCCCCC|DDDDDDDDDDDDDDDDDDDDDDD")
LENGTH = FILM.sequences[0].tracks[0].duration


def lengths(project: Project) -> list[int]:
    return [row.duration for row in project.sequences[0].tracks]


def media(project: Project) -> list[tuple[str, Time, int]]:
    """Every frame of media on the tracks, clip by clip, in order."""
    return [(t.id, c.source_start, c.duration) for t, _, c in clips_of(project.sequences[0])]


@given(_ids(FILM), st.integers(-12, 12))
def test_slip_roll_and_slide_keep_the_length(clip_id: str, frames: int) -> None:
    for edit in (
        lambda p: trim.slip(p, clip_id, Time(frames, RATE)),
        lambda p: trim.slide(p, clip_id, frames),
    ):
        try:
            edited = edit(FILM)
        except EditError:
            continue
        last = clip_id.upper() == "D"
        assert lengths(edited) == lengths(FILM) or last


@given(st.integers(0, LENGTH - 1))
def test_a_razor_keeps_every_frame_of_media(frame: int) -> None:
    try:
        project = cut.razor(FILM, "s", frame)
    except EditError:
        return
    assert lengths(project) == lengths(FILM)
    for row, was in zip(project.sequences[0].tracks, FILM.sequences[0].tracks, strict=True):
        assert _shown(row) == _shown(was)


def _shown(row: Track) -> list[tuple[int, Time]]:
    """The media time at every frame of a track that has one."""
    return [
        (start + frame, item.source_start + Time(frame, RATE))
        for start, item in zip(row.index.starts, row.items, strict=False)
        if isinstance(item, Clip)
        for frame in range(item.duration)
    ]


@given(st.integers(0, LENGTH), st.integers(1, 30))
def test_insert_makes_the_film_longer_by_what_is_inserted(frame: int, length: int) -> None:
    pieces = [Piece("V1", clip("N", length)), Piece("A1", clip("n", length))]
    project = insert.insert(FILM, "s", frame, pieces)
    assert lengths(project) == [LENGTH + length] * 2


@given(st.integers(0, LENGTH - 2), st.integers(1, 30))
def test_extract_takes_exactly_the_stretch_out(start_frame: int, length: int) -> None:
    span = FrameRange(start_frame, min(LENGTH, start_frame + length))
    project = cut.extract(FILM, "s", span)
    was = [at for at, _ in _shown(FILM.sequences[0].tracks[0])]
    kept = [at for at in was if not span.contains(at)]
    assert len(_shown(project.sequences[0].tracks[0])) == len(kept)
    check(project)


@given(_ids(FILM), st.integers(-9, 9), st.sampled_from(list(Edge)))
def test_a_ripple_trim_opens_no_gap(clip_id: str, frames: int, edge: Edge) -> None:
    try:
        project = trim.ripple_trim(FILM, clip_id, edge, frames)
    except EditError:
        return
    change = -frames if edge is Edge.HEAD else frames
    assert lengths(project) == [LENGTH + change] * 2
    check(project)


@given(_ids(FILM), _ids(FILM))
def test_swap_keeps_the_length_and_the_media(first: str, second: str) -> None:
    try:
        project = move.swap(FILM, first, second)
    except EditError:
        return
    assert lengths(project) == lengths(FILM)
    assert sorted(map(str, media(project))) == sorted(map(str, media(FILM)))
