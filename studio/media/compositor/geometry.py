"""Where a picture lies on the canvas: the rectangle it fills, and the matrices that move it.

Matrices are float64 (2, 3), from a picture's own pixels to the canvas's, as OpenCV takes them.
Pixel centres lie at halves, so that scaling keeps edges on edges.
"""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np

from studio.document.fitting import Box
from studio.media.compositor.patch import Rect
from studio.media.picture import Size

Matrix = np.ndarray


def even_rect(box: Box) -> Rect:
    """The nearest rectangle on even pixels."""
    left, top, width, height = box
    even_width, even_height = (max(2, round(side / 2) * 2) for side in (width, height))
    return Rect(
        round((left + (width - even_width) / 2) / 2) * 2,
        round((top + (height - even_height) / 2) / 2) * 2,
        even_width,
        even_height,
    )


def placing(picture: Size, box: Box) -> Matrix:
    """From a picture's pixels to a box on the canvas."""
    left, top, width, height = box
    return np.array([[width / picture[0], 0, left], [0, height / picture[1], top]])


def moving(
    canvas: Size,
    position: tuple[float, float],
    scale: tuple[float, float],
    rotation: float,
    anchor: tuple[float, float],
) -> Matrix:
    """Scale and turn (degrees, clockwise) about the anchor, which then lies at `position`.

    Position and anchor are shares of the canvas.
    """
    width, height = canvas
    turn = radians(rotation)
    a, b = cos(turn) * scale[0], -sin(turn) * scale[1]
    c, d = sin(turn) * scale[0], cos(turn) * scale[1]
    from_x, from_y = anchor[0] * width, anchor[1] * height
    to_x, to_y = position[0] * width, position[1] * height
    return np.array(
        [[a, b, to_x - a * from_x - b * from_y], [c, d, to_y - c * from_x - d * from_y]]
    )


def chained(first: Matrix, then: Matrix) -> Matrix:
    """One matrix for two in turn."""
    return (np.vstack([then, [0, 0, 1]]) @ np.vstack([first, [0, 0, 1]]))[:2]


def bounds(picture: Size, matrix: Matrix, margin: int = 0) -> Rect:
    """The smallest rectangle of whole pixels that holds a moved picture."""
    corners = np.array([(x, y, 1) for x in (0, picture[0]) for y in (0, picture[1])]).T
    placed = matrix @ corners
    left, top = np.floor(placed.min(axis=1) + 1e-6).astype(int) - margin
    right, bottom = np.ceil(placed.max(axis=1) - 1e-6).astype(int) + margin
    return Rect(int(left), int(top), int(right - left), int(bottom - top))


def is_upright(matrix: Matrix) -> bool:
    """True where a matrix neither turns nor mirrors."""
    straight = abs(matrix[0, 1]) < 1e-9 and abs(matrix[1, 0]) < 1e-9
    return straight and matrix[0, 0] > 0 and matrix[1, 1] > 0


def box_of(picture: Size, matrix: Matrix) -> Box:
    """Where an upright matrix puts a picture."""
    width, height = picture[0] * matrix[0, 0], picture[1] * matrix[1, 1]
    return float(matrix[0, 2]), float(matrix[1, 2]), float(width), float(height)


def for_centres(matrix: Matrix) -> Matrix:
    """The same move for pixels counted by their centres, which is how OpenCV counts them."""
    out = matrix.copy()
    out[:, 2] += 0.5 * (matrix[:, 0] + matrix[:, 1]) - 0.5
    return out
