"""StickerClip: pictures with transparency and how long each is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import numpy as np

Picture = np.ndarray
"""uint8 (H, W, 4), colour not multiplied by alpha."""


@dataclass(frozen=True, slots=True)
class StickerClip:
    """Pictures of one size, uint8 (H, W, 4) straight RGBA, and the seconds each is shown."""

    pictures: tuple[Picture, ...]
    seconds: tuple[Fraction, ...]

    @classmethod
    def steady(cls, pictures: Iterable[Picture], rate: Fraction) -> Self:
        """Pictures that follow each other at a rate in frames per second."""
        shown = tuple(pictures)
        return cls(shown, (1 / rate,) * len(shown))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.pictures[0].shape[:2]
        return width, height

    @property
    def moving(self) -> bool:
        return len(self.pictures) > 1

    @property
    def duration(self) -> Fraction:
        """Seconds until it begins again."""
        return sum(self.seconds, Fraction(0))

    @property
    def starts(self) -> tuple[Fraction, ...]:
        """When each picture comes on, in seconds."""
        found = [Fraction(0)]
        for shown in self.seconds[:-1]:
            found.append(found[-1] + shown)
        return tuple(found)

    def starts_in(self, unit: Fraction) -> list[int]:
        """When each picture comes on and when the last one ends, in whole units.

        Rounding never adds up: every stamp is the nearest to its exact time, and later than the
        one before it.
        """
        stamps: list[int] = []
        for start in (*self.starts, self.duration):
            stamp = round(start / unit)
            stamps.append(max(stamp, stamps[-1] + 1) if stamps else stamp)
        return stamps

    def joined(self) -> Self:
        """The same with pictures that repeat the one before them shown longer instead."""
        pictures = [self.pictures[0]]
        seconds = [self.seconds[0]]
        for picture, shown in zip(self.pictures[1:], self.seconds[1:], strict=True):
            if np.array_equal(picture, pictures[-1]):
                seconds[-1] += shown
            else:
                pictures.append(picture)
                seconds.append(shown)
        return type(self)(tuple(pictures), tuple(seconds))
