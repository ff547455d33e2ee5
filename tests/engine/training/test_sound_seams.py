"""What tells a seam from the sound around it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.foley import synthesis
from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ
from engine.training.sound_seams import Long, loudness_spread_db, seam_step

SEAM = 3 * SAMPLE_RATE_HZ


def room(seed: int = 3) -> torch.Tensor:
    """Six seconds of quiet room tone."""
    return torch.from_numpy(0.06 * synthesis.room(np.random.default_rng(seed), 6.0)).float()


def test_a_step_at_a_seam_stands_out_and_elsewhere_does_not_count() -> None:
    whole = room()
    clicked = whole.clone()
    clicked[SEAM:] += 0.03
    assert seam_step(Long(whole, (SEAM,))) < 1.6
    assert seam_step(Long(clicked, (SEAM,))) > 3
    assert seam_step(Long(clicked, (SEAM // 2,))) < 1.6


def test_a_sound_that_swells_is_not_steady() -> None:
    whole = room()
    assert loudness_spread_db(whole) < 0.3
    swelling = whole * torch.logspace(0, 1, len(whole))
    assert loudness_spread_db(swelling) == pytest.approx(20 * 10 / 60 * 1.708, rel=0.1)
