"""What is done to a frame where its matte allows it. Pictures are (H, W, 3) and 8 bits.

Mattes are (H, W) in [0, 1]: where they are 0 a picture keeps its pixels.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.film import Art
from engine.models.animatic.layers import lay, to_levels
from engine.models.animatic.movements import Pose, View
from engine.models.opticals.backdrop import hidden, matched
from engine.models.portraits.cutting import own_colours

Frame = NDArray[np.uint8]
Matte = NDArray[np.float32]
Look = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""A picture in [0, 1] to what becomes of it."""

_SOFT, _CLOSE, _NEAR = 0.004, 0.05, 0.2
"""Of a frame's longer side: how softly a removal ends, and how wide around a subject what belongs

to it may lie, apart from it and in one piece with it.
"""
_UNLIKE_LEVELS = 16.0
_RIM, _UNSEEN = 7, 0.004
_SHADOW_LEVEL, _SHADOW_WIDE, _SHADOW_HIGH = 0.34, 0.4, 0.05


def looked(picture: Frame, matte: Matte | None, look: Look, share: float = 1.0) -> Frame:
    """The picture with a look, as far as `share` and its matte say."""
    levels = picture.astype(np.float32) / np.float32(255.0)
    new = look(levels)
    cover = np.float32(share) if matte is None else (matte * np.float32(share))[..., None]
    mixed = (levels * (1 - cover) + new * cover).astype(np.float32, copy=False)
    return to_levels(mixed) if matte is None else np.where(cover > 0, to_levels(mixed), picture)


def printed(picture: Frame, before: Frame, after: Frame) -> Frame:
    """The picture with what differs between it as it was made and as it is to be; also a rim of

    that, into which a codec ran what was there.
    """
    differs = (cv2.absdiff(after, before).max(axis=2) > 0).astype(np.uint8)
    rim = cv2.dilate(differs, np.ones((_RIM, _RIM), np.uint8)).astype(np.float32)
    cover = np.maximum(cv2.GaussianBlur(rim, (0, 0), 1.0), differs)[..., None]
    mixed = picture * (1 - cover) + after * cover
    return np.where(cover > _UNSEEN, mixed.round().astype(np.uint8), picture)


def without(picture: Frame, matte: Matte, behind: Frame) -> Frame:
    """The picture with what is `behind` its subject where the subject was.

    What the matte missed of it, and its shadow, are known by being near and unlike what is behind.
    """
    gone = hidden(np.maximum(matte, _belonging(picture, behind, matte).astype(np.float32)))
    soft = cv2.GaussianBlur(gone.astype(np.float32), (0, 0), max(1.0, _SOFT * max(matte.shape)))
    cover = np.maximum(soft, matte)[..., None]
    mixed = picture * (1 - cover) + matched(behind, picture, gone) * cover
    return np.where(cover > _UNSEEN, mixed.round().astype(np.uint8), picture)


def filled(picture: Frame, matte: Matte, behind: Frame) -> Frame:
    """The picture with what is `behind` it in a region, as far as its matte says."""
    return within(picture, matte, matched(behind, picture, hidden(matte)))


def within(picture: Frame, matte: Matte, new: Frame) -> Frame:
    """The picture with another in it, as far as a matte says."""
    cover = matte[..., None]
    mixed = (picture * (1 - cover) + new * cover).round().astype(np.uint8)
    return np.where(cover > 0, mixed, picture)


def _belonging(picture: Frame, behind: Frame, matte: Matte) -> NDArray[np.bool_]:
    """Where a picture is unlike what is behind, close to its subject or in one piece with it."""
    longest = max(matte.shape)
    body = hidden(matte)
    close, near = (_around(matte > 0.5, share * longest) for share in (_CLOSE, _NEAR))
    apart = picture.astype(np.float32) - behind
    around = apart[near & ~body]
    if len(around):
        apart -= np.median(around, axis=0)  # another exposure is no other thing
    soft = cv2.GaussianBlur(np.abs(apart).max(axis=2), (0, 0), max(1.0, 0.003 * longest))
    unlike = soft > _UNLIKE_LEVELS
    _, labels = cv2.connectedComponents(((near & unlike) | body).astype(np.uint8))
    joined = np.isin(labels, np.unique(labels[body])) & (labels > 0)
    return joined | (close & unlike)


def _around(mask: NDArray[np.bool_], pixels: float) -> NDArray[np.bool_]:
    """A place and what lies around it, `pixels` wide in all."""
    reach = max(3, round(pixels)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def in_front_of(picture: Frame, matte: Matte, place: Frame) -> Frame:
    """The picture's subject, in its own colours, in front of another place."""
    cover = matte[..., None]
    return (own_colours(picture, matte) * cover + place * (1 - cover)).round().astype(np.uint8)


def cut_out(picture: Frame, matte: Matte) -> Frame:
    """The picture's subject alone, straight RGBA (H, W, 4), black where it is not."""
    alpha = np.round(matte * 255).astype(np.uint8)
    colours = np.where(alpha[..., None] > 0, own_colours(picture, matte), 0)
    return np.dstack([colours, alpha]).astype(np.uint8)


def with_cut_out(picture: Frame, art: Art, pose: Pose, *, has_floor: bool) -> Frame:
    """The picture with a drawn thing laid over it, and its shadow where it stands."""
    levels = picture.astype(np.float32) / np.float32(255.0)
    if has_floor:
        _shade(levels, art, pose)
    cover = lay(levels, art.pixels, pose, View())
    new = to_levels(levels)
    if has_floor:
        return new
    return np.where(cover[..., None] > 0, new, picture)


def _shade(picture: NDArray[np.float32], art: Art, pose: Pose) -> None:
    """Darken the floor at the foot of what stands there."""
    height, width = picture.shape[:2]
    foot = art.foot_of(pose)
    centre = round(pose.x * width), round((foot.y + foot.size / 2) * height)
    axes = (
        max(2, round(_SHADOW_WIDE * art.width_share * pose.size * height)),
        max(1, round(_SHADOW_HIGH * pose.size * height)),
    )
    shadow = np.zeros((height, width), np.uint8)
    cv2.ellipse(shadow, centre, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(shadow, (0, 0), max(1.0, axes[1] * 0.7)).astype(np.float32) / 255.0
    picture *= 1 - np.float32(_SHADOW_LEVEL) * soft[..., None]
