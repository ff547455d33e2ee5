"""The inspector with several clips selected: it says so, and changes all of them in one step."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.document.edits.effects import add_effect
from studio.document.edits.parameters import Knob, set_keyframe, set_value
from studio.document.edits.speed import freeze
from studio.document.model.clip import ConstantSpeed
from studio.document.model.sequence import TrackKind
from studio.ui.editor import Editor
from studio.ui.number_field import MIXED, NumberField
from studio.ui.panels.inspector.clip_sections import ClipSection, LevelsSection
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.inspector.several_sections import (
    KEYFRAMED,
    RAMPED,
    SeveralEffects,
    SeveralFades,
    SeveralLevels,
    SeveralSection,
    SeveralSpeed,
)
from tests.studio.ui.driving import clips, drag, lay_title, settle

SOUND = TrackKind.AUDIO


@pytest.fixture
def three(active: Editor, qtbot: QtBot) -> Editor:
    """The window of `cut` with everything selected: three pictures, two with their sound."""
    active.window.right.open("Inspector")
    active.editing.select_all()
    settle(qtbot, active)
    return active


def _section(editor: Editor, kind: type[Section]) -> Section:
    found = editor.parts.inspector.section(kind)
    assert found is not None
    return found


def _levels(editor: Editor) -> SeveralLevels:
    found = _section(editor, SeveralLevels)
    assert isinstance(found, SeveralLevels)
    return found


def _opacity(editor: Editor) -> NumberField:
    field = _levels(editor).rows["opacity"].control
    assert isinstance(field, NumberField)
    return field


def _type(qtbot: QtBot, field: NumberField, words: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, words)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_it_says_how_many_and_leaves_out_what_is_a_clip_s_own(three: Editor) -> None:
    heading = _section(three, SeveralSection).heading.text()
    assert heading == "3 clips selected"
    assert three.parts.inspector.section(ClipSection) is None
    assert three.parts.inspector.section(LevelsSection) is None


def test_one_clip_with_its_sound_is_one_clip(three: Editor) -> None:
    first = clips(three)[0]
    three.session.selection.set([first.id, clips(three, SOUND)[0].id])
    assert three.parts.inspector.section(SeveralSection) is None
    assert three.parts.inspector.section(LevelsSection) is not None


def test_a_number_changes_all_in_one_step(three: Editor, qtbot: QtBot) -> None:
    before = three.session.project
    _type(qtbot, _opacity(three), "50")
    assert [clip.opacity for clip in clips(three)] == [0.5, 0.5, 0.5]
    assert three.session.undo_name == "Change opacity of 3 clips"
    after = three.session.project
    three.session.undo()
    assert three.session.project == before
    three.session.redo()
    assert three.session.project == after


def test_a_drag_changes_all_in_one_step(three: Editor) -> None:
    before, box = three.session.project, _opacity(three).lineEdit()
    drag(box, box.rect().center(), box.rect().center() - QPoint(60, 0))
    assert len({clip.opacity for clip in clips(three)}) == 1
    assert clips(three)[0].opacity != 1.0
    three.session.undo()
    assert three.session.project == before


def test_values_that_differ_show_a_dash_until_one_is_typed(three: Editor, qtbot: QtBot) -> None:
    first = clips(three)[0].id
    three.session.apply("Fade", partial(set_value, knob=Knob(first, "opacity"), value=0.5))
    field = _opacity(three)
    assert field.text() == MIXED + field.suffix()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [clip.opacity for clip in clips(three)] == [0.5, 1.0, 1.0]
    _type(qtbot, field, "50")
    assert [clip.opacity for clip in clips(three)] == [0.5, 0.5, 0.5]
    assert field.value() == 50


def test_sound_speed_and_fades_go_to_all(three: Editor, qtbot: QtBot) -> None:
    sounds = next(
        each
        for each in three.parts.inspector.sections
        if isinstance(each, SeveralLevels) and "gain_db" in each.rows
    )
    gain = sounds.rows["gain_db"].control
    assert isinstance(gain, NumberField)
    _type(qtbot, gain, "-6")
    assert [clip.gain_db for clip in clips(three, SOUND)] == [-6.0, -6.0]
    fades = _section(three, SeveralFades)
    assert isinstance(fades, SeveralFades)
    _type(qtbot, fades.fields["in_frames"], "0.5")
    assert [clip.fade_in_frames for clip in clips(three)] == [15, 15, 15]
    speed = _section(three, SeveralSpeed)
    assert isinstance(speed, SeveralSpeed)
    speed.ripple.setChecked(True)
    _type(qtbot, speed.percent, "200")
    assert [clip.speed for clip in clips(three)] == [ConstantSpeed(Fraction(2))] * 3
    assert [clip.duration for clip in clips(three)] == [36, 30, 36]
    assert [clip.duration for clip in clips(three, SOUND)] == [36, 36]


def test_an_effect_that_all_have_is_set_in_all(three: Editor, qtbot: QtBot) -> None:
    ids = [clip.id for clip in clips(three)]
    for clip_id in ids[:2]:
        three.session.apply("Blur", partial(add_effect, owner_id=clip_id, kind="blur"))
    assert three.parts.inspector.section(SeveralEffects) is None
    three.session.apply("Blur", partial(add_effect, owner_id=ids[2], kind="blur"))
    section = _section(three, SeveralEffects)
    assert isinstance(section, SeveralEffects)
    name, line = next(iter(section.rows.items()))
    assert isinstance(line.control, NumberField)
    _type(qtbot, line.control, "7")
    values = {dict(effect.params)[name] for c in clips(three) for effect in c.effects}
    assert len(values) == 1
    section.remove.click()
    assert all(not clip.effects for clip in clips(three))


def test_what_cannot_be_shared_is_greyed_and_says_why(three: Editor) -> None:
    first = clips(three)[0].id
    knob = Knob(first, "opacity")
    three.session.apply("Key", partial(set_keyframe, knob=knob, at=10, value=0.5))
    line = _levels(three).rows["opacity"]
    assert not line.isEnabled()
    assert line.toolTip() == KEYFRAMED
    three.session.apply("Freeze", partial(freeze, clip_id=first, frame=5))
    speed = _section(three, SeveralSpeed)
    assert isinstance(speed, SeveralSpeed)
    assert not speed.percent.isEnabled()
    assert speed.percent.toolTip() == RAMPED


def test_a_title_among_them_takes_the_speed_away(three: Editor) -> None:
    title = lay_title(three, 0)
    three.session.selection.set([title.id, clips(three)[0].id])
    assert three.parts.inspector.section(SeveralSpeed) is None
    assert _section(three, SeveralSection).heading.text() == "2 clips selected"


def test_an_effect_is_added_to_all(three: Editor) -> None:
    buttons = three.parts.inspector.findChildren(QPushButton)
    add = next(each for each in buttons if each.text() == "Add effect to all")
    next(a for a in add.menu().findChildren(QAction) if a.text() == "Blur").trigger()
    assert all(len(clip.effects) == 1 for clip in clips(three))
    assert isinstance(_section(three, SeveralEffects), SeveralEffects)
