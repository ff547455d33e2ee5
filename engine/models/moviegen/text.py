"""The pocket cast's text encoder: MiniLM, read token by token and pooled.

The paper joins three encoders (UL2, MetaCLIP, ByT5); the transformer takes any number of them,
and the pocket configuration has this one.
"""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from engine.models.moviegen.transformer import TextFeatures

MAX_TOKENS = 64


class TextEncoder:
    """Prompts to features. Prompts beyond MAX_TOKENS word pieces are cut."""

    def __init__(self, model: BertModel, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()

    @classmethod
    def load(cls, folder: Path) -> TextEncoder:
        """Load model.safetensors, config.json and tokenizer.json from a folder."""
        model = BertModel.from_pretrained(
            folder, dtype=torch.float32, add_pooling_layer=False, use_safetensors=True
        )
        return cls(model, Tokenizer.from_file(str(folder / "tokenizer.json")))

    @torch.inference_mode()
    def encode(self, prompts: list[str]) -> TextFeatures:
        """Features of prompts: states (B, L, 384) float32, and their normalised mean as pooled."""
        batch = self.tokenizer.encode_batch(prompts)
        ids = torch.tensor([item.ids for item in batch])
        mask = torch.tensor([item.attention_mask for item in batch])
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[..., None].to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        pooled = torch.nn.functional.normalize(mean, dim=-1) * mean.shape[-1] ** 0.5
        return TextFeatures((states,), mask.bool(), pooled)
