"""Whether prompts in words of no caption are read as they say, by construction."""

from __future__ import annotations

import numpy as np
import pytest

from engine.models.moviegen.rewriting import Rewriter
from engine.planning.sticker_vocabulary import POCKET_ANIMATIC
from engine.training.grammar import ACTIONS, CAMERAS, SETTINGS, SUBJECTS, Scene
from engine.training.reading_evaluation import said, shares_read

FAR = Rewriter(POCKET_ANIMATIC, lambda phrases: np.zeros((len(phrases), 4), np.float32))
"""An encoder to which nothing is like anything: what rules and dictionaries read alone."""


@pytest.mark.parametrize("seed", range(6))
def test_a_scene_is_said_in_words_of_no_caption(seed: int) -> None:
    dog = next(s for s in SUBJECTS if s.noun == "dog")
    forest = next(s for s in SETTINGS if s.id == "forest")
    jump = next(a for a in ACTIONS if a.id == "jump")
    words = said(Scene(dog, forest, jump, CAMERAS[0], seed))
    assert any(word in words for word in dog.synonyms)
    assert any(word in words for word in forest.synonyms)
    assert any(word in words for word in ("hops", "hopping", "leaps", "leaping"))


def test_rules_and_dictionaries_alone_read_nearly_all_of_them() -> None:
    shares = shares_read(FAR)
    assert set(shares) == {"subject", "setting", "motion", "right"}
    assert all(share >= 0.9 for share in shares.values()), shares
