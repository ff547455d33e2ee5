"""The classes a Wan checkpoint is made of, each built from its config.json."""

from __future__ import annotations

from typing import Any

from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from diffusers.models.transformers.transformer_wan_vace import WanVACETransformer3DModel
from transformers import CLIPVisionConfig, CLIPVisionModel, UMT5Config, UMT5EncoderModel

from engine.models.networks import Build


def _transformer(config: dict[str, Any]) -> Any:
    return WanTransformer3DModel.from_config(config)


def _controlled_transformer(config: dict[str, Any]) -> Any:
    return WanVACETransformer3DModel.from_config(config)


def _autoencoder(config: dict[str, Any]) -> Any:
    return AutoencoderKLWan.from_config(config)


def _text_encoder(config: dict[str, Any]) -> Any:
    return UMT5EncoderModel(UMT5Config.from_dict(config))


def _image_encoder(config: dict[str, Any]) -> Any:
    return CLIPVisionModel(CLIPVisionConfig.from_dict(config))


BUILDERS: dict[str, Build] = {
    "WanTransformer3DModel": _transformer,
    "WanVACETransformer3DModel": _controlled_transformer,
    "AutoencoderKLWan": _autoencoder,
    "UMT5EncoderModel": _text_encoder,
    "CLIPVisionModel": _image_encoder,
}
