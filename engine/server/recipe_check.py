"""Whether a recipe makes sense, whatever the model. Sizes, lengths and memory are the planner's.

Each rule is one sentence with what to do next; the first that is broken is raised.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from engine.errors import BadRequest
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe

LONGEST_PROMPT = 10_000
MOST_STEPS = 1000
LARGEST_SEED = 2**63 - 1
MOST_INPUTS = 64

_SHA256 = re.compile(r"[0-9a-f]{64}")

_SAID_IN_WORDS = {
    Ability.TEXT_TO_IMAGE,
    Ability.TEXT_TO_VIDEO,
    Ability.EDIT_VIDEO,
    Ability.PERSONALIZE_VIDEO,
    Ability.TEXT_TO_AUDIO,
    Ability.TEXT_TO_STICKER,
    Ability.REWRITE_PROMPT,
}
_FRAMES = {InputRole.FIRST_FRAME, InputRole.MIDDLE_FRAME, InputRole.LAST_FRAME}
_NEEDS: dict[Ability, set[InputRole]] = {
    Ability.IMAGE_TO_VIDEO: _FRAMES,
    Ability.EXTEND_VIDEO: {InputRole.SOURCE},
    Ability.RETAKE: {InputRole.SOURCE},
    Ability.EDIT_VIDEO: {InputRole.SOURCE},
    Ability.PERSONALIZE_VIDEO: {InputRole.REFERENCE},
    Ability.UPSCALE_VIDEO: {InputRole.SOURCE},
    Ability.INTERPOLATE_FRAMES: {InputRole.SOURCE},
    Ability.VIDEO_TO_AUDIO: {InputRole.SOURCE},
    Ability.EXTEND_AUDIO: {InputRole.SOURCE},
    Ability.ANIMATE_STICKER: {InputRole.SOURCE},
    Ability.CUT_OUT: {InputRole.SOURCE},
}
"""Any one of these roles must be among the inputs."""


def check_recipe(recipe: Recipe) -> None:
    """Raises: BadRequest."""
    _check_words(recipe)
    _check_numbers(recipe)
    _check_inputs(recipe)


def _check_words(recipe: Recipe) -> None:
    if recipe.ability in _SAID_IN_WORDS and not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what it should be, in a sentence.")
    if max(len(recipe.prompt), len(recipe.negative_prompt)) > LONGEST_PROMPT:
        raise BadRequest(f"The prompt is longer than {LONGEST_PROMPT} characters.", "Shorten it.")


def _check_numbers(recipe: Recipe) -> None:
    if not 0 <= recipe.seed <= LARGEST_SEED:
        raise BadRequest(f"The seed {recipe.seed} is out of range.", "Use one from 0 to 2^63-1.")
    steps, scale = recipe.sampler.steps, recipe.sampler.guidance_scale
    if steps is not None and not 1 <= steps <= MOST_STEPS:
        raise BadRequest(f"{steps} steps cannot be made.", f"Ask for 1 to {MOST_STEPS}.")
    if scale is not None and not (math.isfinite(scale) and 0 <= scale <= 100):
        raise BadRequest(f"The guidance scale {scale} is out of range.", "Use one from 0 to 100.")
    if _rational(recipe.rate, "frame rate") <= 0:
        raise BadRequest(f"The frame rate {recipe.rate} is out of range.", "Use one such as 24/1.")
    if any(not math.isfinite(adapter.scale) for adapter in recipe.adapters):
        raise BadRequest("The strength of an adapter is not a number.", "Use one such as 1.0.")


def _check_inputs(recipe: Recipe) -> None:
    needed = _NEEDS.get(recipe.ability)
    if needed is not None and not needed & {item.role for item in recipe.inputs}:
        roles = " or ".join(sorted(role.value for role in needed))
        raise BadRequest(
            f"{recipe.ability.value} needs an input of the role {roles}.", "Add a file for it."
        )
    if len(recipe.inputs) + len(recipe.adapters) > MOST_INPUTS:
        raise BadRequest("The recipe has too many inputs.", f"Use {MOST_INPUTS} at most.")
    masks = [item for item in recipe.inputs if item.role is InputRole.MASK]
    if len(masks) > (1 if recipe.ability is Ability.EDIT_VIDEO else 0):
        raise BadRequest(
            "Only edit_video reads a mask, and one.", "Leave out what is not meant for it."
        )
    for sha256 in [*(i.sha256 for i in recipe.inputs), *(a.sha256 for a in recipe.adapters)]:
        if not is_sha256(sha256):
            raise BadRequest(f"{sha256[:80]!r} does not name an asset.", "Use its SHA-256, in hex.")
    for item in recipe.inputs:
        _check_range(item)


def _check_range(item: InputAsset) -> None:
    in_s = _rational(item.in_s or "0", "in point")
    out_s = None if item.out_s is None else _rational(item.out_s, "out point")
    if in_s < 0 or (out_s is not None and out_s <= in_s):
        raise BadRequest(
            f"The input's range, {item.in_s} to {item.out_s}, is empty.",
            "Set the in point before the out point.",
        )


def is_sha256(text: str) -> bool:
    """Whether a text is a SHA-256 in lower-case hex, and so safe as a file's name."""
    return _SHA256.fullmatch(text) is not None


def _rational(text: str, what: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadRequest(
            f"The {what} {text[:40]!r} is not a number.", "Write it as numerator/denominator."
        ) from None
