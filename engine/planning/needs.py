"""What one setting (a precision, an offload, a way of decoding) of a recipe needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.catalogue import Component, Entry
from engine.planning.activations import (
    blending_bytes,
    decoder_bytes,
    encoder_bytes,
    enlarger_bytes,
    latent_bytes,
    text_bytes,
    transformer_bytes,
)
from engine.planning.machine import shares_ram
from engine.planning.multiplane_work import multiplane_work
from engine.planning.optical_work import FAMILY, optical_work
from engine.planning.shapes import MULTIPLANE, at_once, token_grid, worked
from engine.planning.sizes import GIB, MIB
from engine.planning.timing import passes
from engine.planning.weights import held
from engine.protocol.plans import DeviceInfo, Offload, PlanPart, Precision
from engine.protocol.recipes import InputRole, Recipe

_CONTEXT_BYTES = 640 * MIB
"""The driver's context and its libraries' workspaces on a GPU."""

_PROCESS_CPU = 750 * MIB
_PROCESS_GPU = 2 * GIB
"""A worker that holds no model: Python, torch and diffusers, and CUDA's libraries."""

_SLACK = 1.08
_SLACK_BYTES = 128 * MIB
"""Room for the allocator's fragments and the convolutions' workspaces."""

_DENOISERS = frozenset({"wan_transformer", "moviegen_transformer"})
_TEXT_KINDS = frozenset({"umt5_encoder", "clip_vision", "text_encoder"})
_CODEC_KINDS = frozenset({"wan_vae", "moviegen_tae"})
_IN_RAM = frozenset({Offload.MODEL, Offload.GROUP})
_STREAMED = frozenset({Offload.GROUP, Offload.DISK})


@dataclass(frozen=True, slots=True)
class Setting:
    """How a job is run, beside its recipe."""

    precision: Precision
    offload: Offload
    tiled: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """Peaks of a job in bytes, and what it reads from the disk.

    `vram` is 0 on a device that shares the machine's memory.
    """

    vram: int
    ram: int
    read: int
    parts: tuple[PlanPart, ...]


def needs_of(recipe: Recipe, entry: Entry, device: DeviceInfo, setting: Setting) -> Needs:
    """What a snapped recipe needs on a device in this setting."""
    asked, recipe = recipe, worked(recipe, entry)
    stages = _stages(recipe, entry, setting)
    parts = tuple(_part(name, group, extra, entry, setting) for name, group, extra in stages)
    peak = max((part.weights_bytes + part.working_bytes for part in parts), default=0)
    weights = [held(component, setting.precision) for component in entry.components]
    frames = 0 if _streams(entry) else 2 * recipe.width * recipe.height * recipe.frames * 3
    if setting.tiled and not _streams(entry):
        frames += blending_bytes(recipe)
    if entry.family == FAMILY:
        frames += optical_work(asked).held_bytes
    if entry.family == MULTIPLANE:
        frames += multiplane_work(asked).held_bytes
    staging = max((h.block or h.total for h in weights), default=0)
    load = sum(h.total for h in weights)
    read = load + _read_again(recipe, entry, setting)
    if shares_ram(device):
        return Needs(vram=0, ram=_PROCESS_CPU + peak + frames, read=read, parts=parts)
    waiting = load if setting.offload in _IN_RAM else 0
    outside = max((h.outside_blocks for h in weights if h.block), default=0)
    ram = _PROCESS_GPU + waiting + max(staging, outside) + frames
    return Needs(vram=_CONTEXT_BYTES + peak, ram=ram, read=read, parts=parts)


def _streams(entry: Entry) -> bool:
    """Whether frames go to the file as they are made."""
    return entry.component("enlarger") is not None or entry.family == MULTIPLANE


def _read_again(recipe: Recipe, entry: Entry, setting: Setting) -> int:
    """Bytes read from the disk beyond the first time, when blocks stream from there."""
    if setting.offload is not Offload.DISK:
        return 0
    streamed = [held(c, setting.precision) for c in entry.components if c.kind in _DENOISERS]
    largest = max((h.total - h.outside_blocks for h in streamed), default=0)
    return (passes(recipe, entry) - 1) * largest


_Stage = tuple[str, list[Component], int]


def _stages(recipe: Recipe, entry: Entry, setting: Setting) -> Iterable[_Stage]:
    """Name, networks at work and bytes of activations of each stage."""
    once = at_once(recipe, entry)
    grid = token_grid(once.width, once.height, once.frames, entry.latent)
    text = [c for c in entry.components if c.kind in _TEXT_KINDS]
    codec = [c for c in entry.components if c.kind in _CODEC_KINDS]
    denoisers = [c for c in entry.components if c.kind in _DENOISERS]
    latents = latent_bytes(grid, entry)
    if text:
        yield "text", text, text_bytes(setting.precision)
    for component in codec if entry.is_controlled or _reads_picture(recipe) else []:
        yield "encode", [component], encoder_bytes(component, once, setting.tiled)
    if denoisers:
        peaks = [transformer_bytes(c, grid, setting.precision) for c in denoisers]
        yield "denoise", denoisers, max(peaks) + latents
    enlarger = entry.component("enlarger")
    if enlarger is not None:
        yield "enlarge", [enlarger], enlarger_bytes(enlarger, recipe)
    for component in codec:
        yield "decode", [component], decoder_bytes(component, once, setting.tiled) + latents


def _part(
    name: str, group: list[Component], working: int, entry: Entry, setting: Setting
) -> PlanPart:
    return PlanPart(
        name=name,
        weights_bytes=_weights_on_device(group, entry, setting),
        working_bytes=round(working * _SLACK) + _SLACK_BYTES,
    )


def _weights_on_device(group: list[Component], entry: Entry, setting: Setting) -> int:
    """Bytes of weights that are on the device while a stage runs."""
    if setting.offload is Offload.NONE:
        return sum(held(c, setting.precision).total for c in entry.components)
    sizes = [held(component, setting.precision) for component in group]
    if setting.offload in _STREAMED:
        idle = sum(size.outside_blocks for size in sizes)
        return idle + max((size.streamed - size.outside_blocks for size in sizes), default=0)
    return max(size.total for size in sizes)


def _reads_picture(recipe: Recipe) -> bool:
    roles = (InputRole.FIRST_FRAME, InputRole.LAST_FRAME, InputRole.MIDDLE_FRAME, InputRole.SOURCE)
    return any(item.role in roles for item in recipe.inputs)
