"""How playback went is said where it is played: what was dropped, and how far apart they were."""

from __future__ import annotations

import re

from pytestqt.qtbot import QtBot

from studio.ui.editor import Editor
from tests.studio.ui.driving import settle, wait


def test_the_bar_tells_what_was_dropped_and_the_offset(cut: Editor, qtbot: QtBot) -> None:
    transport, bar = cut.session.transport, cut.parts.program.bar
    transport.seek(transport.length_frames - 20)
    settle(qtbot, cut)
    assert bar.figures.text() == ""
    cut.book.trigger("play.toggle")
    wait(qtbot, lambda: not transport.playing)
    assert re.fullmatch(r"\d+ dropped · A/V [+-]\d+ ms", bar.figures.text())
    stats = cut.parts.program.playback.stats
    assert stats is not None
    assert f"{stats.shown} pictures shown" in bar.figures.toolTip()
    assert bar.figures.toolTip() in bar.play.toolTip()
