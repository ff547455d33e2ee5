"""What can be made, one dataclass for each: what the panel's fields say, before any model is asked.

Together they are `Draft`; `studio.session.draft` makes a recipe of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from engine.protocol.recipes import FOLLOW, KEEP_SOURCE, USUAL_SCALE, Recipe
from studio.session.acting import Acting


class Kind(StrEnum):
    """What is to be made."""

    CLIP = "clip"
    STILLS = "stills"
    PERSON = "person"
    STILL = "still"
    STICKER = "sticker"
    ANIMATION = "animation"
    EXTEND = "extend"
    RETAKE = "retake"
    EDIT = "edit"
    UPSCALE = "upscale"
    SMOOTH = "smooth"
    SOUND = "sound"
    SOUNDTRACK = "soundtrack"
    EXTEND_SOUND = "extend_sound"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What most drafts share: the description, what to avoid, and the seed."""

    prompt: str = ""
    negative_prompt: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A video that a draft reads: its bytes' name, its picture, and the part that is used.

    `frames` are how many of them the part has, `rate` is "24/1"; `in_s` and `out_s` count from the
    file's start, and what is whole is not cut. `footage_in_s` is the moment of the clip's footage
    at which the part begins.
    """

    sha256: str
    width: int
    height: int
    frames: int
    rate: str
    in_s: Fraction = Fraction(0)
    out_s: Fraction = Fraction(0)
    is_whole: bool = True
    footage_in_s: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipDraft:
    """A clip from words. `handle_s` is extra picture on either side of the `seconds` wished for.

    `rate` is one of the model's, "25/1", or "" for its own.
    """

    words: Words
    camera: str = ""
    aspect: str = "16:9"
    seconds: Fraction = Fraction(4)
    rate: str = ""
    handle_s: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillsDraft:
    """A clip that passes through stills, each named by its bytes; "" where there is none."""

    words: Words
    camera: str = ""
    aspect: str = "16:9"
    seconds: Fraction = Fraction(4)
    rate: str = ""
    first: str = ""
    middle: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A clip with whoever pictures show."""

    words: Words
    acting: Acting
    camera: str = ""
    aspect: str = "16:9"
    seconds: Fraction = Fraction(4)
    rate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillDraft:
    """A single picture."""

    words: Words
    aspect: str = "16:9"


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerDraft:
    """A picture on transparency."""

    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimationDraft:
    """A loop of a sticker; the prompt is what it does. `motion` is one of MOTION_SIZES."""

    words: Words
    sticker: str = ""
    motion: str = "medium"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDraft:
    """New frames after a clip, or before it."""

    words: Words
    source: Source
    camera: str = ""
    seconds: Fraction = Fraction(2)
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetakeDraft:
    """The source with `start_s` to `end_s` of it made anew; they count from the file's start."""

    words: Words
    source: Source
    start_s: Fraction
    end_s: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDraft:
    """The source with `start_s` to `end_s` of it changed as the words ask.

    `task` is one of EDIT_TASKS, "" where the words decide; the two scales say how closely the
    source is kept and the words are followed. `mask` is the drawn region that is meant, by its
    bytes' name, "" for all of the picture, and `mask_at_s` when it fits in the clip's file, in
    which what is read begins at `began_s`. `film_recipe` is how the film was made, as JSON; ""
    where nobody knows.
    """

    words: Words
    source: Source
    start_s: Fraction
    end_s: Fraction
    task: str = ""
    keep_source: float = USUAL_SCALE[KEEP_SOURCE]
    follow: float = USUAL_SCALE[FOLLOW]
    mask: str = ""
    mask_at_s: Fraction = Fraction(0)
    began_s: Fraction = Fraction(0)
    film_recipe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpscaleDraft:
    """The source at twice its size."""

    words: Words
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothDraft:
    """The source with frames between its own: as many as it says, at the rate that it says."""

    words: Words
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundDraft:
    """Sound: of words alone, for a film that is read, or going on after a sound that is.

    `film_recipe` is how the film was made, as JSON; "" where nobody knows.
    """

    words: Words
    kind: Kind = Kind.SOUND
    seconds: Fraction = Fraction(4)
    source: Source | None = None
    film_recipe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainDraft:
    """A recipe once more under other words or with another model, in the shape it had."""

    words: Words
    recipe: Recipe


Draft: TypeAlias = (
    ClipDraft
    | StillsDraft
    | PersonDraft
    | StillDraft
    | StickerDraft
    | AnimationDraft
    | ExtendDraft
    | RetakeDraft
    | EditDraft
    | UpscaleDraft
    | SmoothDraft
    | SoundDraft
    | AgainDraft
)
