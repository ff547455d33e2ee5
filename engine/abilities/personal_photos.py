"""What a recipe about someone says of its pictures: which, whose face of several, and consent."""

from __future__ import annotations

from engine.abilities.context import JobContext
from engine.abilities.photos import Photo, Portraitist, begun, faces_in, read_photo, subject_of
from engine.errors import BadRequest
from engine.models.moviegen.reference_encoder import MOST_PICTURES
from engine.models.portraits.cutting import CutOut
from engine.models.portraits.faces import Face
from engine.protocol.recipes import CONSENT, FACE, InputRole, Recipe

ROLES = (InputRole.REFERENCE, InputRole.SOURCE)


def pictures_of(recipe: Recipe) -> tuple[str, ...]:
    """Hashes of the pictures, in order. Raises: BadRequest, where there are none or too many."""
    given = tuple(item.sha256 for item in recipe.inputs if item.role in ROLES)
    if not given:
        raise BadRequest("There is no picture of who is to act.", "Add one to five pictures.")
    if len(given) > MOST_PICTURES:
        raise BadRequest(
            f"{len(given)} pictures are too many.", f"Choose the {MOST_PICTURES} that show most."
        )
    return given


def cut_outs(
    recipe: Recipe, networks: Portraitist, context: JobContext, most: int = MOST_PICTURES
) -> list[CutOut]:
    """The subjects of the first `most` pictures; faces among them need consent, and one of several

    must have been chosen.

    Raises: BadMedia, BadRequest.
    """
    given, chosen = pictures_of(recipe), chosen_faces(recipe)
    cuts: list[CutOut] = []
    for number, sha256 in enumerate(given[:most]):
        name = "the picture" if len(given) == 1 else f"picture {number + 1}"
        photo = read_photo(context.asset(sha256), name, context)
        faces = () if photo.has_alpha else faces_in(photo, networks)
        if faces and recipe.options.get(CONSENT) is not True:
            raise BadRequest(
                f"{begun(name)} shows a person, and it is not said that this person agrees.",
                "Ask them, then tick the box, or add --consent.",
            )
        number_chosen = chosen[number] if number < len(chosen) else 0
        cuts.append(_cut(photo, faces, number_chosen, name, networks))
    return cuts


def _cut(
    photo: Photo, faces: tuple[Face, ...], number: int, name: str, networks: Portraitist
) -> CutOut:
    if len(faces) > 1 and not number:
        raise BadRequest(
            f"{begun(name)} shows {len(faces)} faces.",
            "Choose who is to act, counted from the left: below the picture, or with --face 1.",
        )
    return subject_of(photo, faces, face_at(faces, number, name), name, networks)


def face_at(faces: tuple[Face, ...], number: int, name: str) -> Face | None:
    """The face of a number, from 1 at the left; 0 is the only one. Raises: BadRequest."""
    if number > len(faces):
        raise BadRequest(
            f"{begun(name)} has no face number {number}; faces found in it: {len(faces)}.",
            "Leave the number out, or use a larger and sharper picture.",
        )
    return faces[max(0, number - 1)] if faces else None


def chosen_faces(recipe: Recipe) -> tuple[int, ...]:
    """Numbers of the faces chosen, one for each picture; 0 for none. Raises: BadRequest."""
    said = str(recipe.options.get(FACE, "")).strip()
    parts = [part.strip() for part in said.split(",")] if said else []
    if any(part and not part.isdecimal() for part in parts):
        raise BadRequest(f"{said!r} does not number a face.", "Count from 1 at the left.")
    return tuple(int(part or 0) for part in parts)
