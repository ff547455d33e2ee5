"""Prompts through UMT5, the text encoder of the Wan models."""

from __future__ import annotations

import hashlib
import html
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from engine.models.checkpoint import damaged, missing
from engine.models.networks import Networks

TEXT_TOKENS = 512
"""What the transformer attends to; a longer prompt is cut."""


def encode_prompt(prompt: str, networks: Networks) -> Tensor:
    """Embeddings (1, 512, D) of a prompt on the CPU, zeros after its last token.

    They are kept between jobs, so that a prompt is encoded once. Only the prompt's own tokens are
    run through the encoder: what padding would give is thrown away.
    """
    place = networks.arrangement
    named = hashlib.sha256(prompt.encode()).hexdigest()
    key = f"{place.model}/prompt/{place.precision.value}/{named}"
    return networks.warm.get(key, 0, lambda: _encode(prompt, networks))


def token_ids(prompt: str, tokenizer: Tokenizer) -> list[int]:
    """Numbers of a prompt's tokens and of the end, at most 512."""
    tokenizer.enable_truncation(TEXT_TOKENS)
    return tokenizer.encode(clean(prompt)).ids


def clean(prompt: str) -> str:
    """The prompt without HTML entities and doubled spaces."""
    return " ".join(html.unescape(html.unescape(prompt)).split())


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a checkpoint. Raises: WeightsNotInstalled, BadWeights."""
    path = folder / "tokenizer.json"
    if not path.exists():
        raise missing(path)
    try:
        return Tokenizer.from_file(str(path))
    except Exception as problem:  # the library raises bare Exceptions
        raise damaged(path, str(problem)) from problem


def _encode(prompt: str, networks: Networks) -> Tensor:
    tokenizer = read_tokenizer(networks.arrangement.checkpoint / "tokenizer")
    ids = torch.tensor([token_ids(prompt, tokenizer)])
    with networks.on_device("text_encoder") as encoder, torch.inference_mode():
        networks.report("reading the prompt", 0, 1)
        device = networks.arrangement.device
        found = encoder(ids.to(device), torch.ones_like(ids, device=device)).last_hidden_state.cpu()
    embeddings = found.new_zeros((1, TEXT_TOKENS, found.shape[-1]))
    embeddings[:, : ids.shape[1]] = found
    return embeddings
