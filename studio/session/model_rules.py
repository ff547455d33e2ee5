"""What models make: their sizes, lengths and rates, and which of them serve an ability.

Pure functions over model cards and recipes.
"""

from __future__ import annotations

from fractions import Fraction

from engine.protocol.models import FrameRules, ModelCard
from engine.protocol.recipes import Ability, Recipe

_THING = {
    Ability.TEXT_TO_VIDEO: "clips",
    Ability.IMAGE_TO_VIDEO: "clips from stills",
    Ability.PERSONALIZE_VIDEO: "clips with someone of your own",
    Ability.TEXT_TO_IMAGE: "stills",
    Ability.TEXT_TO_STICKER: "stickers",
    Ability.ANIMATE_STICKER: "animated stickers",
    Ability.EXTEND_VIDEO: "clips longer",
    Ability.RETAKE: "retakes",
    Ability.EDIT_VIDEO: "edits by instruction",
    Ability.UPSCALE_VIDEO: "clips larger",
    Ability.INTERPOLATE_FRAMES: "motion smooth",
    Ability.TEXT_TO_AUDIO: "sound",
    Ability.VIDEO_TO_AUDIO: "soundtracks",
    Ability.EXTEND_AUDIO: "sound longer",
}
_ANY_SIZE = 2
"""A model that works in so few pixels at a time takes every size that a film can have."""
_TIERS = {"draft": "Draft", "local": "This GPU", "server": "GPU server"}


def usual_rate(rules: FrameRules) -> str:
    """The rate a model runs at where nobody says another, as "num/den"."""
    return rules.rates[0]


def rate_like(rules: FrameRules, wanted: Fraction) -> str:
    """The rate of a model that plays evenly at another: the highest of which every frame is shown

    equally long, or its own where there is none.
    """
    even = [rate for rate in rules.rates if (wanted / Fraction(rate)).denominator == 1]
    return max(even, key=Fraction, default=usual_rate(rules))


def nearest_aspect(rules: FrameRules, width: int, height: int) -> str:
    """The shape a model makes that is closest to a picture's, "" when it makes none."""
    if not rules.aspects or not width or not height:
        return next(iter(rules.aspects), "")
    wanted = Fraction(width, height)

    def distance(name: str) -> Fraction:
        offered = Fraction(*rules.aspects[name])
        return max(offered / wanted, wanted / offered)

    return min(rules.aspects, key=distance)


def frames_for(rules: FrameRules, seconds: Fraction, rate: str) -> int:
    """The allowed number of frames nearest to a length at a rate, from n * step + offset."""
    wanted = seconds * Fraction(rate)
    steps = max(0, round((wanted - rules.frame_offset) / rules.frame_step))
    longest = max(0, (rules.max_frames - rules.frame_offset) // rules.frame_step)
    frames = min(steps, longest) * rules.frame_step + rules.frame_offset
    return frames if frames > 0 else rules.frame_step + rules.frame_offset


def longest_seconds(rules: FrameRules, rate: str) -> Fraction:
    """The longest clip a model makes in one go at a rate."""
    return Fraction(rules.max_frames) / Fraction(rate)


def takes_any_size(rules: FrameRules) -> bool:
    """Whether a model makes pictures of whatever size they have: it moves them, and draws none."""
    return rules.size_multiple <= _ANY_SIZE


def seconds_of(recipe: Recipe) -> Fraction:
    """How long a recipe's output plays; zero for a still."""
    return Fraction(0) if recipe.frames <= 1 else Fraction(recipe.frames) / Fraction(recipe.rate)


def cards_for(cast: tuple[ModelCard, ...], tier: str, ability: Ability) -> tuple[ModelCard, ...]:
    """The models that a tier offers for an ability in the order of the cast, installed ones first.

    A server's cast is all of one tier, "server", whatever each card calls itself.
    """
    fits = [
        card
        for card in cast
        if ability in card.abilities and (tier == "server" or card.tier == tier)
    ]
    return tuple(sorted(fits, key=lambda card: (not card.installed, not card.runnable)))


def why_none(cast: tuple[ModelCard, ...], tier: str, ability: Ability) -> tuple[str, str]:
    """Why a tier offers no model for an ability, and what to do: a sentence each."""
    head = f"No model under {_TIERS[tier]} makes {_THING.get(ability, 'this')}."
    for other in ("draft", "local"):
        found = cards_for(cast, other, ability) if other != tier else ()
        if found:
            return head, f"{found[0].title} does: choose {_TIERS[other]} above."
    return head, "Choose something else to make, or install a model that does."


def is_untrained(card: ModelCard) -> bool:
    """Whether a model ships with the program, but has no weights in this copy."""
    return card.tier == "draft" and not card.installed and not card.weights_sha256


def not_here(card: ModelCard) -> tuple[str, str]:
    """That a draft model is missing, and what to do: a sentence each. Nothing can be fetched."""
    return (
        f"{card.title} is not installed: this copy of Workprint has no weights for it.",
        f"Train it with python3 main.py train {card.id}, or get a newer copy.",
    )
