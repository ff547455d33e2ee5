"""Editing with the mouse on the timeline of a real window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.document.model.clip import Transition
from studio.document.model.sequence import TrackKind
from studio.ui.asset_drag import AssetDrag, LibraryDrag
from studio.ui.editor import Editor
from studio.ui.timeline.state import Tool
from tests.studio.ui.driving import at, click, clips, drag, settle, starts, track

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
A_FRAMES, B_FRAMES = 72, 60
"""60 frames at 25 and 50 at 25, in frames of a sequence at 30."""


def _prepared(cut: Editor) -> Editor:
    """No snapping, and a zoom at which a frame is four pixels."""
    cut.timeline.set_snapping(False)
    cut.timeline.set_scale(cut.timeline.scale.zoomed(4 / cut.timeline.scale.pixels_per_frame, 0))
    return cut


def _v1(cut: Editor) -> str:
    return track(cut, TrackKind.VIDEO).id


def test_a_drag_moves_a_clip_with_its_sound_as_one_step(cut: Editor) -> None:
    _prepared(cut)
    before, last = cut.session.project, clips(cut)[2]
    canvas = cut.parts.timeline.canvas
    drag(canvas, at(cut, 150, _v1(cut)), at(cut, 200, _v1(cut)))
    assert starts(cut) == [0, A_FRAMES, A_FRAMES + B_FRAMES + 50]
    assert starts(cut, TrackKind.AUDIO)[-1] == A_FRAMES + B_FRAMES + 50
    assert cut.session.undo_name == "Move clip"
    after = cut.session.project
    cut.session.undo()
    assert cut.session.project == before
    cut.session.redo()
    assert cut.session.project == after
    assert last.id in cut.session.selection.ids


def test_a_drag_is_shown_but_not_made_until_the_button_is_let_go(cut: Editor) -> None:
    _prepared(cut)
    before = cut.session.project
    canvas = cut.parts.timeline.canvas
    drag(canvas, at(cut, 150, _v1(cut)), at(cut, 190, _v1(cut)), release=False)
    assert cut.session.project is before
    assert cut.timeline.project != before
    assert cut.timeline.hint.text == "+00:00:01:10"
    assert cut.parts.timeline.hand.abandon()
    assert cut.timeline.project is before
    assert cut.session.undo_name is None


def test_a_drag_to_another_track_takes_the_picture_and_leaves_the_sound(cut: Editor) -> None:
    _prepared(cut)
    canvas = cut.parts.timeline.canvas
    v2 = track(cut, TrackKind.VIDEO, 1).id
    drag(canvas, at(cut, 150, _v1(cut)), at(cut, 150, v2))
    assert len(clips(cut)) == 2
    assert starts(cut, TrackKind.VIDEO, 1) == [A_FRAMES + B_FRAMES]
    assert starts(cut, TrackKind.AUDIO) == [0, A_FRAMES + B_FRAMES]


def test_snapping_draws_a_dragged_clip_to_the_playhead(cut: Editor) -> None:
    _prepared(cut)
    cut.timeline.set_snapping(True)
    cut.session.transport.seek(180)
    canvas = cut.parts.timeline.canvas
    drag(canvas, at(cut, 150, _v1(cut)), at(cut, 197, _v1(cut)))
    assert starts(cut)[-1] == 180


def test_ctrl_inserts_and_alt_copies(cut: Editor) -> None:
    _prepared(cut)
    canvas = cut.parts.timeline.canvas
    click(canvas, at(cut, 100, _v1(cut)))
    drag(canvas, at(cut, 100, _v1(cut)), at(cut, 300, _v1(cut)), ALT)
    assert [c.duration for c in clips(cut)].count(B_FRAMES) == 2
    assert cut.session.undo_name == "Copy clip"


def test_trimming_an_edge_leaves_a_gap_and_ctrl_ripples(cut: Editor) -> None:
    _prepared(cut)
    canvas = cut.parts.timeline.canvas
    end = QPoint(round(cut.timeline.scale.x_of(A_FRAMES)) - 2, at(cut, 0, _v1(cut)).y())
    drag(canvas, end, end - QPoint(40, 0))
    assert clips(cut)[0].duration == A_FRAMES - 10
    assert clips(cut, TrackKind.AUDIO)[0].duration == A_FRAMES - 10
    assert starts(cut)[1] == A_FRAMES
    cut.session.undo()
    drag(canvas, end, end - QPoint(40, 0), CTRL)
    assert starts(cut)[1] == A_FRAMES - 10
    assert cut.session.undo_name == "Ripple trim"


def test_a_trim_stops_where_the_media_ends(cut: Editor) -> None:
    _prepared(cut)
    canvas = cut.parts.timeline.canvas
    x = round(cut.timeline.scale.x_of(A_FRAMES * 2 + B_FRAMES)) - 2
    end = QPoint(x, at(cut, 0, _v1(cut)).y())
    drag(canvas, end, end + QPoint(200, 0))
    assert clips(cut)[2].duration == A_FRAMES
    assert cut.session.undo_name is None


def test_roll_slip_and_slide_keep_what_they_promise(cut: Editor) -> None:
    _prepared(cut)
    canvas = cut.parts.timeline.canvas
    scale, y = cut.timeline.scale, at(cut, 0, _v1(cut)).y()
    for edge in (QPoint(round(scale.x_of(A_FRAMES + B_FRAMES)) + 2, y),):
        drag(canvas, edge, edge + QPoint(40, 0), CTRL)
    lengths = [c.duration for c in clips(cut)]
    cut.timeline.set_tool(Tool.ROLL)
    x = round(scale.x_of(A_FRAMES + B_FRAMES)) + 2
    drag(canvas, QPoint(x, y), QPoint(x - 20, y))
    assert [c.duration for c in clips(cut)] == [lengths[0], lengths[1] - 5, lengths[2] + 5]
    cut.timeline.set_tool(Tool.SLIP)
    source = clips(cut)[2].source_start
    drag(canvas, at(cut, 160, _v1(cut)), at(cut, 163, _v1(cut)))
    assert clips(cut)[2].source_start < source
    assert starts(cut)[2] == A_FRAMES + B_FRAMES - 5
    assert cut.session.undo_name == "Slip"


def test_the_razor_cuts_a_clip_and_what_is_linked_to_it(cut: Editor) -> None:
    _prepared(cut)
    cut.timeline.set_tool(Tool.RAZOR)
    click(cut.parts.timeline.canvas, at(cut, 30, _v1(cut)))
    assert starts(cut)[:2] == [0, 30]
    assert starts(cut, TrackKind.AUDIO)[:2] == [0, 30]


def test_clicks_select_linked_clips_and_a_band_selects_what_it_touches(cut: Editor) -> None:
    _prepared(cut)
    canvas, selection = cut.parts.timeline.canvas, cut.session.selection
    click(canvas, at(cut, 20, _v1(cut)))
    assert selection.ids == {clips(cut)[0].id, clips(cut, TrackKind.AUDIO)[0].id}
    click(canvas, at(cut, 100, _v1(cut)), SHIFT)
    assert clips(cut)[1].id in selection.ids
    v2 = track(cut, TrackKind.VIDEO, 1).id
    drag(canvas, at(cut, 260, v2), at(cut, 90, _v1(cut)))
    assert selection.ids == {c.id for c in clips(cut)[1:]}
    click(canvas, at(cut, 280, v2))
    assert selection.ids == frozenset()


def test_a_gap_is_selected_and_closed(cut: Editor) -> None:
    _prepared(cut)
    canvas = cut.parts.timeline.canvas
    click(canvas, at(cut, 100, _v1(cut)))
    cut.book.trigger("edit.delete")
    assert starts(cut) == [0, A_FRAMES + B_FRAMES]
    click(canvas, at(cut, 100, _v1(cut)))
    cut.book.trigger("edit.delete")
    assert starts(cut) == [0, A_FRAMES]


def test_a_locked_track_refuses_with_a_sentence(cut: Editor) -> None:
    _prepared(cut)
    header = cut.parts.timeline.headers.header(_v1(cut))
    header._lock.click()
    assert track(cut, TrackKind.VIDEO).locked
    before = cut.session.project
    drag(cut.parts.timeline.canvas, at(cut, 150, _v1(cut)), at(cut, 200, _v1(cut)))
    assert cut.session.project is before


def test_assets_dropped_on_a_row_become_linked_clips(cut: Editor, qtbot: QtBot) -> None:
    _prepared(cut)
    asset = next(a for a in cut.session.project.assets if a.name == "a.mp4")
    v2 = track(cut, TrackKind.VIDEO, 1).id
    _drop(cut, AssetDrag((asset.id,)), at(cut, 220, v2))
    assert starts(cut, TrackKind.VIDEO, 1) == [220]
    assert starts(cut, TrackKind.AUDIO, 1) == [220]
    settle(qtbot, cut)


def test_a_marked_part_of_a_source_is_what_lands(cut: Editor) -> None:
    _prepared(cut)
    asset = next(a for a in cut.session.project.assets if a.name == "a.mp4")
    cut.workspace.open_source(asset.id)
    cut.deck.transport.mark_in(10)
    cut.deck.transport.mark_out(35)
    cut.session.transport.seek(A_FRAMES * 2 + B_FRAMES)
    cut.book.trigger("sequence.overwrite")
    assert clips(cut)[3].duration == 30
    assert clips(cut)[3].source_start.seconds * 25 == 10


def test_library_entries_dropped_on_a_clip(cut: Editor) -> None:
    _prepared(cut)
    _drop(cut, LibraryDrag("effect", "blur"), at(cut, 20, _v1(cut)))
    assert [effect.kind for effect in clips(cut)[0].effects] == ["blur"]
    _drop(cut, LibraryDrag("transition", "dissolve"), at(cut, 60, _v1(cut)))
    assert any(isinstance(item, Transition) for item in track(cut, TrackKind.VIDEO).items)
    _drop(cut, LibraryDrag("title", "lower third"), at(cut, 10, track(cut, TrackKind.VIDEO, 1).id))
    assert [c.name for c in clips(cut, TrackKind.VIDEO, 1)] == ["Lower third"]


def test_the_wheel_zooms_around_the_pointer(cut: Editor, qtbot: QtBot) -> None:
    state = cut.timeline
    before = state.scale
    state.zoom(2.0, 100)
    assert state.scale.pixels_per_frame == before.pixels_per_frame * 2
    cut.book.trigger("view.fit")
    assert state.scale.x_of(state.duration) <= state.view_width


def _drop(cut: Editor, drag_data: AssetDrag | LibraryDrag, where: QPoint) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    canvas, mime = cut.parts.timeline.canvas, drag_data.mime()
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas, QDragEnterEvent(where, copy, mime, left, none))
    QApplication.sendEvent(canvas, QDropEvent(QPointF(where), copy, mime, left, none))
