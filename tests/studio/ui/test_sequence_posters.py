"""A sequence in the bin is shown by a frame of its own, which follows every edit."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from studio.document.model.clip import SequenceMedia
from studio.document.model.sequence import Sequence
from studio.ui.editor import Editor
from tests.studio.media.footage import number_of
from tests.studio.ui.driving import clips, settle


def _frame(pixmap: QPixmap | None) -> int:
    """The number of the frame that a picture shows, by its pixels."""
    assert pixmap is not None
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shape = (image.height(), image.width(), 3)
    return number_of(rows[:, : image.width() * 3].reshape(shape))


def _poster(editor: Editor, sequence: Sequence) -> int:
    return _frame(editor.posters.poster(sequence))


def test_it_follows_edits_of_the_sequence_and_of_what_is_nested_in_it(
    cut: Editor, qtbot: QtBot
) -> None:
    settle(qtbot, cut)
    session = cut.session
    assert session.transport.length_frames == 204
    assert _poster(cut, session.sequence) == 34 * 25 // 30
    session.selection.set([clip.id for clip in clips(cut)])
    cut.book.trigger("clip.nest")
    (nest,) = clips(cut)
    assert isinstance(nest.media, SequenceMedia)
    settle(qtbot, cut)
    assert _poster(cut, session.sequence) == 34 * 25 // 30
    outer = session.sequence_id
    session.open_nested(nest.id)
    session.transport.seek(30)
    session.selection.set([clips(cut)[0].id])
    cut.book.trigger("clip.trim_start")
    settle(qtbot, cut)
    cut.parts.media.tiles.viewport().repaint()
    settle(qtbot, cut)
    inner = session.sequence
    assert _poster(cut, inner) == (30 + (204 - 30) // 6) * 25 // 30
    assert _poster(cut, session.project.sequence(outer)) > 34 * 25 // 30
