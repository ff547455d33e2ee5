"""Pictures with transparency enlarged: colours and coverage each by themselves."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from engine.models.enlarging.network import CompactEnlarger
from engine.models.enlarging.pictures import FilmEnlarger, Picture


class TransparentEnlarger:
    """Enlarges straight RGBA (H, W, 4) uint8 as FilmEnlarger does RGB."""

    def __init__(self, network: CompactEnlarger, size: tuple[int, int], side: int) -> None:
        self._colours = FilmEnlarger(network, size, side)
        self._coverage = FilmEnlarger(network, size, side)

    def enlarge(self, picture: Picture, tell: Callable[[int, int], None]) -> Picture:
        """The picture at the size."""
        colours = self._colours.enlarge(spread(picture), lambda done, all_: tell(done, 2 * all_))
        coverage = self._coverage.enlarge(
            np.repeat(picture[..., 3:], 3, axis=2), lambda done, all_: tell(all_ + done, 2 * all_)
        )
        return np.concatenate([colours, coverage[..., :1]], axis=2)


def spread(picture: Picture) -> Picture:
    """The colours of RGBA (H, W, 4); where nothing is seen, those of the nearest that is.

    So no colour that cannot be seen comes in at an edge.
    """
    colours, hidden = np.ascontiguousarray(picture[..., :3]), picture[..., 3] == 0
    if not hidden.any() or hidden.all():
        return colours
    _, labels = cv2.distanceTransformWithLabels(
        hidden.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.zeros((int(labels.max()) + 1, 3), picture.dtype)
    nearest[labels[~hidden]] = colours[~hidden]
    return nearest[labels]
