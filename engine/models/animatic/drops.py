"""What falls or rises in front of everything in a painted place: snow, rain, bubbles."""

from __future__ import annotations

import random
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.movements import View

_FULL_PIXELS = 288
"""Height of a picture up to which a drop is as many pixels wide as its kind says."""
_NEAR = 1.3
"""How far drops move with a camera, of what a subject does: they are in front of it."""


class Drops:
    """Seeded drops that move with time; a setting without any has none."""

    _KINDS: ClassVar = {
        "snow": (45, (1.0, 1.0, 1.0), 0.25, 2, 0.0),
        "rain": (60, (0.8, 0.87, 0.95), 1.3, 1, 0.035),
        "underwater": (12, (0.85, 0.97, 1.0), -0.2, 3, 0.0),
    }

    def __init__(self, setting_id: str, rng: random.Random) -> None:
        count, self.colour, self.speed, self.radius, self.streak = self._KINDS.get(
            setting_id, (0, (0.0, 0.0, 0.0), 0.0, 0, 0.0)
        )
        self.drops = [(rng.random(), rng.random(), rng.uniform(0.7, 1.3)) for _ in range(count)]

    def fall(
        self,
        picture: NDArray[np.float32] | NDArray[np.uint8],
        time_s: float,
        view: View | None = None,
    ) -> None:
        """Draw the drops of this moment onto `picture` in place.

        With a view they are soft, and a camera goes by them; without, as the pocket cast learnt it.
        """
        height, width = picture.shape[:2]
        radius = self.radius * max(1, round(height / _FULL_PIXELS))
        colour = self.colour
        if picture.dtype == np.uint8:
            colour = tuple(255.0 * part for part in colour)
        edge = cv2.LINE_8 if view is None else cv2.LINE_AA
        aside, along = (_NEAR * view.x, _NEAR * view.y) if view is not None else (0.0, 0.0)
        for x, y, pace in self.drops:
            top = ((y - along + time_s * self.speed * pace) % 1.1 - 0.05) * height
            point = int((x - aside) % 1.0 * width), int(top)
            if self.streak:
                end = point[0], int(top + self.streak * height)
                cv2.line(picture, point, end, colour, radius, edge)
            else:
                cv2.circle(picture, point, radius, colour, -1, edge)
