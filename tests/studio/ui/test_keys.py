"""The keys that editors have in their fingers, pressed on the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from studio.document.model.sequence import TrackKind
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.editor import Editor
from tests.studio.ui.driving import NONE, clips, press, starts, wait

Key = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_j_k_l_and_space(active: Editor, qtbot: QtBot) -> None:
    transport = active.session.transport
    for key, speed in ((Key.Key_L, 1), (Key.Key_L, 2), (Key.Key_J, -1), (Key.Key_K, 0)):
        press(active, qtbot, key)
        assert transport.speed == speed
    transport.seek(10)
    press(active, qtbot, Key.Key_Space)
    assert transport.playing
    press(active, qtbot, Key.Key_Space)
    assert not transport.playing


def test_i_and_o_mark_a_range(active: Editor, qtbot: QtBot) -> None:
    transport = active.session.transport
    transport.seek(12)
    press(active, qtbot, Key.Key_I)
    transport.seek(30)
    press(active, qtbot, Key.Key_O)
    assert transport.range_frames == (12, 31)


def test_s_cuts_delete_removes_and_ctrl_z_brings_back(active: Editor, qtbot: QtBot) -> None:
    before = active.session.project
    active.session.transport.seek(20)
    press(active, qtbot, Key.Key_S)
    assert starts(active)[:2] == [0, 20]
    split = active.session.project
    active.session.selection.set([clips(active)[0].id])
    press(active, qtbot, Key.Key_Delete)
    assert starts(active)[0] == 20
    press(active, qtbot, Key.Key_Z, CONTROL)
    assert active.session.project == split
    press(active, qtbot, Key.Key_Z, CONTROL)
    assert active.session.project == before
    press(active, qtbot, Key.Key_Z, CONTROL | SHIFT)
    assert active.session.project == split


def test_plus_and_minus_zoom(active: Editor, qtbot: QtBot) -> None:
    before = active.timeline.scale.pixels_per_frame
    press(active, qtbot, Key.Key_Minus)
    assert active.timeline.scale.pixels_per_frame < before
    press(active, qtbot, Key.Key_Plus)
    assert active.timeline.scale.pixels_per_frame == pytest.approx(before)


def test_arrows_step_and_jump(active: Editor, qtbot: QtBot) -> None:
    transport = active.session.transport
    transport.seek(50)
    for key, modifiers, frame in (
        (Key.Key_Right, NONE, 51),
        (Key.Key_Left, SHIFT, 21),
        (Key.Key_Down, NONE, 72),
        (Key.Key_Home, NONE, 0),
    ):
        press(active, qtbot, key, modifiers)
        assert transport.position == frame


def test_typing_a_description_is_no_command(active: Editor, qtbot: QtBot) -> None:
    before, prompt = active.session.project, active.parts.generate.form.prompt
    active.window.left.open("Generate")
    prompt.setFocus()
    qtbot.keyClicks(prompt, "a sled slides in")
    qtbot.keyClick(prompt, Key.Key_Backspace)
    assert prompt.toPlainText() == "a sled slides i"
    assert active.session.project == before
    assert not active.session.transport.playing


def test_help_shows_every_shortcut(active: Editor, qtbot: QtBot) -> None:
    active.book.trigger("help.shortcuts")
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, PreferencesDialog))
    wait(qtbot, dialog.shortcuts.isVisible)
    shown: dict[str, str] = {}
    tree = dialog.shortcuts.tree
    for place in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(place)
        assert group is not None
        for number in range(group.childCount()):
            line = group.child(number)
            assert line is not None
            shown[line.text(0)] = line.text(1)
    assert len(shown) == len({c.title for c in active.book.commands if c.menu})
    assert shown["Cut at playhead"] == "S, Ctrl+K"
    dialog.close()


def test_no_two_tools_look_alike(cut: Editor) -> None:
    timeline = cut.parts.timeline
    of_tracks = timeline.headers.findChildren(QToolButton)
    arrows = timeline.tabs.findChildren(QToolButton)
    no_tools = {*of_tracks, *arrows}
    buttons = [b for b in timeline.findChildren(QToolButton) if b not in no_tools]
    assert len(buttons) > len(timeline.tools) + 4
    pictures = [button.icon().pixmap(17, 17).toImage() for button in buttons]
    assert all(not picture.isNull() for picture in pictures)
    for place, picture in enumerate(pictures):
        assert all(picture != other for other in pictures[place + 1 :])
    assert all(button.toolTip() for button in buttons)


def test_every_track_of_a_new_window_is_in_view(cut: Editor) -> None:
    rows = cut.timeline.rows
    assert {row.track_id for row in rows} == {t.id for t in cut.session.sequence.tracks}
    assert rows[-1].bottom <= cut.timeline.view_height + 1
    assert [t.kind for t in cut.session.sequence.tracks].count(TrackKind.AUDIO) == 2
