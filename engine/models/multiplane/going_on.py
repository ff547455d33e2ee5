"""How a film goes on where it ends: the camera and what moves keep their way, all else goes to and
fro.

Of the last second each frame lies where the camera saw it. Played back and forth it keeps water,
leaves and faces alive; the camera's own movement runs out, and what moved over the ground goes on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
"""(3, 3): pixels of a frame, homogeneous, to those of another."""

_RUN_OUT_S = 1.0
"""Time in which a camera's movement falls to a third."""
_FITTED_S = 0.6
_LEAST_PAN, _LEAST_ZOOM = 0.006, 0.01
"""Widths, and logarithms of zoom, a second: what is less is a camera that stands."""
_FARTHEST, _NEAREST = 0.12, 0.3
"""How far a camera goes on in all, in widths and heights, and in logarithms of zoom."""
_LEAST_DRIFT, _LEAST_STEP, _LEAST_GROWTH = 0.03, 0.3, 0.25
"""Of who moves over the ground, a second: widths of the picture and of their own, and logarithms of

growth; what is less is somebody who leans or turns.
"""
_RUN_UP_S = 0.4
_LEAST_SEEN, _LEAST_SEEN_S, _SAME_SIZE = 4, 0.25, 1.8
"""Frames and seconds in which something is seen at least before it is said to go somewhere, and how

much larger than at another time it may be: what changes more is not one thing.
"""
_EVEN_S, _UNEVEN = 1.0, 0.02
"""How long something has to rise or sink at one pace, and how much of its spread may be off it."""
_SURE, _LARGEST, _AT_EDGE = 128, 0.25, 0.02


@dataclass(frozen=True, slots=True)
class Way:
    """A movement: widths right, heights down and the logarithm of growth, a second.

    One that `is_steady` rises or sinks at one pace, and goes on so.
    """

    x: float = 0.0
    y: float = 0.0
    growth: float = 0.0
    is_steady: bool = False


def camera_way(here: Sequence[Matrix], times_s: Sequence[float], size: tuple[int, int]) -> Way:
    """How the camera's picture moves at the end of a film.

    `here` takes each frame's pixels to those of the last one, `times_s` are when the frames were
    shown, the last of them at 0, and `size` is width and height.
    """
    width, height = size
    middle = np.array([width / 2, height / 2, 1.0])
    moves = []
    for matrix in here:
        # What was in the last frame's middle lay elsewhere before: the picture has moved so.
        onward = np.linalg.inv(matrix)
        shift = (onward @ middle - middle)[:2]
        zoom = math.log(math.sqrt(abs(np.linalg.det(onward[:2, :2]))))
        moves.append((shift[0] / width, shift[1] / height, zoom))
    x, y, zoom = slopes(np.array(moves), np.array(times_s))
    if math.hypot(x, y) < _LEAST_PAN:
        x = y = 0.0
    # Drawing back would show what lies around, and nobody knows that.
    zoom = zoom if zoom > _LEAST_ZOOM else 0.0
    far = max(abs(x), abs(y)) * _RUN_OUT_S
    keep = min(1.0, _FARTHEST / far) if far else 1.0
    return Way(x * keep, y * keep, min(zoom, _NEAREST / _RUN_OUT_S))


