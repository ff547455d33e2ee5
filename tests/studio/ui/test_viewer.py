"""The viewer: the right frame on screen, made elsewhere, the newest wish first."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studio.document.edits.assets import with_asset
from studio.document.model.asset import AssetKind
from studio.document.model.project import Project
from studio.session.describing import describe
from studio.ui.editor import Editor
from studio.ui.viewer.frame_server import Answer, FrameServer
from studio.ui.viewer.subject import subject_of_asset
from tests.studio.media.footage import number_of
from tests.studio.ui.driving import WAIT_MS, settle, wait


def _pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)


def _shown_number(editor: Editor) -> int | None:
    image = editor.parts.program.canvas.image
    return None if image is None else number_of(_pixels(image))


def test_the_frame_under_the_playhead_is_on_screen(cut: Editor, qtbot: QtBot) -> None:
    for frame, number in ((0, 0), (36, 30), (72 + 12, 10)):
        cut.session.transport.seek(frame)
        wait(qtbot, lambda number=number: cut.settled and _shown_number(cut) == number)


def test_an_edit_is_seen_at_once(cut: Editor, qtbot: QtBot) -> None:
    cut.session.transport.seek(80)
    settle(qtbot, cut)
    cut.session.selection.set([i.id for i in cut.session.sequence.tracks[0].items[:1]])
    cut.book.trigger("edit.ripple_delete")
    wait(qtbot, lambda: cut.settled and cut.parts.program.subject is not None)
    subject = cut.parts.program.subject
    assert subject is not None
    assert subject.project is cut.session.project


def test_frames_are_made_on_another_thread_and_the_newest_wish_wins(qtbot: QtBot) -> None:
    server = FrameServer("test")
    gate, begun = threading.Event(), threading.Event()
    threads: list[int] = []
    made: list[int] = []
    answers: list[Answer] = []
    server.answered.connect(answers.append)

    def render(number: int) -> QImage:
        threads.append(threading.get_ident())
        made.append(number)
        if number == 0:
            begun.set()
            gate.wait(WAIT_MS / 1000)
        return QImage(2, 2, QImage.Format.Format_RGB888)

    server.ask(0, lambda: render(0))
    assert begun.wait(WAIT_MS / 1000)
    for number in range(1, 50):
        server.ask(number, lambda number=number: render(number))
    gate.set()
    wait(qtbot, lambda: len(answers) == 2)
    assert made == [0, 49]
    assert [answer.ticket for answer in answers] == [0, 49]
    assert threading.get_ident() not in threads
    server.close()


def test_scrubbing_asks_and_never_waits(cut: Editor, qtbot: QtBot) -> None:
    """However slow a frame is, a seek returns before it is made: no render on this thread."""
    transport, here = cut.session.transport, threading.get_ident()
    shown: list[int] = []
    cut.parts.program.shown.connect(lambda _frame: shown.append(threading.get_ident()))
    transport.set_scrubbing(True)
    for frame in range(0, 200, 3):
        transport.seek(frame)
    transport.set_scrubbing(False)
    assert shown == []
    settle(qtbot, cut)
    wait(qtbot, lambda: bool(shown))
    assert set(shown) == {here}


def test_a_frame_that_cannot_be_made_is_told_and_the_next_one_is_made(qtbot: QtBot) -> None:
    server, answers = FrameServer("test"), list[Answer]()
    server.answered.connect(answers.append)

    def broken() -> QImage:
        raise OSError("The disk went away.")

    server.ask(1, broken)
    wait(qtbot, lambda: len(answers) == 1)
    assert (answers[0].image, answers[0].reason) == (None, "The disk went away.")
    server.ask(2, lambda: QImage(2, 2, QImage.Format.Format_RGB888))
    wait(qtbot, lambda: len(answers) == 2)
    assert answers[1].image is not None
    server.close()


def test_playing_follows_the_clock_and_stops_at_the_end(cut: Editor, qtbot: QtBot) -> None:
    transport, shown = cut.session.transport, list[int]()
    cut.parts.program.shown.connect(shown.append)
    transport.seek(transport.length_frames - 20)
    settle(qtbot, cut)
    shown.clear()
    cut.book.trigger("play.toggle")
    assert transport.playing
    past = transport.length_frames - 20
    wait(qtbot, lambda: not transport.playing and bool(shown) and shown[-1] > past)
    assert shown == sorted(shown)


def test_a_window_closed_while_its_player_is_being_made_plays_no_more(
    cut: Editor, qtbot: QtBot
) -> None:
    cut.session.transport.set_loop(True)
    cut.book.trigger("play.toggle")
    cut.window.close()
    names = ("playback_", "pictures", "show")
    wait(qtbot, lambda: not [t for t in threading.enumerate() if t.name.startswith(names)])


def test_j_k_l_shuttle_and_frame_steps(cut: Editor) -> None:
    transport, book = cut.session.transport, cut.book
    transport.seek(50)
    for key, speed in (("play.on", 1), ("play.on", 2), ("play.back", -1), ("play.stop", 0)):
        book.trigger(key)
        assert transport.speed == speed
    transport.seek(50)
    book.trigger("play.frame_on")
    assert transport.position == 51
    book.trigger("play.second_back")
    assert transport.position == 21
    book.trigger("play.next_edit")
    assert transport.position == 72
    book.trigger("play.previous_edit")
    assert transport.position == 0


def test_any_asset_can_be_looked_at_by_itself(footage: Path, tmp_path: Path) -> None:
    for name, kind in (("a.mp4", AssetKind.VIDEO), ("music.wav", AssetKind.AUDIO)):
        _project, _id = with_asset(Project(), describe(footage / name, tmp_path))
        subject = subject_of_asset(_project.assets[0])
        assert _project.assets[0].kind is kind
        assert subject.duration == (60 if kind is AssetKind.VIDEO else 120)


def test_the_source_viewer_keeps_its_marks_for_each_asset(cut: Editor, qtbot: QtBot) -> None:
    first, second = cut.session.project.assets
    cut.workspace.open_source(first.id)
    cut.book.trigger("mark.in")
    cut.deck.transport.seek(20)
    cut.book.trigger("mark.out")
    cut.workspace.open_source(second.id)
    assert cut.deck.transport.in_frame is None
    cut.workspace.open_source(first.id)
    assert (cut.deck.transport.in_frame, cut.deck.transport.out_frame) == (0, 21)
    assert cut.session.transport.in_frame is None
    settle(qtbot, cut)
