"""What a model says of itself, in a line and when the pointer rests on it."""

from __future__ import annotations

from textwrap import fill

from engine.protocol.models import ModelCard

_WIDTH = 72


def model_words(card: ModelCard) -> str:
    """What it can draw and how far it may be used, in lines that a tool tip can show."""
    return "\n\n".join(fill(text, _WIDTH) for text in (card.note, card.licence.limits) if text)


def licence_line(card: ModelCard) -> str:
    """Its licence, and whether it may be used in commerce."""
    use = "commercial use allowed" if card.licence.commercial else "no commercial use"
    return f"{card.licence.title} · {use}"
