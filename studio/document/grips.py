"""Grips: what there is to take hold of on a picture in the frame, and the pose a drag gives.

    □────□────□        corners scale, sides stretch, the inside moves, outside a corner
    □    ╋    □        turns, and the cross is the anchor that a picture is turned about
    □────□────□

Pure functions from a picture as it lay at the press and where the pointer is now, in pixels of the
sequence, to the pose that puts what was taken hold of under the pointer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from math import atan2, degrees

from studio.document.affine import Point, dot, minus, plus, stretch, turn
from studio.document.catalogue.entry import NumberParameter
from studio.document.catalogue.picture import TRANSFORM
from studio.document.guides import Axis, Guides, Line, spread
from studio.document.queries.stage import Crop, Pose, Staged

LEAST_SCALE = 0.01
"""A drag makes no picture smaller: what has no size cannot be taken hold of again."""
LEAST_LEFT = 0.01
"""A drag leaves that share of a picture when it crops."""
TURN_STEP = 15.0
_EXACT = 9
"""Decimals kept of shares: a thousandth of a pixel is far more than that."""


class Grip(Enum):
    """A place to take hold of; corners and sides by their shares of width and height."""

    TOP_LEFT = (0.0, 0.0)
    TOP = (0.5, 0.0)
    TOP_RIGHT = (1.0, 0.0)
    RIGHT = (1.0, 0.5)
    BOTTOM_RIGHT = (1.0, 1.0)
    BOTTOM = (0.5, 1.0)
    BOTTOM_LEFT = (0.0, 1.0)
    LEFT = (0.0, 0.5)
    INSIDE = "inside"
    TURN = "turn"
    ANCHOR = "anchor"

    @property
    def share(self) -> Point | None:
        """Where it lies on the outline, None for what is no part of it."""
        return self.value if isinstance(self.value, tuple) else None

    @property
    def is_corner(self) -> bool:
        """Whether it changes width and height together."""
        return self.share is not None and 0.5 not in self.share


HANDLES = tuple(grip for grip in Grip if grip.share is not None)
CORNERS = tuple(grip for grip in HANDLES if grip.is_corner)


def point_of(staged: Staged, grip: Grip) -> Point:
    """Where a corner or a side lies on the frame."""
    assert grip.share is not None
    return staged.at(*grip.share)


@dataclass(frozen=True, slots=True)
class Pull:
    """A drag so far: from where to where, and how.

    `free` lets width and height go their own ways, keeps a move to one axis, and turns in steps;
    `centred` keeps the middle in place instead of the opposite side.
    """

    start: Point
    now: Point
    guides: Guides
    free: bool = False
    centred: bool = False

    @property
    def travel(self) -> Point:
        """How far the pointer has gone; along the longer axis only where it is kept to one."""
        x, y = minus(self.now, self.start)
        if not self.free:
            return x, y
        return (x, 0.0) if abs(x) >= abs(y) else (0.0, y)


@dataclass(frozen=True, slots=True)
class Posed:
    """Where a drag has come to, and the guides it lies on."""

    pose: Pose
    lines: tuple[Line, ...] = ()


def dragged(before: Staged, grip: Grip, pull: Pull) -> Posed:
    """The pose that a drag of a grip gives."""
    if grip is Grip.INSIDE:
        return moved(before, pull)
    if grip is Grip.ANCHOR:
        return anchored(before, pull)
    if grip is Grip.TURN:
        return Posed(turned(before, pull))
    return scaled(before, grip, pull)


def moved(before: Staged, pull: Pull) -> Posed:
    """Move a picture by whole pixels, so that it stays as sharp as it was, or onto guides."""
    travel = pull.travel
    way = float(round(travel[0])), float(round(travel[1]))
    corners = [plus(point_of(before, corner), way) for corner in CORNERS]
    drawn, lines = pull.guides.pull(spread(corners))
    if pull.free:  # an axis that the move keeps to is not left for a guide's sake
        drawn = (drawn[0] if way[0] else 0.0, drawn[1] if way[1] else 0.0)
        lines = tuple(line for line in lines if way[line.axis.value])
    return Posed(shifted(before, plus(way, drawn)), lines)


def shifted(before: Staged, way: Point) -> Pose:
    """The pose that lies a number of the frame's pixels further."""
    x, y = before.after.inverse().turned(way)
    width, height = before.frame
    pose = before.pose
    return kept(replace(pose, x=pose.x + x / width, y=pose.y + y / height))


