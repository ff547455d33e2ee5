"""A network with a memory: tests look at the same few pictures again and again."""

from __future__ import annotations

import hashlib

from torch import Tensor, nn


class FakeRecall(nn.Module):
    """Answers what a network, whose weights do not change, has answered before without it."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.known: dict[bytes, Tensor] = {}

    def forward(self, pictures: Tensor) -> Tensor:
        """As the network does. `pictures` are on the processor."""
        asked = hashlib.sha256(f"{pictures.dtype} {tuple(pictures.shape)}".encode())
        asked.update(pictures.contiguous().numpy().tobytes())
        key = asked.digest()
        if key not in self.known:
            self.known[key] = self.network(pictures)
        return self.known[key].clone()
