"""Pictures of sequences for the bin: a frame of each, made anew when an edit has changed it.

As with the pictures of assets every call answers at once, and `arrived` tells when to look again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.queries.places import nested_in, sequence_duration
from studio.session.late import Late
from studio.session.session import Session
from studio.ui.picture_queue import PictureQueue
from studio.ui.pictures import POSTER_AT, POSTER_HEIGHT
from studio.ui.viewer.images import image_of

if TYPE_CHECKING:
    from studio.media.footage import Footage


@dataclass(frozen=True, slots=True)
class _Made:
    """A picture, None where there is none to be had, and the sequences that can be seen in it."""

    image: QImage | None
    of: tuple[Sequence, ...]


class SequencePosters(QObject):
    """`arrived` carries a sequence's id."""

    arrived = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._queue = PictureQueue("sequence-posters", 1, self)
        self._queue.made.connect(self._take_in)
        self._pixmaps: dict[str, QPixmap | None] = {}
        self._made_of: dict[str, tuple[Sequence, ...]] = {}
        session.project_opened.connect(self._start_afresh)
        session.footage.changed.connect(self._look_again)

    @property
    def idle(self) -> bool:
        """Whether nothing is being made."""
        return self._queue.idle

    def poster(self, sequence: Sequence) -> QPixmap | None:
        """A picture that stands for a sequence, the last one while a newer is made; None while
        there is none, and of one that is empty.
        """
        project = self._session.project
        if not self._is_current(sequence, project):
            footage = self._session.media
            self._queue.want(sequence.id, partial(_poster, project, sequence.id, footage))
        return self._pixmaps.get(sequence.id)

    def close(self) -> None:
        """Make no more pictures."""
        self._queue.close()

    def _is_current(self, sequence: Sequence, project: Project) -> bool:
        """Whether neither the sequence nor what is nested in it has changed since its picture.

        Sequences are values that are shared until they change, so that identity tells.
        """
        seen = self._made_of.get(sequence.id)
        now = {each.id: each for each in project.sequences}
        return seen is not None and all(now.get(each.id) is each for each in seen)

    def _take_in(self, sequence_id: str, made: object) -> None:
        if isinstance(made, _Made):
            image = made.image
            self._pixmaps[sequence_id] = None if image is None else QPixmap.fromImage(image)
            self._made_of[sequence_id] = made.of
            self.arrived.emit(sequence_id)

    def _look_again(self) -> None:
        """Footage has come or gone; the old pictures stay until the new ones are there."""
        self._made_of.clear()

    def _start_afresh(self) -> None:
        self._queue.forget()
        self._pixmaps.clear()
        self._made_of.clear()


def _poster(project: Project, sequence_id: str, footage: Late[Footage]) -> _Made:
    from studio.media.compositor.render import Scene, render_frame

    sequence = project.sequence(sequence_id)
    seen = tuple(nested_in(project, sequence_id))
    length = sequence_duration(sequence)
    if not length:
        return _Made(None, seen)
    size = (max(2, round(POSTER_HEIGHT * sequence.width / sequence.height)), POSTER_HEIGHT)
    scene = Scene(project, footage.get(), quick=True)
    return _Made(image_of(render_frame(scene, sequence_id, int(length * POSTER_AT), size)), seen)