def turned(before: Staged, pull: Pull) -> Pose:
    """Turn a picture about its anchor by the angle that the pointer has gone about it."""
    back = before.after.inverse()
    centre = back(before.anchor)
    first, last = (minus(back(point), centre) for point in (pull.start, pull.now))
    angle = degrees(atan2(last[1], last[0]) - atan2(first[1], first[0]))
    rotation = before.pose.rotation + (angle + 180) % 360 - 180
    if pull.free:
        rotation = round(rotation / TURN_STEP) * TURN_STEP
    return kept(replace(before.pose, rotation=round(rotation, 2)))


def about(before: Staged, point: Point) -> Staged:
    """The same picture where it lies, with its anchor at a point of it, before any effect."""
    there = before.before(point)
    anchor_x, anchor_y = _shares(there, before)
    x, y = _shares(before.pose.map(before.frame)(there), before)
    return before.posed(kept(replace(before.pose, x=x, y=y, anchor_x=anchor_x, anchor_y=anchor_y)))


def anchored(before: Staged, pull: Pull) -> Posed:
    """Put the anchor elsewhere on a picture that stays where it is."""
    wanted = plus(before.anchor, pull.travel)
    drawn, lines = pull.guides.pull((wanted,))
    there = before.after.inverse()(plus(wanted, drawn))
    on_picture = before.pose.map(before.frame).inverse()(there)
    (x, y), (anchor_x, anchor_y) = (_shares(point, before) for point in (there, on_picture))
    return Posed(kept(replace(before.pose, x=x, y=y, anchor_x=anchor_x, anchor_y=anchor_y)), lines)


def _shares(point: Point, staged: Staged) -> Point:
    return point[0] / staged.frame[0], point[1] / staged.frame[1]


def scaled(before: Staged, grip: Grip, pull: Pull) -> Posed:
    """Make a picture larger or smaller, from the opposite side or from its middle.

    A corner keeps the picture's shape unless it is let go free; a side stretches it one way.
    """
    assert grip.share is not None
    u, v = grip.share
    fixed = (0.5, 0.5) if pull.centred else (1 - u, 1 - v)
    wanted = plus(before.at(u, v), minus(pull.now, pull.start))
    shaped = grip.is_corner and not pull.free
    if shaped:
        return _grown(before, grip, fixed, wanted, pull.guides)
    drawn, lines = pull.guides.pull((wanted,)) if _is_upright(before) else ((0.0, 0.0), ())
    if not grip.is_corner:
        axis = Axis.X if v == 0.5 else Axis.Y
        lines = tuple(line for line in lines if line.axis is axis)
    return Posed(_stretched(before, grip, fixed, plus(wanted, drawn)), lines)


def _grown(before: Staged, grip: Grip, fixed: Point, wanted: Point, guides: Guides) -> Posed:
    """Both scales by one factor, so that a corner comes as near to the pointer as it can."""
    assert grip.share is not None
    still = before.at(*fixed)
    arm = minus(before.at(*grip.share), still)
    if dot(arm, arm) < 1e-9:
        return Posed(before.pose)
    factor = dot(minus(wanted, still), arm) / dot(arm, arm)
    corner = still[0] + factor * arm[0], still[1] + factor * arm[1]
    found = [
        (near[0], near[1])
        for axis in Axis
        if abs(arm[axis.value]) > 1e-6
        and (near := guides.near(axis, (corner[axis.value],))) is not None
    ]
    lines: tuple[Line, ...] = ()
    if found:
        way, line = min(found, key=lambda each: abs(each[0]))
        factor += way / arm[line.axis.value]
        lines = (line,)
    least = LEAST_SCALE / min(before.pose.scale_x, before.pose.scale_y)
    most = _parameter("scale_x").high / max(before.pose.scale_x, before.pose.scale_y)
    factor = min(max(factor, min(least, 1.0)), most)
    pose = before.pose
    sizes = pose.scale_x * factor, pose.scale_y * factor
    return Posed(_resized(before, sizes, fixed), lines)


