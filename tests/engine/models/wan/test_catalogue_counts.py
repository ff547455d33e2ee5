"""The catalogue's counts of weights against the real classes, built without any memory."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from engine.catalogue import Component
from engine.models.quantised import repeated_blocks
from engine.models.wan.builders import BUILDERS
from tests.engine.planning.machines import catalogue

COMPONENTS = {
    (component.class_name, str(component.config)): component
    for entry in catalogue()
    for component in entry.components
    if component.class_name in BUILDERS
}


@pytest.mark.parametrize("component", COMPONENTS.values(), ids=lambda c: c.class_name)
def test_parameters_are_counted_right(component: Component) -> None:
    with torch.device("meta"):
        network = BUILDERS[component.class_name](_config(component))
    assert sum(p.numel() for p in network.parameters()) == component.parameters
    if component.blocks:
        lists = repeated_blocks(network)
        assert sum(len(blocks) for blocks in lists) == component.blocks
        matrices = [m for blocks in lists for m in blocks.modules() if isinstance(m, nn.Linear)]
        assert sum(m.weight.numel() for m in matrices) == component.block_parameters


def _config(component: Component) -> dict[str, Any]:
    config: dict[str, Any] = dict(component.config)
    if config.get("z_dim") == 48:
        config |= {"latents_mean": [0.0] * 48, "latents_std": [1.0] * 48}
    return config
