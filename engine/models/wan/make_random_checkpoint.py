"""Write a checkpoint of a catalogue model at its true size, with random weights in bfloat16.

    python -m engine.models.wan.make_random_checkpoint FOLDER --model wan2.1-1.3b

With WORKPRINT_MODELS=FOLDER the engine then loads, plans, streams and quantises as it would the
true model: memory and speed are real, and the picture is noise. It needs the disk of the model in
bfloat16, and memory for one file of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from accelerate import init_empty_weights
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.catalogue import Component, Entry, load_catalogue
from engine.models.wan.builders import BUILDERS
from engine.models.wan.make_tiny_checkpoint import (
    write_manifest_of,
    write_scheduler,
    write_tokenizer,
)
from engine.planning.sizes import GIB

_FILE_BYTES = 2 * GIB
_SPREAD = 0.02


def make(folder: Path, entry: Entry, seed: int = 0) -> Path:
    """Write the checkpoint below `folder`; -> its own folder."""
    generator = torch.Generator().manual_seed(seed)
    root = folder / entry.id
    for component in entry.components:
        _write_network(root / component.name, component, generator)
    write_tokenizer(root / "tokenizer")
    write_scheduler(root / "scheduler")
    index: dict[str, Any] = {c.name: ["", c.class_name] for c in entry.components}
    index["boundary_ratio"] = 0.875 if "transformer_2" in index else None
    index["expand_timesteps"] = any(c.per_token_time for c in entry.components)
    (root / "model_index.json").write_text(json.dumps(index, indent=1), "utf-8")
    write_manifest_of(root, entry.id)
    return root


def _write_network(folder: Path, component: Component, generator: torch.Generator) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    config = _config(component)
    with init_empty_weights(include_buffers=False):
        network = BUILDERS[component.class_name](config)
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    places: dict[str, str] = {}
    for number, names in enumerate(_shares(network)):
        file = f"model-{number:05d}.safetensors"
        save_file({name: _random(shape, generator) for name, shape in names}, folder / file)
        places |= {name: file for name, _ in names}
    index = json.dumps({"metadata": {}, "weight_map": places})
    (folder / "model.safetensors.index.json").write_text(index, "utf-8")


def _shares(network: nn.Module) -> Iterator[list[tuple[str, torch.Size]]]:
    """Names and shapes of the weights, in lists of about two gibibytes."""
    share: list[tuple[str, torch.Size]] = []
    size = 0
    for name, value in network.named_parameters():
        share.append((name, value.shape))
        size += value.numel() * 2
        if size > _FILE_BYTES:
            yield share
            share, size = [], 0
    if share:
        yield share


def _random(shape: torch.Size, generator: torch.Generator) -> Tensor:
    return torch.empty(shape, dtype=torch.bfloat16).normal_(0.0, _SPREAD, generator=generator)


def _config(component: Component) -> dict[str, Any]:
    config: dict[str, Any] = dict(component.config)
    if component.number("z_dim", 16) == 48:
        config |= {"latents_mean": [0.0] * 48, "latents_std": [1.0] * 48}
    return config


def main() -> None:
    """Write one checkpoint from the command line."""
    parser = argparse.ArgumentParser(description="Write a checkpoint of random weights.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", required=True, help="a catalogue id of the family wan")
    arguments = parser.parse_args()
    entry = load_catalogue().entry(arguments.model)
    print(make(arguments.folder, entry))  # noqa: T201


if __name__ == "__main__":
    main()
