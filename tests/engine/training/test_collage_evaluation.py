"""Scoring loops of cut-outs: they show their still at rest, and close."""

from __future__ import annotations

import numpy as np

from engine.training.collage_evaluation import facts_of, looped
from engine.training.grammar import Subject
from engine.training.sticker_grammar import MOTIONS, Sticker, Style

FOX = Subject("fox", "fox", ())


def test_a_loop_shows_its_still_wherever_it_laid_it() -> None:
    still = np.zeros((256, 256, 4), np.float32)
    still[60:200, 40:220] = (1.0, 0.5, 0.0, 1.0)
    still[100:140, 80:120] = (0.0, 0.0, 1.0, 1.0)
    for motion in MOTIONS:
        sticker = Sticker(FOX, Style.DIE_CUT, 5, motion=motion)
        facts = facts_of(looped(still, sticker), still)
        assert facts.fidelity_db > 25
        assert facts.closure < 1.8
        assert (facts.motion < 0.1) == (motion.id == "stand")
