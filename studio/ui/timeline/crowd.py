"""Far more clips than pixels: a track as one line of colours, worked out a column at a time.

What it costs is bounded by the width of the view, not by how many clips lie in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QImage

from studio.document.model.clip import Clip
from studio.document.model.sequence import Track
from studio.ui.timeline.geometry import Scale

if TYPE_CHECKING:
    import numpy as np

EDGE_DARKER = 135


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of a row: its ground, its clips and those that are selected."""

    ground: QColor
    clip: QColor
    selected: QColor


class CrowdLines:
    """Makes the lines. Where the items of a track lie is remembered while the track is the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Track, np.ndarray, np.ndarray]] = {}

    def line(
        self,
        track: Track,
        scale: Scale,
        left: float,
        width: int,
        ink: Ink,
        selected: frozenset[str],
    ) -> QImage:
        """The track from pixel `left` on, as an image one pixel high: (1, width)."""
        import numpy as np

        starts, is_clip = self._items(track)
        columns = (left + np.arange(width)) / scale.pixels_per_frame + scale.origin_frame
        frames = np.floor(columns + 1e-9)
        places = np.searchsorted(starts[:-1], frames, side="right") - 1
        filled = (frames >= 0) & (frames < starts[-1]) & is_clip[places]
        pixels = np.full(width, ink.ground.rgb(), np.uint32)
        pixels[filled] = ink.clip.rgb()
        edges = filled & (np.diff(places, prepend=places[:1]) != 0)
        pixels[edges] = ink.clip.darker(EDGE_DARKER).rgb()
        by_id = track.index.by_id
        chosen = [by_id[each] for each in selected if each in by_id]
        if chosen:
            pixels[filled & np.isin(places, chosen)] = ink.selected.rgb()
        return QImage(pixels.data, width, 1, width * 4, QImage.Format.Format_RGB32).copy()

    def _items(self, track: Track) -> tuple[np.ndarray, np.ndarray]:
        """Where the items begin, with the end of the last: (N + 1,); which of them are clips."""
        known = self._known.get(track.id)
        if known is None or known[0] is not track:
            import numpy as np

            starts = np.asarray(list(track.index.starts), np.float64)
            is_clip = np.asarray([isinstance(item, Clip) for item in track.items], np.bool_)
            known = (track, starts, is_clip)
            self._known[track.id] = known
        return known[1], known[2]
