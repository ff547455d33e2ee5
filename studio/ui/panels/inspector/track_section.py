"""A track as a whole: name, keeping in step, place among the others, and a sound track's fader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit

from studio.document.edits.parameters import LEVELS
from studio.document.edits.tracks import move_track
from studio.document.model.project import Project
from studio.document.model.sequence import Track, TrackKind
from studio.document.queries.places import locate_track, sequence_duration
from studio.session.session import Session
from studio.session.track_switches import change_track
from studio.ui.controls import push_button
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.parameter_row import ParameterRow


class TrackSection(Section):
    """Faders are keyframed in frames of the sequence."""

    def __init__(self, session: Session, track: Track) -> None:
        super().__init__("Track", session)
        self._track_id = track.id
        self.name = QLineEdit()
        self.name.editingFinished.connect(self._rename)
        self.synced = QCheckBox("Keep in step")
        self.synced.setToolTip("Later clips move along when a ripple on another track makes room")
        self.synced.clicked.connect(lambda on: self._change("Keep in step", synced=on))
        self.upwards = push_button("Up", partial(self._move, 1))
        self.downwards = push_button("Down", partial(self._move, -1))
        self.add_row("Name", self.name)
        self.add_row("Place", self.upwards, self.downwards, stretch=False)
        self.add_row("", self.synced)
        self.rows: dict[str, ParameterRow] = {}
        for name in ("gain_db", "pan") if track.kind is TrackKind.AUDIO else ():
            line = ParameterRow(LEVELS[name])
            line.changed.connect(self._setter(name))
            line.jump.connect(session.transport.seek)
            self.rows[name] = line
            self.form.addWidget(line)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the track; `frame` is the sequence's."""
        sequence, track = locate_track(project, self._track_id)
        if not self.name.hasFocus():
            self.name.setText(track.name)
        self.synced.setChecked(track.synced)
        for name, line in self.rows.items():
            line.show_value(getattr(track, name), frame, sequence_duration(sequence))
        self.upwards.setEnabled(self._place(project, 1) is not None)
        self.downwards.setEnabled(self._place(project, -1) is not None)

    def _setter(self, name: str) -> Callable[[object], None]:
        label = LEVELS[name].label.lower()
        return lambda value: self._change(f"Change track {label}", **{name: value})

    def _change(self, step: str, **fields: Any) -> None:
        edit = partial(change_track, track_id=self._track_id, fields=fields)
        self.session.apply(step, edit)

    def _rename(self) -> None:
        name = self.name.text().strip()
        if name and name != locate_track(self.session.project, self._track_id)[1].name:
            self._change("Rename track", name=name)

    def _place(self, project: Project, way: int) -> int | None:
        """Where among all tracks the next of the same kind lies: up (1) or down (-1) on screen."""
        sequence, track = locate_track(project, self._track_id)
        places = [i for i, each in enumerate(sequence.tracks) if each.kind is track.kind]
        here = next(i for i, place in enumerate(places) if sequence.tracks[place].id == track.id)
        there = here + (-way if track.kind is TrackKind.AUDIO else way)
        return places[there] if 0 <= there < len(places) else None

    def _move(self, way: int) -> None:
        place = self._place(self.session.project, way)
        if place is not None:
            edit = partial(move_track, track_id=self._track_id, place=place)
            self.session.apply("Move track", edit)
