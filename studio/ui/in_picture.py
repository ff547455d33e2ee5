"""What is done in the picture itself: handles, lines over it, as the preferences say.

Made when the window stands; it connects what the viewers, the inspector and the book of commands
have, and keeps nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from studio.session.preferences import Preferences
from studio.session.session import Session
from studio.ui.actions.book import CommandBook
from studio.ui.desk import Desk
from studio.ui.timeline.state import TimelineState
from studio.ui.viewer.frame_lines import FrameLine, lines_of
from studio.ui.viewer.picture_hand import PictureHand
from studio.ui.viewer.taking import handles_of
from studio.ui.viewer.trim_pictures import TrimPictures
from studio.ui.window import Parts

HANDLE_COMMANDS = ("view.transform", "view.crop")
SOURCE_COMMANDS = ("sequence.insert", "sequence.overwrite")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window has that this is connected with."""

    session: Session
    preferences: Preferences
    timeline: TimelineState
    parts: Parts
    book: CommandBook[Desk]


class InPicture(QObject):
    """`hand` is what takes hold of pictures and titles in the program viewer, `trims` what shows
    both sides of a cut there.
    """

    def __init__(self, around: Surroundings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = around.preferences
        self._viewers = (around.parts.program, around.parts.source)
        program, source = self._viewers
        lines = [around.book.action(f"view.{line.value}") for line in FrameLine]
        handles = [around.book.action(name) for name in HANDLE_COMMANDS]
        program.bar.take_actions(lines, handles)
        source.bar.take_actions(lines, [around.book.action(name) for name in SOURCE_COMMANDS])
        self.hand = PictureHand(around.session, program, self)
        self.hand.snapping = lambda: around.timeline.snapping
        self.hand.previewed.connect(around.parts.inspector.show_preview)
        self.trims = TrimPictures(around.session, around.timeline, program.canvas, self)
        around.preferences.changed.connect(self._preferences_changed)
        self._show_choices()

    @property
    def idle(self) -> bool:
        """Whether the pictures that are wanted here are made."""
        return self.trims.idle

    def close(self) -> None:
        """End the threads."""
        self.trims.close()

    def _preferences_changed(self, names: frozenset[str]) -> None:
        if names & {"viewer_handles", "frame_lines"}:
            self._show_choices()

    def _show_choices(self) -> None:
        settings = self._preferences.settings
        for viewer in self._viewers:
            viewer.canvas.set_lines(lines_of(settings.frame_lines))
        self.hand.set_handles(handles_of(settings.viewer_handles))
