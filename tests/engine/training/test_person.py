"""The person model's training: who is held out, what is drawn of them, and a run of all stages."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.models.moviegen.reference_encoder import ReferenceEncoder
from engine.models.moviegen.transformer import VideoTransformer
from engine.training import identities, pocket_person
from engine.training.grammar import SUBJECTS
from engine.training.identity_judge import own_accuracy
from engine.training.packages import DataError
from engine.training.person_encoder import contrast
from engine.training.person_evaluation import held_out_cases
from engine.training.pocket_person import Scale, stage_at
from engine.training.stickers import sticker
from tests.engine.abilities.tiny_pocket import write_tiny_pocket


def test_nobody_who_is_held_out_is_trained_with() -> None:
    trained, held = identities.trained_identities(), identities.held_out_identities()
    assert not set(trained) & set(held)
    names = [f"name {number}" for number in range(1000)]
    assert 90 < sum(map(identities.held_out, names)) < 160
    assert not {subject.label for subject in SUBJECTS} & set(held)
    for case in held_out_cases(2):
        assert case.scene.subject.label in held
        assert case.picture.shape == sticker(case.scene.subject.label).shape


def test_views_of_someone_differ_and_are_the_same_each_time() -> None:
    views = identities.views_of("0", 5)
    assert views.shape == (identities.VIEWS + 1, 4, 64, 64)
    assert torch.equal(views, identities.views_of("0", 5))
    assert not torch.equal(views, identities.views_of("1", 5))
    flat = views.float().flatten(1)
    assert torch.cdist(flat, flat).fill_diagonal_(1e9).min() > 100
    assert (views[:, 3].float().mean(dim=(1, 2)) > 20).all(), "there is something to see in each"


def test_stages_follow_the_paper() -> None:
    early, late = stage_at(0.0), stage_at(0.9)
    assert "long" not in early.weights
    assert "long" in stage_at(0.5).weights
    assert early.views[1] <= identities.CROSS_FROM < late.views[1]


def test_views_of_the_same_are_drawn_together() -> None:
    same = torch.nn.functional.normalize(torch.randn(16, 8), dim=1)
    assert contrast(same, same) < contrast(same, same.roll(1, 0))


def test_an_untrained_judge_tells_nobody_apart() -> None:
    torch.manual_seed(0)
    model = ReferenceEncoder(widths=(8, 8, 8, 8), token_dim=8, identity=4)
    assert own_accuracy(model) <= 1.0


def test_without_a_video_model_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Train pocket-video first"):
        pocket_person.train(0.01, tmp_path / "work", tmp_path / "models", "cpu")


def test_a_run_ships_updates_and_an_encoder(tmp_path: Path) -> None:
    home = write_tiny_pocket(tmp_path / "models")
    VideoTransformer.from_folder(home / "transformer", torch.float32).to_folder(
        home / "transformer"
    )
    work = tmp_path / "work"
    small = Scale(turns=1, tokens=864, turn=(0, 3), compiled=False, least_minutes=0.03)
    pocket_person.train(0.05, work, home.parent, "cpu", small)
    assert (home.parent / "pocket-person/updates/packed.safetensors").exists()
    encoder = ReferenceEncoder.from_folder(home.parent / "pocket-person/encoder", torch.float32)
    assert encoder(torch.rand(1, 4, 64, 64)).shape == (1, 16, 256)
    assert "distilling guidance" in (work / "log.txt").read_text()
