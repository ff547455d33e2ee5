"""Bodies cut together, by label; one with another's head, and a rocket that stands as it flies."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.art import art_labelled
from engine.models.beasts import beast
from engine.models.dolls import doll, seated
from engine.models.drawn_art import DRAWN, drawn_art
from engine.planning.bodies import BEASTS, DOINGS, DOLLS, WHOLE
from engine.planning.figures import Head

Picture = NDArray[np.uint8]

_CLEARED, _NECK_PIXELS = 0.64, 3
"""How far to either side a body's own head is cut away, of its height; and by how much the new one

covers the neck.
"""
_SEEN = 40
_SLANTED_DEGREES = 45


@cache
def body_art(label: str) -> Picture:
    """Who acts by the label of a figure, cut together or out of the library: straight RGBA

    (H, W, 4).
    """
    if label.startswith(WHOLE):
        return beast(BEASTS[label.removeprefix(WHOLE)])
    if label in DRAWN:
        return drawn_art(label)
    who, _, doing = label.rpartition(" ")
    if who in DOLLS and doing in DOINGS:
        return doll(DOLLS[who], doing)
    return seated(who) if doing == "seated" else art_labelled(label)


def headed(body: Picture, head: Head) -> Picture:
    """A body, straight RGBA (256, 256, 4), with another head; higher where that does not fit in."""
    chin = head.y + head.height // 2
    wide = round(_CLEARED * head.height)
    bare = body.copy()
    bare[:chin, max(0, head.x - wide) : head.x + wide, 3] = 0
    new = _fitted(art_labelled(head.label), round(head.size * head.height))
    height, width = new.shape[:2]
    room = max(0, height - chin - _NECK_PIXELS)
    padded = np.pad(bare, ((room, 0), (room // 2, room - room // 2), (0, 0)))
    bottom = chin + _NECK_PIXELS + room
    left = head.x + room // 2 - width // 2
    under = padded[bottom - height : bottom, left : left + width].astype(np.float32)
    share = new[..., 3:].astype(np.float32) / np.float32(255.0)
    mixed = under[..., :3] + share * (new[..., :3] - under[..., :3])
    alpha = np.maximum(under[..., 3:], new[..., 3:])
    padded[bottom - height : bottom, left : left + width] = np.dstack([mixed, alpha]).round()
    return padded


def upright(rocket: Picture) -> Picture:
    """A rocket drawn on its way to the upper right, pointing up."""
    side = rocket.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), _SLANTED_DEGREES, 0.72)
    alpha = rocket[..., 3:].astype(np.float32) / np.float32(255.0)
    whole = np.dstack([rocket[..., :3] * alpha, rocket[..., 3:]])
    turned = cv2.warpAffine(whole, turn, (side, side), flags=cv2.INTER_AREA)
    cover = np.maximum(turned[..., 3:], 1.0) / np.float32(255.0)
    colours = np.minimum(turned[..., :3] / cover, 255.0)
    return np.dstack([colours, turned[..., 3:]]).round().astype(np.uint8)


def _fitted(art: Picture, height: int) -> Picture:
    """What is seen of art, so tall."""
    rows, columns = np.nonzero(art[..., 3] > _SEEN)
    seen = art[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    size = max(1, round(seen.shape[1] * height / seen.shape[0])), height
    return np.asarray(cv2.resize(seen, size, interpolation=cv2.INTER_AREA), np.uint8)
