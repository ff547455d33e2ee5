"""What a run draws as it goes: when, and where it lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.training.contact_sheet import Row
from engine.training.sample_grid import SampleGrid


def test_it_draws_when_it_is_time_and_at_the_end(tmp_path: Path) -> None:
    now, drawn = [0.0], list[float]()

    def draw(weights: object) -> list[Row]:
        assert not torch.is_grad_enabled()
        drawn.append(now[0])
        return [Row("a cat", np.full((3, 90, 160, 3), 120, np.uint8))]

    grid = SampleGrid(tmp_path, draw, every_s=10.0, clock=lambda: now[0])
    for step in range(26):
        now[0] = float(step)
        grid.look({}, step)
    grid.draw({}, "finished")
    assert drawn == [10.0, 20.0, 25.0]
    names = {path.name for path in (tmp_path / "samples").iterdir()}
    assert names == {"step-000010.jpg", "step-000020.jpg", "finished.jpg"}
    with Image.open(tmp_path / "samples/finished.jpg") as sheet:
        assert sheet.width > sheet.height > 90
    assert "drew samples/finished.jpg" in (tmp_path / "log.txt").read_text()
