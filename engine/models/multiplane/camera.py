"""What a camera sees of a still, moment by moment, never beyond the still's edges.

A still has nothing outside it: where a camera leaves its middle it comes as much nearer as it must.
At the `anchor`, the moment that the still is of, it is seen whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from engine.models.animatic.movements import View

_PAN, _TILT, _ZOOM, _DRIFT = 0.11, 0.08, 0.3, 0.1
"""How far a camera goes in all: in widths, in heights, in zoom, and in zoom where nobody asked."""
_SHAKE = 0.007
_LARGEST_OFFSET = 0.2

DRIFT = "drift"
"""What a camera does of which nothing was said where nothing else moves: it comes nearer."""

Path = Callable[[float, float], View]
"""(share of the film, seconds) -> what is seen, but for the still's edges."""

_PATHS: Mapping[str, Path] = {
    "static": lambda share, now_s: View(),
    "pan_left": lambda share, now_s: View(x=-_PAN * share),
    "pan_right": lambda share, now_s: View(x=_PAN * share),
    "tilt_up": lambda share, now_s: View(y=-_TILT * share),
    "tilt_down": lambda share, now_s: View(y=_TILT * share),
    "zoom_in": lambda share, now_s: View(zoom=1 + _ZOOM * share),
    "zoom_out": lambda share, now_s: View(zoom=1 - _ZOOM * share),
    "handheld": lambda share, now_s: View(
        _SHAKE * (math.sin(2.3 * now_s) + 0.5 * math.sin(5.1 * now_s)),
        _SHAKE * (math.sin(3.1 * now_s) + 0.4 * math.sin(6.7 * now_s)),
    ),
    DRIFT: lambda share, now_s: View(zoom=1 + _DRIFT * share),
}


def eased(share: float) -> float:
    """A share of a way that begins and ends slowly."""
    return share * share * (3 - 2 * share)


def views(camera: str, frames: int, rate_fps: float, anchor: float) -> list[View]:
    """What a camera of `_PATHS` sees in each frame; `anchor` in [0, 1] is when the still was taken.

    One that draws back from the still begins nearer than it, and ends with all of it.
    """
    path, last = _PATHS[camera], max(1, frames - 1)
    at = round(anchor * last)

    def seen(index: int) -> View:
        return path(eased(index / last) - eased(at / last), (index - at) / rate_fps)

    bare = [seen(index) for index in range(frames)]
    nearest = min(view.zoom for view in bare)
    zoomed = [View(v.x, v.y, v.zoom / min(1.0, nearest)) for v in bare]
    return _within(zoomed, at)


def is_apart_from_still(camera: str, anchor: float) -> bool:
    """Whether the still itself is not among the frames, for want of what lies around it."""
    return (camera == "zoom_out" and anchor < 1) or (camera in ("zoom_in", DRIFT) and anchor > 0)


def _within(bare: Sequence[View], anchor: int) -> list[View]:
    """The views as near as their edges ask for, never farther again on the way from the anchor."""
    covers = [cover(view.x, view.y) for view in bare]
    for index in range(anchor + 1, len(covers)):
        covers[index] = max(covers[index], covers[index - 1])
    for index in range(anchor - 1, -1, -1):
        covers[index] = max(covers[index], covers[index + 1])
    return [
        View(view.x, view.y, max(view.zoom, least))
        for view, least in zip(bare, covers, strict=True)
    ]


def cover(x: float, y: float) -> float:
    """The zoom with which a camera so far off the middle sees nothing beyond the edges."""
    return 1 / (1 - 2 * min(_LARGEST_OFFSET, max(abs(x), abs(y))))
