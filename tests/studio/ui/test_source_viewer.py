"""The source viewer tells what it shows and how much is marked, and lays it down by a click."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from studio.ui.editor import Editor
from tests.studio.ui.driving import clips, settle, starts


def _button(editor: Editor, command: str) -> QToolButton:
    action = editor.book.action(command)
    found = editor.parts.source.bar.findChildren(QToolButton)
    return next(each for each in found if each.defaultAction() is action)


def _tab(editor: Editor) -> str:
    return editor.window.middle.tabs.tabText(1)


def test_it_tells_its_name_and_marks_and_lays_them_down(cut: Editor, qtbot: QtBot) -> None:
    bar, transport = cut.parts.source.bar, cut.deck.transport
    assert _tab(cut) == "Source"
    b = next(each for each in cut.session.project.assets if each.name == "b.mp4")
    cut.workspace.open_source(b.id)
    assert _tab(cut) == "Source: b.mp4"
    assert bar.total.text() == "/ 00:00:02:00"
    settle(qtbot, cut)
    transport.seek(10)
    qtbot.keyClick(cut.parts.source.canvas, Qt.Key.Key_I)
    transport.seek(29)
    qtbot.keyClick(cut.parts.source.canvas, Qt.Key.Key_O)
    assert bar.total.text() == "[ 00:00:00:20 ]"
    assert "00:00:02:00" in bar.total.toolTip()
    before, button = starts(cut), _button(cut, "sequence.insert")
    assert "," in button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert starts(cut) == [0, *(start + 24 for start in before)]
    assert clips(cut)[0].duration == 24
    length = cut.session.transport.length_frames
    cut.session.transport.seek(0)
    qtbot.mouseClick(_button(cut, "sequence.overwrite"), Qt.MouseButton.LeftButton)
    assert cut.session.transport.length_frames == length
    transport.seek(transport.length_frames)
    qtbot.keyClick(cut.parts.source.canvas, Qt.Key.Key_O)
    assert bar.total.text() == "[ 00:00:01:15 ]"  # past the last frame there is nothing to mark
    transport.mark_in(None)
    transport.mark_out(None)
    assert bar.total.text() == "/ 00:00:02:00"


def test_the_buttons_stay_where_they_are_whatever_is_said_beside_them(
    cut: Editor, qtbot: QtBot
) -> None:
    cut.window.resize(1600, 900)
    bar = cut.parts.program.bar
    qtbot.waitUntil(bar.figures.isVisible)
    settle(qtbot, cut)
    before = bar.play.pos()
    bar.show_playback("988 dropped · A/V -288 ms", "tip")
    settle(qtbot, cut)
    assert bar.play.pos() == before
    assert bar.figures.fontMetrics().horizontalAdvance(bar.figures.text()) <= bar.figures.width()


def test_no_part_of_the_bar_lies_on_another_however_narrow_it_is(cut: Editor, qtbot: QtBot) -> None:
    bar = cut.parts.program.bar
    seen: set[int] = set()
    for width in range(1700, 980, -40):
        cut.window.resize(width, 720)
        QApplication.processEvents()
        seen.add(bar.width())
        layout = bar.layout()
        assert layout is not None
        assert layout.minimumSize().width() <= bar.width()
        shown = [each for each in bar.findChildren(QWidget) if each.isVisibleTo(bar)]
        top = [each.geometry() for each in shown if each.parent() is bar]
        assert bar.play.isVisibleTo(bar)
        for one, other in combinations(top, 2):
            assert not one.intersects(other)
    assert len(seen) > 5
    assert not bar.volume.isVisibleTo(bar)
