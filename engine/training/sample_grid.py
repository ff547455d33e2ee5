"""What a run draws as it goes: the same prompts and seeds each time, for a person to look at.

A loss can fall while pictures stay mush; the pictures say so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from engine.training.budget import log_line
from engine.training.contact_sheet import Row, save_sheet

Draw = Callable[[Mapping[str, Tensor]], Sequence[Row]]
"""Averaged weights -> what they make, a row for each prompt."""

_EVERY_S = 600.0


class SampleGrid:
    """Sheets in `folder`/samples: one every ten minutes, and one at the end."""

    def __init__(
        self,
        folder: Path,
        draw: Draw,
        every_s: float = _EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self._draw, self._every_s, self._clock = folder, draw, every_s, clock
        self._drawn_s = clock()

    def look(self, weights: Mapping[str, Tensor], step: int) -> None:
        """Draw if it is time to."""
        if self._clock() - self._drawn_s >= self._every_s:
            self.draw(weights, f"step-{step:06d}")

    @torch.no_grad()
    def draw(self, weights: Mapping[str, Tensor], name: str) -> None:
        """Draw now, and say where it lies."""
        sheet = self.folder / "samples" / f"{name}.jpg"
        save_sheet(self._draw(weights), sheet)
        log_line(self.folder, f"drew {sheet.relative_to(self.folder)}")
        self._drawn_s = self._clock()
