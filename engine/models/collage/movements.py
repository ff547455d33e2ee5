"""How a cut-out moves in a loop: its shape at each moment of a turn, and none at rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import copysign, cos, exp, pi, sin

TOP, MIDDLE, FOOT = 0.0, 0.5, 1.0

REACHES: Mapping[str, float] = {"small": 0.55, "medium": 1.0, "large": 1.5}
"""Motion buckets: how far a movement goes, relative to its usual reach."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is done to a cut-out; by default nothing. Lengths are shares of its longer side.

    It is bent, made `wide` and `tall`, and turned (radians, clockwise) about a point of its upright
    middle line, `about`, from its top at 0 to its foot at 1; then it is moved to the right and
    down. `bend` is how far the end away from that point leans to the right, as a reed does;
    `ripple` how far two waves go that run over its height, a quarter apart.
    """

    about: float = MIDDLE
    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0
    wide: float = 1.0
    tall: float = 1.0
    bend: float = 0.0
    ripple: tuple[float, float] = (0.0, 0.0)


Movement = Callable[[float, float], Shape]
"""(turn in radians, 0 at rest, reach) -> the shape."""


def _away(turn: float) -> float:
    """From 0 at rest to 1 half a turn away."""
    return (1 - cos(turn)) / 2


def _jump(turn: float, reach: float) -> Shape:
    crouch = 0.17 * max(0.0, cos(turn)) * abs(sin(2 * turn))
    tall = exp(reach * (0.07 * sin(turn) ** 2 - crouch))
    return Shape(FOOT, y=-0.3 * reach * _away(turn) ** 0.9, wide=1 / tall, tall=tall)


def _dance(turn: float, reach: float) -> Shape:
    hips, step = reach * sin(turn), reach * abs(sin(turn))
    return Shape(
        FOOT, x=0.05 * hips, y=-0.06 * step, turn=0.15 * hips, bend=-0.09 * reach * sin(2 * turn)
    )


def _tremble(turn: float, reach: float) -> Shape:
    quick = reach * sin(3 * turn)
    return Shape(x=0.022 * quick, y=0.012 * reach * sin(2 * turn), turn=0.03 * quick)


def _even(grown: float, about: float = MIDDLE, turn: float = 0.0) -> Shape:
    """Larger or smaller, by a natural logarithm."""
    return Shape(about, wide=exp(grown), tall=exp(grown), turn=turn)


def _heartbeat(turn: float, reach: float) -> Shape:
    beats = exp(-(((turn - 0.25 * pi) / 0.4) ** 2)) + 0.65 * exp(-(((turn - 0.75 * pi) / 0.4) ** 2))
    return _even(0.17 * reach * beats)


def _squashed(share: float, x: float = 0.0, y: float = 0.0, turn: float = 0.0) -> Shape:
    """Flatter and wider, or slimmer and taller, standing on its foot."""
    return Shape(FOOT, x, y, turn, wide=exp(share), tall=exp(-share))


def _jelly(turn: float, reach: float) -> Shape:
    share = 0.1 * reach * sin(turn)
    return Shape(
        FOOT,
        wide=exp(share),
        tall=exp(-share),
        bend=0.1 * reach * sin(2 * turn),
        ripple=(0.03 * reach * sin(turn), 0.0),
    )


def _edge_on(width: float) -> float:
    """The width of what turns, never quite nothing."""
    return copysign(max(abs(width), 0.1), width)


def _flip(turn: float, reach: float) -> Shape:
    return Shape(y=-0.12 * reach * _away(turn), tall=_edge_on(cos(turn)))


def _nod(turn: float, reach: float) -> Shape:
    low = reach * _away(2 * turn)
    return Shape(FOOT, y=0.03 * low, wide=1 + 0.04 * low, tall=1 - 0.13 * low)


def _walk(turn: float, reach: float) -> Shape:
    step = sin(2 * turn)
    return Shape(
        FOOT, x=0.1 * reach * sin(turn), y=-0.04 * reach * abs(step), turn=0.1 * reach * step
    )


def _run(turn: float, reach: float) -> Shape:
    step = reach * abs(sin(2 * turn))
    return Shape(
        FOOT,
        x=0.16 * reach * sin(turn),
        y=-0.09 * step,
        tall=1 + 0.05 * step,
        bend=0.1 * reach * sin(turn),
    )


def _fly(turn: float, reach: float) -> Shape:
    return Shape(
        y=-0.08 * reach * sin(turn),
        turn=0.05 * reach * sin(turn),
        wide=1 - 0.16 * reach * abs(sin(2 * turn)),
    )


def _swim(turn: float, reach: float) -> Shape:
    waves = 0.05 * reach * sin(turn), 0.05 * reach * (cos(turn) - 1)
    return Shape(x=0.05 * reach * sin(turn), ripple=waves)


def _pop_up(turn: float, reach: float) -> Shape:
    hidden = min(0.9, 0.6 + 0.15 * reach) * _away(turn)
    tall = 1 - hidden + 0.12 * reach * sin(-2 * turn) * (abs(turn) < pi / 2)
    return Shape(FOOT, wide=1 - 0.7 * hidden, tall=tall)


MOVEMENTS: Mapping[str, Movement] = {
    "stand": lambda _turn, _reach: Shape(),
    "jump": _jump,
    "spin": lambda turn, _reach: Shape(turn=turn),
    "dance": _dance,
    "rock": lambda turn, reach: Shape(FOOT, turn=0.24 * reach * sin(turn)),
    "shake": lambda t, reach: Shape(x=0.06 * reach * sin(2 * t), turn=0.06 * reach * sin(2 * t)),
    "tremble": _tremble,
    "pulse": lambda turn, reach: _even(0.16 * reach * sin(turn)),
    "heartbeat": _heartbeat,
    "float": lambda t, reach: Shape(y=0.07 * reach * sin(t), turn=0.05 * reach * sin(t)),
    "squash": lambda turn, reach: _squashed(0.15 * reach * sin(turn)),
    "jelly": _jelly,
    "slide": lambda t, reach: Shape(x=0.16 * reach * sin(t), bend=0.05 * reach * sin(2 * t)),
    "coin": lambda turn, _reach: Shape(wide=_edge_on(cos(turn))),
    "flip": _flip,
    "nod": _nod,
    "wave": lambda turn, reach: Shape(FOOT, bend=0.2 * reach * sin(turn)),
    "swing": lambda turn, reach: Shape(TOP, turn=0.3 * reach * sin(turn)),
    "fall": lambda t, reach: Shape(FOOT, turn=min(1.5, 1.1 * reach + 0.2) * _away(t) ** 0.8),
    "walk": _walk,
    "run": _run,
    "sway": lambda t, reach: Shape(FOOT, turn=0.05 * reach * sin(t), bend=0.1 * reach * sin(t)),
    "fly": _fly,
    "swim": _swim,
    "laugh": lambda t, reach: _squashed(
        0.07 * reach * sin(3 * t), y=-0.02 * reach * abs(sin(3 * t)), turn=0.05 * reach * sin(t)
    ),
    "pop up": _pop_up,
    "zoom": lambda turn, reach: _even(0.4 * reach * _away(turn)),
}
"""By name; `engine.planning.collage_vocabulary` has their words, in the same order."""
