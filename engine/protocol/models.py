"""Model cards and the health message: what an engine has and what it is."""

from __future__ import annotations

import msgspec

from engine.protocol.plans import DeviceInfo
from engine.protocol.recipes import Ability


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """The terms a user sees before download and before a commercial export."""

    spdx: str
    title: str
    commercial: bool
    limits: str = ""
    url: str = ""


class FrameRules(msgspec.Struct, frozen=True, kw_only=True):
    """What sizes and lengths a model can make: frames = n * step + offset, sizes in multiples."""

    size_multiple: int
    frame_step: int
    frame_offset: int
    max_frames: int
    rates: tuple[str, ...]
    aspects: dict[str, tuple[int, int]]
    max_pixels: int = 0


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """One catalogue entry as the studio sees it.

    `runnable` is false for a model that this engine can plan but has no adapter for. The first of
    its rates is its own. `options` are what a recipe that is written for it today says besides.
    """

    id: str
    title: str
    family: str
    tier: str
    abilities: tuple[Ability, ...]
    licence: Licence
    rules: FrameRules
    size_bytes: int
    installed: bool
    weights_sha256: str = ""
    note: str = ""
    runnable: bool = True
    options: dict[str, str | int | float | bool] = {}


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers: versions, devices, and what is waiting."""

    protocol_version: int
    engine_version: str
    engine_id: str
    devices: tuple[DeviceInfo, ...]
    queued: int
    running: int
