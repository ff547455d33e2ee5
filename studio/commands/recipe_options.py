"""From options to a recipe: what to make, of which shape, from which files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec

from engine.protocol.models import FrameRules, ModelCard
from engine.protocol.recipes import (
    CONSENT,
    FACE,
    MOTION_SIZES,
    Ability,
    InputAsset,
    InputRole,
    Recipe,
    Sampler,
)
from studio.commands import units
from studio.commands.failures import UsageError
from studio.media.probe import probe
from studio.session.draft import random_seed
from studio.session.model_rules import nearest_aspect, usual_rate

_UNSET_RATE = "12/1"
"""Sent where a model has no rates of its own, such as one that makes sound."""

_FRAME_ROLES = {
    1: (InputRole.FIRST_FRAME,),
    2: (InputRole.FIRST_FRAME, InputRole.LAST_FRAME),
    3: (InputRole.FIRST_FRAME, InputRole.MIDDLE_FRAME, InputRole.LAST_FRAME),
}
_NO_REWRITE = "no-rewrite"
_FROM_PICTURES = (Ability.ANIMATE_STICKER, Ability.CUT_OUT)
_OF_PEOPLE = (Ability.PERSONALIZE_VIDEO, Ability.CUT_OUT)
_MOST_PICTURES = 5
_STILLS = (Ability.TEXT_TO_IMAGE, Ability.TEXT_TO_STICKER)
ABILITIES = [ability.value for ability in Ability if ability is not Ability.FINETUNE]


@dataclass(frozen=True, slots=True)
class Stills:
    """Pictures as they were given: in order, and for the middle and the end."""

    images: list[Path]
    middle: Path | None = None
    last: Path | None = None


def add_shape(parser: argparse.ArgumentParser) -> None:
    """The options that say what is to be made: words, shape, length and sampling."""
    group = parser.add_argument_group("recipe")
    group.add_argument("--model", default="", metavar="ID", help="see: main.py models list")
    group.add_argument("--prompt", help="what it shall be, in a sentence")
    group.add_argument("--negative", metavar="PROMPT", help="what it shall not be")
    group.add_argument("--seed", type=units.seed, help="a whole number; random if left out")
    group.add_argument(
        "--aspect", metavar="W:H", help="the model's size of this shape, such as 16:9"
    )
    group.add_argument("--width", type=units.count, metavar="PIXELS")
    group.add_argument("--height", type=units.count, metavar="PIXELS")
    group.add_argument("--length", type=units.seconds, metavar="SECONDS")
    group.add_argument("--frames", type=units.count, metavar="N", help="instead of --length")
    group.add_argument("--rate", type=_rate, metavar="FPS", help="frames a second: 24, 24000/1001")
    group.add_argument("--steps", type=units.count, metavar="N", help="denoising steps")
    group.add_argument("--guidance", type=_guidance, metavar="SCALE", help="how closely to follow")
    group.add_argument(
        "--motion",
        choices=MOTION_SIZES,
        metavar="SIZE",
        help=f"with animate_sticker: how far it moves, {', '.join(MOTION_SIZES)}",
    )
    group.add_argument(
        "--face",
        type=units.count,
        action="append",
        default=[],
        metavar="N",
        help="with pictures of people: whose face of several, 1 at the left; once for each --image",
    )
    group.add_argument(
        "--consent",
        action="store_true",
        help="with personalize_video: you have the permission of whoever the pictures show",
    )
    group.add_argument(
        "--no-rewrite",
        dest=_NO_REWRITE,
        action="store_const",
        const=True,
        help="use the prompt word for word, not in the words that a draft model learnt",
    )


def recipe_from(arguments: argparse.Namespace, ability: Ability, card: ModelCard) -> Recipe:
    """The recipe the options mean for a model, without its inputs. What is left open is 0.

    Raises: UsageError.
    """
    width, height = _size(arguments, card)
    rate = arguments.rate or (usual_rate(card.rules) if card.rules.rates else _UNSET_RATE)
    return Recipe(
        ability=ability,
        model=card.id,
        prompt=(arguments.prompt or "").strip(),
        negative_prompt=(arguments.negative or "").strip(),
        seed=random_seed() if arguments.seed is None else arguments.seed,
        width=width,
        height=height,
        frames=_frames(arguments, ability, card.rules, rate),
        rate=rate,
        sampler=Sampler(steps=arguments.steps, guidance_scale=arguments.guidance),
        options=card.options | _options(arguments, ability),
    )


def _options(
    arguments: argparse.Namespace, ability: Ability
) -> dict[str, str | int | float | bool]:
    motion = getattr(arguments, "motion", None)
    if motion and ability is not Ability.ANIMATE_STICKER:
        raise UsageError("--motion goes with animate_sticker.")
    no_rewrite = getattr(arguments, _NO_REWRITE, None)
    given = {"rewrite": "off" if no_rewrite else None, "motion": motion}
    given |= _about_people(arguments)
    return {name: value for name, value in given.items() if value is not None}


def _about_people(
    arguments: argparse.Namespace,
) -> dict[str, str | int | float | bool | None]:
    faces, consent = getattr(arguments, "face", []), getattr(arguments, "consent", False)
    return {FACE: ",".join(map(str, faces)) or None, CONSENT: True if consent else None}


def input_roles(
    ability: Ability, stills: Stills, video: Path | None, mask: Path | None
) -> list[tuple[InputRole, Path]]:
    """What each input file is for.

    Raises: UsageError, for more frames than there are places, or in places that there are not.
    """
    roles: list[tuple[InputRole, Path]] = []
    images = stills.images
    if ability is Ability.IMAGE_TO_VIDEO:
        roles += _frames_given(stills)
    elif stills.middle or stills.last:
        raise UsageError("--middle and --last go with image_to_video.")
    else:
        role = InputRole.SOURCE if ability in _FROM_PICTURES else InputRole.REFERENCE
        roles += [(role, image) for image in images]
    if video is not None:
        roles.append((InputRole.SOURCE, video))
    if mask is not None:
        roles.append((InputRole.MASK, mask))
    return roles


def check_people(ability: Ability, arguments: argparse.Namespace) -> None:
    """See that what is said of pictures goes with the ability, and that there are as many as it

    takes.

    Raises: UsageError.
    """
    if arguments.face and ability not in _OF_PEOPLE:
        raise UsageError("--face goes with personalize_video and cut_out.")
    if arguments.consent and ability is not Ability.PERSONALIZE_VIDEO:
        raise UsageError("--consent goes with personalize_video.")
    images = arguments.image
    if ability is Ability.PERSONALIZE_VIDEO and not 1 <= len(images) <= _MOST_PICTURES:
        raise UsageError(
            "personalize_video needs pictures of who is to act: give one to five, each with"
            " --image FILE."
        )
    if ability is Ability.CUT_OUT and len(images) != 1:
        raise UsageError("cut_out cuts one picture at a time. Give it with --image FILE.")


def _frames_given(stills: Stills) -> list[tuple[InputRole, Path]]:
    images, named = stills.images, stills.middle or stills.last
    if len(images) > (1 if named else len(_FRAME_ROLES)):
        raise UsageError(
            "image_to_video takes up to three images: the first, middle and last frame."
            " Give each once: --image for the first, --middle, --last."
        )
    roles = list(zip(_FRAME_ROLES[len(images)], images, strict=True)) if images else []
    placed = (InputRole.MIDDLE_FRAME, stills.middle), (InputRole.LAST_FRAME, stills.last)
    roles += [(role, path) for role, path in placed if path is not None]
    if not roles:
        raise UsageError(
            "image_to_video starts from a picture. Give it with --image, --middle or --last."
        )
    return roles


def like_still(recipe: Recipe, stills: Stills, rules: FrameRules) -> Recipe:
    """A recipe of a clip from stills in the model's shape that is most like the first of them, if

    it says no size.

    Raises: MediaError for a picture that cannot be read.
    """
    given = next(iter([*stills.images, *filter(None, (stills.middle, stills.last))]), None)
    if recipe.ability is not Ability.IMAGE_TO_VIDEO or recipe.width or given is None:
        return recipe
    facts = probe(given).video
    if facts is None:
        return recipe
    width, height = rules.aspects[nearest_aspect(rules, *facts.display_size)]
    return msgspec.structs.replace(recipe, width=width, height=height)


def with_inputs(
    recipe: Recipe,
    roles: list[tuple[InputRole, Path]],
    part: list[Fraction] | None,
    upload: Callable[[Path], str],
) -> Recipe:
    """The recipe with its inputs; `upload` gives the hash under which the engine has a file.

    `part` is the stretch of the source that is used, in seconds of its own time.
    """
    in_s, out_s = (str(point) for point in part) if part else (None, None)
    inputs = [
        InputAsset(role=role, sha256=upload(path), in_s=in_s, out_s=out_s)
        if role is InputRole.SOURCE
        else InputAsset(role=role, sha256=upload(path))
        for role, path in roles
    ]
    return msgspec.structs.replace(recipe, inputs=tuple(inputs))


def _size(arguments: argparse.Namespace, card: ModelCard) -> tuple[int, int]:
    """Pixels asked for; (0, 0) leaves the size to the model."""
    width, height, aspect = arguments.width, arguments.height, arguments.aspect
    if (width is None) != (height is None):
        raise UsageError("A size needs both --width and --height. --aspect chooses one for you.")
    if width is not None:
        if aspect is not None:
            raise UsageError("--aspect and --width with --height are two sizes. Give one of them.")
        return width, height
    if aspect is None:
        return 0, 0
    if aspect not in card.rules.aspects:
        choices = ", ".join(card.rules.aspects)
        raise UsageError(f"{card.title} does not make {aspect}. It makes {choices}.")
    return card.rules.aspects[aspect]


def _frames(arguments: argparse.Namespace, ability: Ability, rules: FrameRules, rate: str) -> int:
    """Frames asked for; 0 leaves the length to the model."""
    length: Fraction | None = arguments.length
    if arguments.frames is not None and length is not None:
        raise UsageError("--length and --frames are two lengths. Give one of them.")
    if ability in _STILLS:
        return 1
    if arguments.frames is not None:
        return int(arguments.frames)
    return 0 if length is None else _frames_in(length, rules, rate)


def _frames_in(length: Fraction, rules: FrameRules, rate: str) -> int:
    """The count the model makes that is nearest to a length; too long a one is left to refuse."""
    wanted = length * Fraction(rate)
    steps = max(0, round((wanted - rules.frame_offset) / rules.frame_step))
    frames = steps * rules.frame_step + rules.frame_offset
    return max(frames, rules.frame_offset or rules.frame_step)


def _rate(text: str) -> str:
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a frame rate such as 24 or 24000/1001")
    return f"{rate.numerator}/{rate.denominator}"


def _guidance(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = -1.0
    if not 0 <= scale <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a scale from 0 to 100")
    return scale
