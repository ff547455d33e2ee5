"""Cutting the subject of a photo out: soft edges, in its own colours, at the photo's own size.

The network sees 320 pixels. A guided filter brings its answer to the photo's edges (He et al.
2013), and what shines through at them is taken out of the colours (Forte and Pitié 2021), so that
no rim of the old background is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.portraits.faces import Face
from engine.models.portraits.salience import SIDE_PIXELS, SalientObject

Grey = NDArray[np.float32]

_CLOSER_BELOW = 0.6
"""A subject that takes less of the photo's area than this is looked at again from nearer."""
_ROOM = 0.12
_SURE = 0.5
_LEAST_SHARE = 0.004
_LEAST_PART = 0.03
"""Parts smaller than this share of the largest are specks."""
_EDGE = 1e-4
_FADED = 0.04
"""How much of a cut-out's size fades out where the photo ends before it does."""
_FACES_WIDE = 3.2
"""How far to each side of a face its person may reach, in widths of the face."""


@dataclass(frozen=True, slots=True)
class CutOut:
    """Straight RGBA (H, W, 4), cut to what there is, and whether the photo's lower edge cuts it."""

    rgba: NDArray[np.uint8]
    is_cropped: bool


def cut_out(
    network: SalientObject, photo: NDArray[np.uint8], face: Face | None, others: tuple[Face, ...]
) -> CutOut | None:
    """The subject of an RGB photo (H, W, 3), or whoever has `face`; None where nothing stands out.

    `others` are the faces of those who are to be left out.
    """
    left, top, right, bottom = _around(photo, face, others)
    part = photo[top:bottom, left:right]
    alpha = standing_out(network, part, face, (left, top))
    if alpha is None:
        return None
    is_cropped = bottom == photo.shape[0] and _ends(alpha[-1])
    return _trimmed(part, _faded(alpha), is_cropped=is_cropped)


def standing_out(
    network: SalientObject,
    picture: NDArray[np.uint8],
    face: Face | None = None,
    origin: tuple[int, int] = (0, 0),
    *,
    is_near: bool = False,
) -> Grey | None:
    """How much each pixel of an RGB picture (H, W, 3) belongs to what stands out, in [0, 1].

    None where nothing does. `face` is whose it must be, counted from a point outside the picture
    which is `origin` above and to the left of it. What `is_near` is not looked at from nearer.
    """
    alpha = _seen(network, picture)
    box = _box(alpha)
    if box is None:
        return None
    if not is_near and (box[2] - box[0]) * (box[3] - box[1]) < _CLOSER_BELOW * alpha.size:
        nearer = np.s_[box[1] : box[3], box[0] : box[2]]
        again = np.zeros_like(alpha)
        again[nearer] = _seen(network, picture[nearer])
        alpha = again
    return _whole(fine_edges(alpha, picture), face, origin)


def _around(
    photo: NDArray[np.uint8], face: Face | None, others: tuple[Face, ...]
) -> tuple[int, int, int, int]:
    """Corners of the part of the photo to look at: of a person among others, up to the next."""
    height, width = photo.shape[:2]
    if face is None or not others:
        return 0, 0, width, height
    x, y, w, h = face.box
    middle, reach = x + w / 2, _FACES_WIDE * w
    left, right = middle - reach, middle + reach
    for other in others:
        between = (middle + other.box[0] + other.box[2] / 2) / 2
        left = max(left, between) if between < middle else left
        right = min(right, between) if between > middle else right
    return max(0, round(left)), max(0, round(y - h)), min(width, round(right)), height


@torch.inference_mode()
def _seen(network: SalientObject, photo: NDArray[np.uint8]) -> Grey:
    """How much each pixel belongs to the subject, in the photo's size."""
    small = cv2.resize(photo, (SIDE_PIXELS, SIDE_PIXELS), interpolation=cv2.INTER_AREA)
    picture = torch.from_numpy(small).permute(2, 0, 1)[None].float() / 255.0
    alpha = network(picture)[0, 0].float().numpy()
    size = photo.shape[1], photo.shape[0]
    return cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR).astype(np.float32, copy=False)


