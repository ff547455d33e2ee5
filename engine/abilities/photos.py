"""Photos that people give, read with care: each that cannot serve is told in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import telling_damage
from engine.downloads.store import BUNDLED
from engine.errors import BadMedia, WeightsNotInstalled
from engine.models.portraits.cutting import CutOut, cut_out
from engine.models.portraits.face_networks import FaceNetworks
from engine.models.portraits.faces import Face, find_faces, load_face_networks
from engine.models.portraits.salience import SalientObject, load_salience

_LEAST_PIXELS = 64
_MOST_PIXELS = 120_000_000
_WORKED_PIXELS = 1600
"""The longer side that a photo is worked in; a draft shows far less."""
_LEAST_SHARPNESS = 4.5
_LEAST_SUBJECT_PIXELS = 48
_LEAST_FACE_PIXELS = 24
_HELD_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is to be seen: straight RGBA (H, W, 4) or RGB (H, W, 3)."""

    pixels: NDArray[np.uint8]

    @property
    def rgb(self) -> NDArray[np.uint8]:
        return np.ascontiguousarray(self.pixels[..., :3])

    @property
    def has_alpha(self) -> bool:
        """Whether it is cut out already: some of it is transparent."""
        return self.pixels.shape[2] == 4 and int(self.pixels[..., 3].min()) < 128


@dataclass(frozen=True, slots=True)
class Portraitist:
    """The networks that find faces and cut subjects out."""

    faces: FaceNetworks
    salience: SalientObject


def portraitist(context: JobContext) -> Portraitist:
    """Both networks, warm from an earlier job if there was any; they run on the processor.

    They lie beside the models of drafts, also where another is at work.

    Raises: BadWeights, WeightsNotInstalled.
    """
    home = context.weights.parent if context.card.tier == "draft" else BUNDLED
    folder = home / "portraits"

    def load() -> Portraitist:
        if not folder.is_dir():
            raise WeightsNotInstalled(
                f"The model is not complete: {folder} is not there.",
                "Fetch the program's resources again, for example with git checkout.",
            )
        with telling_damage(folder):
            return Portraitist(
                load_face_networks(folder / "faces"), load_salience(folder / "salience")
            )

    return context.models.get("portraits", _HELD_BYTES, load)


def read_photo(path: Path, name: str, context: JobContext) -> Photo:
    """A photo upright, in sRGB, no larger than it is worked in. `name` is what sentences call it.

    Raises: BadMedia.
    """
    try:
        with Image.open(path) as picture:
            _check(picture, name)
            if getattr(picture, "is_animated", False):
                context.note(f"{begun(name)} is animated; its first picture is used.")
            if picture.mode == "CMYK":
                context.note(
                    f"{begun(name)} is made for print (CMYK); its colours may come out changed."
                )
            picture.draft("RGB", (2 * _WORKED_PIXELS, 2 * _WORKED_PIXELS))
            seen = ImageOps.exif_transpose(picture)
            has_alpha = "A" in seen.getbands() or "transparency" in seen.info
            seen = seen.convert("RGBA" if has_alpha else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise BadMedia(
            f"{begun(name)} cannot be read as a picture.", "Use a JPEG, PNG, WebP or HEIC file."
        ) from problem
    except Image.DecompressionBombError as problem:
        raise BadMedia(*_too_large(name)) from problem
    seen.thumbnail((_WORKED_PIXELS, _WORKED_PIXELS), Image.Resampling.LANCZOS)
    return Photo(np.asarray(seen).copy())


def _check(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if min(width, height) < _LEAST_PIXELS:
        raise BadMedia(
            f"{begun(name)} is only {width} × {height} pixels.",
            f"Use a picture of at least {_LEAST_PIXELS} × {_LEAST_PIXELS}, better 512 or more.",
        )
    if width * height > _MOST_PIXELS:
        raise BadMedia(*_too_large(name))


def _too_large(name: str) -> tuple[str, str]:
    return (
        f"{begun(name)} has more than {_MOST_PIXELS // 1_000_000} million pixels.",
        "Save it smaller first: 4000 pixels along its longer side are more than enough.",
    )


def subject_of(
    photo: Photo, faces: tuple[Face, ...], face: Face | None, name: str, networks: Portraitist
) -> CutOut:
    """What of a photo is its subject: what is cut out already, or what stands out, or `face`'s.

    Raises: BadMedia, where nothing does, or it is out of focus.
    """
    if photo.has_alpha:
        cut = _as_it_is(photo)
    else:
        others = tuple(each for each in faces if each is not face)
        cut = cut_out(networks.salience, photo.rgb, face, others)
    if cut is None:
        raise BadMedia(
            f"Nothing stands out in {name}.",
            "Use a picture with one clear subject, such as a person, a pet or a toy.",
        )
    height, width = cut.rgba.shape[:2]
    if max(height, width) < _LEAST_SUBJECT_PIXELS:
        raise BadMedia(
            f"The subject of {name} is only {width} × {height} pixels.", "Use a closer picture."
        )
    if not photo.has_alpha and sharpness(cut.rgba) < _LEAST_SHARPNESS:
        raise BadMedia(f"The subject of {name} is out of focus.", "Use a sharper picture.")
    return cut


def _as_it_is(photo: Photo) -> CutOut | None:
    rows, columns = np.nonzero(photo.pixels[..., 3] > 8)
    if not len(rows):
        return None
    kept = photo.pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return CutOut(np.ascontiguousarray(kept), is_cropped=False)


def sharpness(rgba: NDArray[np.uint8]) -> float:
    """How much fine detail there is inside a cut-out: what is out of focus has next to none.

    Looked at in 256 pixels, so that a large photo is not thought less sharp than a small one.
    """
    scale = min(1.0, 256 / max(rgba.shape[:2]))
    small = cv2.resize(rgba, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small[..., :3].copy(), cv2.COLOR_RGB2GRAY).astype(np.float32)
    inside = cv2.erode((small[..., 3] > 200).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    detail = np.abs(cv2.Laplacian(grey, cv2.CV_32F))[inside]
    return float(np.percentile(detail, 95)) if detail.size else 0.0


def faces_in(photo: Photo, networks: Portraitist) -> tuple[Face, ...]:
    """Faces large enough to be someone's, from left to right."""
    found = find_faces(networks.faces, photo.rgb)
    return tuple(face for face in found if min(face.box[2:]) >= _LEAST_FACE_PIXELS)


def begun(name: str) -> str:
    """What a picture is called, where a sentence begins with it."""
    return name[:1].upper() + name[1:]
