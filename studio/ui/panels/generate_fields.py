"""Which fields of the Generate panel belong to what is made, and how the panel names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.protocol.recipes import Ability
from studio.session.draft import (
    AgainDraft,
    EditDraft,
    ExtendDraft,
    Kind,
    RetakeDraft,
    SmoothDraft,
    SoundDraft,
    UpscaleDraft,
)

Template: TypeAlias = (
    ExtendDraft | RetakeDraft | EditDraft | UpscaleDraft | SmoothDraft | SoundDraft | AgainDraft
)
"""A draft that begins at a clip: the fields change its words, the rest stays."""

IN_SHAPE = RetakeDraft | EditDraft | UpscaleDraft | SmoothDraft | AgainDraft
"""Those whose shape is their clip's: where it does not fit, a nearest recipe takes their place."""

_TEMPLATE_KINDS: dict[type, Kind] = {
    ExtendDraft: Kind.EXTEND,
    RetakeDraft: Kind.RETAKE,
    EditDraft: Kind.EDIT,
    UpscaleDraft: Kind.UPSCALE,
    SmoothDraft: Kind.SMOOTH,
    AgainDraft: Kind.AGAIN,
}


def kind_of(template: Template) -> Kind:
    """What a draft that begins at a clip makes."""
    return template.kind if isinstance(template, SoundDraft) else _TEMPLATE_KINDS[type(template)]


@dataclass(frozen=True, slots=True)
class Look:
    """How the panel looks for one kind: its fields, its button and the words in an empty prompt."""

    fields: frozenset[str]
    button: str
    example: str
    prompt: bool = True
    camera: bool = False


def _fields(words: str) -> frozenset[str]:
    return frozenset(words.split())


MAKES = (
    (Kind.CLIP, "Clip", "film"),
    (Kind.STILLS, "Clip from stills", "layers"),
    (Kind.PERSON, "Person or character", "user"),
    (Kind.STILL, "Still", "image"),
    (Kind.STICKER, "Sticker", "star"),
    (Kind.ANIMATION, "Animated sticker", "sparkles"),
    (Kind.SOUND, "Sound or music", "audio-lines"),
)
"""What can be chosen in the panel: kind, name and icon. The other kinds begin at a clip."""

LOOKS = {
    Kind.CLIP: Look(
        _fields("shape length rate extra seed model avoid"),
        "Generate clip",
        "A red fox runs to the right across a snowy field",
        camera=True,
    ),
    Kind.STILLS: Look(
        _fields("shape length rate seed model avoid"),
        "Generate clip",
        "What moves, if you like: it jumps, slow zoom in",
        camera=True,
    ),
    Kind.PERSON: Look(
        _fields("shape length rate seed model avoid"),
        "Generate clip",
        "Waves on a beach at sunset",
        camera=True,
    ),
    Kind.STILL: Look(
        _fields("shape seed model avoid"), "Generate still", "A red fox in a snowy field"
    ),
    Kind.STICKER: Look(_fields("seed model avoid"), "Generate sticker", "A happy red fox"),
    Kind.ANIMATION: Look(_fields("motion seed model avoid"), "Animate sticker", "Jumps for joy"),
    Kind.EXTEND: Look(
        _fields("direction length seed model avoid"),
        "Extend clip",
        "How the clip goes on, if you like: it jumps",
        camera=True,
    ),
    Kind.RETAKE: Look(
        _fields("seed model avoid"),
        "Retake range",
        "What happens in the range instead, if you like: it jumps",
    ),
    Kind.EDIT: Look(
        _fields("task region keep follow seed model"),
        "Edit clip",
        "What to change: make it snow, remove the dog, replace the dog with a robot,"
        " paint the car blue",
    ),
    Kind.UPSCALE: Look(_fields("model"), "Upscale 2×", "", prompt=False),
    Kind.SMOOTH: Look(_fields("model"), "Smooth motion", "", prompt=False),
    Kind.SOUND: Look(
        _fields("length seed model"),
        "Generate sound",
        "Rain on a roof; music: calm piano",
    ),
    Kind.SOUNDTRACK: Look(
        _fields("seed model"),
        "Make a soundtrack",
        "What is heard, if you like: wind, footsteps; music: happy, with drums",
    ),
    Kind.EXTEND_SOUND: Look(
        _fields("length seed model"), "Extend sound", "What is heard, if it is to change: rain"
    ),
    Kind.AGAIN: Look(_fields("seed model avoid"), "Make a new take", "What is seen"),
}

KIND_OF = {
    Ability.TEXT_TO_VIDEO: Kind.CLIP,
    Ability.IMAGE_TO_VIDEO: Kind.STILLS,
    Ability.PERSONALIZE_VIDEO: Kind.PERSON,
    Ability.TEXT_TO_IMAGE: Kind.STILL,
    Ability.TEXT_TO_STICKER: Kind.STICKER,
    Ability.ANIMATE_STICKER: Kind.ANIMATION,
    Ability.TEXT_TO_AUDIO: Kind.SOUND,
}
"""The kind that a recipe of an ability is shown as; any other is shown as AGAIN."""
