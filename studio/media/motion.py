"""The shake of a shot: how the camera moved from picture to picture, and how to take it out.

Measured once for a file, on small pictures, by following corners from each picture to the next,
and kept on disk. What a frame needs depends on the measurement alone, so that viewer and export
move it alike. Sources: Shi and Tomasi (1994), Bouguet's pyramidal Lucas–Kanade (2000).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from studio.media.conform import Source, to_i420
from studio.media.decode.video import VideoReader
from studio.media.diskcache import DiskCache, cache_folder, name_for
from studio.media.errors import Cancelled, NotMedia
from studio.media.facts import VideoFacts
from studio.media.probe import probe

MAGIC = b"WMO1"
SIDE = 320
CORNERS, QUALITY, APART = 200, 0.01, 8
FEWEST_CORNERS = 8
LONGEST_SMOOTHING_S = 2.0
"""The reach of smoothing, as a standard deviation, at a smoothness of 1."""


@dataclass(frozen=True, slots=True)
class Motion:
    """The camera's path: for each picture x, y (shares of the width), turn (radians) and the
    logarithm of its zoom, from the first picture on: float32 (n, 4)."""

    rate: Fraction
    path: np.ndarray

    def to_bytes(self) -> bytes:
        """As kept on disk."""
        head = np.array([self.rate.numerator, self.rate.denominator], "<u4").tobytes()
        return MAGIC + head + self.path.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """What `to_bytes` wrote; None where it is something else."""
        if len(data) < 12 or data[:4] != MAGIC or (len(data) - 12) % 16:
            return None
        over, under = (int(value) for value in np.frombuffer(data, "<u4", 2, 4))
        if not over or not under:
            return None
        return cls(Fraction(over, under), np.frombuffer(data, "<f4", offset=12).reshape(-1, 4))

    def steadied(self, time: Fraction, smoothness: float, zoom_limit: float) -> np.ndarray:
        """What to do with the picture at a time: x, y, turn, log zoom, float64 (4,).

        The correction is held within what the zoom can hide, and the zoom is one for the file.
        """
        corrections = self._corrections(smoothness)
        room = np.log1p(zoom_limit)
        needed = _needed_zoom(corrections)
        zoom = min(room, float(needed.max(initial=0.0)))
        index = min(len(corrections) - 1, max(0, int(time * self.rate)))
        here = corrections[index].copy()
        if needed[index] > zoom > 0:
            here *= zoom / needed[index]
        elif zoom == 0:
            here[:] = 0
        here[3] += zoom
        return here

    def _corrections(self, smoothness: float) -> np.ndarray:
        """From the path as it was to the path made smooth, float64 (n, 4)."""
        sigma = smoothness * LONGEST_SMOOTHING_S * float(self.rate)
        if sigma < 0.5 or len(self.path) < 2:
            return np.zeros((len(self.path), 4))
        reach = ceil(3 * sigma)
        window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
        padded = np.pad(self.path.astype(np.float64), ((reach, reach), (0, 0)), mode="edge")
        columns = [np.convolve(padded[:, k], window / window.sum(), "valid") for k in range(4)]
        return np.stack(columns, axis=1) - self.path


def _needed_zoom(corrections: np.ndarray) -> np.ndarray:
    """The logarithm of the zoom that hides each correction's empty edges, roughly: (n,)."""
    shift = 2 * np.abs(corrections[:, :2]).max(axis=1)
    turned = np.abs(corrections[:, 2]) * 2
    return np.log1p(shift + turned) + np.maximum(0.0, -corrections[:, 3])


class Motions:
    """Measured motion by file, kept on disk. For any thread; blocks while it measures."""

    def __init__(self, folder: Path | None = None) -> None:
        self._cache = DiskCache(folder or cache_folder("motion"))

    def motion(self, path: Path, should_cancel: Callable[[], bool] = lambda: False) -> Motion:
        """The motion of a file.

        Raises:
            MediaError: it cannot be read.
            Cancelled: `should_cancel` said so.
        """
        name = name_for(path, "motion")
        kept = self._cache.read(name)
        found = Motion.from_bytes(kept) if kept is not None else None
        if found is None:
            found = measure(path, should_cancel)
            self._cache.write(name, found.to_bytes())
        return found


def measure(path: Path, should_cancel: Callable[[], bool] = lambda: False) -> Motion:
    """Follow the camera through a file.

    Raises: as `Motions.motion`.
    """
    facts = probe(path).video
    if facts is None or facts.still:
        raise NotMedia(f"{path.name} does not move; there is nothing to steady.")
    steps = [np.zeros(4)]
    before: np.ndarray | None = None
    for luma in _small_pictures(path, facts):
        if should_cancel():
            raise Cancelled("Measuring the shake was cancelled.")
        if before is not None:
            steps.append(_step(before, luma))
        before = luma
    return Motion(facts.rate, np.cumsum(steps, axis=0).astype(np.float32))


def _small_pictures(path: Path, facts: VideoFacts) -> Iterator[np.ndarray]:
    """Every picture's luma, small, uint8 (H, W)."""
    width, height = facts.display_size
    size = (SIDE, max(2, round(SIDE * height / width / 2) * 2))
    reader = VideoReader(path)
    try:
        for number in range(facts.frame_count):
            frame = reader.frame_at(number / facts.rate)
            yield to_i420(Source(frame, facts), size)[: size[1]]
    finally:
        reader.close()


def _step(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How the camera moved between two pictures, float64 (4,); nothing where it cannot be told."""
    corners = cv2.goodFeaturesToTrack(before, CORNERS, QUALITY, APART)
    if corners is None or len(corners) < FEWEST_CORNERS:
        return np.zeros(4)
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, corners.copy())
    kept = found.ravel() == 1
    if kept.sum() < FEWEST_CORNERS:
        return np.zeros(4)
    height, width = before.shape
    centre = np.array([width / 2, height / 2], np.float32)
    matrix, _ = cv2.estimateAffinePartial2D(corners[kept] - centre, moved[kept] - centre)
    if matrix is None:
        return np.zeros(4)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    turn = float(np.arctan2(matrix[1, 0], matrix[0, 0]))
    return np.array([matrix[0, 2] / width, matrix[1, 2] / width, turn, np.log(max(scale, 1e-3))])
