"""What the tests of drafts share: a reader of prompts, which takes a second to make."""

from __future__ import annotations

import pytest

from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.sticker_vocabulary import clip_vocabulary
from tests.engine.abilities.tiny_pocket import TEXT_ENCODER


@pytest.fixture(scope="session")
def rewriter() -> Rewriter:
    """What reads the prompts of today's drafts."""
    embed = phrase_vectors(*load_text_encoder(TEXT_ENCODER))
    return Rewriter(clip_vocabulary("pocket-animatic"), embed)
