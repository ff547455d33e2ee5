"""Two-up: while a cut is dragged, the viewer shows the very frames on either side of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studio.document.edits.trim import ripple_trim
from studio.document.model.sequence import TrackKind
from studio.document.queries.limits import Edge
from studio.ui.editor import Editor
from studio.ui.timeline.state import Tool
from tests.studio.media.footage import number_of
from tests.studio.ui.driving import at, clips, drag, settle, track, wait

Modifier = Qt.KeyboardModifier


def _frames(editor: Editor, count: int) -> list[int]:
    """The numbers of the frames that are on screen, by their pixels."""
    image = editor.in_picture.trims.image
    assert image is not None
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    return [number_of(part) for part in np.split(pixels, count, axis=1)]


def _shown(editor: Editor) -> list[str]:
    return [words for _title, words in editor.in_picture.trims.shown]


def test_a_trim_shows_both_sides_of_its_cut_until_it_ends(cut: Editor, qtbot: QtBot) -> None:
    cut.book.trigger("view.transform")  # the trim selects a clip, and handles would be on it
    cut.session.transport.seek(5)
    settle(qtbot, cut)
    canvas, v1 = cut.parts.timeline.canvas, track(cut, TrackKind.VIDEO).id
    before = cut.parts.program.canvas.grab().toImage()
    start = at(cut, 72, v1) - QPoint(2, 0)
    drag(canvas, start, at(cut, 54, v1) - QPoint(2, 0), Modifier.ControlModifier, release=False)
    shown = cut.timeline.project.sequence(cut.session.sequence_id)
    length = next(item.duration for item in shown.tracks if item.id == v1)
    kept = length - 60 - 72
    assert 50 <= kept <= 58
    words = f"-00:00:00:{72 - kept:02}  length 00:00:01:{kept - 30:02}"
    assert cut.timeline.hint.text == words
    wait(qtbot, lambda: cut.settled and len(_shown(cut)) == 2)
    assert _frames(cut, 2) == [(kept - 1) * 25 // 30, 0]
    assert _shown(cut) == [f"00:00:0{(kept - 1) * 25 // 30 // 25}:{(kept - 1) * 25 // 30 % 25:02}",
                           "00:00:00:00"]  # fmt: skip
    assert cut.parts.program.canvas.grab().toImage() != before
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    settle(qtbot, cut)
    assert _shown(cut) == []
    assert cut.parts.program.canvas.grab().toImage() == before


def test_a_slip_shows_the_clip_and_its_neighbours_and_a_sound_alone_nothing(
    cut: Editor, qtbot: QtBot
) -> None:
    middle = clips(cut)[1].id
    for edge, frames in ((Edge.HEAD, 12), (Edge.TAIL, -12)):
        cut.session.apply("Trim", lambda p, e=edge, n=frames: ripple_trim(p, middle, e, n))
    cut.timeline.set_tool(Tool.SLIP)
    canvas, v1 = cut.parts.timeline.canvas, track(cut, TrackKind.VIDEO).id
    start = at(cut, 72 + 18, v1)
    drag(canvas, start, start - QPoint(30, 0), release=False)
    wait(qtbot, lambda: cut.settled and len(_shown(cut)) == 4)
    shown = cut.timeline.project.sequence(cut.session.sequence_id)
    slipped = next(item for item in shown.tracks[0].items if item.id == middle)
    frames = _frames(cut, 4)
    assert (frames[0], frames[3]) == (59, 0)
    assert frames[1] > 10
    assert frames[2] - frames[1] == 35 * 25 // 30
    assert slipped.duration == 36
    drag(canvas, start, start)
    settle(qtbot, cut)
    assert _shown(cut) == []
    cut.timeline.set_tool(Tool.SELECT)
    a1 = track(cut, TrackKind.AUDIO).id
    start = at(cut, 72, a1) - QPoint(2, 0)
    drag(canvas, start, start - QPoint(30, 0), Modifier.AltModifier, release=False)
    assert cut.timeline.previewing
    assert cut.timeline.watched is None
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    drag(canvas, start, start - QPoint(30, 0), release=False)
    assert cut.timeline.watched is not None  # with its picture it has those
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
