"""Sequences in tabs: opened, closed, put in another order, each looked at as it was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.document.edits.sequences import add_sequence
from studio.document.errors import DiskFull
from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import SequenceMedia
from studio.document.model.sequence import TrackKind
from studio.ui.editor import Editor
from tests.studio.ui.conftest import cut_project
from tests.studio.ui.driving import at, clips, press, settle, starts, track

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def names(editor: Editor) -> list[str]:
    """What stands on the tabs, from left to right."""
    bar = editor.parts.timeline.tabs
    return [bar.tabText(place) for place in range(bar.count())]


def two_more(editor: Editor) -> list[str]:
    """Two more sequences in tabs of their own; the ids of all three, the first one in front."""
    session = editor.session
    for name in ("Two", "Three"):
        rate = session.sequence.rate
        session.apply("New", lambda p, name=name, rate=rate: add_sequence(p, name, rate, 640, 360))
    ids = [each.id for each in session.project.sequences]
    for each in (*ids[1:], ids[0]):
        session.open_sequence(each)
    return ids


def test_one_sequence_has_no_tabs_and_a_second_one_shows_them(cut: Editor) -> None:
    bar = cut.parts.timeline.tabs
    assert bar.isHidden()
    cut.book.trigger("sequence.duplicate")
    assert not bar.isHidden()
    assert names(cut) == ["Sequence 1", "Sequence 1 2"]
    assert bar.currentIndex() == 1
    cut.session.undo()
    assert names(cut) == ["Sequence 1"], "another comes to the front"
    cut.session.redo()
    cut.session.open_sequence(cut.session.project.sequences[1].id)
    cut.book.trigger("sequence.remove")
    assert names(cut) == ["Sequence 1"]
    assert bar.isHidden()


def test_every_tab_keeps_playhead_marks_selection_zoom_and_scroll(cut: Editor) -> None:
    ids, session, state = two_more(cut), cut.session, cut.timeline
    session.transport.seek(40)
    session.transport.mark_in(12)
    session.selection.set([clips(cut)[1].id])
    state.zoom(3.0, 100)
    state.set_row_zoom(2.5)
    state.set_scroll_y(30)
    scale, chosen = state.scale, session.selection.ids
    asset, deck = session.project.assets[0], cut.deck
    cut.workspace.open_source(asset.id)
    deck.transport.mark_in(7)
    session.open_sequence(ids[1])
    assert deck.asset is asset, "the source viewer is the project's"
    assert deck.transport.in_frame == 7
    assert session.transport.position == 0
    assert session.transport.in_frame is None
    assert session.selection.ids == frozenset()
    session.open_sequence(ids[0])
    assert session.transport.position == 40
    assert session.transport.in_frame == 12
    assert session.selection.ids == chosen
    assert (state.scale, state.row_zoom, state.scroll_y) == (scale, 2.5, 30)


def test_tabs_are_gone_through_and_closed_by_keys(active: Editor, qtbot: QtBot) -> None:
    ids = two_more(active)
    assert names(active) == ["Sequence 1", "Two", "Three"]
    press(active, qtbot, Key.Key_Tab, CONTROL)
    assert active.session.sequence_id == ids[1]
    press(active, qtbot, Key.Key_W, CONTROL)
    assert names(active) == ["Sequence 1", "Three"]
    assert active.session.sequence_id == ids[2]
    press(active, qtbot, Key.Key_Tab, CONTROL)
    assert active.session.sequence_id == ids[0], "round the end"
    press(active, qtbot, Key.Key_Backtab, CONTROL | SHIFT)
    assert active.session.sequence_id == ids[2]
    press(active, qtbot, Key.Key_Tab, CONTROL)
    press(active, qtbot, Key.Key_W, CONTROL)
    assert not active.book.action("sequence.close_tab").isEnabled()
    press(active, qtbot, Key.Key_W, CONTROL)
    assert names(active) == ["Three"]
    assert len(active.session.project.sequences) == 3, "closing is not removing"


def test_tabs_are_chosen_and_moved_by_hand(cut: Editor, qtbot: QtBot) -> None:
    ids, bar = two_more(cut), cut.parts.timeline.tabs
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(2).center())
    assert cut.session.sequence_id == ids[2]
    bar.moveTab(2, 0)
    assert cut.session.tabs.open_ids == (ids[2], ids[0], ids[1])
    assert names(cut) == ["Three", "Sequence 1", "Two"]
    assert bar.currentIndex() == 0
    qtbot.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(1).center())
    assert names(cut) == ["Three", "Two"]
    others = next(a for a in bar.menu(1).actions() if a.text() == "Close the others")
    others.trigger()
    assert names(cut) == ["Two"]
    assert cut.session.sequence_id == ids[1]
    cut.session.open_sequence(ids[2])
    cut.session.open_sequence(ids[1])
    media = cut.parts.media
    media.tiles.doubleClicked.emit(media.model.index_of(f"sequence:{ids[0]}"))
    assert cut.session.sequence_id == ids[0]
    assert names(cut) == ["Two", "Sequence 1", "Three"], "right of the tab that was in front"


def test_a_nest_opens_at_the_frame_that_is_shown_and_keeps_in_step(
    cut: Editor, qtbot: QtBot
) -> None:
    session, outer = cut.session, cut.session.sequence_id
    second = clips(cut)[1]
    begins = starts(cut)[1]
    session.selection.set([second.id])
    cut.book.trigger("clip.nest")
    nested = clips(cut)[1]
    assert isinstance(nested.media, SequenceMedia)
    session.transport.seek(begins + 17)
    v1 = track(cut, TrackKind.VIDEO).id
    qtbot.mouseDClick(
        cut.parts.timeline.canvas, Qt.MouseButton.LeftButton, pos=at(cut, begins + 30, v1)
    )
    assert session.sequence_id == nested.media.sequence_id
    inner_at = session.transport.position
    session.open_sequence(outer)
    assert session.transport.position - begins == inner_at
    session.open_sequence(nested.media.sequence_id)
    session.transport.seek(5)
    session.open_sequence(outer)
    assert session.transport.position == begins + 5
    session.transport.seek(0)
    session.open_sequence(nested.media.sequence_id)
    assert session.transport.position == 5, "the outer playhead is not on the nest"
    settle(qtbot, cut)


def test_tabs_are_found_as_they_were_left(
    tmp_path: Path, footage: Path, open_editor: Callable[[Path], Editor], qtbot: QtBot
) -> None:
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, cut_project(footage, tmp_path)).close()
    first = open_editor(path)
    ids = two_more(first)
    first.session.close_tab(ids[2])
    first.session.transport.seek(33)
    first.timeline.zoom(2.0, 50)
    scale = first.timeline.scale
    first.session.open_sequence(ids[1])
    settle(qtbot, first)
    first.window.close()
    again = open_editor(path)
    assert names(again) == ["Sequence 1", "Two"]
    assert again.session.sequence_id == ids[1]
    again.session.open_sequence(ids[0])
    assert again.session.transport.position == 33
    assert again.timeline.scale == scale
    settle(qtbot, again)


def test_a_full_disk_is_no_reason_to_stay_in_a_tab(cut: Editor) -> None:
    """SQLite is given no more pages, and says what it says when the disk has none."""
    ids, file = two_more(cut), cut.session.file
    connection = file._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        file.set_view_state("much", "long " * 20_000)
    cut.session.selection.set([f"c{number}" * 300 for number in range(60)])
    cut.session.open_sequence(ids[1])
    assert cut.session.sequence_id == ids[1]
    connection.execute("PRAGMA max_page_count = 1000000")
    cut.session.open_sequence(ids[0])
    assert len(cut.session.selection.ids) == 60
    cut.session.selection.clear()
