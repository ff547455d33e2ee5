"""Opticals of a region that was drawn: it is what the words are about, and nothing else is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.abilities.drawn_region import Mask
from engine.abilities.opticals_job import Change, Frame, OpticalJob
from engine.abilities.opticals_shot import Shot, frames_to_follow
from engine.errors import BadRequest
from engine.models.animatic.film import Art
from engine.models.opticals.camera import Matrix, scaled
from engine.models.opticals.changes import filled, with_cut_out, within
from engine.models.opticals.mattes import Grey
from engine.models.opticals.region import moved, region_path
from engine.models.opticals.standing import inside, seen_from
from engine.planning.optical_work import LOOKS_A_SECOND
from engine.protocol.recipes import MASK_AT_S, Recipe


@dataclass(frozen=True, kw_only=True)
class RegionShot(Shot):
    """A shot whose mattes are a region (H, W), at the film's size, as it moves.

    `ways` take the small frame `drawn_on`, which it was drawn on, to each of the others as the
    region goes, `camera` as the camera does.
    """

    region: Mask
    drawn_on: int
    ways: list[Matrix]
    camera: list[Matrix]

    @cached_property
    def path(self) -> list[Matrix]:
        """See Shot; measured from the frame that was drawn on."""
        return [np.asarray(np.linalg.inv(way), np.float64) for way in self.camera]

    def way(self, place: int, width: int, height: int) -> Matrix:
        """Where the frame that was drawn on lies in frame `place`, both of a size."""
        rows, columns = self.frames.shape[1:3]
        return scaled(self.ways[place], width / columns, height / rows)

    def matte(self, place: int, picture: NDArray[np.uint8]) -> Grey:
        """See Shot; its edges are those that were drawn."""
        height, width = self.region.shape
        here = moved(self.region, self.way(place, width, height))
        size = picture.shape[1], picture.shape[0]
        if size == (width, height):
            return here
        return cv2.resize(here, size, interpolation=cv2.INTER_LINEAR).astype(np.float32, copy=False)


def region_shot(job: OpticalJob, region: Mask) -> RegionShot:
    """The shot with a region as its matte, which goes with what is under it; a note says how.

    Raises: BadRequest, BadMedia.
    """
    film, span = job.film, job.span
    frames = frames_to_follow(film, span, "A drawn region")
    job.context.report("looking")
    size = frames.shape[2], frames.shape[1]
    small = cv2.resize(region, size, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    at = film.at(_drawn_at(job.recipe, film.times_s[span[0]]))
    drawn_on = min(max(at, span[0]), span[1] - 1) - span[0]
    every = max(1, round(float(film.rate) / LOOKS_A_SECOND))
    path = region_path(greys, small, drawn_on, every)
    job.context.note(
        "The drawn region goes with what moves under it."
        if path.follows
        else "Nothing under the drawn region moves by itself, so it goes with the camera."
    )
    mattes = np.stack([np.round(moved(small, way) * 255) for way in path.matrices])
    return RegionShot(
        film,
        span,
        frames,
        mattes.astype(np.uint8),
        region=region,
        drawn_on=drawn_on,
        ways=path.matrices,
        camera=path.camera,
    )


def _drawn_at(recipe: Recipe, first_s: Fraction) -> Fraction:
    given = recipe.options.get(MASK_AT_S)
    if given is None:
        return first_s
    try:
        return Fraction(str(given))
    except (ValueError, ZeroDivisionError):
        raise BadRequest(
            f"The option {MASK_AT_S} is {given!r}.", 'Give a time of the film, "n/d" in seconds.'
        ) from None


def emptied(shot: RegionShot, place: int, picture: Frame) -> Frame:
    """A frame with what is behind the region in it."""
    height, width = picture.shape[:2]
    return filled(picture, shot.matte(place, picture), shot.behind(place, width, height))


def standing_in(job: OpticalJob, shot: RegionShot, art: Art) -> Change:
    """A new thing in the region, with or in place of what is there."""
    adds = job.asked.task == "add"
    first = shot.mattes[shot.drawn_on].astype(np.float32) / np.float32(255.0)
    pose = inside(shot.boxes[shot.drawn_on], art, first)

    def change(place: int, picture: Frame) -> Frame:
        height, width = picture.shape[:2]
        under = picture if adds else emptied(shot, place, picture)
        back = np.asarray(np.linalg.inv(shot.way(place, width, height)), np.float64)
        seen = seen_from(pose, back, width, height)
        new = with_cut_out(under, art, seen, has_floor=adds)
        return within(picture, shot.matte(place, picture), new)

    return change
