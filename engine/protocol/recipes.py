"""Recipe: everything needed to make an output again. The studio writes it, the engine runs it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Ability(StrEnum):
    """One thing a model can do, in the field's terms."""

    TEXT_TO_IMAGE = "text_to_image"
    TEXT_TO_VIDEO = "text_to_video"
    IMAGE_TO_VIDEO = "image_to_video"
    EXTEND_VIDEO = "extend_video"
    RETAKE = "retake"
    EDIT_VIDEO = "edit_video"
    PERSONALIZE_VIDEO = "personalize_video"
    UPSCALE_VIDEO = "upscale_video"
    INTERPOLATE_FRAMES = "interpolate_frames"
    VIDEO_TO_AUDIO = "video_to_audio"
    TEXT_TO_AUDIO = "text_to_audio"
    EXTEND_AUDIO = "extend_audio"
    TEXT_TO_STICKER = "text_to_sticker"
    ANIMATE_STICKER = "animate_sticker"
    CUT_OUT = "cut_out"
    REWRITE_PROMPT = "rewrite_prompt"
    FINETUNE = "finetune"


CAMERA_MOVES = (
    "static",
    "pan left",
    "pan right",
    "tilt up",
    "tilt down",
    "zoom in",
    "zoom out",
    "handheld",
)
"""Camera words that a prompt may hold between commas; the first is what one without them means."""


MOTION_SIZES = ("small", "medium", "large")
"""How far an animated sticker moves, the option `motion`; one that says nothing is the second."""


EDIT_TASKS = (
    "add",
    "remove",
    "replace",
    "recolour",
    "background",
    "style",
    "weather",
    "segment",
)
"""What an edit by instruction may do, the option `task`; without it the words decide."""

TASK, KEEP_SOURCE, FOLLOW = "task", "keep_source", "follow"
"""Options of an edit: its task, and how closely it keeps the source and follows the words."""

EDIT_IN_S, EDIT_OUT_S = "edit_in_s", "edit_out_s"
"""Options of an edit: the range of the source, "n/d" seconds, outside which nothing changes."""

MASK_AT_S = "mask_at_s"
"""The option of an edit of a drawn region: when in the source, "n/d" seconds, it lies where it was

drawn; without it, at the start of what is edited.
"""

FOOTAGE_IN_S = "footage_in_s"
"""The option of a take that is shorter than its clip's footage: the moment there, "n/d" seconds, at

which the take begins. An engine leaves it alone; without it a take begins where the footage does.
"""

LARGEST_SCALE = {KEEP_SOURCE: 4.0, FOLLOW: 15.0}
"""The most that the two scales may be; 1 adds nothing to what the model makes of itself."""

USUAL_SCALE = {KEEP_SOURCE: 1.5, FOLLOW: 4.0}
"""What they are where a recipe says nothing."""


FILM_RECIPE = "film_recipe"
"""The option of a soundtrack or an edit that says how its film was made, of words alone: that

film's recipe, as JSON.
"""

SOURCE_SIZE = "source_size"
"""The option of an enlargement that says how large its film is, "512x288": the work is as large."""

MOVES, EASED = "moves", "eased"
"""The option of a cut-out film whose movements begin and end gently, and whose camera goes past the

layers of its place. Without it they are even and the place is flat: so all were made at first.
"""
CAST, TROUPE, STAGED, PLAYED = "cast", "troupe", "staged", "played"
"""Of a cut-out film: who acts is shown whole, by any name, and each of several for itself; with

what they hold, sit on, stand before and look at, in places painted for drafts; and dressed, at
tables, asleep, near or from above, with fire, smoke and splashes that move. Without it one picture
of one thing acts.
"""

REWRITE, OFF = "rewrite", "off"
"""The option of a recipe that leaves its prompt word for word, and the value that does so."""


CONSENT, FACE, TELL_FACES = "consent", "face", "tell_faces"
"""Options about pictures of people: true once the person agrees; whose face of several acts, from

1 at the left, one number for each picture between commas; with `cut_out`, whether to tell of faces.
"""


class InputRole(StrEnum):
    """What an input asset is for."""

    FIRST_FRAME = "first_frame"
    MIDDLE_FRAME = "middle_frame"
    LAST_FRAME = "last_frame"
    SOURCE = "source"
    REFERENCE = "reference"
    MASK = "mask"


class InputAsset(msgspec.Struct, frozen=True, kw_only=True):
    """One asset a recipe reads, and the part of it that is used.

    `in_s` and `out_s` are exact rationals written "numerator/denominator", in the asset's own
    time; None means from its start, or to its end.
    """

    role: InputRole
    sha256: str
    in_s: str | None = None
    out_s: str | None = None


class AdapterRef(msgspec.Struct, frozen=True, kw_only=True):
    """A LoRA or other adapter laid over the model's weights, with its strength."""

    sha256: str
    scale: float = 1.0


class Sampler(msgspec.Struct, frozen=True, kw_only=True):
    """How the model is integrated. None leaves the model's own default in force."""

    steps: int | None = None
    guidance_scale: float | None = None
    schedule: str | None = None


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """A request that can be run again anywhere.

    `model` names a catalogue entry and `weights_sha256` the bytes it had when the recipe first
    ran (empty before that, filled in by the engine in the result). `rate` is an exact rational
    "24000/1001" in frames per second. `frames` counts output frames; 1 for a still.
    """

    ability: Ability
    model: str
    prompt: str = ""
    negative_prompt: str = ""
    seed: int = 0
    width: int = 0
    height: int = 0
    frames: int = 1
    rate: str = "12/1"
    sampler: Sampler = Sampler()
    inputs: tuple[InputAsset, ...] = ()
    adapters: tuple[AdapterRef, ...] = ()
    options: dict[str, str | int | float | bool] = {}
    weights_sha256: str = ""
    engine_version: str = ""
