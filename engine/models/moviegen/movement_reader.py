"""What happens in a film over time: which kind of movement it shows, and when that is heard.

The reader of pictures sees three frames at once; a jump and a fall look alike there. This looks at
how things move for a second on either side, and at its features through a narrow passage that has
no room for what else the picture shows.
"""

from __future__ import annotations

import torch
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from engine.models.moviegen.motion import SIGNALS
from engine.models.moviegen.network import Network

_DILATIONS = (1, 2, 4, 8)
_KERNEL = 5


class MovementReader(Network):
    """Rows (B, T, D + SIGNALS) of `watched`, to logits of an event at each and of `kinds`."""

    @register_to_config
    def __init__(
        self, feature_dim: int = 96, passage: int = 16, channels: int = 48, kinds: int = 13
    ) -> None:
        super().__init__()
        self.narrow = nn.Conv1d(feature_dim, passage, 1)
        widths = (passage + SIGNALS, *(channels for _ in _DILATIONS))
        self.stages = nn.ModuleList(
            nn.Conv1d(
                inputs, channels, _KERNEL, padding=dilation * (_KERNEL // 2), dilation=dilation
            )
            for inputs, dilation in zip(widths, _DILATIONS, strict=False)
        )
        self.event = nn.Conv1d(channels, 1, 1)
        self.kind = nn.Linear(2 * channels, kinds)

    def forward(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (B, T) of events, and (B, K) of kinds of movement, for the film as a whole."""
        features, signals = rows.transpose(1, 2).split([rows.shape[2] - SIGNALS, SIGNALS], dim=1)
        x = torch.cat([self.narrow(features), signals], dim=1)
        for index, stage in enumerate(self.stages):
            out = nn.functional.gelu(stage(x))
            x = out if index == 0 else x + out
        pooled = torch.cat([x.mean(2), x.amax(2)], dim=1)
        return self.event(x)[:, 0], self.kind(pooled)

    @torch.inference_mode()
    def events(self, rows: Tensor) -> Tensor:
        """How likely something sounds at each row (T, D + SIGNALS): (T,) in [0, 1]."""
        return torch.sigmoid(self(rows[None])[0][0])

    @torch.inference_mode()
    def kind_of(self, rows: Tensor) -> int:
        """The number of the kind of movement of a film with rows (T, D + SIGNALS)."""
        return int(self(rows[None])[1][0].argmax())
