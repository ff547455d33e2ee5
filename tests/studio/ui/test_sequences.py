"""Whole sequences by hand: versions, sequences within sequences, timecode, and their markers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from studio.document.edits.trim import ripple_trim
from studio.document.model.clip import SequenceMedia, Transition
from studio.document.model.sequence import TrackKind
from studio.document.queries.limits import Edge
from studio.document.time import Rate
from studio.ui.editor import Editor
from studio.ui.panels.inspector.sequence_section import SequenceSection
from tests.studio.media.footage import Shot, make_video
from tests.studio.ui.driving import click, clips, drag, settle, starts, track, wait


def test_a_version_is_made_nested_and_removed(cut: Editor) -> None:
    first, before = cut.session.sequence_id, starts(cut)
    cut.book.trigger("sequence.duplicate")
    second = cut.session.sequence_id
    assert second != first
    assert starts(cut) == before
    cut.session.open_sequence(first)
    cut.session.transport.seek(0)
    cut.editing.insert_sequence(second)
    nested = clips(cut)[0]
    assert isinstance(nested.media, SequenceMedia)
    assert nested.duration == starts(cut)[1]
    assert clips(cut, TrackKind.AUDIO)[0].link == nested.link
    cut.session.open_sequence(second)
    cut.editing.insert_sequence(first)
    assert any("holds" in notice.text for notice in cut.session.notices.shown)
    cut.book.trigger("sequence.remove")
    assert any("is nested in" in notice.text for notice in cut.session.notices.shown)
    cut.session.open_sequence(first)
    cut.session.selection.set([nested.id])
    cut.book.trigger("edit.delete")
    cut.session.open_sequence(second)
    cut.book.trigger("sequence.remove")
    assert [each.id for each in cut.session.project.sequences] == [first]
    assert cut.session.sequence_id == first


def test_a_sequence_begins_at_another_timecode(empty: Editor) -> None:
    empty.window.right.open("Inspector")
    section = empty.parts.inspector.section(SequenceSection)
    assert isinstance(section, SequenceSection)
    section.frame_rate.setCurrentIndex(section.frame_rate.findData("30000/1001"))
    section.frame_rate.activated.emit(section.frame_rate.currentIndex())
    section.start.setText("01:00:00:00")
    section.start.editingFinished.emit()
    section.drop.click()
    sequence = empty.session.sequence
    assert (sequence.rate, sequence.drop_frame) == (Rate(30000, 1001), True)
    assert (sequence.start_timecode, section.start.text()) == (107892, "01:00:00;00")
    section.start.setText("soon")
    section.start.editingFinished.emit()
    assert any("not timecode" in notice.text for notice in empty.session.notices.shown)
    assert empty.session.sequence == sequence


def test_the_first_footage_sets_size_and_rate_until_it_is_told_not_to(
    empty: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    make_video(tmp_path / "hd.mp4", Shot(size=(640, 360), frames=50, rate=Fraction(25)))
    make_video(tmp_path / "other.mp4", Shot(size=(480, 270), frames=24, rate=Fraction(24)))
    for number, name in enumerate(("hd.mp4", "other.mp4"), 1):
        empty.workspace.assets.import_paths([tmp_path / name])
        wait(qtbot, lambda: len(empty.session.project.assets) == number)  # noqa: B023
    first, second = (asset.id for asset in empty.session.project.assets)
    old, before = empty.session.sequence, empty.session.position

    def shape() -> tuple[int, int, Rate]:
        sequence = empty.session.sequence
        return sequence.width, sequence.height, sequence.rate

    empty.workspace.assets.add_to_timeline([first])
    assert shape() == (640, 360, Rate(25))
    assert clips(empty)[0].duration == 50, "frame for frame"
    notice = empty.session.notices.shown[-1]
    assert notice.text == "The sequence is 640 × 360 at 25 fps now, as hd.mp4 is."
    empty.session.go_to_step(before)
    assert empty.session.sequence == old
    empty.session.redo()
    empty.session.redo()
    assert notice.action is not None
    assert notice.action.title == "Keep 1920 × 1080 at 30 fps"
    notice.action.run()
    assert shape() == (1920, 1080, Rate(30))
    assert clips(empty)[0].duration == 60
    empty.session.undo()
    empty.workspace.assets.add_to_timeline([second])
    assert shape() == (1920, 1080, Rate(30)), "it was told once"
    settle(qtbot, empty)


def test_a_cut_that_has_begun_keeps_its_format(
    empty: Editor, footage: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    make_video(tmp_path / "hd.mp4", Shot(size=(640, 360), frames=50, rate=Fraction(25)))
    empty.workspace.assets.import_paths([footage / "music.wav"])
    wait(qtbot, lambda: len(empty.session.project.assets) == 1)
    empty.workspace.assets.import_paths([tmp_path / "hd.mp4"])
    wait(qtbot, lambda: len(empty.session.project.assets) == 2)
    for asset in empty.session.project.assets:
        empty.workspace.assets.add_to_timeline([asset.id])
    assert empty.session.sequence.rate == Rate(30)
    settle(qtbot, empty)


def test_any_size_and_rate_can_be_typed(empty: Editor) -> None:
    section = empty.parts.inspector.section(SequenceSection)
    assert isinstance(section, SequenceSection)

    def enter(box: QComboBox, text: str) -> None:
        box.setEditText(text)
        line = box.lineEdit()
        assert line is not None
        line.editingFinished.emit()

    enter(section.frame_size, "1998x1080")
    enter(section.frame_rate, "23.976")
    sequence = empty.session.sequence
    assert (sequence.width, sequence.height, sequence.rate) == (1998, 1080, Rate(24000, 1001))
    assert section.frame_size.currentText() == "1998 × 1080"
    assert section.frame_rate.currentText() == "23.976 fps"
    for box, text, says in (
        (section.frame_size, "wide", '"wide" is not a frame size'),
        (section.frame_size, "1919 x 1080", "even numbers from 16 to 16384"),
        (section.frame_rate, "fast", "is not a rate"),
        (section.frame_rate, "1000", "from 1 to 240"),
    ):
        enter(box, text)
        assert says in empty.session.notices.shown[-1].text
    assert empty.session.sequence == sequence


def test_markers_are_dragged_on_the_ruler_and_gone_to(cut: Editor) -> None:
    for frame in (20, 50):
        cut.session.transport.seek(frame)
        cut.book.trigger("mark.marker")
    ruler, scale = cut.parts.timeline.ruler, cut.timeline.scale
    drag(ruler, QPoint(round(scale.x_of(20)), 9), QPoint(round(scale.x_of(35)), 9))
    assert [marker.at for marker in cut.session.sequence.markers] == [35, 50]
    click(ruler, QPoint(round(scale.x_of(50)), 9))
    assert cut.session.transport.position == 50
    cut.book.trigger("mark.previous")
    assert cut.session.transport.position == 35
    cut.book.trigger("mark.previous")
    assert cut.session.transport.position == 35
    cut.book.trigger("mark.next")
    assert cut.session.transport.position == 50
    assert cut.session.undo_name == "Move marker"


def test_transitions_that_a_nest_takes_off_are_told(cut: Editor) -> None:
    first = clips(cut)[0]
    cut.session.selection.set([])
    second = clips(cut)[1]
    cut.session.apply("Trim", lambda project: ripple_trim(project, first.id, Edge.TAIL, -20))
    cut.session.apply("Trim", lambda project: ripple_trim(project, second.id, Edge.HEAD, 10))
    cut.session.transport.seek(starts(cut)[1])
    cut.book.trigger("clip.dissolve")
    laid = track(cut, TrackKind.VIDEO).items
    assert any(isinstance(item, Transition) for item in laid)
    cut.session.selection.set([clips(cut)[0].id])
    cut.book.trigger("clip.nest")
    told = [n.text for n in cut.session.notices.shown if n.text.startswith("A transition was")]
    assert len(told) == 1
    cut.session.undo()
    assert any(isinstance(item, Transition) for item in track(cut, TrackKind.VIDEO).items)
