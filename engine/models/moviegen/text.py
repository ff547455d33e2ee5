"""The pocket cast's text encoder: MiniLM, read token by token and pooled.

The paper joins three encoders (UL2, MetaCLIP, ByT5); the transformer takes any number of them,
and the pocket configuration has this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from engine.models.moviegen.transformer import TextFeatures
from engine.models.packed import load_packed

MAX_TOKENS = 64


def load_text_encoder(folder: Path) -> tuple[BertModel, PreTrainedTokenizerFast]:
    """The encoder in float32 and its tokenizer, from a folder with packed weights and a config.

    Raises: FileNotFoundError, where there is none; transformers would look for it on the network.
    """
    if not (folder / "config.json").exists():
        raise FileNotFoundError(f"There is no text encoder in {folder}.")
    model = BertModel.from_pretrained(
        None,
        config=BertConfig.from_pretrained(folder),
        state_dict=load_packed(folder, torch.float32),
        dtype=torch.float32,
        add_pooling_layer=False,
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"),
        pad_token="[PAD]",
        model_max_length=MAX_TOKENS,
    )
    return model.eval(), tokenizer


@torch.inference_mode()
def encode_prompts(
    model: BertModel,
    tokenizer: PreTrainedTokenizerFast,
    prompts: list[str],
    most_tokens: int = MAX_TOKENS,
) -> TextFeatures:
    """Features of prompts: states (B, L, D) float32, mask (B, L), pooled (B, D).

    Prompts beyond `most_tokens` word pieces are cut.
    """
    batch = tokenizer(
        prompts, padding=True, truncation=True, max_length=most_tokens, return_tensors="pt"
    )
    mask = batch.attention_mask.to(model.device)
    output = model(input_ids=batch.input_ids.to(model.device), attention_mask=mask)
    states = output.last_hidden_state
    return TextFeatures((states,), mask.bool(), _pooled(states, mask))


def _pooled(states: Tensor, mask: Tensor) -> Tensor:
    """The mean of the tokens that count, scaled to unit variance."""
    weights = mask[..., None].to(states.dtype)
    mean = (states * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(mean, dim=-1) * mean.shape[-1] ** 0.5


def phrase_vectors(
    model: BertModel, tokenizer: PreTrainedTokenizerFast
) -> Callable[[Sequence[str]], NDArray[np.float32]]:
    """A function from phrases to unit vectors (N, D), whose dot product is their likeness."""

    def embed(phrases: Sequence[str]) -> NDArray[np.float32]:
        pooled = encode_prompts(model, tokenizer, list(phrases)).pooled
        assert pooled is not None  # this encoder always gives it
        return torch.nn.functional.normalize(pooled.float(), dim=-1).cpu().numpy()

    return embed
