"""Tabs: which sequences are open, in which order, and how each was looked at last.

    open_ids   [ Reel | Scene 12 | Trailer ]

The project's file keeps it beside the project: it is no edit, and is never undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence
from studio.document.queries.places import Place, find
from studio.document.retime import frame_at_source_time, shown_source_time
from studio.document.time import Rounding, Time

VIEW_KEY = "tabs"


@dataclass(frozen=True, slots=True)
class TabView:
    """How a sequence is looked at: frames of its own for the playhead and the marks.

    `zoom` is in pixels a frame, None while the timeline has not shown it; `left_frame` the one at
    the left edge, `scroll_y` in pixels, `row_zoom` a factor. `through` is the clip by which a
    nested sequence was opened.
    """

    position: int = 0
    in_frame: int | None = None
    out_frame: int | None = None
    selected: tuple[Id, ...] = ()
    zoom: float | None = None
    left_frame: float = 0.0
    scroll_y: float = 0.0
    row_zoom: float = 1.0
    through: Id = ""


class SequenceTabs(QObject):
    """`changed` says that tabs came, went or moved, or another one is in front."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: list[Id] = []
        self._views: dict[Id, TabView] = {}

    @property
    def open_ids(self) -> tuple[Id, ...]:
        """The open sequences, from left to right."""
        return tuple(self._open)

    def view(self, sequence_id: Id) -> TabView:
        """How a sequence was looked at last."""
        return self._views.get(sequence_id, TabView())

    def note(self, sequence_id: Id, view: TabView) -> None:
        """Remember how a sequence is looked at."""
        self._views[sequence_id] = view

    def add(self, sequence_id: Id, after: Id) -> None:
        """Open a tab right of another one, if the sequence has none."""
        if sequence_id not in self._open:
            place = self._open.index(after) + 1 if after in self._open else len(self._open)
            self._open.insert(place, sequence_id)
        self.changed.emit()

    def close(self, sequence_id: Id) -> None:
        """Take a tab away."""
        self._open.remove(sequence_id)
        self.changed.emit()

    def move(self, start: int, end: int) -> None:
        """Put a tab at another place."""
        self._open.insert(end, self._open.pop(start))
        self.changed.emit()

    def keep_only(self, there: Iterable[Id]) -> None:
        """Take the tabs of sequences away that are no longer there."""
        known = set(there)
        left = [each for each in self._open if each in known]
        if left != self._open:
            self._open = left
            self.changed.emit()

    def neighbour(self, sequence_id: Id, step: int = 1) -> Id:
        """The tab so many to the right of one, round the end."""
        return self._open[(self._open.index(sequence_id) + step) % len(self._open)]

    def as_text(self, current: Id) -> str:
        """All of it, as the project's file keeps it under `VIEW_KEY`."""
        views = {each: asdict(self.view(each)) for each in self._open}
        return json.dumps({"open": self._open, "current": current, "views": views})

    def restore(self, file: ProjectFile) -> Id:
        """Open the tabs as they were left, of a new project the first sequence; -> the current."""
        stored = file.view_state(VIEW_KEY)
        state: dict[str, Any] = json.loads(stored) if stored else {}
        known = [sequence.id for sequence in file.project.sequences]
        self._open = [each for each in state.get("open", ()) if each in known] or known[:1]
        views = state.get("views", {})
        self._views = {each: _read(views[each]) for each in self._open if each in views}
        current = state.get("current")
        self.changed.emit()
        return current if current in self._open else self._open[0]


def _read(stored: dict[str, Any]) -> TabView:
    known: dict[str, Any] = {name: stored[name] for name in TabView.__slots__ if name in stored}
    known["selected"] = tuple(known.get("selected", ()))
    return TabView(**known)


def frame_inside(project: Project, clip_id: Id, position: int) -> int | None:
    """The frame of a nested sequence that its clip shows at a playhead of the outer one.

    None where the playhead is not on the clip, or it is gone.
    """
    place, clip, inner = _nested(project, clip_id)
    if place is None or clip is None or inner is None:
        return None
    inside = position - place.range.start
    if not 0 <= inside < clip.duration:
        return None
    time = shown_source_time(clip, inside, place.sequence.rate)
    return max(0, time.ticks(inner.rate, Rounding.FLOOR))


def frame_outside(project: Project, clip_id: Id, position: int) -> int | None:
    """Where the outer sequence shows a frame of a nested one, None where it does not."""
    place, clip, inner = _nested(project, clip_id)
    if place is None or clip is None or inner is None:
        return None
    inside = frame_at_source_time(clip, Time(position, inner.rate), place.sequence.rate)
    return None if inside is None else place.range.start + inside


def _nested(
    project: Project, clip_id: Id
) -> tuple[Place, Clip, Sequence] | tuple[None, None, None]:
    """A clip that plays a sequence, where it lies and what it plays."""
    place = find(project, clip_id)
    if place is None or not isinstance(place.item, Clip):
        return None, None, None
    media = place.item.media
    if not isinstance(media, SequenceMedia):
        return None, None, None
    return place, place.item, project.sequence(media.sequence_id)
