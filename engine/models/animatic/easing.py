"""How movements begin and end gently, and keep their feet on the floor, as an animator has them.

The scenes that the pocket cast learns from move evenly, and so did the first drafts: a recipe says
which it wants. Times of repeating movements are the same in both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, Pose, View

_RAMP_S, _CAMERA_RAMP_S, _MOST = 0.5, 1.0, 1 / 3
"""How long a subject and a camera take to come to speed, and to stop: at most this of the whole."""
_GOING = frozenset(
    {"right", "left", "roll", "rise", "grow", "shrink", "take_off", "land", "set", "ascend"}
)
"""Actions that go from one end of a film to the other; the others repeat, rest or fall."""
_FOOTLESS = frozenset({"set", "ascend"})
"""Actions of what is far off, and stands on nothing."""
_LOWERED = 0.25
"""How far a camera lowers its middle as it closes in, of its zoom: feet stay in the frame."""
_SWAYING = frozenset({"static", "handheld"})
_ABOVE, LANDED = -0.15, 0.8
"""Of a fall: where it begins, and the share of its time at which it lands."""
_SPEED_STRETCH, _GIVE, _SETTLING_HZ, _CALMING = 0.12, 0.24, 2.2, 5.0
"""Of a fall: how long speed draws its subject, how far it gives as it lands, how often a second it

springs after that, and how quickly that dies away.
"""


def eased(share: float, ramp: float) -> float:
    """How much of a way is done in a share of its time: speed rises, and falls, over `ramp` of it.

    Both in [0, 1]. The speed is half a cosine at the ends and even between them.
    """
    if share > 0.5:
        return 1 - eased(1 - share, ramp)
    if share >= ramp:
        return (share - ramp / 2) / (1 - ramp)
    return (share / 2 - ramp / (2 * math.pi) * math.sin(math.pi * share / ramp)) / (1 - ramp)


def time_of(way: float, ramp: float) -> float:
    """The share of its time in which a part of an eased way is done: 0, or between its ramps."""
    return way * (1 - ramp) + ramp / 2 if way else 0.0


def ramp_of(length_s: float) -> float:
    """The share of a subject's movement in which it comes to speed."""
    return min(_RAMP_S / length_s, _MOST)


def acted(action: str, start: Pose, now: Moment, height_share: float) -> Pose:
    """The pose of an action at a moment; its subject fills `height_share` of its square.

    What grows, or is squashed, does so from its feet, not from its middle.
    """
    if action in _GOING:
        now = Moment(eased(now.share, ramp_of(now.length_s)), now.turns, now.length_s)
    pose = _ACTIONS[action](start, now)
    if action in _FOOTLESS:
        return pose
    lower = start.size - pose.size * math.sqrt(pose.stretch)
    return Pose(pose.x, pose.y + height_share * lower / 2, pose.size, pose.turn, pose.stretch)


def seen(camera: str, now: Moment) -> View:
    """What a camera sees at a moment."""
    if camera not in _SWAYING:
        ramp = min(_CAMERA_RAMP_S / now.length_s, _MOST)
        now = Moment(eased(now.share, ramp), now.turns, now.length_s)
    view = CAMERAS[camera](now)
    return View(view.x, view.y + _LOWERED * (view.zoom - 1), view.zoom)


def _grow(start: Pose, now: Moment) -> Pose:
    return Pose(start.x, start.y, start.size * (0.55 + 0.85 * now.share))


def _shrink(start: Pose, now: Moment) -> Pose:
    return Pose(start.x, start.y, start.size * (1.4 - 0.85 * now.share))


def _fall(start: Pose, now: Moment) -> Pose:
    """It is drawn long by its speed, gives as it lands, and springs back."""
    done = min(1.0, now.share / LANDED)
    y = _ABOVE + (start.y - _ABOVE) * done**2
    if done < 1:
        return Pose(start.x, y, start.size, 0.3 * (1 - done), 1 + _SPEED_STRETCH * done**2)
    since_s = (now.share - LANDED) * now.length_s
    swing = math.cos(2 * math.pi * _SETTLING_HZ * since_s) * math.exp(-_CALMING * since_s)
    return Pose(start.x, y, start.size, 0.0, 1 - _GIVE * swing)


def _fly_right(start: Pose, now: Moment) -> Pose:
    """Across the frame from edge to edge at an even pace: it came from somewhere, and goes on."""
    wave = math.sin(now.turns * 0.5)
    return Pose(_OUT + (1 - 2 * _OUT) * now.share, start.y - 0.035 * wave, start.size, -0.04 * wave)


def _fly_left(start: Pose, now: Moment) -> Pose:
    pose = _fly_right(start, now)
    return Pose(1 - pose.x, pose.y, pose.size, -pose.turn)


def _take_off(start: Pose, now: Moment) -> Pose:
    """Along the ground, and off it to the right."""
    run, way = now.share, max(0.0, now.share - 0.3) / 0.7
    return Pose(0.18 + 0.72 * run, start.y - 0.75 * way**2, start.size, -0.1 * min(1.0, 3 * way))


def _land(start: Pose, now: Moment) -> Pose:
    """Down to the ground from the left, and along it."""
    way = max(0.0, 1 - now.share / 0.7)
    return Pose(0.08 + 0.7 * now.share, start.y - 0.75 * way**2, start.size, 0.25 * min(1.0, way))


def _set(start: Pose, now: Moment) -> Pose:
    """As the sun does: far off, down to the horizon, and no further than its rim."""
    size = _FAR_OFF * start.size
    return Pose(start.x, 0.12 + (_SKYLINE - 0.12) * now.share - size / 2, size)


def _ascend(start: Pose, now: Moment) -> Pose:
    return _set(start, Moment(1 - now.share, now.turns))


def _flicker(start: Pose, now: Moment) -> Pose:
    """As a flame does: it draws itself up and leans, over and over."""
    up = 1 + 0.05 * math.sin(now.turns * 2.3) + 0.03 * math.sin(now.turns * 5.1 + 1)
    return Pose(start.x, start.y, start.size, 0.03 * math.sin(now.turns * 1.7), up)


_FAR_OFF, _SKYLINE = 0.45, 0.64
"""How large a light in the sky is, of who is in front, and where its lower end is as it sets."""
_OUT = 0.05
"""Where the middle of what crosses the frame begins, in frame widths."""
_ACTIONS: Mapping[str, Callable[[Pose, Moment], Pose]] = {
    **ACTIONS, "grow": _grow, "shrink": _shrink, "fall": _fall,
    "fly_right": _fly_right, "fly_left": _fly_left, "take_off": _take_off, "land": _land,
    "set": _set, "ascend": _ascend, "flicker": _flicker,
}  # fmt: skip
