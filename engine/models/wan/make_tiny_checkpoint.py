"""Write a tiny checkpoint of the real Wan classes with random weights, and its catalogue file.

    python -m engine.models.wan.make_tiny_checkpoint FOLDER [--kind t2v|ti2v|a14b|i2v|vace]

FOLDER/models gets the checkpoint under its id and FOLDER/catalogue its entry. With WORKPRINT_MODELS
and WORKPRINT_CATALOGUE set to those two, `python3 main.py generate text_to_video --model tiny-wan`
goes through the engine as the true model would. What it makes is noise.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from diffusers.models.transformers.transformer_wan_vace import WanVACETransformer3DModel
from diffusers.schedulers.scheduling_unipc_multistep import UniPCMultistepScheduler
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import nn
from transformers import CLIPVisionConfig, CLIPVisionModel, UMT5Config, UMT5EncoderModel

from engine.downloads.manifest import FILE_NAME, Manifest, PinnedFile, write_manifest
from engine.downloads.transfer import digest
from engine.models.quantised import repeated_blocks

_TEXT_WIDTH, _SEEN_WIDTH, _WIDTH, _HEADS = 64, 64, 64, 2
_FFN = 128
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'-"
_BLOCKS: dict[str, Any] = {
    "num_layers": 2,
    "num_attention_heads": _HEADS,
    "attention_head_dim": _WIDTH // _HEADS,
}

_CONTROLLED_LAYERS = [0, 1]
_WINDOWS = """
[windows]
frames = 17
overlap = 5
"""


@dataclass(frozen=True, slots=True)
class TinyKind:
    """How a tiny checkpoint is put together."""

    id: str
    abilities: tuple[str, ...]
    experts: int = 1
    boundary: float | None = None
    per_token_time: bool = False
    joined_channels: int = 0
    sees: bool = False
    controlled: bool = False

    @property
    def channels(self) -> int:
        """Latent channels of its autoencoder."""
        return 48 if self.per_token_time else 16


KINDS = {
    "t2v": TinyKind("tiny-wan", ("text_to_video", "text_to_image")),
    "ti2v": TinyKind("tiny-wan-ti2v", ("text_to_video", "image_to_video"), per_token_time=True),
    "a14b": TinyKind("tiny-wan-a14b", ("text_to_video",), experts=2, boundary=0.875),
    "i2v": TinyKind("tiny-wan-i2v", ("image_to_video",), joined_channels=20, sees=True),
    "vace": TinyKind(
        "tiny-wan-vace",
        (
            "text_to_video",
            "image_to_video",
            "extend_video",
            "retake",
            "personalize_video",
            "edit_video",
        ),
        controlled=True,
    ),
}


def make(folder: Path, kind: TinyKind, seed: int = 0) -> Path:
    """Write the checkpoint and its entry below `folder`; -> the checkpoint's folder."""
    torch.manual_seed(seed)
    root = folder / "models" / kind.id
    networks = _networks(kind)
    for name, network in networks.items():
        network.save_pretrained(root / name, max_shard_size="200KB")
    write_tokenizer(root / "tokenizer")
    write_scheduler(root / "scheduler")
    _write_index(root, kind, networks)
    write_manifest_of(root, kind.id)
    catalogue = folder / "catalogue"
    catalogue.mkdir(parents=True, exist_ok=True)
    (catalogue / f"{kind.id}.toml").write_text(entry_text(kind, networks), "utf-8")
    return root


def _networks(kind: TinyKind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "text_encoder": UMT5EncoderModel(
            UMT5Config(
                vocab_size=3 + 1 + len(_LETTERS),
                d_model=_TEXT_WIDTH,
                d_kv=16,
                d_ff=128,
                num_layers=2,
                num_heads=4,
                feed_forward_proj="gated-gelu",
            )
        ),
        "vae": _autoencoder(kind),
    }
    if kind.sees:
        found["image_encoder"] = CLIPVisionModel(
            CLIPVisionConfig(
                hidden_size=_SEEN_WIDTH,
                intermediate_size=128,
                num_hidden_layers=2,
                num_attention_heads=4,
                patch_size=14,
                image_size=224,
            )
        )
    for index in range(kind.experts):
        name = "transformer" if index == 0 else f"transformer_{index + 1}"
        found[name] = _transformer(kind)
    return found


def _transformer(kind: TinyKind) -> WanTransformer3DModel | WanVACETransformer3DModel:
    sizes: dict[str, Any] = {
        **_BLOCKS,
        "ffn_dim": _FFN,
        "in_channels": kind.channels + kind.joined_channels,
        "out_channels": kind.channels,
        "text_dim": _TEXT_WIDTH,
        "freq_dim": 32,
    }
    if kind.controlled:
        return WanVACETransformer3DModel(**sizes, vace_layers=_CONTROLLED_LAYERS)
    return WanTransformer3DModel(
        **sizes,
        image_dim=_SEEN_WIDTH if kind.sees else None,
        added_kv_proj_dim=_WIDTH if kind.sees else None,
    )


