"""Q and W on the real window: which clip they trim, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.document.edits.tracks import target_track
from studio.document.model.sequence import TrackKind
from studio.session.trim_to_playhead import NOTHING_HERE
from studio.ui.editor import Editor
from tests.studio.ui.driving import clips, lay_music, lay_title, press, starts, track

SOUND = TrackKind.AUDIO


def _lengths(editor: Editor, kind: TrackKind = TrackKind.VIDEO, number: int = 0) -> list[int]:
    return [clip.duration for clip in clips(editor, kind, number)]


def _words(editor: Editor) -> str:
    return editor.session.notices.shown[-1].text


def test_w_trims_the_selected_shot_and_not_the_title_over_it(active: Editor, qtbot: QtBot) -> None:
    lay_title(active, 20)
    active.session.selection.set([clips(active)[0].id])
    active.session.transport.seek(40)
    before = active.session.project
    press(active, qtbot, Qt.Key.Key_W)
    assert starts(active) == [0, 40, 100]
    assert _lengths(active) == [40, 60, 72]
    assert starts(active, SOUND) == [0, 100]
    assert (starts(active, number=1), _lengths(active, number=1)) == ([20], [120])
    press(active, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert active.session.project == before


def test_w_without_a_selection_trims_the_lowest_targeted_picture(
    active: Editor, qtbot: QtBot
) -> None:
    title = lay_title(active, 20)
    active.session.selection.clear()
    active.session.transport.seek(40)
    press(active, qtbot, Qt.Key.Key_W)
    assert starts(active) == [0, 40, 100]
    v1 = track(active, TrackKind.VIDEO).id
    active.session.apply("Target", lambda p: target_track(p, v1, targeted=False))
    active.session.transport.seek(110)
    press(active, qtbot, Qt.Key.Key_W)
    assert starts(active) == [0, 40, 100]
    assert clips(active, number=1)[0].id == title.id
    assert (starts(active, number=1), _lengths(active, number=1)) == ([20], [90])


def test_music_that_is_selected_elsewhere_or_only_lies_there_is_left_whole(
    active: Editor, footage: Path, qtbot: QtBot
) -> None:
    music = lay_music(active, footage / "music.wav")
    active.session.transport.seek(40)
    press(active, qtbot, Qt.Key.Key_W)
    assert starts(active) == [0, 40, 100]
    assert _lengths(active, SOUND, 1) == [120]
    active.session.selection.set([music.id])
    active.session.transport.seek(90)
    press(active, qtbot, Qt.Key.Key_W)
    assert _lengths(active, SOUND, 1) == [90]
    assert _lengths(active)[0] == 40


def test_q_takes_the_head_and_the_playhead_stays_on_its_picture(
    active: Editor, qtbot: QtBot
) -> None:
    active.session.transport.seek(90)
    press(active, qtbot, Qt.Key.Key_Q)
    assert starts(active) == [0, 72, 114]
    assert active.session.transport.position == 72


def test_where_nothing_can_be_trimmed_a_sentence_says_so(active: Editor, qtbot: QtBot) -> None:
    before = active.session.project
    active.session.transport.seek(400)
    press(active, qtbot, Qt.Key.Key_W)
    assert _words(active) == NOTHING_HERE
    active.session.transport.seek(72)
    press(active, qtbot, Qt.Key.Key_W)
    assert _words(active).startswith("The playhead is on the first frame of b")
    assert active.session.project == before