def slopes(values: NDArray[np.float64], times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """What values (N, D) change by a second at the last moment, which is 0, as fits them best."""
    recent = times_s >= -_FITTED_S
    times, seen = times_s[recent], values[recent] - values[-1]
    weight = float((times * times).sum())
    return (times[:, None] * seen).sum(axis=0) / weight if weight else np.zeros(values.shape[1])


def seen_onward(way: Way, gone_s: float, size: tuple[int, int]) -> Matrix:
    """From the last frame's pixels to those of one shown later, as the camera's movement runs out.

    It comes as much nearer as it must, to see nothing beyond what was there.
    """
    width, height = size
    ran_s = _RUN_OUT_S * (1 - math.exp(-gone_s / _RUN_OUT_S))
    x, y = way.x * ran_s, way.y * ran_s
    zoom = max(math.exp(way.growth * ran_s), 1 + 2 * max(abs(x), abs(y)))
    shift_x = width / 2 * (1 - zoom) + x * width
    shift_y = height / 2 * (1 - zoom) + y * height
    return np.array([[zoom, 0.0, shift_x], [0.0, zoom, shift_y], [0.0, 0.0, 1.0]])


def own_way(
    here: Sequence[Matrix], mattes: NDArray[np.uint8], times_s: Sequence[float]
) -> Way | None:
    """How what has mattes (N, H, W) moves over the ground at the end; None where it stays.

    `here` and `times_s` are as for `camera_way`, of frames as large as the mattes. Who fills much
    of the picture, or is cut by it above or below, keeps their place: too little was ever seen of
    what is behind them.
    """
    height, width = mattes.shape[1:]
    recent = [matte for matte, time_s in zip(mattes, times_s, strict=True) if time_s >= -_FITTED_S]
    if len(recent) < _LEAST_SEEN or times_s[-len(recent)] > -_LEAST_SEEN_S:
        return None
    at_cut = mattes[-1] > _SURE
    sizes = [int((matte > _SURE).sum()) for matte in recent]
    if max(sizes) > _SAME_SIZE * min(sizes):
        return None
    if at_cut.mean() > _LARGEST or at_cut[[0, -1]].mean(axis=1).max() > _AT_EDGE:
        return None
    places = []
    for matrix, matte in zip(here, mattes, strict=True):
        mass = float(matte.sum()) / 255.0
        if mass < 1.0:
            return None
        rows, columns = np.indices(matte.shape)
        middle = np.array([(columns * matte).sum(), (rows * matte).sum()]) / (255.0 * mass)
        at = matrix @ np.array([*middle, 1.0])
        zoom = math.sqrt(abs(np.linalg.det(matrix[:2, :2])))
        places.append((at[0] / width, at[1] / height, math.log(zoom * math.sqrt(mass))))
    x, y, growth = slopes(np.array(places), np.array(times_s))
    is_steady = _is_even(np.array(places)[:, 1], np.array(times_s))
    own_width = float(at_cut.any(axis=0).mean())
    pace = math.hypot(x, y * height / width) if is_steady else abs(x)
    is_going = pace >= max(_LEAST_DRIFT, _LEAST_STEP * own_width)
    if not is_going and abs(growth) < _LEAST_GROWTH:
        return None
    return Way(x, y, growth if abs(growth) >= _LEAST_GROWTH else 0.0, is_steady)


def _is_even(values: NDArray[np.float64], times_s: NDArray[np.float64]) -> bool:
    """Whether values change at one pace, as those of what jumps or sways do not."""
    recent = times_s >= -_EVEN_S
    line = np.polyval(np.polyfit(times_s[recent], values[recent], 1), times_s[recent])
    spread = float(np.square(values[recent] - values[recent].mean()).sum())
    return float(np.square(values[recent] - line).sum()) < _UNEVEN * spread


def carried(
    way: Way, shown_s: float, gone_s: float, middle: tuple[float, float], size: tuple[int, int]
) -> Matrix:
    """From where something was at `shown_s`, in the last frame's pixels, to where it is `gone_s`

    after the end. What goes across keeps its pace; growing runs out, and so do rising and sinking

    that are not steady.
    """
    brief_s = _RUN_UP_S * (1 - math.exp(-gone_s / _RUN_UP_S)) - shown_s
    upward_s = gone_s - shown_s if way.is_steady else brief_s
    x, y = way.x * (gone_s - shown_s) * size[0], way.y * upward_s * size[1]
    grown = math.exp(way.growth * brief_s)
    return np.array(
        [
            [grown, 0.0, middle[0] * (1 - grown) + x],
            [0.0, grown, middle[1] * (1 - grown) + y],
            [0.0, 0.0, 1.0],
        ]
    )


def to_and_fro(gone_s: float, length_s: float) -> float:
    """When, before the end, what is shown `gone_s` after it was: back over a length, and forth."""
    if length_s <= 0:
        return 0.0
    place = gone_s % (2 * length_s)
    return -min(place, 2 * length_s - place)


def over_and_over(gone_s: float, length_s: float) -> float:
    """When, before the end, what is shown `gone_s` after it was: on from `length_s` before it."""
    place = gone_s % length_s
    return place - length_s if place else 0.0
