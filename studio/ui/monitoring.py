"""Meters and scopes follow the viewers: what plays is heard, what is in front is measured."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from studio.document.affine import Point
from studio.session.preferences import Preferences
from studio.ui.scopes.pointed import pointed_at
from studio.ui.viewer.viewer import Viewer
from studio.ui.window import MainWindow


class Monitoring(QObject):
    """Connects the panels of one window; it shows nothing itself."""

    def __init__(self, window: MainWindow, preferences: Preferences) -> None:
        super().__init__(window)
        parts = window.parts
        self._window, self._preferences = window, preferences
        self._viewers = (parts.program, parts.source)
        self._point: Point | None = None
        parts.meters.listen_to(self._take_heard)
        parts.meters.looked.connect(self._show_tracks)
        self._show_meters()
        preferences.changed.connect(self._preferences_changed)
        for viewer in self._viewers:
            viewer.transport.state_changed.connect(self._show_playing)
            viewer.shown.connect(lambda _frame, viewer=viewer: self._shown(viewer))
            viewer.canvas.pointed.connect(partial(self._pointed, viewer))
        window.middle.tabs.currentChanged.connect(lambda _index: self._shown(self._in_front))

    def _preferences_changed(self, names: frozenset[str]) -> None:
        if "sound_meters" in names:
            self._show_meters()

    def _show_meters(self) -> None:
        shown = self._preferences.settings.sound_meters
        self._window.parts.meters.setVisible(shown)
        self._window.parts.timeline.headers.show_meters(shown)

    @property
    def _in_front(self) -> Viewer:
        program, source = self._viewers
        return source if self._window.middle.is_open("Source") else program

    def _shown(self, viewer: Viewer) -> None:
        """A viewer has a new picture, or has come to the front."""
        if viewer is self._in_front:
            self._window.parts.scopes.look_at(viewer.canvas.image)
            self._tell_pointed(viewer)

    def _pointed(self, viewer: Viewer, point: Point | None) -> None:
        self._point = point
        self._tell_pointed(viewer)

    def _tell_pointed(self, viewer: Viewer) -> None:
        """Of a pointer that rests, every new picture is read anew."""
        canvas, scopes = viewer.canvas, self._window.parts.scopes
        if self._point is None or canvas.image is None:
            scopes.point_at(None)
        elif scopes.isVisible():
            scopes.point_at(pointed_at(canvas.image, canvas.frame_size, self._point))

    def _show_playing(self) -> None:
        self._window.parts.meters.show_playing(
            any(viewer.transport.playing for viewer in self._viewers)
        )

    def _show_tracks(self, passed_s: float) -> None:
        peaks = self._viewers[0].playback.take_track_peaks()
        self._window.parts.timeline.headers.show_levels(peaks, passed_s)

    def _take_heard(self) -> np.ndarray:
        """The sound of the viewer that plays; both do so at once for no longer than a moment."""
        return max((viewer.playback.take_heard() for viewer in self._viewers), key=len)
