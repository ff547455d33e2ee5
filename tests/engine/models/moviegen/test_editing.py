"""Editing: what an editor is before it learns, and how its predictions are brought together."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.catalogue import load_catalogue
from engine.models.moviegen.configs import (
    PAPER_EDITOR,
    PAPER_TRANSFORMER,
    POCKET_EDITOR,
    POCKET_TRANSFORMER,
)
from engine.models.moviegen.editing import EditPlace, EditRequest, edit
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.planning.edit_words import TASKS
from engine.training.pocket_edit import widened

_SMALL: dict[str, Any] = {"layers": 2, "dim": 48, "ffn_dim": 64, "heads": 2, "text_dims": (8,)}
_TINY: dict[str, Any] = _SMALL | {"pooled_dim": 8}
_BASE: dict[str, Any] = POCKET_TRANSFORMER | _TINY
_EDITOR: dict[str, Any] = POCKET_EDITOR | _TINY


def _text(words: list[str]) -> TextFeatures:
    generator = torch.Generator().manual_seed(sum(map(len, words)))
    states = torch.randn(len(words), 5, 8, generator=generator)
    mask = torch.ones(len(words), 5, dtype=torch.bool)
    return TextFeatures((states,), mask, torch.randn(len(words), 8, generator=generator))


def _random(model: VideoTransformer) -> VideoTransformer:
    torch.manual_seed(0)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model.eval()


def _count(shape: dict[str, Any]) -> int:
    with torch.device("meta"):
        return sum(each.numel() for each in VideoTransformer(**shape).parameters())


def test_an_editor_that_has_learnt_nothing_is_the_model_that_it_was_made_of() -> None:
    base = _random(VideoTransformer(**_BASE))
    editor = VideoTransformer(**_EDITOR).eval()
    editor.load_state_dict(base.state_dict(), strict=False)
    latents, time, source = torch.randn(2, 16, 3, 4, 4), torch.rand(2), torch.randn(2, 16, 3, 4, 4)
    with torch.no_grad():
        plain = base(latents, time, _text(["a", "b"]))
        given = editor(latents, time, _text(["a", "b"]), source=source)
        told = editor(latents, time, _text(["a", "b"]), source=source, task=torch.tensor([1, 2]))
    assert torch.equal(plain, given)
    assert torch.isfinite(told).all()


def test_the_base_has_no_weights_for_sources_and_tasks() -> None:
    names = VideoTransformer(**_BASE).state_dict()
    assert not [name for name in names if name.startswith(("source_in", "task_in"))]


def test_a_task_adds_four_tokens_and_speaks_through_them() -> None:
    editor = _random(VideoTransformer(**_EDITOR))
    tokens, moment = editor.task_in(torch.tensor([0, 3]))
    assert (tokens.shape, moment.shape) == ((2, 4, 48), (2, 48))
    latents, time, text = torch.randn(1, 16, 1, 4, 4), torch.rand(1), _text(["a"])
    with torch.no_grad():
        first = editor(latents, time, text, task=torch.tensor([1]))
        other = editor(latents, time, text, task=torch.tensor([2]))
    assert not torch.allclose(first, other)


def test_editors_have_the_size_they_should() -> None:
    assert _count(POCKET_EDITOR) - _count(POCKET_TRANSFORMER) < 300_000
    assert 0 < _count(PAPER_EDITOR) - _count(PAPER_TRANSFORMER) < 2e8
    component = load_catalogue().entry("pocket-edit").component("moviegen_transformer")
    assert component is not None
    assert component.parameters == _count(POCKET_EDITOR)
    assert component.number("tasks") == len(TASKS)


def test_widening_keeps_every_weight_of_the_base_but_of_places() -> None:
    base = VideoTransformer(**POCKET_TRANSFORMER)
    editor = widened(base).state_dict()
    left = {name: value for name, value in base.state_dict().items() if name in editor}
    assert set(base.state_dict()) - set(left) == {"place_in.weight"}
    assert all(torch.equal(editor[name], value) for name, value in left.items())
    assert not editor["source_in.weight"].any()


def _request(**changes: Any) -> EditRequest:
    fields: dict[str, Any] = {
        "words": "make it snow",
        "task": "weather",
        "seed": 3,
        "steps": 2,
        "keep_source": 1.5,
        "follow": 4.0,
        "window": 4,
        "overlap": 1,
    }
    return EditRequest(**fields | changes)


@pytest.fixture(scope="module")
def editor() -> VideoTransformer:
    return _random(VideoTransformer(**_EDITOR))


def _edit(
    editor: VideoTransformer,
    request: EditRequest,
    frames: int = 4,
    region: torch.Tensor | None = None,
    tone: torch.Tensor | None = None,
) -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    source = torch.randn(1, 16, frames, 4, 4, generator=generator)
    black = torch.full((1, 16, 1, 4, 4), -1.0)
    place = EditPlace(torch.ones_like(source[:, :1]) if region is None else region, tone)
    return edit(editor, source, place, black, _text, request, lambda *_: None)


def test_outside_its_region_a_film_is_the_source(editor: VideoTransformer) -> None:
    region = torch.zeros(1, 1, 4, 4, 4)
    region[..., 2:] = 1.0
    made = _edit(editor, _request(), region=region)
    source = torch.randn(1, 16, 4, 4, 4, generator=torch.Generator().manual_seed(2))
    assert torch.equal(made[..., :2], source[..., :2])
    assert not torch.isclose(made[..., 2:], source[..., 2:]).any(dim=1).all()


def test_a_colour_that_is_named_is_shown(editor: VideoTransformer) -> None:
    request = _request(task="recolour")
    plain, red, blue = (
        _edit(editor, request, tone=tone) for tone in (None, torch.ones(16), -torch.ones(16))
    )
    assert not torch.allclose(red, blue)
    assert not torch.allclose(plain, red)
    weather = _edit(editor, _request(), tone=torch.ones(16))
    assert torch.equal(weather, _edit(editor, _request()))  # which names none


def test_scales_of_one_need_the_instruction_alone(editor: VideoTransformer) -> None:
    seen: list[int] = []
    hook = editor.patch_in.register_forward_hook(lambda _m, given, _out: seen.append(len(given[0])))
    _edit(editor, _request(keep_source=1.0, follow=1.0))
    _edit(editor, _request(keep_source=1.0))
    _edit(editor, _request())
    hook.remove()
    assert seen == [1, 1, 2, 2, 3, 3]


def test_both_scales_and_the_task_change_what_is_made(editor: VideoTransformer) -> None:
    usual = _edit(editor, _request())
    assert torch.equal(usual, _edit(editor, _request()))
    for other in (_request(keep_source=2.0), _request(follow=6.0), _request(task="style")):
        assert not torch.allclose(usual, _edit(editor, other))


def test_a_long_film_is_edited_in_windows_that_meet(editor: VideoTransformer) -> None:
    assert _edit(editor, _request(), frames=11).shape == (1, 16, 11, 4, 4)
