"""The keys go to what is worked on: the program while one cuts, a field only while one types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studio.document.model.sequence import TrackKind
from studio.ui.editor import Editor
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.clip_sections import LevelsSection
from studio.ui.panels.inspector.title_section import TitleSection, TypedText
from tests.studio.ui.driving import (
    at,
    click,
    clips,
    drag,
    lay_title,
    press_where_focus_is,
    settle,
    track,
    wait,
)

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def at_source(active: Editor, qtbot: QtBot) -> Editor:
    """The window of `cut`, with a clip of the bin in front and playing."""
    active.workspace.open_source(active.session.project.assets[0].id)
    settle(qtbot, active)
    assert active.workspace.active_transport is active.deck.transport
    active.deck.transport.shuttle(1)
    return active


def _program_plays_on_space(editor: Editor, qtbot: QtBot) -> None:
    assert editor.window.middle.is_open("Program")
    assert not editor.deck.transport.playing
    _space_plays(editor, qtbot)


def _space_plays(editor: Editor, qtbot: QtBot) -> None:
    assert editor.window.focusWidget() is editor.parts.timeline.canvas
    press_where_focus_is(editor, qtbot, Key.Key_Space)
    assert editor.session.transport.playing
    press_where_focus_is(editor, qtbot, Key.Key_K)
    assert not editor.session.transport.playing


def test_a_click_on_a_clip_turns_to_the_program(at_source: Editor, qtbot: QtBot) -> None:
    v1 = track(at_source, TrackKind.VIDEO).id
    click(at_source.parts.timeline.canvas, at(at_source, 30, v1))
    _program_plays_on_space(at_source, qtbot)


def test_a_click_on_the_ruler_turns_to_the_program(at_source: Editor, qtbot: QtBot) -> None:
    ruler = at_source.parts.timeline.ruler
    x = round(at_source.timeline.scale.x_of(50.5))  # within the frame, wherever pixels fall
    click(ruler, QPoint(x, ruler.height() - 6))
    assert at_source.session.transport.position == 50
    _program_plays_on_space(at_source, qtbot)


def test_a_title_laid_in_turns_to_the_program(at_source: Editor, qtbot: QtBot) -> None:
    library = at_source.parts.library
    at_source.window.left.open("Library")
    library.search.setFocus()
    library.search.setText("lower third")
    group = library.tree.topLevelItem(0)
    assert group is not None
    library.tree.itemDoubleClicked.emit(group.child(0), 0)
    assert clips(at_source, number=1)[0].name == "Lower third"
    _program_plays_on_space(at_source, qtbot)


def _opacity(editor: Editor, qtbot: QtBot) -> NumberField:
    editor.session.selection.set([clips(editor)[0].id])
    editor.window.right.open("Inspector")
    section = editor.parts.inspector.section(LevelsSection)
    assert isinstance(section, LevelsSection)
    field = section.rows["opacity"].control
    assert isinstance(field, NumberField)
    settle(qtbot, editor)
    return field


def test_return_in_a_number_gives_the_keys_back(active: Editor, qtbot: QtBot) -> None:
    field = _opacity(active, qtbot)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "40")
    press_where_focus_is(active, qtbot, Key.Key_Return)
    assert clips(active)[0].opacity == pytest.approx(0.4)
    _space_plays(active, qtbot)


def test_a_dragged_number_gives_the_keys_back_and_ctrl_z_undoes_it(
    active: Editor, qtbot: QtBot
) -> None:
    field, before = _opacity(active, qtbot), active.session.project
    field.setFocus()
    middle = field.lineEdit().rect().center()
    drag(field.lineEdit(), middle, middle - QPoint(60, 0))
    assert clips(active)[0].opacity != 1.0
    press_where_focus_is(active, qtbot, Key.Key_Z, CONTROL)
    assert active.session.project == before
    _space_plays(active, qtbot)


def test_up_and_down_step_a_number_and_leave_the_playhead(active: Editor, qtbot: QtBot) -> None:
    field = _opacity(active, qtbot)
    field.setFocus()
    active.session.transport.seek(80)
    press_where_focus_is(active, qtbot, Key.Key_Down)
    assert field.value() == 99
    assert active.session.transport.position == 80


def test_escape_leaves_every_field(active: Editor, qtbot: QtBot) -> None:
    lay_title(active, 0)
    active.window.left.open("Generate")
    active.window.right.open("Inspector")
    settle(qtbot, active)
    section = active.parts.inspector.section(TitleSection)
    assert isinstance(section, TitleSection)
    wait(qtbot, section.blocks[0].text.isVisible)
    kinds: set[type[QWidget]] = set()
    for field in active.window.findChildren(QWidget):
        shown = field.isVisible() and field.isEnabled() and field.focusProxy() is None
        if shown and isinstance(field, QLineEdit | QPlainTextEdit | QAbstractSpinBox):
            field.setFocus()
            assert active.window.focusWidget() is field
            press_where_focus_is(active, qtbot, Key.Key_Escape)
            assert active.window.focusWidget() is active.parts.timeline.canvas, field
            kinds.add(type(field))
    assert {type(active.parts.generate.form.prompt), TypedText, NumberField} <= kinds
    _space_plays(active, qtbot)


def test_a_click_on_the_picture_gives_the_keys_back(active: Editor, qtbot: QtBot) -> None:
    active.window.left.open("Generate")
    active.parts.generate.form.prompt.setFocus()
    click(active.parts.program.canvas, QPoint(40, 40))
    _space_plays(active, qtbot)