def _stretched(before: Staged, grip: Grip, fixed: Point, wanted: Point) -> Pose:
    """Each scale by itself; a side leaves the scale of the other direction alone."""
    assert grip.share is not None
    back = before.after.inverse()
    arm = minus(before.before(before.seen.at(*grip.share)), before.before(before.seen.at(*fixed)))
    way = turn(-before.pose.rotation).turned(minus(back(wanted), back(before.at(*fixed))))
    scales = [before.pose.scale_x, before.pose.scale_y]
    longer = Axis.X if abs(arm[0]) >= abs(arm[1]) else Axis.Y
    for axis in Axis:
        if abs(arm[axis.value]) > 1e-6 and (grip.is_corner or axis is longer):
            scale = way[axis.value] / arm[axis.value]
            scales[axis.value] = min(max(scale, LEAST_SCALE), _parameter("scale_x").high)
    return _resized(before, (scales[0], scales[1]), fixed)


def _resized(before: Staged, scales: Point, fixed: Point) -> Pose:
    """The pose of other scales that leaves one point of the picture where it is."""
    width, height = before.frame
    pose = replace(before.pose, scale_x=scales[0], scale_y=scales[1])
    point = before.before(before.seen.at(*fixed))
    still = before.pose.map(before.frame)(point)
    anchor = pose.anchor_x * width, pose.anchor_y * height
    away = stretch(*scales).then(turn(pose.rotation)).turned(minus(point, anchor))
    x, y = minus(still, away)
    return kept(replace(pose, x=x / width, y=y / height))


def _is_upright(staged: Staged) -> bool:
    """Whether the picture's sides run along the frame's."""
    return abs(staged.map.b) < 1e-9 and abs(staged.map.c) < 1e-9


def cropped(before: Staged, grip: Grip, pull: Pull) -> tuple[Crop, tuple[Line, ...]]:
    """The crop that a drag of a side, a corner, or of what is left gives."""
    upright = abs(before.crop_map.b) < 1e-9 and abs(before.crop_map.c) < 1e-9
    way, lines = minus(pull.now, pull.start), tuple[Line, ...]()
    share = grip.share
    if upright and share is not None:
        edge = before.crop_map(before.cropped.cut(before.crop).at(*share))
        drawn, lines = pull.guides.pull((plus(edge, way),))
        lines = tuple(line for line in lines if share[line.axis.value] != 0.5)
        way = plus(way, drawn)
    x, y = before.crop_map.inverse().turned(way)
    room = before.cropped
    across, along = (x / (room.right - room.left), y / (room.bottom - room.top))
    left, right = _edges(before.crop.left, before.crop.right, across, share[0] if share else None)
    top, bottom = _edges(before.crop.top, before.crop.bottom, along, share[1] if share else None)
    return Crop(left, top, right, bottom), lines


def _edges(low: float, high: float, way: float, share: float | None) -> Point:
    """What is cut off at either end once one end, or the whole window (None), was moved."""
    if share is None:
        way = min(max(way, -low), high)
        return round(low + way, _EXACT), round(high - way, _EXACT)
    if share == 0.0:
        low = min(max(low + way, 0.0), 1 - LEAST_LEFT - high)
    elif share == 1.0:
        high = min(max(high - way, 0.0), 1 - LEAST_LEFT - low)
    return round(low, _EXACT), round(high, _EXACT)


def kept(pose: Pose) -> Pose:
    """The pose within what a transform allows."""
    values = {
        name: round(min(max(getattr(pose, name), low), high), _EXACT) for name, low, high in _RANGES
    }
    return Pose(**values)


def _parameter(name: str) -> NumberParameter:
    parameter = TRANSFORM.parameter(name)
    assert isinstance(parameter, NumberParameter)
    return parameter


_RANGES = tuple(
    (each.name, each.low, each.high)
    for each in TRANSFORM.parameters
    if isinstance(each, NumberParameter)
)
