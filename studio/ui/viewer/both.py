"""The two viewers of a window: of the program, and of one source."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from studio.session.editing import Editing
from studio.session.jobs import JobBoard
from studio.session.session import Session
from studio.session.transport import Transport
from studio.ui.viewer.images import glimpses_of
from studio.ui.viewer.transport_bar import ViewerVerbs
from studio.ui.viewer.viewer import Viewer


def program_viewer(
    session: Session, editing: Editing, board: JobBoard, full_screen: Callable[[], None]
) -> Viewer:
    """The cut, with what is being made in it; its keys go from cut to cut."""
    verbs = ViewerVerbs(lambda: editing.go_to_edit(-1), lambda: editing.go_to_edit(1), full_screen)
    glimpses = partial(glimpses_of, board)
    return Viewer(session.transport, verbs, glimpses, session.work, "program")


def source_viewer(session: Session, full_screen: Callable[[], None], parent: QObject) -> Viewer:
    """One clip, by a transport of its own; its keys go to its two ends."""
    transport = Transport(parent=parent)
    verbs = ViewerVerbs(
        lambda: transport.seek(transport.range_frames[0]),
        lambda: transport.seek(max(0, transport.range_frames[1] - 1)),
        full_screen,
    )
    return Viewer(transport, verbs, dict, session.work, "source")
