"""Train the encoder that sees who is asked for: pictures of the same are near, of others far.

Beside telling identities apart its tokens must hold what is drawn: from a picture that is turned,
tinted or cut off they must give back the picture as it was. No text or label is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.models.moviegen.reference_encoder import SIDE_PIXELS, TOKENS, ReferenceEncoder
from engine.training.budget import Average, Budget, log_line
from engine.training.draws import Draws, drawn
from engine.training.identities import VIEWS, trained_identities, views_of
from engine.training.precision import mixed_precision

_TEMPERATURE = 0.07
_BATCH_CPU, _BATCH_GPU = 48, 512
_DRAWN_WEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class Views:
    """Pictures of every trained identity, (N, VIEWS + 1, 4, 64, 64) uint8 on the device."""

    pictures: Tensor

    def seen(self, who: Tensor, which: Tensor) -> Tensor:
        """Pictures (B, 4, 64, 64) in [0, 1]; `which` (B,) counts an identity's views."""
        return self.pictures[who, which].float() / 255.0


def draw_views(seed: str, device: torch.device) -> Views:
    """Views of all trained identities."""
    samples = Draws(len(trained_identities()), seed, views_of)
    return Views(torch.stack(list(drawn(samples))).to(device))


class _Drawer(nn.Module):
    """Tokens back to the picture: each its own part of it, told of all others by their mean."""

    def __init__(self, token_dim: int) -> None:
        super().__init__()
        side = SIDE_PIXELS * SIDE_PIXELS // TOKENS
        self.layers = nn.Sequential(
            nn.Linear(2 * token_dim, 512), nn.GELU(), nn.Linear(512, 4 * side)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        around = tokens.mean(dim=1, keepdim=True).expand_as(tokens)
        parts = self.layers(torch.cat([tokens, around], dim=-1))
        grid, part = int(TOKENS**0.5), SIDE_PIXELS // int(TOKENS**0.5)
        parts = parts.view(-1, grid, grid, 4, part, part).permute(0, 3, 1, 4, 2, 5)
        return parts.reshape(-1, 4, SIDE_PIXELS, SIDE_PIXELS)


def contrast(first: Tensor, second: Tensor) -> Tensor:
    """Two views (B, D) of each identity: each must be nearest to its own other (InfoNCE)."""
    likeness = first @ second.T / _TEMPERATURE
    right = torch.arange(len(first), device=first.device)
    return (F.cross_entropy(likeness, right) + F.cross_entropy(likeness.T, right)) / 2


def train_encoder(model: ReferenceEncoder, views: Views, minutes: float, folder: Path) -> None:
    """Train `model` in place; it ends with its averaged weights."""
    device = views.pictures.device
    drawer = _Drawer(model.config.token_dim).to(device)
    both = nn.ModuleList([model, drawer])
    average, budget, step = Average(model, 0.995), Budget(minutes), 0
    optimiser = torch.optim.AdamW(both.parameters(), lr=1e-3, weight_decay=0.02, fused=True)
    count = min(_BATCH_CPU if device.type == "cpu" else _BATCH_GPU, len(views.pictures))
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(1e-3, step, 50, 0.5)
        who = torch.randperm(len(views.pictures), device=device)[:count]
        which = torch.randint(0, VIEWS, (2, count), device=device)
        with mixed_precision(device):
            first, second = (model(views.seen(who, each)) for each in which)
            drawing = drawer(first)
            one, other = model.identity(first), model.identity(second)
        wanted = views.seen(who, torch.full_like(who, VIEWS))
        apart = contrast(one.float(), other.float())
        loss = apart + _DRAWN_WEIGHT * (drawing.float() - wanted).abs().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.update(model)
        if step % 100 == 0:
            told = f"spent {budget.spent:.2f} loss {loss.item():.3f} contrast {apart.item():.3f}"
            log_line(folder, f"encoder step {step} {told}")
        step += 1
    model.load_state_dict(average.weights)
    log_line(folder, f"encoder finished after {step} steps")
