"""Finding faces in a photo, and turning one upright.

It says where faces are; it does not say whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.models.packed import load_packed
from engine.models.portraits.face_networks import FaceNetworks

_SEEN_PIXELS = 640
"""Photos are looked at in this size: faces below a twentieth of it are passed over."""
_LEAST_FACE_PIXELS = 28
_SURE = (0.6, 0.7, 0.92)
_SHRINK = 0.709
_PLACES = np.array(
    [[0.3418, 0.4616], [0.6565, 0.4598], [0.5002, 0.6405], [0.3710, 0.8247], [0.6315, 0.8232]],
    np.float32,
)
"""Where eyes, nose and corners of the mouth are in an upright crop, as recognisers have it."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face in pixels of the photo: its box (x, y, width, height) and five points (5, 2)."""

    box: tuple[float, float, float, float]
    points: NDArray[np.float32]
    sure: float


def load_face_networks(folder: Path) -> FaceNetworks:
    """The networks of a folder. Raises: OSError, RuntimeError, SafetensorError."""
    networks = FaceNetworks()
    networks.load_state_dict(load_packed(folder, torch.float32))
    return networks.eval()


@torch.inference_mode()
def find_faces(networks: FaceNetworks, photo: NDArray[np.uint8]) -> tuple[Face, ...]:
    """Faces in an RGB photo (H, W, 3), from left to right."""
    scale = min(1.0, _SEEN_PIXELS / max(photo.shape[:2]))
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    picture = torch.from_numpy(np.ascontiguousarray(small)).permute(2, 0, 1)[None].float()
    boxes = _proposed(networks, picture)
    boxes = _refined(networks, picture, boxes)
    found = _judged(networks, picture, boxes)
    faces = [
        Face(
            (box[0] / scale, box[1] / scale, (box[2] - box[0]) / scale, (box[3] - box[1]) / scale),
            (points.numpy() / scale).astype(np.float32),
            sure,
        )
        for box, points, sure in found
    ]
    return tuple(sorted(faces, key=lambda face: face.box[0]))


def _proposed(networks: FaceNetworks, picture: Tensor) -> Tensor:
    """Boxes (N, 4) that may hold a face: corners, from windows over the picture in many sizes."""
    height, width = picture.shape[2:]
    scale, kept = 12.0 / _LEAST_FACE_PIXELS, []
    while min(height, width) * scale >= 12:
        size = int(height * scale + 1), int(width * scale + 1)
        sure, moves = networks.proposer(_seen(F.interpolate(picture, size, mode="area")))
        rows, columns = (sure[0] >= _SURE[0]).nonzero(as_tuple=True)
        place = torch.stack([columns, rows], dim=1).float()
        corners = torch.cat([(2 * place + 1) / scale, (2 * place + 12) / scale], dim=1)
        scores = sure[0, rows, columns]
        chosen = _apart(corners, scores, 0.5)
        moved = _moved(corners[chosen], moves[0, :, rows, columns].T[chosen])
        kept.append(torch.cat([moved, scores[chosen, None]], dim=1))
        scale *= _SHRINK
    boxes = torch.cat(kept) if kept else torch.zeros(0, 5)
    return _square(boxes[_apart(boxes[:, :4], boxes[:, 4], 0.7)][:, :4])


def _refined(networks: FaceNetworks, picture: Tensor, boxes: Tensor) -> Tensor:
    if not len(boxes):
        return boxes
    sure, moves = networks.refiner(_crops(picture, boxes, 24))
    likely = sure > _SURE[1]
    boxes, moves, sure = boxes[likely], moves[likely], sure[likely]
    chosen = _apart(boxes, sure, 0.7)
    return _square(_moved(boxes[chosen], moves[chosen]))


def _judged(
    networks: FaceNetworks, picture: Tensor, boxes: Tensor
) -> list[tuple[list[float], Tensor, float]]:
    if not len(boxes):
        return []
    sure, moves, points = networks.judge(_crops(picture, boxes, 48))
    likely = sure > _SURE[2]
    boxes, moves, sure, points = boxes[likely], moves[likely], sure[likely], points[likely]
    size = boxes[:, 2:] - boxes[:, :2]
    points = points * size[:, :, None] + boxes[:, :2, None]
    boxes = _moved(boxes, moves)
    chosen = _apart(boxes, sure, 0.7, of_smaller=True)
    return [(boxes[i].tolist(), points[i].T, float(sure[i])) for i in chosen.tolist()]


def _seen(pixels: Tensor) -> Tensor:
    return (pixels - 127.5) / 128.0


def _crops(picture: Tensor, boxes: Tensor, side: int) -> Tensor:
    """What is in each box, in `side` pixels; what lies beyond the picture is left out."""
    height, width = picture.shape[2:]
    crops = []
    for x0, y0, x1, y1 in boxes.round().int().tolist():
        left, top = min(max(x0, 0), width - 1), min(max(y0, 0), height - 1)
        right, bottom = max(min(x1, width), left + 1), max(min(y1, height), top + 1)
        part = picture[:, :, top:bottom, left:right]
        crops.append(F.interpolate(part, (side, side), mode="area"))
    return _seen(torch.cat(crops))


def _moved(boxes: Tensor, moves: Tensor) -> Tensor:
    size = boxes[:, 2:] - boxes[:, :2]
    return boxes + moves * torch.cat([size, size], dim=1)


def _square(boxes: Tensor) -> Tensor:
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).amax(dim=1, keepdim=True) / 2
    return torch.cat([centre - half, centre + half], dim=1)


def _apart(boxes: Tensor, scores: Tensor, most: float, *, of_smaller: bool = False) -> Tensor:
    """Indices of boxes, the surest first, none of which covers another by more than `most`."""
    order, kept = scores.argsort(descending=True), []
    size = (boxes[:, 2:] - boxes[:, :2]).clamp_min(0)
    area = size[:, 0] * size[:, 1]
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        low = torch.maximum(boxes[best, :2], boxes[order, :2])
        high = torch.minimum(boxes[best, 2:], boxes[order, 2:])
        both = (high - low).clamp_min(0).prod(dim=1)
        whole = torch.minimum(area[best], area[order])
        whole = whole if of_smaller else area[best] + area[order] - both
        order = order[both <= most * whole.clamp_min(1e-6)]
    return torch.stack(kept) if kept else torch.zeros(0, dtype=torch.long)


def aligned(photo: NDArray[np.uint8], face: Face, side: int) -> NDArray[np.uint8]:
    """The face upright in a square of `side` pixels, eyes and mouth where they always are."""
    matrix = upright_matrix(face.points, _PLACES * side)
    return cv2.warpAffine(photo, matrix, (side, side)).astype(np.uint8, copy=False)


def upright_matrix(points: NDArray[np.float32], places: NDArray[np.float32]) -> NDArray[np.float64]:
    """The turn, size and move (2, 3) that bring points (N, 2) nearest to places (Umeyama 1991)."""
    middle, wanted = points.mean(axis=0), places.mean(axis=0)
    a, b = points - middle, places - wanted
    u, strength, v = np.linalg.svd(b.T @ a)
    sign = np.sign(np.linalg.det(u @ v))
    turn = u @ np.diag([1.0, sign]) @ v
    size = (strength * [1.0, sign]).sum() / max(float((a**2).sum()), 1e-9)
    return np.column_stack([size * turn, wanted - size * turn @ middle]).astype(np.float64)
