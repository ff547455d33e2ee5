"""The Generate panel from the keyboard, a script shot by shot, and menus by their letters."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studio.ui.actions.book import MENU_ORDER
from studio.ui.editor import Editor
from tests.fakes.engine_client import FakeEngine
from tests.studio.ui.driving import clips, press_where_focus_is, starts, wait

Key = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def writing(empty: Editor, qtbot: QtBot) -> Editor:
    """A window over nothing, with Generate open and its model there."""
    with qtbot.waitActive(empty.window):
        empty.window.activateWindow()
    empty.window.left.open("Generate")
    wait(qtbot, lambda: empty.parts.generate.form.card is not None)
    return empty


def test_ctrl_return_generates_wherever_the_focus_is(
    writing: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    form = writing.parts.generate.form
    form.prompt.setPlainText("A red fox")
    for number, field in enumerate((form.prompt, form.seed, form.length.slider, form.model), 1):
        field.setFocus()
        press_where_focus_is(writing, qtbot, Key.Key_Return, CONTROL)
        wait(qtbot, lambda number=number: len(engine.job_ids) == number)
    assert form.prompt.toPlainText() == "A red fox"


def test_shots_of_a_script_follow_each_other(
    writing: Editor, engine: FakeEngine, qtbot: QtBot
) -> None:
    form = writing.parts.generate.form
    for number, words in enumerate(("A red fox", "A sled slides in", "Snow falls"), 1):
        form.prompt.setFocus()
        form.prompt.setPlainText(words)
        press_where_focus_is(writing, qtbot, Key.Key_Return, CONTROL)
        wait(qtbot, lambda number=number: len(engine.job_ids) == number)
        assert writing.session.transport.position == starts(writing)[-1], "it is seen as it comes"
    assert [clip.name for clip in clips(writing)] == ["A red fox", "A sled slides in", "Snow falls"]
    step = clips(writing)[0].duration
    assert starts(writing) == [0, step, 2 * step]
    writing.session.transport.seek(3 * step + 7)
    press_where_focus_is(writing, qtbot, Key.Key_Return, CONTROL)
    wait(qtbot, lambda: len(engine.job_ids) == 4)
    assert starts(writing)[-1] == 3 * step + 7, "wherever the playhead has been put"


def test_a_length_is_typed(writing: Editor, qtbot: QtBot) -> None:
    length = writing.parts.generate.form.length
    length.number.setFocus()
    length.number.selectAll()
    qtbot.keyClicks(length.number, "2.3")
    qtbot.keyClick(length.number, Key.Key_Return)
    assert length.seconds == Fraction(23, 10)
    assert length.slider.value() == 5


@pytest.mark.parametrize("key", [Key.Key_Left, Key.Key_Down])
def test_the_slider_s_keys_are_its_own(writing: Editor, qtbot: QtBot, key: Qt.Key) -> None:
    length = writing.parts.generate.form.length
    writing.session.transport.seek(9)
    before = length.seconds
    length.slider.setFocus()
    press_where_focus_is(writing, qtbot, key)
    assert length.seconds == before - Fraction(1, 2)
    assert length.number.value() == float(length.seconds)
    assert writing.session.transport.position == 9


def test_every_menu_opens_by_a_letter_of_its_own(writing: Editor, qtbot: QtBot) -> None:
    assert len({name[0] for name in MENU_ORDER}) == len(MENU_ORDER)
    writing.parts.timeline.canvas.setFocus()
    press_where_focus_is(writing, qtbot, Key.Key_F, ALT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.title() == "&File"
    menu.close()
