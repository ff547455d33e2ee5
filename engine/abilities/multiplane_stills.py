"""Stills to a film without a model that draws: the still moves, as on a multiplane stand.

One still is taken apart into what stands out and what is behind it; the prompt says what the one
does and how a camera goes over both. Between several the one moves into the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.multiplane_words import Asked, asked_of
from engine.abilities.photos import Portraitist, portraitist
from engine.abilities.stills import Box, still_at
from engine.abilities.video_output import save_video, told
from engine.catalogue import load_catalogue
from engine.errors import BadRequest
from engine.models.multiplane.between import between
from engine.models.multiplane.camera import DRIFT, is_apart_from_still, views
from engine.models.multiplane.planes import Frame, apart
from engine.models.multiplane.still_film import STILL, StillFilm
from engine.models.portraits.cutting import standing_out
from engine.models.portraits.faces import find_faces
from engine.protocol.assets import Output
from engine.protocol.recipes import InputRole, Recipe

_ANCHORS = {
    InputRole.FIRST_FRAME: 0.0,
    InputRole.MIDDLE_FRAME: 0.5,
    InputRole.LAST_FRAME: 1.0,
}
_SURE = 0.5
_MOST_SHARE = 0.8
"""Of the still: what stands out and is larger fills it, and has nothing behind it."""


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A film that passes through the given stills.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    given = [item for item in recipe.inputs if item.role in _ANCHORS]
    if not given:
        raise BadRequest(
            "The recipe has no picture to start from.",
            "Add one as the first, middle or last frame.",
        )
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    context.report("loading")
    size = recipe.width, recipe.height
    networks = portraitist(context)
    stills = {
        _ANCHORS[item.role]: still_at(
            context.asset(item.sha256), *size, lambda picture: _kept(picture, networks)
        )
        for item in given
    }
    if len(stills) > 1:
        pictures = _between(stills, recipe, context)
    else:
        ((anchor, still),) = stills.items()
        pictures = _moved(still, anchor, recipe, context)
    return (save_video(told(pictures, recipe.frames, context), recipe.rate, context),)


def _kept(picture: Frame, networks: Portraitist) -> Box | None:
    """What a crop must not cut: faces, or what stands out."""
    height, width = picture.shape[:2]
    faces = find_faces(networks.faces, picture)
    if faces:
        boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in (f.box for f in faces)])
        corners = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    else:
        matte = standing_out(networks.salience, picture, is_near=True)
        if matte is None:
            return None
        rows, columns = np.nonzero(matte > _SURE)
        corners = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    shares = zip(corners, (width, height, width, height), strict=True)
    left, top, right, bottom = (float(corner / side) for corner, side in shares)
    return left, top, right, bottom


def _moved(still: Frame, anchor: float, recipe: Recipe, context: JobContext) -> Iterator[Frame]:
    asked = asked_of(recipe, context)
    camera = asked.camera or ("static" if asked.action else DRIFT)
    network = portraitist(context).salience
    context.report("looking")
    matte = standing_out(network, still)
    if matte is not None and float(matte.mean()) > _MOST_SHARE:
        matte = None
    _note(asked, camera, anchor, context, has_front=matte is not None)
    rate_fps = float(Fraction(recipe.rate))
    seen = views(camera, recipe.frames, rate_fps, anchor)
    at = round(anchor * (recipe.frames - 1))
    film = StillFilm(apart(still, matte), seen, asked.action or STILL, rate_fps, at)
    return (film.picture(index) for index in range(recipe.frames))


def _note(
    asked: Asked, camera: str, anchor: float, context: JobContext, *, has_front: bool
) -> None:
    if not has_front and asked.action:
        context.note("Nothing stands out in the picture, so the camera alone moves.")
    elif camera == DRIFT:
        context.note(
            "The camera comes nearer slowly. Name a movement of the camera, or of what is seen, "
            "for another."
        )
    if is_apart_from_still(camera, anchor):
        context.note(
            "Nothing is known of what lies around the picture, so all of it is seen where the "
            "camera is farthest away."
        )


def _between(stills: dict[float, Frame], recipe: Recipe, context: JobContext) -> Iterator[Frame]:
    context.report("looking")
    ordered = sorted(stills)
    places = [round(anchor * (recipe.frames - 1)) for anchor in ordered]
    if len(set(places)) < len(places):
        raise BadRequest(
            f"A clip of {recipe.frames} frames is too short for {len(places)} stills.",
            "Make it longer, or give fewer.",
        )
    film = between(places, [stills[anchor] for anchor in ordered])
    if recipe.prompt.strip():
        context.note("Between several stills these say what happens, so the words are left out.")
    if film.fades:
        context.note("Stills that show different things fade into each other.")
    return (film.picture(index) for index in range(recipe.frames))
