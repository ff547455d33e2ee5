"""Weights that are damaged, missing, another model's or pickles: one sentence each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.catalogue import Entry
from engine.errors import BadWeights, WeightsNotInstalled
from engine.models.checkpoint import open_weights, read_config
from engine.models.wan.text import read_tokenizer, token_ids
from engine.protocol.plans import Offload, Precision
from tests.engine.models.wan import jobs

Entries = Callable[[str], Entry]


@pytest.fixture
def checkpoint(tiny_home: Path, tmp_path: Path) -> Path:
    """A copy of the checkpoint, to be harmed."""
    return shutil.copytree(tiny_home / "models" / "tiny-wan", tmp_path / "tiny-wan")


def load(entry: Entry, checkpoint: Path, name: str = "transformer", **how: object) -> None:
    networks = jobs.networks(entry, checkpoint, **how)  # type: ignore[arg-type]
    with networks.on_device(name) as network:
        assert network is not None


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.safetensors"))


@pytest.mark.parametrize("offload", [Offload.NONE, Offload.DISK])
def test_a_cut_off_file_is_damaged(checkpoint: Path, tiny_entry: Entries, offload: Offload) -> None:
    for shard in shards(checkpoint / "transformer"):
        shard.write_bytes(shard.read_bytes()[:-500])
    with pytest.raises(BadWeights, match=r"transformer/.*safetensors is damaged") as told:
        load(tiny_entry("t2v"), checkpoint, offload=offload)
    assert told.value.hint.startswith("Check it with: python3 main.py models verify")


def test_a_file_of_rubbish_is_damaged(checkpoint: Path, tiny_entry: Entries) -> None:
    shards(checkpoint / "transformer")[0].write_bytes(b"\x00" * 400)
    with pytest.raises(BadWeights, match="is damaged"):
        load(tiny_entry("t2v"), checkpoint)


def test_a_missing_shard_is_named(checkpoint: Path, tiny_entry: Entries) -> None:
    lost = shards(checkpoint / "vae")[1]
    lost.unlink()
    with pytest.raises(WeightsNotInstalled, match=lost.name):
        load(tiny_entry("t2v"), checkpoint, "vae")


def test_another_models_weights_are_told_apart(checkpoint: Path, tiny_entry: Entries) -> None:
    shard = shards(checkpoint / "transformer")[0]
    tensors = load_file(shard)
    tensors = {name: torch.zeros([*t.shape[:-1], t.shape[-1] + 1]) for name, t in tensors.items()}
    save_file(tensors, shard)
    with pytest.raises(BadWeights, match="another model's"):
        load(tiny_entry("t2v"), checkpoint)


def test_lacking_weights_are_named(checkpoint: Path, tiny_entry: Entries) -> None:
    index = checkpoint / "transformer/diffusion_pytorch_model.safetensors.index.json"
    content = json.loads(index.read_text())
    content["weight_map"].pop("proj_out.weight")
    index.write_text(json.dumps(content))
    with pytest.raises(BadWeights, match=r"lack proj_out\.weight"):
        load(tiny_entry("t2v"), checkpoint)


def test_pickles_are_never_opened(checkpoint: Path, tiny_entry: Entries) -> None:
    shutil.rmtree(checkpoint / "vae")
    (checkpoint / "vae").mkdir()
    (checkpoint / "vae/config.json").write_text("{}")
    (checkpoint / "vae/diffusion_pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(BadWeights, match="are pickles, which could run any program"):
        load(tiny_entry("t2v"), checkpoint, "vae")


def test_a_config_that_is_no_json_is_damaged(checkpoint: Path) -> None:
    (checkpoint / "vae/config.json").write_text("{")
    with pytest.raises(BadWeights, match=r"config\.json is damaged"):
        read_config(checkpoint / "vae")
    with pytest.raises(WeightsNotInstalled, match="not complete"):
        read_config(checkpoint / "nowhere")
    with pytest.raises(WeightsNotInstalled):
        open_weights(checkpoint / "scheduler")


@pytest.mark.parametrize(("precision", "share"), [(Precision.INT8, 0.35), (Precision.NF4, 0.25)])
def test_quantised_blocks_take_less(
    tiny_home: Path, tiny_entry: Entries, precision: Precision, share: float
) -> None:
    entry = tiny_entry("t2v")
    place = tiny_home / "models" / entry.id
    sizes: list[int] = []
    for held in (Precision.FP32, precision):
        with jobs.networks(entry, place, held).on_device("text_encoder") as encoder:
            weights = [m.weight for m in encoder.encoder.block.modules() if hasattr(m, "weight")]
            sizes.append(sum(w.nbytes for w in weights if w.dim() == 2))
    assert sizes[1] < sizes[0] * share


def test_weights_of_a_finished_stage_are_let_go(tiny_home: Path, tiny_entry: Entries) -> None:
    entry = tiny_entry("t2v")
    networks = jobs.networks(entry, tiny_home / "models" / entry.id, offload=Offload.STAGE)
    with networks.on_device("transformer") as transformer:
        assert list(transformer.parameters())
    assert not list(transformer.parameters())


def test_between_passes_streamed_blocks_hold_nothing(tiny_home: Path, tiny_entry: Entries) -> None:
    entry = tiny_entry("t2v")
    networks = jobs.networks(entry, tiny_home / "models" / entry.id, offload=Offload.DISK)
    with networks.on_device("transformer") as transformer:
        assert all(value.is_meta for value in transformer.blocks.parameters())
        assert not transformer.proj_out.weight.is_meta


def test_tokens_are_those_of_transformers(tiny_home: Path) -> None:
    from transformers import AutoTokenizer

    folder = tiny_home / "models/tiny-wan/tokenizer"
    tokenizer, expected = read_tokenizer(folder), AutoTokenizer.from_pretrained(folder)
    for prompt in ("a red boat", "  two   spaces &amp; more ", "x" * 2000):
        cleaned = " ".join(prompt.replace("&amp;", "&").split())
        ids = expected(cleaned, truncation=True, max_length=512).input_ids
        assert token_ids(prompt, tokenizer) == ids
