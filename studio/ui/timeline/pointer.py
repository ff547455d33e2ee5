"""Pointer: where the mouse is on the timeline, in pixels and in time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from studio.ui.timeline.geometry import Scale


@dataclass(frozen=True, slots=True)
class Pointer:
    """`x` in pixels of the view, `y` in pixels of the content (scrolling added)."""

    x: float
    y: float
    modifiers: Qt.KeyboardModifier
    scale: Scale

    @property
    def frame(self) -> int:
        """The frame under the pointer."""
        return self.scale.frame_at(self.x)

    @property
    def time(self) -> float:
        """The place under the pointer in frames, with fraction; it outlives scrolling."""
        return self.x / self.scale.pixels_per_frame + self.scale.origin_frame

    @property
    def edge(self) -> int:
        """The frame boundary nearest to the pointer."""
        return self.scale.nearest_edge(self.x)

    @property
    def shift(self) -> bool:
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def control(self) -> bool:
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)

    @property
    def alt(self) -> bool:
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)
