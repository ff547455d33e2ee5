"""Transport: where the playhead stands and whether it runs. It decodes and plays nothing."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QObject, Signal

SHUTTLE_SPEEDS = (1, 2, 4, 8)


class Transport(QObject):
    """Playhead, shuttle, loop, in/out range and volume of one viewer.

    Positions are whole frames at `rate` from the start of what is viewed. `moved` follows every
    change of position; `sought` only those that the user or a command asked for, so that a player
    which itself drives the position does not chase its own tail.
    """

    moved = Signal(int)
    sought = Signal(int)
    state_changed = Signal()
    range_changed = Signal()

    def __init__(self, rate: Fraction = Fraction(30), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rate = rate
        self.length_frames = 0
        self.position = 0
        self.speed = 0
        self.loop = False
        self.follow = True
        self.volume = 1.0
        self.muted = False
        self.in_frame: int | None = None
        self.out_frame: int | None = None
        self.scrubbing = False

    @property
    def playing(self) -> bool:
        return self.speed != 0

    @property
    def range_frames(self) -> tuple[int, int]:
        """The marked range, half-open; the whole length where no mark is set."""
        start = self.in_frame if self.in_frame is not None else 0
        end = self.out_frame if self.out_frame is not None else self.length_frames
        return start, max(start, end)

    def set_extent(self, rate: Fraction, length_frames: int) -> None:
        """Take over another sequence's rate and length; the playhead may stand one past the end."""
        self.rate = rate
        self.length_frames = length_frames
        if self.position > length_frames:
            self.seek(length_frames)
        self.state_changed.emit()

    def seek(self, frame: int) -> None:
        """Put the playhead on a frame because somebody asked for it."""
        target = max(0, frame)
        if target != self.position:
            self.position = target
            self.moved.emit(target)
        self.sought.emit(target)

    def step(self, frames: int) -> None:
        """Stop and move by whole frames."""
        self.pause()
        self.seek(self.position + frames)

    def follow_player(self, frame: int) -> None:
        """Show the position that the running player has reached."""
        if frame == self.position or self.scrubbing:
            return
        self.position = frame
        self.moved.emit(frame)

    def toggle(self) -> None:
        """Play forwards at normal speed, or stop."""
        self._set_speed(0 if self.playing else 1)

    def pause(self) -> None:
        """Stop where the playhead is."""
        self._set_speed(0)

    def shuttle(self, direction: int) -> None:
        """One press of L (+1) or J (-1): start, go faster, or come back through standing still."""
        if self.speed * direction > 0:
            fastest = SHUTTLE_SPEEDS[-1]
            faster = next((s for s in SHUTTLE_SPEEDS if s > abs(self.speed)), fastest)
            self._set_speed(direction * faster)
        else:
            self._set_speed(direction)

    def set_loop(self, loop: bool) -> None:
        """Start again at the in point when the out point is reached."""
        self.loop = loop
        self.state_changed.emit()

    def set_follow(self, follow: bool) -> None:
        """Turn the timeline's page when the playhead leaves it."""
        self.follow = follow
        self.state_changed.emit()

    def set_volume(self, volume: float, muted: bool) -> None:
        """Loudness of the monitor only; exports are not touched. 1.0 is unity."""
        self.volume = min(1.5, max(0.0, volume))
        self.muted = muted
        self.state_changed.emit()

    def set_scrubbing(self, scrubbing: bool) -> None:
        """Say that the playhead is being dragged, so that frames may be skipped."""
        self.scrubbing = scrubbing
        self.state_changed.emit()

    def mark_in(self, frame: int | None) -> None:
        """Set or clear the in point; an out point before it goes."""
        self.in_frame = frame
        if frame is not None and self.out_frame is not None and self.out_frame <= frame:
            self.out_frame = None
        self.range_changed.emit()

    def mark_out(self, frame: int | None) -> None:
        """Set or clear the out point (exclusive); an in point after it goes."""
        self.out_frame = frame
        if frame is not None and self.in_frame is not None and self.in_frame >= frame:
            self.in_frame = None
        self.range_changed.emit()

    def _set_speed(self, speed: int) -> None:
        if speed == self.speed:
            return
        self.speed = speed
        self.state_changed.emit()
