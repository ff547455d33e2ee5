"""A film that opticals are made of: what stands out in it, how the camera moves, what is behind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.abilities.photos import Portraitist, portraitist
from engine.abilities.video_input import Film, pictures_at
from engine.errors import BadMedia
from engine.models.opticals.backdrop import Backdrop, Seen, backdrop_of, bounds
from engine.models.opticals.camera import Matrix, camera_path, scaled
from engine.models.opticals.mattes import Grey, every_matte, subject_mattes, wider
from engine.models.opticals.standing import Box, boxes
from engine.models.portraits.cutting import fine_edges, standing_out
from engine.models.portraits.faces import find_faces
from engine.planning.optical_work import LOOKS_A_SECOND
from engine.sampling.spans import Span

MOST_FRAMES = 600
"""Of a film whose subject is followed: all of them are held at a small size."""
_SIDE = 512
"""Longer side in pixels of the frames that are looked at."""
_BEHIND_FRAMES, _BEHIND_SIDE = 9, 1920
_FACE_WIDE, _FACE_HIGH = 0.62, 0.72
"""Half-axes of the ellipse that covers a face, in widths and heights of its box."""


@dataclass(frozen=True)
class Shot:
    """The frames of a film that are changed, at a small size (F, h, w, 3), and the mattes (F, h, w)

    of what is to be changed in them. `reach` is by how much of the longer side a matte is to be
    wider than it was found, or narrower. All else is found when it is asked for.
    """

    film: Film
    span: Span
    frames: NDArray[np.uint8]
    mattes: NDArray[np.uint8]
    reach: float = 0.0

    @property
    def reference(self) -> int:
        """The frame from which the camera's path is measured, of those of the span."""
        return len(self.frames) // 2

    @cached_property
    def path(self) -> list[Matrix]:
        """Matrices of the small frames, as `camera_path`."""
        greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in self.frames]
        return camera_path(greys, self.mattes, self.reference)

    @cached_property
    def boxes(self) -> list[Box]:
        return boxes(self.mattes)

    def matrix(self, place: int, width: int, height: int) -> Matrix:
        """Where frame `place` of a size lies in the reference frame of that size."""
        rows, columns = self.frames.shape[1:3]
        return scaled(self.path[place], width / columns, height / rows)

    def matte(self, place: int, picture: NDArray[np.uint8]) -> Grey:
        """The matte of a frame, at the size and with the edges of its picture."""
        height, width = picture.shape[:2]
        small = self.mattes[place].astype(np.float32) / np.float32(255.0)
        large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        return wider(fine_edges(large.astype(np.float32, copy=False), picture), self.reach)

    @cached_property
    def backdrop(self) -> Backdrop:
        """What is behind, at the film's size or no larger than `_BEHIND_SIDE`."""
        size = _size(self.film, _BEHIND_SIDE)
        count = min(_BEHIND_FRAMES, len(self.frames))
        places = np.linspace(0, len(self.frames) - 1, count).round().astype(int)
        times = [self.film.times_s[self.span[0] + place] for place in places]
        pictures = pictures_at(self.film, times, size, crop=False)
        return backdrop_of(
            [
                Seen(picture, self.matte(place, picture), self.matrix(place, *size))
                for place, picture in zip(places.tolist(), pictures, strict=True)
            ]
        )

    def in_place_of_all(self, picture: NDArray[np.uint8], width: int, height: int) -> Backdrop:
        """Another place as a backdrop for frames of a size, as large as all the camera saw."""
        matrices = [self.matrix(place, width, height) for place in range(len(self.frames))]
        placed, (wide, high) = bounds(matrices, width, height)
        factor = max(wide / picture.shape[1], high / picture.shape[0])
        size = round(picture.shape[1] * factor), round(picture.shape[0] * factor)
        large = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
        top, left = (size[1] - high) // 2, (size[0] - wide) // 2
        seen = large[top : top + high, left : left + wide].astype(np.uint8)
        return Backdrop(seen, placed)

    def behind(self, place: int, width: int, height: int) -> NDArray[np.uint8]:
        """What is behind in a frame, at a size."""
        size = _size(self.film, _BEHIND_SIDE)
        seen = self.backdrop.behind(self.matrix(place, *size), size)
        if size == (width, height):
            return seen
        large = cv2.resize(seen, (width, height), interpolation=cv2.INTER_CUBIC)
        return large.astype(np.uint8, copy=False)


def look_at(
    film: Film,
    span: Span,
    thing: str,
    context: JobContext,
    *,
    reach: float = 0.0,
    needed: bool = True,
) -> Shot:
    """The shot with mattes of its faces, if that is the `thing`, or of what stands out in it.

    `reach` is as in Shot. Raises: BadMedia, where there is none and one is `needed`, or too many
    frames are to be followed.
    """
    frames = frames_to_follow(film, span, "What stands out")
    networks = portraitist(context)
    of_faces = is_face(thing)

    def tell(done: int, count: int) -> None:
        context.report("looking", done, count)

    every = max(1, round(float(film.rate) / LOOKS_A_SECOND))
    if of_faces:
        mattes = every_matte(frames, every, lambda p: _faces(networks, p), tell)
    else:
        mattes = subject_mattes(
            frames,
            every,
            lambda picture: standing_out(networks.salience, picture),
            lambda picture: standing_out(networks.salience, picture, is_near=True),
            tell,
        )
    if mattes is None and not needed:
        mattes = np.zeros(frames.shape[:3], np.uint8)
    if mattes is None:
        raise BadMedia(
            "No face is seen in the film." if of_faces else "Nothing stands out in the film.",
            "Use a part in which it is seen clearly, from nearer or against a calmer background.",
        )
    return Shot(film, span, frames, mattes, reach)


def frames_to_follow(film: Film, span: Span, what: str) -> NDArray[np.uint8]:
    """The frames in which `what` is followed, at a small size (F, h, w, 3).

    Raises: BadMedia, where they are too many.
    """
    if span[1] - span[0] > MOST_FRAMES:
        raise BadMedia(
            f"{what} can be followed through {MOST_FRAMES} frames at once, and this part "
            f"has {span[1] - span[0]}.",
            "Use a shorter part, or split the clip.",
        )
    return pictures_at(film, film.times_s[slice(*span)], _size(film, _SIDE), crop=False)


def is_face(thing: str) -> bool:
    """Whether a thing's name asks for faces."""
    return thing.rsplit(" ", maxsplit=1)[-1] in ("face", "faces")


def _faces(networks: Portraitist, picture: NDArray[np.uint8]) -> Grey | None:
    found = find_faces(networks.faces, picture)
    if not found:
        return None
    cover = np.zeros(picture.shape[:2], np.uint8)
    for face in found:
        x, y, wide, high = face.box
        axes = max(1, round(_FACE_WIDE * wide)), max(1, round(_FACE_HIGH * high))
        cv2.ellipse(cover, (round(x + wide / 2), round(y + high / 2)), axes, 0, 0, 360, 255, -1)
    return cover.astype(np.float32) / np.float32(255.0)


def _size(film: Film, side: int) -> tuple[int, int]:
    """Width and height of the film's frames with the longer side no longer than that."""
    scale = min(1.0, side / max(film.width, film.height))
    return max(16, round(film.width * scale)), max(16, round(film.height * scale))
