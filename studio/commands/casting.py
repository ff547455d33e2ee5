"""Choosing a model for an ability from what an engine has, when nobody named one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability
from studio.commands.failures import CommandError, UsageError

_CARD_TIERS = {
    "draft": ("draft",),
    "local": ("local",),
    "server": ("server", "local", "draft"),
}
"""Which models a tier means, best first: a server offers the largest that it has."""


def cast_model(cast: Sequence[ModelCard], ability: Ability, tier: str, model: str) -> ModelCard:
    """The model to use: the one named, or the first of the tier that can be run.

    A prompt is read as a clip's, unless a sticker model is named.

    Raises: UsageError for a model that is unknown or cannot do it, CommandError where none of the
    tier is installed.
    """
    if model:
        return _named(cast, ability, model)
    able = [card for card in cast if ability in card.abilities and card.runnable]
    if ability is Ability.REWRITE_PROMPT:
        able.sort(key=lambda card: Ability.TEXT_TO_VIDEO not in card.abilities)
    for card_tier in _CARD_TIERS[tier]:
        for card in able:
            if card.tier == card_tier and card.installed:
                return card
    raise CommandError(_none(able, ability, tier))


def _named(cast: Sequence[ModelCard], ability: Ability, model: str) -> ModelCard:
    card = known_model(cast, model)
    if ability not in card.abilities:
        able = ", ".join(card.abilities)
        raise UsageError(f"{card.title} cannot do {ability}. It can do {able}.")
    return card


def known_model(cast: Sequence[ModelCard], model: str) -> ModelCard:
    """The card of that id.

    Raises: UsageError, naming the nearest.
    """
    for card in cast:
        if card.id == model:
            return card
    known = [card.id for card in cast]
    near = get_close_matches(model.lower(), known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    raise UsageError(f"There is no model called {model!r}. {hint}")


def _none(able: Sequence[ModelCard], ability: Ability, tier: str) -> str:
    """What to say when nothing of the tier can run, with what could be downloaded for it."""
    wanted = [card for card in able if card.tier in _CARD_TIERS[tier]]
    if not wanted:
        return f"No model here does {ability} at the tier {tier}. Choose another tier or server."
    card = wanted[0]
    if tier == "draft":
        return (
            f"{card.title} is not installed: this copy of Workprint has no weights for it."
            f" Train it with python3 main.py train {card.id}, or get a newer copy."
        )
    if tier == "server":
        return f"The server has no model installed for {ability}. Have {card.id} downloaded there."
    return (
        f"No model for {ability} is installed on this machine."
        f" Run python3 main.py models download {card.id} to have one, or choose --tier draft."
    )
