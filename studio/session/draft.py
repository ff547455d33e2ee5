"""A draft of a generation: what the panel's fields say, and the recipe that follows from it.

Pure functions over model cards. It asks no engine and changes no project.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from fractions import Fraction

from engine.protocol.models import FrameRules, ModelCard
from engine.protocol.recipes import Ability, Recipe

CAMERA_WORDS = (
    "static",
    "pan left",
    "pan right",
    "tilt up",
    "tilt down",
    "zoom in",
    "zoom out",
    "handheld",
)
PROMPT_LIMIT = 1000
SEED_LIMIT = 2**31


class DraftError(ValueError):
    """A draft that no recipe can be made of; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of the Generate panel. `seconds` is wished for; the model's grid decides."""

    prompt: str
    model: str
    ability: Ability = Ability.TEXT_TO_VIDEO
    negative_prompt: str = ""
    camera: str = ""
    aspect: str = "16:9"
    seconds: Fraction = Fraction(4)
    seed: int = 0


def random_seed() -> int:
    """A seed that nobody chose."""
    return secrets.randbelow(SEED_LIMIT)


def recipe_of(draft: Draft, card: ModelCard) -> Recipe:
    """The recipe that a draft means for a model.

    Raises:
        DraftError: the prompt is empty or too long, or the model cannot make that shape.
    """
    prompt = draft.prompt.strip()
    if not prompt:
        raise DraftError("Describe the shot first: who or what is in it, where, and what happens.")
    if len(prompt) > PROMPT_LIMIT:
        raise DraftError(f"The prompt is longer than {PROMPT_LIMIT} characters. Shorten it.")
    if draft.ability not in card.abilities:
        raise DraftError(f"{card.title} cannot do this. Choose another model.")
    size = card.rules.aspects.get(draft.aspect)
    if size is None:
        choices = ", ".join(card.rules.aspects)
        raise DraftError(f"{card.title} cannot make {draft.aspect}. It makes {choices}.")
    rate = best_rate(card.rules)
    return Recipe(
        ability=draft.ability,
        model=card.id,
        prompt=f"{prompt.rstrip('.')}, {draft.camera}" if draft.camera else prompt,
        negative_prompt=draft.negative_prompt.strip(),
        seed=draft.seed,
        width=size[0],
        height=size[1],
        frames=1
        if draft.ability is Ability.TEXT_TO_IMAGE
        else frames_for(card.rules, draft.seconds),
        rate=rate,
    )


def best_rate(rules: FrameRules) -> str:
    """The highest rate a model runs at, as "num/den"."""
    return max(rules.rates, key=Fraction)


def frames_for(rules: FrameRules, seconds: Fraction) -> int:
    """The allowed number of frames nearest to a length, from n * step + offset."""
    wanted = seconds * Fraction(best_rate(rules))
    steps = max(0, round((wanted - rules.frame_offset) / rules.frame_step))
    longest = max(0, (rules.max_frames - rules.frame_offset) // rules.frame_step)
    frames = min(steps, longest) * rules.frame_step + rules.frame_offset
    return frames if frames > 0 else rules.frame_step + rules.frame_offset


def longest_seconds(rules: FrameRules) -> Fraction:
    """The longest clip a model makes in one go."""
    return Fraction(rules.max_frames) / Fraction(best_rate(rules))


def seconds_of(recipe: Recipe) -> Fraction:
    """How long a recipe's output plays; zero for a still."""
    return Fraction(0) if recipe.frames <= 1 else Fraction(recipe.frames) / Fraction(recipe.rate)


def cards_for(cast: tuple[ModelCard, ...], tier: str, ability: Ability) -> tuple[ModelCard, ...]:
    """The models that a tier offers for an ability, installed ones first.

    A server's cast is all of one tier, "server", whatever each card calls itself.
    """
    fits = [
        card
        for card in cast
        if ability in card.abilities and (tier == "server" or card.tier == tier)
    ]
    return tuple(sorted(fits, key=lambda card: (not card.installed, card.size_bytes)))
