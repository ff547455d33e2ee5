"""Where what one picture shows is in another: flows both ways, and how far these can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.moving import flow_between

Flow = NDArray[np.float32]
"""(H, W, 2): where each pixel is in the other picture, as pixels right and down of here."""
Share = NDArray[np.float32]
"""(H, W), from 0 to 1."""

_OFF_PIXELS, _OFF_SHARE = 1.0, 0.06
_OTHER_LEVELS = 32.0
_LEAST_ALIKE = 0.55
_LEAST_SIDE = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A flow as it was found; where it is `sure`, since the way there and the way back end where

    they began, at something that looks the same; and the `whole`, with the rest completed.
    """

    found: Flow
    sure: Share
    whole: Flow


@dataclass(frozen=True, slots=True)
class Flows:
    """Two small pictures (H, W, 3) in 8 bits, and the ways from each to the other."""

    here: NDArray[np.uint8]
    there: NDArray[np.uint8]
    onward: Way
    back: Way


def flows_between(here: NDArray[np.uint8], there: NDArray[np.uint8]) -> Flows | None:
    """The flows between small pictures (H, W, 3) of a size; None where these are of different

    things.

    Source: DIS, Kroeger et al. 2016.
    """
    one, other = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.uint8) for each in (here, there))
    onward, back = _flow(one, other), _flow(other, one)
    sure = _agreeing(onward, back, one, other), _agreeing(back, onward, other, one)
    if min(float(each.mean()) for each in sure) < _LEAST_ALIKE:
        return None
    return Flows(here, there, _way(onward, sure[0]), _way(back, sure[1]))


def _way(flow: Flow, sure: Share) -> Way:
    return Way(flow, sure, completed(flow, sure))


def sampled(picture: NDArray, flow: Flow) -> NDArray:
    """A picture (H, W, …) where a flow of its size says to look in it; edges go on beyond it."""
    rows, columns = np.indices(flow.shape[:2], dtype=np.float32)
    at = columns + flow[..., 0], rows + flow[..., 1]
    return cv2.remap(picture, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def completed(values: Flow, weight: Share) -> Flow:
    """Values (H, W, C) where their weight is 0 filled from around, coarser the farther that is.

    Source: pull and push, Gortler et al. 1996, section 3.4.
    """
    rows, columns = weight.shape
    if min(rows, columns) <= _LEAST_SIDE:
        mean = (values * weight[..., None]).sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
        rough = np.broadcast_to(mean, values.shape)
    else:
        half = (columns + 1) // 2, (rows + 1) // 2
        fewer = cv2.resize(weight, half, interpolation=cv2.INTER_AREA)
        summed = cv2.resize(values * weight[..., None], half, interpolation=cv2.INTER_AREA)
        mean = summed / np.maximum(fewer, 1e-6)[..., None]
        coarse = completed(mean.astype(np.float32, copy=False), np.minimum(fewer * 2, 1.0))
        rough = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_LINEAR)
    share = weight[..., None]
    return (values * share + rough * (1 - share)).astype(np.float32, copy=False)


def _flow(here: NDArray[np.uint8], there: NDArray[np.uint8]) -> Flow:
    return flow_between(here, there, cv2.DISOpticalFlow_PRESET_MEDIUM)


def _agreeing(flow: Flow, back: Flow, here: NDArray[np.uint8], there: NDArray[np.uint8]) -> Share:
    returned, seen = sampled(back, flow), sampled(there, flow)
    off = np.hypot(flow[..., 0] + returned[..., 0], flow[..., 1] + returned[..., 1])
    long = np.hypot(flow[..., 0], flow[..., 1])
    levels = cv2.blur(cv2.absdiff(seen, here), (5, 5))
    agrees = (off < _OFF_PIXELS + _OFF_SHARE * long) & (levels < _OTHER_LEVELS)
    return agrees.astype(np.float32)
