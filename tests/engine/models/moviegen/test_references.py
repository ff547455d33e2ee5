"""Pictures beside the text: tokens that are read, updates that ship, and a base left as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.models.moviegen.configs import POCKET_TRANSFORMER
from engine.models.moviegen.low_rank import (
    add_low_rank,
    apply_updates,
    load_updated,
    save_updates,
    updates,
)
from engine.models.moviegen.reference_encoder import (
    SIDE_PIXELS,
    TOKENS,
    ReferenceEncoder,
    reference_picture,
    with_references,
)
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer

WIDTH = 12
_TINY: dict[str, Any] = POCKET_TRANSFORMER | {
    "layers": 2, "dim": 48, "ffn_dim": 64, "heads": 2, "text_dims": (8,), "pooled_dim": 8,
    "local_channels": 8,
}  # fmt: skip


@pytest.fixture
def base() -> VideoTransformer:
    torch.manual_seed(3)
    model = VideoTransformer(**_TINY)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model.eval()


def _text(count: int) -> TextFeatures:
    mask = torch.ones(count, 5, dtype=torch.bool)
    return TextFeatures((torch.randn(count, 5, 8),), mask, torch.randn(count, 8))


def _widened(base: VideoTransformer) -> VideoTransformer:
    """The base with room for pictures, as training begins."""
    model = VideoTransformer.from_config({**base.config, "text_dims": (8, WIDTH)})
    model.load_state_dict(base.state_dict(), strict=False)
    add_low_rank(model, 4, new="text_in.1.")
    return model.eval()


def _velocity(model: VideoTransformer, text: TextFeatures) -> torch.Tensor:
    torch.manual_seed(8)
    noisy, time = torch.randn(2, 16, 1, 4, 6), torch.tensor([0.2, 0.7])
    with torch.no_grad():
        return model(noisy, time, text)


def test_pictures_that_are_not_there_leave_the_base_as_it_was(base: VideoTransformer) -> None:
    text, model = _text(2), _widened(base)
    tokens, nobody = torch.randn(2, 3, TOKENS, WIDTH), torch.zeros(2, 3, dtype=torch.bool)
    without = _velocity(model, with_references(text, tokens, nobody))
    assert torch.allclose(without, _velocity(base, text), atol=1e-5)
    seen = _velocity(model, with_references(text, tokens, ~nobody))
    assert not torch.allclose(seen, without, atol=1e-3), "those that are there are read"


def test_updates_bring_back_what_was_learnt(base: VideoTransformer, tmp_path: Path) -> None:
    model = _widened(base)
    for parameter in model.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.1)
    tokens = torch.randn(2, 1, TOKENS, WIDTH)
    text = with_references(_text(2), tokens, torch.ones(2, 1, dtype=torch.bool))
    wanted = _velocity(model, text)
    plain = VideoTransformer.from_config(model.config)
    plain.load_state_dict(apply_updates(base.state_dict(), updates(model, base.state_dict())))
    assert torch.allclose(_velocity(plain.eval(), text), wanted, atol=1e-4)
    base.to_folder(tmp_path / "base")
    packed = VideoTransformer.from_folder(tmp_path / "base", torch.float32)
    save_updates(model, tmp_path / "base", tmp_path / "updates")
    loaded = load_updated(packed, tmp_path / "base", tmp_path / "updates")
    # Differences are taken from the packed base, so that its rounding is made good.
    assert (_velocity(loaded.eval(), text) - wanted).abs().max() < 0.05 * wanted.abs().max()


def test_updates_of_another_base_are_refused(base: VideoTransformer, tmp_path: Path) -> None:
    base.to_folder(tmp_path / "base")
    save_updates(_widened(base), tmp_path / "base", tmp_path / "updates")
    torch.nn.init.normal_(base.patch_in.weight)
    base.to_folder(tmp_path / "base")
    with pytest.raises(ValueError, match="learnt on other weights"):
        load_updated(base, tmp_path / "base", tmp_path / "updates")


def test_most_of_a_widened_model_stays_frozen(base: VideoTransformer) -> None:
    model = _widened(base)
    learns = {name for name, p in model.named_parameters() if p.requires_grad}
    assert "blocks.0.cross_attention.to_key.weight" in learns
    assert "blocks.0.ffn.down.widen.weight" in learns
    assert "text_in.1.0.weight" in learns
    assert not {"patch_in.weight", "text_in.0.0.weight", "blocks.0.ffn.down.weight"} & learns


def test_a_picture_is_seen_whole_in_a_square_wherever_it_stands() -> None:
    first, second = np.zeros((200, 100, 4), np.uint8), np.zeros((300, 400, 4), np.uint8)
    first[20:180, 10:50] = second[100:260, 300:340] = (200, 40, 40, 255)
    pictures = [reference_picture(rgba) for rgba in (first, second)]
    assert pictures[0].shape == (4, SIDE_PIXELS, SIDE_PIXELS)
    assert (pictures[0] - pictures[1]).abs().max() < 0.02
    assert float(pictures[0][3].mean()) == pytest.approx(0.25 / 1.08**2, abs=0.04)


def test_tokens_and_identity_have_their_shapes() -> None:
    encoder = ReferenceEncoder(widths=(8, 16, 16, 24), token_dim=WIDTH, identity=6)
    tokens = encoder(torch.rand(3, 4, SIDE_PIXELS, SIDE_PIXELS))
    assert tokens.shape == (3, TOKENS, WIDTH)
    assert torch.allclose(encoder.identity(tokens).norm(dim=1), torch.ones(3), atol=1e-5)
