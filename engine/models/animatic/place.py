"""A painted place as a camera sees it: its layers, or one picture of it at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.aerial import AERIAL
from engine.models.animatic.air import CLEAR, Air, falling, in_air
from engine.models.animatic.canvas import Backdrop, painted
from engine.models.animatic.countryside import COUNTRYSIDE
from engine.models.animatic.dressing import NOTHING, Dressing, dressed
from engine.models.animatic.interiors import INTERIORS
from engine.models.animatic.layers import MARGIN, window
from engine.models.animatic.movements import View
from engine.models.animatic.settings import SETTING_IDS, paint
from engine.models.animatic.townscape import TOWNSCAPE
from engine.planning.painted_places import PAINTED_IDS
from engine.planning.vocabulary import POCKET_VIDEO

PLAIN = "plain"


MORE_PAINTERS = {**INTERIORS, **COUNTRYSIDE, **TOWNSCAPE, **AERIAL}
"""Places that drafts have and the pocket cast never learnt: painted, and no network's."""


class Place:
    """A backdrop seen by a camera; a view that stays is composed once."""

    def __init__(self, backdrop: Backdrop, width: int, height: int) -> None:
        self.backdrop, self.width, self.height = backdrop, width, height
        self.view: View | None = None
        self.picture = np.zeros((height, width, 3), np.float32)

    def seen(self, view: View) -> NDArray[np.float32]:
        """The picture (H, W, 3) without the subject; not to be changed in place."""
        if view != self.view:
            far = window(self.backdrop.far, view, 0.6, self.width, self.height)
            near = window(self.backdrop.near, view, 1.0, self.width, self.height)
            self.picture = far[..., :3] * (1 - near[..., 3:]) + near[..., :3]
            self.view = view
        return self.picture


@dataclass(frozen=True, slots=True)
class Plate:
    """A place as a camera at rest sees it, (H, W, 3), and the height of its floor.

    One that was painted has a `setting_id`, by which it is known what falls in it, and the layers
    that a camera moves past.
    """

    picture: NDArray[np.uint8]
    ground: float
    setting_id: str = ""
    backdrop: Backdrop | None = None


def out_of_focus(plate: Plate) -> Plate:
    """A place as it is behind somebody near."""
    spread = plate.picture.shape[0] / _UNSHARP

    def soft(layer: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(layer, (0, 0), spread), np.float32)

    there = plate.backdrop
    if there is not None:
        there = replace(there, far=soft(there.far), near=soft(there.near))
    picture = np.asarray(cv2.GaussianBlur(plate.picture, (0, 0), spread), np.uint8)
    return replace(plate, picture=picture, backdrop=there)


_UNSHARP = 48


def setting_named(words: str) -> str | None:
    """The setting that learnt words say, the plain one where there are none; None for another."""
    named = zip(SETTING_IDS, POCKET_VIDEO.settings.learnt, strict=True)
    found = next((setting for setting, learnt in named if words in learnt), None)
    return (found or PAINTED_IDS.get(words)) if words else PLAIN


def plate(
    setting_id: str,
    seed: int,
    width: int,
    height: int,
    *,
    is_smooth: bool = False,
    air: Air = CLEAR,
    dressing: Dressing = NOTHING,
) -> Plate:
    """A painted setting of the given pixels, its edges smooth or as the pocket cast learnt them."""
    canvas = round(width * MARGIN), round(height * MARGIN)
    if setting_id in MORE_PAINTERS:
        backdrop = painted(MORE_PAINTERS[setting_id], seed, *canvas, is_smooth=is_smooth)
    else:
        backdrop = paint(setting_id, seed, *canvas, is_smooth=is_smooth)
    backdrop = dressed(backdrop, dressing, seed, glowing=False)
    if air != CLEAR:
        backdrop = in_air(backdrop, setting_id, air, seed)
    backdrop = dressed(backdrop, dressing, seed, glowing=True)
    seen = Place(backdrop, width, height).seen(View())
    levels = (seen.clip(0, 1) * 255).round().astype(np.uint8)
    return Plate(levels, backdrop.ground, falling(setting_id, air), backdrop)
