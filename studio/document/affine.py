"""Affine maps of the plane, for saying where pictures lie. Exact up to floating point.

Points are in pixels, x to the right and y down. The compositor has the same maps as arrays; this
module needs nothing but the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a·x + b·y + e and y' = c·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def __call__(self, point: Point) -> Point:
        """Where a point goes."""
        x, y = point
        return self.a * x + self.b * y + self.e, self.c * x + self.d * y + self.f

    def turned(self, vector: Point) -> Point:
        """Where a direction goes: the map without its shift."""
        x, y = vector
        return self.a * x + self.b * y, self.c * x + self.d * y

    def then(self, after: Affine) -> Affine:
        """One map for two in turn."""
        a, c = after.turned((self.a, self.c))
        b, d = after.turned((self.b, self.d))
        e, f = after((self.e, self.f))
        return Affine(a, b, c, d, e, f)

    @property
    def area(self) -> float:
        """By how much areas grow; negative where the map mirrors."""
        return self.a * self.d - self.b * self.c

    def inverse(self) -> Affine:
        """The map back.

        Raises: ZeroDivisionError for a map that flattens the plane.
        """
        scale = 1.0 / self.area
        a, b, c, d = self.d * scale, -self.b * scale, -self.c * scale, self.a * scale
        return Affine(a, b, c, d, -(a * self.e + b * self.f), -(c * self.e + d * self.f))


def shift(x: float, y: float) -> Affine:
    """A move without a turn."""
    return Affine(e=x, f=y)


def stretch(x: float, y: float) -> Affine:
    """Wider and higher about the origin."""
    return Affine(a=x, d=y)


def turn(degrees: float) -> Affine:
    """Clockwise about the origin."""
    angle = radians(degrees)
    return Affine(cos(angle), -sin(angle), sin(angle), cos(angle))


def plus(one: Point, other: Point) -> Point:
    """The sum of two vectors."""
    return one[0] + other[0], one[1] + other[1]


def minus(one: Point, other: Point) -> Point:
    """From the other point to the one."""
    return one[0] - other[0], one[1] - other[1]


def dot(one: Point, other: Point) -> float:
    """The scalar product of two vectors."""
    return one[0] * other[0] + one[1] * other[1]


def middle(one: Point, other: Point) -> Point:
    """The point half way between two."""
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