def _box(alpha: Grey) -> tuple[int, int, int, int] | None:
    """Corners of what is surely there, with room around it."""
    rows, columns = np.nonzero(alpha > _SURE)
    if len(rows) < _LEAST_SHARE * alpha.size:
        return None
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    room = round(_ROOM * max(bottom - top, right - left))
    height, width = alpha.shape
    corners = left - room, top - room, right + room, bottom + room
    return (
        max(0, int(corners[0])),
        max(0, int(corners[1])),
        min(width, int(corners[2])),
        min(height, int(corners[3])),
    )


def fine_edges(alpha: Grey, photo: NDArray[np.uint8]) -> Grey:
    """The mask with its edges where the photo's are."""
    guide = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255.0
    radius = max(2, round(max(photo.shape[:2]) / SIDE_PIXELS * 2))
    fine = _guided(guide, alpha, radius)
    return np.clip((fine - 0.12) / 0.76, 0.0, 1.0)


def _guided(guide: Grey, mask: Grey, radius: int) -> Grey:
    size = (2 * radius + 1, 2 * radius + 1)

    def mean(of: Grey) -> Grey:
        return cv2.blur(of, size).astype(np.float32, copy=False)

    mean_guide, mean_mask = mean(guide), mean(mask)
    spread = mean(guide * guide) - mean_guide**2
    slope = ((mean(guide * mask) - mean_guide * mean_mask) / (spread + _EDGE)).astype(np.float32)
    level = (mean_mask - slope * mean_guide).astype(np.float32)
    return (mean(slope) * guide + mean(level)).astype(np.float32)


def _whole(alpha: Grey, face: Face | None, origin: tuple[int, int]) -> Grey | None:
    """The mask without specks; of a person's, the part that has the face."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > _SURE).astype(np.uint8))
    sizes = stats[1:, cv2.CC_STAT_AREA]
    if count < 2 or sizes.max() < _LEAST_SHARE * alpha.size:
        return None
    kept = 1 + np.nonzero(sizes >= _LEAST_PART * sizes.max())[0]
    if face is not None:
        x, y, w, h = (round(value) for value in face.box)
        rows = slice(max(0, y - origin[1]), max(1, y - origin[1] + h))
        there = labels[rows, max(0, x - origin[0]) : max(1, x - origin[0] + w)]
        counts = np.bincount(there[there > 0], minlength=count)
        kept = np.array([counts.argmax()]) if counts.any() else kept
    near = cv2.dilate(np.isin(labels, kept).astype(np.uint8), np.ones((9, 9), np.uint8))
    return alpha * near


def _ends(line: Grey) -> bool:
    """Whether much of what is cut out goes on beyond a line at the photo's edge."""
    return bool((line > _SURE).mean() > 0.12)


def _faded(alpha: Grey) -> Grey:
    """The mask fading out where the photo's upper and side edges cut what is there."""
    faded = alpha.copy()
    wide = max(2, round(_FADED * max(alpha.shape)))
    ramp = np.linspace(0.0, 1.0, wide, dtype=np.float32)
    if _ends(alpha[0]):
        faded[:wide] *= ramp[:, None]
    if _ends(alpha[:, 0]):
        faded[:, :wide] *= ramp
    if _ends(alpha[:, -1]):
        faded[:, -wide:] *= ramp[::-1]
    return faded


def _trimmed(photo: NDArray[np.uint8], alpha: Grey, *, is_cropped: bool) -> CutOut:
    rows, columns = np.nonzero(alpha > 0.02)
    kept = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    colours = own_colours(photo[kept], alpha[kept])
    rgba = np.dstack([colours, np.round(alpha[kept] * 255.0).astype(np.uint8)])
    return CutOut(rgba, is_cropped)


def own_colours(photo: NDArray[np.uint8], alpha: Grey) -> NDArray[np.uint8]:
    """The subject's own colours (H, W, 3), where the photo mixes them with what is behind."""
    picture, cover = photo.astype(np.float32) / 255.0, alpha[..., None]
    front, back = picture, picture
    for share in (0.12, 0.012):
        size = (max(3, round(share * max(alpha.shape))) | 1,) * 2
        cover_mean = cv2.blur(alpha, size)[..., None]
        front = cv2.blur(front * cover, size) / (cover_mean + 1e-5)
        back = cv2.blur(back * (1 - cover), size) / (1 - cover_mean + 1e-5)
        front = np.clip(front + cover * (picture - cover * front - (1 - cover) * back), 0.0, 1.0)
    return np.round(front * 255.0).astype(np.uint8)
