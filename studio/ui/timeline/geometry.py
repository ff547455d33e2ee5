"""Time and tracks to pixels and back: pure functions, no widgets, no document.

Times are whole frames of the sequence. Pixels are floats in the coordinate space of the
timeline's content, where x grows with time and y grows downwards from the first row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MIN_PIXELS_PER_FRAME = 0.002
MAX_PIXELS_PER_FRAME = 48.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How many pixels a frame takes, and which (fractional) frame sits at x = 0 of the view."""

    pixels_per_frame: float = 2.0
    origin_frame: float = 0.0

    def x_of(self, frame: float) -> float:
        """The pixel at which a frame begins."""
        return (frame - self.origin_frame) * self.pixels_per_frame

    def frame_at(self, x: float) -> int:
        """The frame that covers a pixel."""
        return math.floor(x / self.pixels_per_frame + self.origin_frame + 1e-9)

    def nearest_edge(self, x: float) -> int:
        """The frame boundary nearest to a pixel, for cuts and drags."""
        return math.floor(x / self.pixels_per_frame + self.origin_frame + 0.5)

    def width_of(self, frames: float) -> float:
        """The pixels that a number of frames takes."""
        return frames * self.pixels_per_frame

    def frames_in(self, pixels: float) -> float:
        """The frames, with fraction, that a number of pixels covers."""
        return pixels / self.pixels_per_frame

    def zoomed(self, factor: float, anchor_x: float) -> Scale:
        """Zoom so that whatever lies under `anchor_x` stays there. Never shows time before 0."""
        target = self.pixels_per_frame * factor
        target = min(MAX_PIXELS_PER_FRAME, max(MIN_PIXELS_PER_FRAME, target))
        anchor = anchor_x / self.pixels_per_frame + self.origin_frame
        return Scale(target, max(0.0, anchor - anchor_x / target))

    def scrolled_to(self, frame: float) -> Scale:
        """The same zoom with another frame at the left edge."""
        return replace(self, origin_frame=max(0.0, frame))

    def fitted(self, frames: int, width: float, margin: float = 0.04) -> Scale:
        """The zoom that shows `frames` frames from 0 in `width` pixels, with a margin."""
        usable = max(1.0, width * (1.0 - margin))
        wanted = usable / max(1, frames)
        return Scale(min(MAX_PIXELS_PER_FRAME, max(MIN_PIXELS_PER_FRAME, wanted)), 0.0)

    def revealing(self, frame: int, width: float, margin: float = 24.0) -> Scale:
        """Scrolled as little as needed for a frame to be seen with a margin on either side."""
        x = self.x_of(frame)
        if x < margin:
            return self.scrolled_to(frame - self.frames_in(margin))
        if x > width - margin:
            return self.scrolled_to(frame - self.frames_in(width - margin))
        return self

    def centred_on(self, frame: int, width: float) -> Scale:
        """Scrolled so that a frame that was out of view lies in the middle; else as it is."""
        if 0 <= self.x_of(frame) < width:
            return self
        return self.scrolled_to(frame - self.frames_in(width / 2))

    def paged_to(self, frame: int, width: float, end: int | None = None) -> Scale:
        """Turned to the page that holds a frame, as a playing timeline does in follow mode.

        Where the film's end is in view already there is no later page to turn to.
        """
        x = self.x_of(frame)
        last = width if end is not None and self.x_of(end) <= width else width * 0.94
        if 0 <= x < last:
            return self
        return self.scrolled_to(frame - self.frames_in(width * 0.06))


@dataclass(frozen=True, slots=True)
class Row:
    """One track's place in the view: `top` and `height` in pixels of content."""

    track_id: str
    kind: str
    top: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


def stack_rows(tracks: list[tuple[str, str, float]], gap: float = 1.0) -> tuple[Row, ...]:
    """Lay tracks (id, kind, height) below each other in the order given."""
    rows: list[Row] = []
    top = 0.0
    for track_id, kind, height in tracks:
        rows.append(Row(track_id, kind, top, height))
        top += height + gap
    return tuple(rows)


def row_at(rows: tuple[Row, ...], y: float) -> Row | None:
    """The row under a pixel, or None above, below, and in the gap between two."""
    for row in rows:
        if row.top <= y < row.bottom:
            return row
    return None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the ruler. `major` ticks carry a label."""

    frame: int
    major: bool


def ruler_step(scale: Scale, nominal_fps: int, min_label_px: float = 92.0) -> tuple[int, int]:
    """Frames between labels and between small ticks, from steps that editors read at a glance."""
    fps = max(1, nominal_fps)
    frame_steps = [n for n in (1, 2, 5, 10) if n < fps]
    seconds = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
    steps = frame_steps + [fps * s for s in seconds]
    for step in steps:
        if scale.width_of(step) >= min_label_px:
            return step, _minor_step(step, fps)
    return steps[-1], steps[-1] // 4


def _minor_step(step: int, fps: int) -> int:
    for parts in (10, 5, 4, 2):
        minor = step // parts
        whole = step % parts == 0 and minor >= 1
        if whole and (minor < fps or minor % fps == 0):
            return minor
    return step


def ticks(scale: Scale, width: float, nominal_fps: int) -> list[Tick]:
    """Every ruler mark that is visible in `width` pixels."""
    major, minor = ruler_step(scale, nominal_fps)
    if scale.width_of(minor) < 5.0:
        minor = major
    first = max(0, math.floor(scale.origin_frame / minor)) * minor
    last = scale.origin_frame + scale.frames_in(width)
    return [Tick(f, f % major == 0) for f in range(first, math.ceil(last) + 1, minor)]
