"""A picture to its subject alone, with alpha, in the picture's own colours and size."""

from __future__ import annotations

import json

from engine.abilities.context import JobContext
from engine.abilities.personal_photos import chosen_faces, face_at, pictures_of
from engine.abilities.photos import faces_in, portraitist, read_photo, subject_of
from engine.abilities.video_output import save_image
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import TELL_FACES, Recipe

_NAME = "the picture"


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The cut-out, RGBA. With the option `tell_faces` a second output says where faces are: a JSON

    list of boxes [x, y, width, height] as shares of the picture, from left to right.

    Raises: BadMedia, BadRequest, BadWeights, WeightsNotInstalled.
    """
    sha256, chosen = pictures_of(recipe)[0], (*chosen_faces(recipe), 0)[0]
    context.report("loading")
    networks = portraitist(context)
    photo = read_photo(context.asset(sha256), _NAME, context)
    context.report("cutting out")
    faces = () if photo.has_alpha else faces_in(photo, networks)
    face = face_at(faces, chosen, _NAME) if chosen else None
    if len(faces) == 1:
        face = faces[0]
    cut = subject_of(photo, faces, face, _NAME, networks)
    picture = save_image(cut.rgba, context)
    if not recipe.options.get(TELL_FACES):
        return (picture,)
    height, width = photo.pixels.shape[:2]
    shares = (width, height, width, height)
    boxes = [
        [round(value / share, 4) for value, share in zip(face.box, shares, strict=True)]
        for face in faces
    ]
    told = json.dumps(boxes).encode()
    return (picture, context.save(told, "application/json", MediaInfo(), "faces"))
