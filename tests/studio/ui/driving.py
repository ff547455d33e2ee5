"""Driving the window as a hand does: presses, drags and keys on the timeline's canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.document.model.clip import Clip
from studio.document.model.sequence import Track, TrackKind
from studio.ui.editor import Editor

NONE = Qt.KeyboardModifier.NoModifier
WAIT_MS = 300_000
"""Long enough for a machine that is busy with something else; nothing is measured by it."""


def wait(qtbot: QtBot, is_so: Callable[[], bool]) -> None:
    """Let the window live until something is so."""
    qtbot.waitUntil(is_so, timeout=WAIT_MS)


def settle(qtbot: QtBot, editor: Editor) -> None:
    """Wait until nothing on screen is still being made."""
    wait(qtbot, lambda: editor.settled)


def track(editor: Editor, kind: TrackKind, number: int = 0) -> Track:
    """A track of the open sequence, counted from 0."""
    return [t for t in editor.session.sequence.tracks if t.kind is kind][number]


def clips(editor: Editor, kind: TrackKind = TrackKind.VIDEO, number: int = 0) -> list[Clip]:
    """The clips of a track."""
    return [item for item in track(editor, kind, number).items if isinstance(item, Clip)]


def starts(editor: Editor, kind: TrackKind = TrackKind.VIDEO, number: int = 0) -> list[int]:
    """Where the clips of a track begin."""
    found = track(editor, kind, number)
    return [found.index.starts[found.index.by_id[c.id]] for c in clips(editor, kind, number)]


def at(editor: Editor, frame: float, track_id: str, share: float = 0.6) -> QPoint:
    """The pixel of the canvas at a frame of a track, `share` of the way down its row."""
    state = editor.timeline
    row = next(row for row in state.rows if row.track_id == track_id)
    y = row.top + row.height * share - state.scroll_y
    return QPoint(round(state.scale.x_of(frame)), round(y))


def drag(
    widget: QWidget,
    start: QPoint,
    end: QPoint,
    modifiers: Qt.KeyboardModifier = NONE,
    *,
    release: bool = True,
) -> None:
    """Press, move in a few steps, and let go."""
    _mouse(widget, QEvent.Type.MouseButtonPress, start, modifiers)
    for step in range(1, 6):
        _mouse(widget, QEvent.Type.MouseMove, start + (end - start) * step / 5, modifiers)
    if release:
        _mouse(widget, QEvent.Type.MouseButtonRelease, end, modifiers)


def click(widget: QWidget, where: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and let go."""
    _mouse(widget, QEvent.Type.MouseButtonPress, where, modifiers)
    _mouse(widget, QEvent.Type.MouseButtonRelease, where, modifiers)


def _mouse(
    widget: QWidget, kind: QEvent.Type, where: QPoint, modifiers: Qt.KeyboardModifier
) -> None:
    button = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    place = QPointF(where)
    screen = QPointF(widget.mapToGlobal(where))
    named = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    QApplication.sendEvent(widget, QMouseEvent(kind, place, screen, named, held, modifiers))
