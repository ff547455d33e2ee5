"""Driving the window as a hand does: presses, drags and keys on the timeline's canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.document.edits.assets import with_asset
from studio.document.edits.insert import overwrite
from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.sequence import Track, TrackKind
from studio.document.queries.places import find_clip
from studio.session.describing import describe
from studio.session.placing import Wanted, pieces_for, tracks_for_row
from studio.ui.asset_drag import LibraryDrag
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


def point_at(widget: QWidget, where: QPoint) -> None:
    """Move the pointer there, no button held.

    The screen's own pointer is not asked: where another window lies there, that would have it.
    """
    _mouse(widget, QEvent.Type.MouseMove, where, NONE, button=Qt.MouseButton.NoButton)


def press(editor: Editor, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key with the keyboard on the timeline."""
    qtbot.keyClick(editor.parts.timeline.canvas, key, modifiers)


def press_where_focus_is(
    editor: Editor, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE
) -> None:
    """Press a key wherever the window has its keyboard just now."""
    qtbot.keyClick(editor.window.focusWidget() or editor.window, key, modifiers)


def lay_title(editor: Editor, start: int) -> Clip:
    """A title of four seconds from a frame on, above the picture there; it is selected."""
    editor.shelf.lay(LibraryDrag("title", "lower third"), start, "")
    (chosen,) = editor.session.selection.ids
    found = find_clip(editor.session.project, chosen)
    assert found is not None
    return found


def lay_music(editor: Editor, music: Path) -> Clip:
    """The music on its own sound track from frame 0 on; nothing is selected."""
    session = editor.session
    a2 = track(editor, TrackKind.AUDIO, 1).id

    def edit(project: Project) -> Project:
        project, asset_id = with_asset(project, describe(music, session.folder))
        landing = tracks_for_row(session.sequence, a2)
        pieces = pieces_for(project, session.sequence_id, [Wanted(asset_id)], landing, 120)
        return overwrite(project, session.sequence_id, 0, pieces)

    assert session.apply("Add music", edit)
    return clips(editor, TrackKind.AUDIO, 1)[0]


def _mouse(
    widget: QWidget,
    kind: QEvent.Type,
    where: QPoint,
    modifiers: Qt.KeyboardModifier,
    *,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    place = QPointF(where)
    screen = QPointF(widget.mapToGlobal(where))
    named = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    QApplication.sendEvent(widget, QMouseEvent(kind, place, screen, named, held, modifiers))
