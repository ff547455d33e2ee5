"""The way from one picture to another: what both show is moved across, the rest fades over.

Pictures of which too little agrees are of different things: the one fades into the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.multiplane.flows import Flows, flows_between, sampled
from engine.models.multiplane.meeting import meeting

Frame = NDArray[np.uint8]
Picture = NDArray[np.unsignedinteger[Any]]
"""(H, W, 3) or, with transparency that the colours have been multiplied by, (H, W, 4): in 8 or 16

bits.
"""

_SIDE, _SIDE_SHARE = 640, 0.5
"""Longer side in pixels at which flow is looked for: so many, or of a large picture this share."""
_CUT_LEVELS = 10.0
"""By how much pictures of different things are so unlike that the one does not fade into the other

in a film: it is cut.
"""


@dataclass(frozen=True)
class Bridge:
    """Two pictures of a kind, and the flows between them, small.

    Without flows the pictures are of different things.
    """

    here: Picture
    there: Picture
    flows: Flows | None

    @property
    def is_moved(self) -> bool:
        """Whether the two show the same things, which move from one to the other."""
        return self.flows is not None

    @cached_property
    def is_cut(self) -> bool:
        """Whether one shot ends with the one picture and another begins with the other."""
        if self.flows is not None:
            return False
        unlike = cv2.absdiff(small(self.here), small(self.there)).mean()
        return bool(unlike > _CUT_LEVELS)

    def at(self, share: float) -> Picture:
        """The picture at a share of the way; the two themselves at 0 and 1."""
        if share <= 0.0 or share >= 1.0:
            return self.here if share <= 0.0 else self.there
        if self.flows is None:
            faded = cv2.addWeighted(self.here, 1 - share, self.there, share, 0.0)
            return faded.astype(self.here.dtype, copy=False)
        met = meeting(self.flows, share)
        height, width = self.here.shape[:2]
        motion, of_here, of_there = (
            cv2.resize(each, (width, height)) for each in (met.motion, met.of_here, met.of_there)
        )
        motion *= np.float32(width / met.motion.shape[1])
        of_here /= of_here + of_there
        here = sampled(self.here, np.float32(-share) * motion).astype(np.float32)
        mixed = sampled(self.there, np.float32(1 - share) * motion).astype(np.float32)
        mixed += (here - mixed) * of_here[..., None]
        return np.rint(mixed, out=mixed).astype(self.here.dtype)


def bridge(here: Picture, there: Picture) -> Bridge:
    """The way between two pictures of a size and kind."""
    return Bridge(here, there, flows_between(small(here), small(there)))


def small(picture: Picture) -> Frame:
    """A picture as flow is looked for in it: small, in 8 bits, grey where nothing is."""
    longer = max(picture.shape[:2])
    scale = min(1.0, max(_SIDE, _SIDE_SHARE * longer) / longer)
    fewer = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    levels = fewer / np.float32(np.iinfo(picture.dtype).max / 255)
    if picture.shape[-1] == 4:
        levels = levels[..., :3] + (255 - levels[..., 3:]) / 2
    return levels.astype(np.uint8)
