"""The playhead stays in view: when it jumps, when it is dragged, and not when one says so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.ui.editor import Editor
from tests.studio.ui.driving import drag, press

Key = Qt.Key


@pytest.fixture
def close(active: Editor) -> Editor:
    """The window of `cut`, zoomed in at its beginning to less than one of its clips."""
    active.timeline.zoom(40.0, 0.0)
    assert active.timeline.scale.frames_in(active.timeline.view_width) < 60
    return active


def _x(editor: Editor) -> float:
    return editor.timeline.scale.x_of(editor.session.transport.position)


def _in_view(editor: Editor) -> bool:
    return 0 <= _x(editor) <= editor.timeline.view_width


@pytest.mark.parametrize("keys", [(Key.Key_End,), (Key.Key_End, Key.Key_Home), (Key.Key_Down,)])
def test_the_view_goes_to_where_the_playhead_jumps(
    close: Editor, qtbot: QtBot, keys: tuple[Qt.Key, ...]
) -> None:
    for key in keys:
        press(close, qtbot, key)
        assert _in_view(close)


def test_a_clip_laid_from_the_source_takes_the_view_along(close: Editor, qtbot: QtBot) -> None:
    close.workspace.open_source(close.session.project.assets[1].id)
    press(close, qtbot, Key.Key_Comma)
    assert close.session.transport.position == 60
    assert _in_view(close)
    press(close, qtbot, Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert close.session.transport.position == close.session.transport.length_frames
    assert _in_view(close)


def test_a_step_within_the_view_scrolls_nothing(close: Editor, qtbot: QtBot) -> None:
    before = close.timeline.scale
    press(close, qtbot, Key.Key_Right)
    assert close.timeline.scale == before


def test_a_playhead_dragged_past_the_edge_stays_under_the_hand(close: Editor) -> None:
    ruler = close.parts.timeline.ruler
    y = ruler.height() - 6
    drag(ruler, QPoint(ruler.width() - 10, y), QPoint(ruler.width() + 90, y))
    assert _x(close) == pytest.approx(ruler.width(), abs=close.timeline.scale.pixels_per_frame)


def test_without_follow_the_view_stays(close: Editor, qtbot: QtBot) -> None:
    close.session.transport.set_follow(False)
    before = close.timeline.scale
    press(close, qtbot, Key.Key_End)
    assert close.timeline.scale == before
