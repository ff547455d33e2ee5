"""What a film has at a cut for whatever goes on from there: its frames, its camera, who moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.abilities.multiplane_words import Asked
from engine.abilities.opticals_shot import Shot, look_at
from engine.abilities.video_input import Film, pictures_at
from engine.models.animatic.movements import View
from engine.models.multiplane.camera import is_apart_from_still, views
from engine.models.multiplane.ending import Actor, Ending, shot_begins
from engine.models.multiplane.going_on import Matrix, Way, camera_way, own_way
from engine.models.multiplane.planes import Frame, Front, front_of
from engine.models.multiplane.single import one_thing
from engine.models.multiplane.still_film import STILL
from engine.models.opticals.backdrop import hidden
from engine.models.opticals.changes import filled
from engine.models.opticals.mattes import wider
from engine.sampling.spans import Span

_RIM = 0.004
"""Of the width: how much wider than seen somebody is taken to be, and how softly that ends."""
_HELD_S, _HELD_FRAMES = 2, 48
"""How much of a film is gone on from, at most."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What goes on from a cut: its size (width, height), its length, its rate, and whether it comes

    before the film.
    """

    size: tuple[int, int]
    frames: int
    rate_fps: float
    backward: bool


def held(film: Film, span: Span, *, backward: bool) -> Span:
    """Those of some frames that are gone on from: the last of them, or the first."""
    count = min(span[1] - span[0], _HELD_FRAMES, max(2, round(film.rate * _HELD_S)))
    return (span[0], span[0] + count) if backward else (span[1] - count, span[1])


def ending_of(film: Film, span: Span, asked: Asked, onward: Onward, context: JobContext) -> Ending:
    """The ending that held frames make; notes say what cannot be done.

    Raises: BadMedia, BadWeights, WeightsNotInstalled.
    """
    way = -1 if onward.backward else 1
    pictures = pictures_at(film, film.times_s[slice(*span)], onward.size, crop=False)[::way]
    pictures = pictures[shot_begins(pictures) :]
    count = len(pictures)
    span = (span[0], span[0] + count) if onward.backward else (span[1] - count, span[1])
    order = list(range(count))[::way]
    shot = look_at(film, span, "", context, needed=False)
    shot = replace(shot, mattes=one_thing(shot.mattes, order[-1]))
    at_cut = film.times_s[span[0] + order[-1]]
    times_s = [-abs(float(film.times_s[span[0] + place] - at_cut)) for place in order]
    looked = _Looked(shot, order, pictures, times_s)
    here = looked.here(onward.size)
    ending = Ending(
        pictures,
        times_s,
        here,
        camera_way(here, times_s, onward.size),
        None,
        onward.frames / onward.rate_fps,
        _camera(asked.camera, onward, context) if asked.camera else None,
        onward.backward,
    )
    actor = _actor(looked, asked, context, returns=ending.again is not None)
    return replace(ending, actor=actor)


@dataclass(frozen=True)
class _Looked:
    """A shot's frames in the order in which they lead to the cut."""

    shot: Shot
    order: list[int]
    pictures: NDArray[np.uint8]
    times_s: list[float]

    def here(self, size: tuple[int, int]) -> list[Matrix]:
        """From the pixels of each frame to those of the one at the cut, all of a size."""
        if self._camera_stands:
            return [np.eye(3) for _ in self.order]
        return self._here(size)

    def _here(self, size: tuple[int, int]) -> list[Matrix]:
        onto = np.linalg.inv(self.shot.matrix(self.order[-1], *size))
        return [onto @ self.shot.matrix(place, *size) for place in self.order]

    @cached_property
    def _camera_stands(self) -> bool:
        """Whether the pictures lie better over each other as they are than as the camera is said to

        have moved: it was led by something that moves, where little else is to be seen.
        """
        frames = self.shot.frames[self.order]
        size = frames.shape[2], frames.shape[1]
        moved = cv2.warpAffine(
            frames[0], self._here(size)[0][:2], size, borderMode=cv2.BORDER_REPLICATE
        )
        off, off_moved = (cv2.absdiff(each, frames[-1]).mean() for each in (frames[0], moved))
        return bool(off <= off_moved)

    def mattes(self) -> NDArray[np.uint8]:
        """Of what stands out in each frame, small."""
        return self.shot.mattes[self.order]


def _actor(looked: _Looked, asked: Asked, context: JobContext, *, returns: bool) -> Actor | None:
    """Who goes on by itself; a note where somebody is asked to and nothing stands out.

    In a film that `returns` to where it was before nobody goes anywhere.
    """
    mattes = looked.mattes()
    if not mattes[-1].any():
        if asked.action:
            context.note("Nothing stands out in the film, so nothing in it is moved.")
        return None
    rows, columns = mattes.shape[1:]
    here = looked.here((columns, rows))
    way = None if returns else own_way(here, mattes, looked.times_s)
    if way is None and not asked.action:
        return None

    @cache
    def front(place: int) -> Front | None:
        picture = looked.pictures[place]
        return front_of(picture, looked.shot.matte(looked.order[place], picture))

    @cache
    def behind(place: int) -> Frame:
        return behind_of(looked.shot, looked.order[place], looked.pictures[place])

    return Actor(front, behind, way or Way(), asked.action or STILL)


def behind_of(shot: Shot, place: int, picture: Frame) -> Frame:
    """A frame of a shot without what stands out in it; its shadow, and who is beside it, stay."""
    height, width = picture.shape[:2]
    gone = hidden(wider(shot.matte(place, picture), _RIM))
    cover = cv2.GaussianBlur(gone.astype(np.float32), (0, 0), max(1.0, _RIM * width))
    return filled(picture, cover.astype(np.float32, copy=False), shot.behind(place, width, height))


def _camera(name: str, onward: Onward, context: JobContext) -> Callable[[float], Matrix]:
    """What a camera sees that goes where it is told, so long after the cut, or before it."""
    anchor = 1.0 if onward.backward else 0.0
    if is_apart_from_still(name, anchor):
        context.note(
            "Nothing is known of what lies around the frame at the cut, so the camera stands still."
        )
        name = "static"
    seen = views(name, onward.frames + 1, onward.rate_fps, anchor)
    in_order = seen[::-1] if onward.backward else seen
    return lambda gone_s: _looked_at(in_order[round(gone_s * onward.rate_fps)], *onward.size)


def _looked_at(view: View, width: int, height: int) -> Matrix:
    """From a picture's pixels to those of what a camera sees of it."""
    shift_x = width / 2 - view.zoom * (0.5 + view.x) * width
    shift_y = height / 2 - view.zoom * (0.5 + view.y) * height
    return np.array([[view.zoom, 0.0, shift_x], [0.0, view.zoom, shift_y], [0.0, 0.0, 1.0]])
