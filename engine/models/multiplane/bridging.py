"""The way from one picture to another: what both show is moved across, the rest fades over.

The flow between them (DIS, Kroeger et al. 2016) is looked for both ways. Where the two agree it
takes the pixels of both to where they are at a moment between (Jiang et al. 2018, equation 4).
Pictures of which too little agrees are of different things: the one fades into the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.moving import flow_between

Frame = NDArray[np.uint8]
Flow = NDArray[np.float32]
"""(H, W, 2): where each pixel is in the other picture, as pixels right and down of here."""

_SIDE = 640
"""Longer side in pixels at which flow is looked for."""
_OFF_PIXELS, _OFF_SHARE = 1.0, 0.06
_OTHER_LEVELS = 32.0
_LEAST_ALIKE = 0.55
_UNSURE = 0.05


@dataclass(frozen=True)
class Bridge:
    """Two pictures (H, W, 3), the flows between them, and how sure these are (H, W) in [0, 1].

    Without flows the pictures are of different things.
    """

    here: Frame
    there: Frame
    flows: tuple[Flow, Flow] | None
    sure: tuple[NDArray[np.float32], NDArray[np.float32]] | None

    @property
    def is_moved(self) -> bool:
        """Whether the two show the same things, which move from one to the other."""
        return self.flows is not None

    def at(self, share: float) -> Frame:
        """The picture at a share of the way; the two themselves at 0 and 1."""
        if share <= 0.0 or share >= 1.0:
            return self.here if share <= 0.0 else self.there
        if self.flows is None or self.sure is None:
            faded = cv2.addWeighted(self.here, 1 - share, self.there, share, 0.0)
            return faded.astype(np.uint8, copy=False)
        onward, back, part = *self.flows, np.float32(share)
        rest = np.float32(1 - share)
        to_here = (part * part * back - rest * part * onward).astype(np.float32, copy=False)
        to_there = (rest * rest * onward - part * rest * back).astype(np.float32, copy=False)
        of_here, here_sure = _brought(self.here, self.sure[0], to_here)
        of_there, there_sure = _brought(self.there, self.sure[1], to_there)
        first, second = (1 - share) * here_sure, share * there_sure
        mixed = of_here * first[..., None] + of_there * second[..., None]
        return (mixed / (first + second)[..., None]).round().astype(np.uint8)


def bridge(here: Frame, there: Frame) -> Bridge:
    """The way between two pictures of a size."""
    one, other = _small_grey(here), _small_grey(there)
    onward, back = _flow(one, other), _flow(other, one)
    sure = _agreeing(onward, back, one, other), _agreeing(back, onward, other, one)
    if min(float(each.mean()) for each in sure) < _LEAST_ALIKE:
        return Bridge(here, there, None, None)
    size = here.shape[1], here.shape[0]
    large = _enlarged(onward, size), _enlarged(back, size)
    trust = tuple(
        cv2.resize(cv2.GaussianBlur(each, (0, 0), 2.0), size).astype(np.float32) + _UNSURE
        for each in sure
    )
    return Bridge(here, there, large, (trust[0], trust[1]))


def _small_grey(picture: Frame) -> Frame:
    scale = min(1.0, _SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def _flow(here: Frame, there: Frame) -> Flow:
    return flow_between(here, there, cv2.DISOpticalFlow_PRESET_MEDIUM)


def _agreeing(flow: Flow, back: Flow, here: Frame, there: Frame) -> NDArray[np.float32]:
    """Where a way and the way back end where they began, at something that looks the same."""
    rows, columns = np.indices(here.shape, dtype=np.float32)
    at = columns + flow[..., 0], rows + flow[..., 1]
    returned = cv2.remap(back, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.remap(there, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    off = np.hypot(flow[..., 0] + returned[..., 0], flow[..., 1] + returned[..., 1])
    long = np.hypot(flow[..., 0], flow[..., 1])
    levels = cv2.blur(cv2.absdiff(seen.astype(np.uint8), here), (5, 5))
    agrees = (off < _OFF_PIXELS + _OFF_SHARE * long) & (levels < _OTHER_LEVELS)
    return agrees.astype(np.float32)


def _enlarged(flow: Flow, size: tuple[int, int]) -> Flow:
    scale = size[0] / flow.shape[1]
    large = cv2.resize(flow, size, interpolation=cv2.INTER_LINEAR) * np.float32(scale)
    return large.astype(np.float32, copy=False)


def _brought(
    picture: Frame, sure: NDArray[np.float32], flow: Flow
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A picture, and how sure it is, along a flow that says where to look in it."""
    rows, columns = np.indices(flow.shape[:2], dtype=np.float32)
    at = columns + flow[..., 0], rows + flow[..., 1]
    seen = cv2.remap(picture, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    trust = cv2.remap(sure, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return seen.astype(np.float32), trust.astype(np.float32)