def _autoencoder(kind: TinyKind) -> AutoencoderKLWan:
    small: dict[str, Any] = {"base_dim": 8, "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1}
    if not kind.per_token_time:
        return AutoencoderKLWan(**small)
    return AutoencoderKLWan(
        **small,
        decoder_base_dim=8,
        z_dim=48,
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=16,
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
    )


def write_scheduler(folder: Path) -> None:
    """The scheduler that Wan's checkpoints come with."""
    scheduler = UniPCMultistepScheduler(
        prediction_type="flow_prediction",
        use_flow_sigmas=True,
        flow_shift=3.0,
        num_train_timesteps=1000,
    )
    scheduler.save_pretrained(folder)


def write_tokenizer(folder: Path) -> None:
    """A tokenizer that spells: one token a letter."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -10.0), ("▁", -2.0)]
    pieces += [(letter, -3.0) for letter in _LETTERS]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": "<pad>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "model_max_length": 512,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")


def _write_index(root: Path, kind: TinyKind, networks: dict[str, Any]) -> None:
    index: dict[str, Any] = {
        name: ["transformers" if "encoder" in name else "diffusers", type(network).__name__]
        for name, network in networks.items()
    }
    index |= {
        "_class_name": _pipeline(kind),
        "scheduler": ["diffusers", "UniPCMultistepScheduler"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "boundary_ratio": kind.boundary,
    }
    if not kind.controlled:  # the pipeline of controlled models has no such setting
        index["expand_timesteps"] = kind.per_token_time
    (root / "model_index.json").write_text(json.dumps(index, indent=1), "utf-8")


def _pipeline(kind: TinyKind) -> str:
    if kind.controlled:
        return "WanVACEPipeline"
    return "WanImageToVideoPipeline" if kind.sees else "WanPipeline"


def write_manifest_of(root: Path, model: str) -> None:
    """List a checkpoint's files as a download would have, so that it counts as installed."""
    files = tuple(
        PinnedFile(
            path=path.relative_to(root).as_posix(),
            size_bytes=path.stat().st_size,
            sha256=digest(path, hashlib.sha256()),
        )
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != FILE_NAME
    )
    manifest = Manifest(model=model, repository=f"random/{model}", commit="0", files=files)
    write_manifest(root, manifest)


def entry_text(kind: TinyKind, networks: dict[str, Any]) -> str:
    """The catalogue file of a tiny checkpoint."""
    space = 16 if kind.per_token_time else 8
    head = f"""
id = "{kind.id}"
title = "Tiny Wan"
family = "wan"
tier = "local"
abilities = {json.dumps(kind.abilities)}
precisions = ["fp32", "bf16", "int8", "nf4"]

[licence]
spdx = "CC0-1.0"
title = "no rights reserved"
commercial = true

[rules]
size_multiple = {space * 2}
frame_step = 4
frame_offset = 1
max_frames = 81
max_pixels = 65536
rates = ["16/1"]
aspects = {{ "1:1" = [64, 64], "16:9" = [128, 64] }}

[defaults]
steps = 4
guidance_scale = 5.0
frames = 9

[latent]
channels = {kind.channels}
space = {space}
time = 4
patch = 2
causal = true

{_WINDOWS if kind.controlled else ""}
[source]
kind = "hub"
repository = "tiny/{kind.id}"
folders = ["", "scheduler", "tokenizer", {", ".join(f'"{name}"' for name in networks)}]
"""
    return head + "".join(_component_text(n, m, kind) for n, m in networks.items())


def _component_text(name: str, network: nn.Module, kind: TinyKind) -> str:
    kinds = {
        "UMT5EncoderModel": "umt5_encoder",
        "CLIPVisionModel": "clip_vision",
        "AutoencoderKLWan": "wan_vae",
        "WanTransformer3DModel": "wan_transformer",
        "WanVACETransformer3DModel": "wan_transformer",
    }
    lists = repeated_blocks(network)
    matrices = [m for blocks in lists for m in blocks.modules() if isinstance(m, nn.Linear)]
    lines = {
        "name": name,
        "kind": kinds[type(network).__name__],
        "class_name": type(network).__name__,
        "stored": "fp32",
        "parameters": sum(p.numel() for p in network.parameters()),
    }
    if name.startswith("transformer") or "encoder" in name:
        lines["blocks"] = sum(len(blocks) for blocks in lists)
        lines["block_parameters"] = sum(m.weight.numel() for m in matrices)
    if name.startswith("transformer"):
        lines["per_token_time"] = kind.per_token_time
        lines["config"] = {**_BLOCKS, "ffn_dim": _FFN}
        if kind.controlled:
            lines["config"] |= {"vace_layers": _CONTROLLED_LAYERS}
    if name == "vae":
        lines |= {"pixel_bytes": 2500, "pixel_frame_bytes": 12.3, "pixel_frame_flops": 1e5}
    body = "\n".join(f"{key} = {_toml(value)}" for key, value in lines.items())
    return f"\n[[components]]\n{body}\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    return json.dumps(value)


def main() -> None:
    """Write one checkpoint from the command line."""
    parser = argparse.ArgumentParser(description="Write a tiny Wan checkpoint of random weights.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=KINDS, default="t2v")
    arguments = parser.parse_args()
    print(make(arguments.folder, KINDS[arguments.kind]))  # noqa: T201


if __name__ == "__main__":
    main()
