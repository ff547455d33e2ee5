"""A film that passes through several stills, each at its frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from engine.models.animatic.movements import View
from engine.models.multiplane.bridging import Bridge, bridge
from engine.models.multiplane.camera import eased
from engine.models.multiplane.planes import Frame, apart

_NEARER = 0.1
"""How much nearer a camera comes before one still fades into another, in zoom."""
_FADE = 0.3, 0.7
"""When that begins and ends, as shares of the way."""


@dataclass(frozen=True)
class Between:
    """Stills (H, W, 3) at increasing frames, and the ways between them."""

    places: Sequence[int]
    stills: Sequence[Frame]
    ways: Sequence[Bridge]

    @property
    def fades(self) -> bool:
        """Whether some still fades into the next, for want of what both show."""
        return not all(way.is_moved for way in self.ways)

    def picture(self, index: int) -> Frame:
        """A frame; before the first still and after the last a camera leaves it, or comes to it."""
        number = sum(place <= index for place in self.places) - 1
        if number < 0:
            return _nearer(self.stills[0], 1 - index / self.places[0])
        if number == len(self.ways):
            gone = index - self.places[-1]
            return _nearer(self.stills[-1], gone / max(1, self.places[-1]))
        first, last = self.places[number], self.places[number + 1]
        return _on_way(self.ways[number], (index - first) / (last - first))


def between(places: Sequence[int], stills: Sequence[Frame]) -> Between:
    """The film through two stills or more."""
    ways = [bridge(one, other) for one, other in pairwise(stills)]
    return Between(places, stills, ways)


def _on_way(way: Bridge, share: float) -> Frame:
    if way.is_moved or share <= 0:
        return way.at(share)
    begins, ends = _FADE
    faded = eased(min(1.0, max(0.0, (share - begins) / (ends - begins))))
    here, there = _nearer(way.here, share), _nearer(way.there, 1 - share)
    return cv2.addWeighted(here, 1 - faded, there, faded, 0.0).astype(np.uint8, copy=False)


def _nearer(still: Frame, share: float) -> Frame:
    view = View(zoom=1 + _NEARER * eased(share)) if share > 0 else View()
    return apart(still, None).ground(still, view)
