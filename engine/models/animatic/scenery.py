"""A draft's place as its camera sees it, in 8 bits: one picture, or layers that pass each other."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.canvas import Backdrop
from engine.models.animatic.layers import MARGIN, to_levels, window
from engine.models.animatic.movements import View
from engine.models.animatic.place import Plate

Picture = NDArray[np.uint8]

FAR = 0.6
"""How far what is in the distance moves with a camera, of what a subject does."""


class Scenery(Protocol):
    """A place of the size of its frames."""

    def seen(self, view: View) -> Picture:
        """What a camera sees, (H, W, 3); not to be changed in place."""
        ...


class Flat:
    """One picture. Where the camera moves it is enlarged, to have something beyond its edges."""

    def __init__(self, picture: Picture, *, is_passed: bool) -> None:
        self._height, self._width = picture.shape[:2]
        margin = MARGIN if is_passed else 1.0
        self._around = cv2.resize(
            picture.astype(np.float32) / 255.0, None, fx=margin, fy=margin,
            interpolation=cv2.INTER_CUBIC,
        ).astype(np.float32, copy=False)  # fmt: skip
        self._view: View | None = None
        self._seen = picture

    def seen(self, view: View) -> Picture:
        """See Scenery."""
        if view != self._view:
            self._seen = to_levels(window(self._around, view, 1.0, self._width, self._height))
            self._view = view
        return self._seen


class Deep:
    """Two painted layers: the far one moves less than the near one, on which a subject stands."""

    def __init__(self, backdrop: Backdrop, width: int, height: int) -> None:
        self._size = width, height
        self._far, self._near = to_levels(backdrop.far), to_levels(backdrop.near)

    def seen(self, view: View) -> Picture:
        """See Scenery."""
        far = window(self._far, view, FAR, *self._size)  # four channels: three take longer
        near = window(self._near, view, 1.0, *self._size)
        clear = cv2.cvtColor(cv2.bitwise_not(near[..., 3]), cv2.COLOR_GRAY2RGB)
        behind = cv2.multiply(cv2.cvtColor(far, cv2.COLOR_RGBA2RGB), clear, scale=1 / 255)
        seen = cv2.add(behind, cv2.cvtColor(near, cv2.COLOR_RGBA2RGB))
        return seen.astype(np.uint8, copy=False)


def scenery_of(plate: Plate, camera: str, *, is_eased: bool) -> Scenery:
    """A plate as a camera of `CAMERAS` sees it; films that move evenly have flat ones."""
    height, width = plate.picture.shape[:2]
    if camera == "static" or not is_eased or plate.backdrop is None:
        return Flat(plate.picture, is_passed=camera != "static")
    return Deep(plate.backdrop, width, height)
