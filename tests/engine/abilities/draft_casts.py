"""Drafts as the catalogue has them made today, and who acts in them."""

from __future__ import annotations

import msgspec

from engine.abilities.animatic import cast_as_made
from engine.abilities.animatic_cast import Cast
from engine.catalogue import load_catalogue
from engine.models.moviegen.rewriting import Rewriter
from engine.protocol.recipes import Recipe
from tests.engine.abilities.tiny_pocket import CLIP

OPTIONS = load_catalogue().entry("pocket-animatic").options


def draft(prompt: str) -> Recipe:
    """A draft's recipe."""
    return msgspec.structs.replace(
        CLIP, model="pocket-animatic", prompt=prompt, options=OPTIONS, width=512, height=288
    )


def cast_in(prompt: str, rewriter: Rewriter) -> Cast:
    """Who acts in a draft of a prompt."""
    return cast_as_made(rewriter, draft(prompt))
