"""How many bytes a network needs beside its weights, at the worst moment of a pass.

Each formula counts the tensors that are alive together in the class as it stands in diffusers or
transformers, run without gradients, one prompt at a time. S is tokens, D the width, F the width
inside the feed-forward part, `a` the bytes of an activation.
"""

from __future__ import annotations

from engine.catalogue import Component, Entry
from engine.planning.shapes import TokenGrid, source_pixels
from engine.protocol.plans import Precision
from engine.protocol.recipes import Recipe

TEXT_TOKENS = 512
"""Wan's text length; Movie Gen's is in its component's config."""

TILE_PIXELS = 256
"""Side of the square tiles in which a video is decoded when all of it does not fit."""

_ROTARY_BYTES = 2 * 128 * 4
_TEXT_ENCODER_BYTES = 63_000_000
"""Per byte of an activation: 512 tokens through one UMT5-XXL block, traced."""

_ENCODE_SHARE = 0.75
"""Encoding's peak over decoding's, traced."""


def activation_bytes(precision: Precision) -> int:
    """Bytes of one activation: quantised weights are multiplied in bfloat16."""
    return 4 if precision is Precision.FP32 else 2


def transformer_bytes(component: Component, grid: TokenGrid, precision: Precision) -> int:
    """Peak of one forward pass of the denoising transformer."""
    a = activation_bytes(precision)
    width, ffn = _widths(component)
    attention = 22 if a == 2 else 32  # q, k, v, and float32 inside the norms and the rotation
    if component.kind == "wan_transformer":
        feed_forward = 4 * a + 2 * a * ffn / width  # up-projection and its GELU
    else:
        feed_forward = 4 * a + 3 * a * ffn / width  # SwiGLU's gate, value and product
    per_value = max(attention, feed_forward)
    if component.per_token_time:
        per_value += 7 * a + 24  # a modulation for every token, in float32
    controls = component.config.get("vace_layers")
    if isinstance(controls, list):
        per_value += a * (len(controls) + 1)  # what its own blocks made of what is known, all kept
    if precision is Precision.INT8:
        per_value += 5 * ffn / width  # int32 product and int8 input of the widest matrix
    text = TEXT_TOKENS * 4096 * a * 2
    dequantised = width * ffn * 2 if precision is Precision.NF4 else 0
    return round(grid.tokens * (width * per_value + _ROTARY_BYTES) + text + dequantised)


def decoder_bytes(component: Component, recipe: Recipe, tiled: bool) -> int:
    """Peak on the device of turning the latent video into frames.

    Tiles are decoded one after the other and blended outside the device, so that only one counts.
    """
    width, height = recipe.width, recipe.height
    if tiled:
        width, height = min(width, TILE_PIXELS), min(height, TILE_PIXELS)
    grown = component.pixel_frame_bytes * recipe.frames
    return round(width * height * (component.pixel_bytes + grown))


def blending_bytes(recipe: Recipe) -> int:
    """What blending decoded tiles takes of the machine's memory: float32 RGB of every frame."""
    return recipe.width * recipe.height * recipe.frames * 3 * 4


def enlarger_bytes(component: Component, recipe: Recipe) -> int:
    """Peak of enlarging a film: the largest tile, and the frames on their way to the file."""
    tile = min(source_pixels(recipe), component.number("tile_side") ** 2)
    large = recipe.width * recipe.height * component.pixel_bytes
    return round(tile * component.pixel_frame_bytes + large)


def encoder_bytes(component: Component, recipe: Recipe, tiled: bool) -> int:
    """Peak of turning a first frame, and the blank frames after it, into latents."""
    return round(decoder_bytes(component, recipe, tiled) * _ENCODE_SHARE)


def text_bytes(precision: Precision) -> int:
    """Peak of encoding a prompt."""
    return _TEXT_ENCODER_BYTES * activation_bytes(precision)


def latent_bytes(grid: TokenGrid, entry: Entry) -> int:
    """The latent video in float32, with its noise, its two predictions and the sampler's memory."""
    values = grid.tokens * entry.latent.patch**2 * entry.latent.channels
    return values * 4 * 8


def transformer_width(component: Component) -> int:
    """Width of the transformer's sequence."""
    if component.kind == "wan_transformer":
        return component.number("num_attention_heads") * component.number("attention_head_dim")
    return component.number("width")


def _widths(component: Component) -> tuple[int, int]:
    """Width of the sequence and of the feed-forward part."""
    if component.kind == "wan_transformer":
        heads, head = (
            component.number("num_attention_heads"),
            component.number("attention_head_dim"),
        )
        return heads * head, component.number("ffn_dim")
    return component.number("width"), component.number("ffn")
