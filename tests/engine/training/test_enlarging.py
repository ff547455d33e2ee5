"""The enlarger's weights as they are packaged, and what scores it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.enlarging.network import CompactEnlarger
from engine.training.enlarging import read_ncnn
from engine.training.enlarging_evaluation import psnr, ssim


def _packaged(network: CompactEnlarger) -> bytes:
    """A network as ncnn writes it, with matrices in 16 bits."""
    data = b""
    for layer in network.body:
        if isinstance(layer, torch.nn.Conv2d):
            assert layer.bias is not None
            data += 0x01306B47.to_bytes(4, "little")
            data += layer.weight.detach().half().numpy().tobytes()
            data += layer.bias.detach().numpy().tobytes()
        else:
            data += layer.weight.detach().numpy().tobytes()  # type: ignore[union-attr,operator]
    return data


def test_the_packaged_weights_are_read_by_name() -> None:
    network = CompactEnlarger()
    torch.nn.init.uniform_(next(network.body[1].parameters()))
    weights = read_ncnn(_packaged(network), network)
    for name, value in network.state_dict().items():
        stored = weights[name]
        assert torch.equal(stored.float(), value.to(stored.dtype).float()), name
        assert stored.dtype == (torch.float16 if value.ndim == 4 else torch.float32)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda data: data[:-8], "ends before"),
        (lambda data: data + b"more", "4 bytes are left over"),
        (lambda data: b"\0\0\0\0" + data[4:], "not in 16 bits"),
    ],
)
def test_another_file_is_refused(harm: object, said: str) -> None:
    network = CompactEnlarger()
    with pytest.raises(ValueError, match=said):
        read_ncnn(harm(_packaged(network)), network)  # type: ignore[operator]


def test_the_scores_know_the_same_from_the_worse() -> None:
    rng = np.random.default_rng(1)
    true = rng.integers(60, 200, (40, 40, 3)).astype(np.uint8)
    near, far = ((true + rng.normal(0, s, true.shape)).astype(np.uint8) for s in (2, 20))
    assert (psnr(true, true), ssim(true, true)) == (pytest.approx(100), pytest.approx(1))
    assert psnr(near, true) == pytest.approx(20 * np.log10(255 / 2), abs=0.7)
    assert 1 > ssim(near, true) > ssim(far, true)
