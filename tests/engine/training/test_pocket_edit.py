"""Learning to edit: what a step asks for, and a whole run through the three stages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.models.moviegen.configs import POCKET_EDITOR
from engine.models.moviegen.transformer import VideoTransformer
from engine.planning.edit_words import TASKS
from engine.training import pocket_edit
from engine.training.budget import Budget, load_facts
from engine.training.contact_sheet import Row
from engine.training.edit_latents import NO_SOURCE, Store, load_store, save_store
from engine.training.edit_losses import (
    MadeEdits,
    back_example,
    edit_loss,
    first_of_each,
    made_edits,
    made_of,
    pair_example,
)
from engine.training.sample_grid import SampleGrid

TINY: dict[str, Any] = {
    **POCKET_EDITOR,
    "layers": 1,
    "dim": 32,
    "ffn_dim": 32,
    "heads": 2,
    "latent_channels": 4,
    "condition_channels": 5,
    "source_channels": 4,
    "text_dims": (8,),
    "pooled_dim": 8,
    "local_channels": 8,
    "task_dim": 8,
}


def store(frames: int = 2) -> Store:
    """Two films, one the edit of the other, and the first of them without a source."""
    latents = torch.randn(2, 4, frames, 4, 4).half()
    pairs = [(0, 1, 4, 1, 2, 2, 0), (NO_SOURCE, 0, 0, 3, -1, 0, 1)]
    states, mask = torch.randn(4, 3, 8).half(), torch.ones(4, 3, dtype=torch.bool)
    black = torch.full((4, frames, 4, 4), 7.0).half()
    regions = torch.ones(2, 1, frames, 4, 4).half()
    regions[0, :, :, :, :2] = 0.0  # what is edited is on the right
    tones = torch.stack([torch.zeros(4), torch.ones(4), torch.full((4,), 2.0)]).half()
    texts = states, mask, torch.randn(4, 8).half()
    return Store(latents, black, torch.tensor(pairs), regions, tones, *texts)


def test_an_example_leads_from_a_film_to_its_edit_and_generation_begins_with_black() -> None:
    films = store()
    example = pair_example(films, 400)
    is_edit = (example.target == films.latents[1].float()).flatten(1).all(1)
    given = (example.source == films.latents[0].float()).flatten(1).all(1)
    black = (example.source == 7.0).flatten(1).all(1)
    assert bool((given | black).all())
    assert bool(black[~is_edit].all())
    assert 0.6 < float(is_edit.float().mean()) < 0.95  # five in six
    assert float(black[is_edit].float().mean()) < 0.2  # where the source was left out
    assert bool((example.task[black] == TASKS.index("generate")).sum() >= 0)


def test_an_example_is_told_where_and_in_which_colour() -> None:
    films = store()
    example = pair_example(films, 200)
    told = (example.region == films.regions[0].float()).flatten(1).all(1)
    assert 0.5 < float(told.float().mean()) < 0.95
    named = (example.hint == 2.0).flatten(1).all(1)
    assert bool(named.any())
    assert bool((example.task[named] == TASKS.index("recolour")).all())
    assert bool((example.hint[~named] == 0.0).all())


def test_what_lies_outside_the_region_is_neither_drawn_nor_learnt() -> None:
    torch.manual_seed(0)
    model = VideoTransformer(**TINY)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    films = store()
    example = pair_example(films, 64)
    example = replace(example, region=films.regions[:1].float().expand(64, -1, -1, -1, -1))
    outside = example.region == 0
    other = torch.where(outside, example.target + 9.0, example.target)
    losses = []
    for target in (example.target, other):
        torch.manual_seed(1)
        with torch.no_grad():
            losses.append(float(edit_loss(model, replace(example, target=target))))
    assert losses[0] == pytest.approx(losses[1])


def test_backtranslation_ends_at_the_true_film_and_begins_at_a_noised_edit() -> None:
    films = store()
    made = MadeEdits(films.latents[1:], films.pairs[:1])
    example = back_example(films, made, 3)
    assert torch.equal(example.target, films.latents[:1].float().expand(3, -1, -1, -1, -1))
    assert not torch.equal(example.source[0], films.latents[1].float())
    assert torch.equal(example.text.states[0], films.states[2:3].float().expand(3, -1, -1))


def test_only_edits_with_a_way_back_are_made_for_backtranslation() -> None:
    model = VideoTransformer(**TINY)
    found = made_edits(model, store(), 4, 2)
    assert len(found.made) == len(found.pairs)
    assert bool((found.pairs[:, 4] >= 0).all())


def test_one_edit_of_each_task_is_drawn_to_look_at() -> None:
    films = store(1)
    asked = first_of_each(films)
    assert asked.task.tolist() == [4]
    model = VideoTransformer(**TINY)
    noise = torch.randn_like(asked.source)
    made = made_of(model, asked, noise)
    assert torch.equal(made, made_of(model, asked, noise))
    assert torch.equal(made[..., :2], asked.source[..., :2]), "outside it is the source"
    assert not torch.equal(made[..., 2:], asked.source[..., 2:])


def test_a_run_goes_through_every_stage_and_keeps_a_checkpoint(tmp_path: Path) -> None:
    data = _data(tokens=864)
    torch.manual_seed(0)
    model = VideoTransformer(**TINY)
    before = _loss(model, data)
    grid = SampleGrid(tmp_path, lambda _: [Row("made", np.zeros((1, 9, 16, 3), np.uint8))])
    average = pocket_edit._learn(model, data, Budget(0.08), tmp_path, grid)
    assert (tmp_path / "samples/finished.jpg").exists()
    after = _loss(model, data)
    assert after < before
    assert load_facts(tmp_path / "editor.safetensors")["spent"] == 1.0
    assert set(average.weights) == set(model.state_dict())
    assert "edits of the model's own kept" in (tmp_path / "log.txt").read_text()


_FRAMES = {"still": 1, "short": 3, "long": 6}


def _loss(model: VideoTransformer, data: pocket_edit._Data) -> float:
    """Of the same examples and noise, whenever it is asked."""
    torch.manual_seed(3)
    with torch.no_grad():
        return float(edit_loss(model, pair_example(data.stores["still"], 256)))


def _data(tokens: int, edits_made: int = 8) -> pocket_edit._Data:
    stores = {name: store(frames) for name, frames in _FRAMES.items()}
    return pocket_edit._Data(stores, tokens, edits_made)


def test_a_batch_holds_as_many_tokens_whatever_its_length() -> None:
    data = _data(tokens=8640)
    assert [data.count(name) for name in _FRAMES] == [60, 20, 10]


@pytest.mark.parametrize("spent", [0.0, 0.3, 0.9])
def test_the_shares_of_a_stage_make_a_whole(spent: float) -> None:
    everything = _data(tokens=864).kinds
    assert sum(pocket_edit.stage_weights(spent, everything).values()) == pytest.approx(1.0)


def test_without_edits_of_its_own_there_is_no_way_back_to_learn() -> None:
    kinds = _data(tokens=864, edits_made=0).kinds
    assert set(pocket_edit.stage_weights(0.95, kinds)) == {"still", "short"}


def test_what_was_rendered_is_kept_for_a_run_that_goes_on(tmp_path: Path) -> None:
    made = store()
    save_store(made, tmp_path / "latents" / "short.safetensors")
    again = load_store(tmp_path / "latents" / "short.safetensors")
    assert torch.equal(again.latents, made.latents)
    assert torch.equal(again.pairs, made.pairs)
    assert torch.equal(again.text(torch.tensor([1])).mask, made.text(torch.tensor([1])).mask)
