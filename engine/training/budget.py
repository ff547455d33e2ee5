"""Wall-clock budgets, checkpoints and the training log that every recipe shares."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


@dataclass(slots=True)
class Budget:
    """Minutes a run may take, and the learning-rate schedule that ends with them."""

    minutes: float
    clock: Callable[[], float] = time.monotonic
    started_s: float = field(init=False)

    def __post_init__(self) -> None:
        """It begins now."""
        self.started_s = self.clock()

    @property
    def spent(self) -> float:
        """Fraction of the budget used, at most 1."""
        return min(1.0, (self.clock() - self.started_s) / (60 * self.minutes))

    @property
    def over(self) -> bool:
        """Whether the time is used up."""
        return self.spent >= 1.0

    def resume(self, spent: float) -> None:
        """Go on from a fraction that an earlier sitting used up."""
        self.started_s = self.clock() - spent * 60 * self.minutes

    def learning_rate(self, peak: float, step: int, warmup_steps: int, decay_from: float) -> float:
        """Linear warm-up, a plateau, then linear decay to 2 % from `decay_from` of the budget."""
        warm = min(1.0, (step + 1) / warmup_steps)
        late = max(0.0, (self.spent - decay_from) / (1.0 - decay_from))
        return peak * warm * (1.0 - 0.98 * late)


def best_device(name: str | None = None) -> torch.device:
    """The named device, or the fastest one present."""
    if name:
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def take_turns(device: torch.device) -> None:
    """Set this process's share of the CPU from WORKPRINT_TRAIN_NICE (10 unless told), and let

    values too small to matter count as zero: processors handle them a hundred times slower. A GPU
    is let choose its convolutions by trying them.
    """
    torch.set_flush_denormal(True)
    torch.backends.cudnn.benchmark = True
    if device.type == "cpu" and hasattr(os, "nice"):
        os.nice(int(os.environ.get("WORKPRINT_TRAIN_NICE", "10")))


def worker_count() -> int:
    """How many processes draw for this one: as WORKPRINT_TRAIN_WORKERS says, or one a core.

    Several runs side by side want fewer each: a run whose own thread waits for a core leaves its
    GPU idle.
    """
    return int(os.environ.get("WORKPRINT_TRAIN_WORKERS", "0")) or os.cpu_count() or 1


def behind_training(_worker: int) -> None:
    """Let data preparation yield to the training step that waits on every core at once."""
    if hasattr(os, "nice"):
        os.nice(8)


class Average:
    """Exponential moving average of a model's weights."""

    def __init__(self, model: nn.Module, decay: float = 0.999) -> None:
        self.decay, self.updates = decay, 0
        self.weights = {k: v.detach().clone().float() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Fold the present weights in; early updates weigh more, so that the start is forgotten."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        values = [value.float() for value in model.state_dict().values()]
        get_ema_multi_avg_fn(decay)(list(self.weights.values()), values, self.updates)


def save_checkpoint(path: Path, weights: dict[str, Tensor], facts: dict[str, float]) -> None:
    """Write weights and facts under a temporary name, then rename: a killed run leaves the last."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    metadata = {"facts": json.dumps(facts)}
    save_file({k: v.contiguous().cpu() for k, v in weights.items()}, partial, metadata)
    partial.replace(path)


def load_checkpoint(path: Path) -> dict[str, Tensor]:
    """Weights saved by `save_checkpoint`."""
    return load_file(path)


def load_facts(path: Path) -> dict[str, float]:
    """The facts saved with them."""
    with safe_open(path, "pt") as stored:
        return json.loads((stored.metadata() or {}).get("facts", "{}"))


def commit() -> str:
    """The short commit that is being trained from, or "unknown" outside a checkout."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def log_line(folder: Path, text: str) -> None:
    """Append a timed line to the run's log and show it."""
    folder.mkdir(parents=True, exist_ok=True)
    line = f"{datetime.now():%H:%M:%S} {text}"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    with (folder / "log.txt").open("a") as stream:
        stream.write(line + "\n")
