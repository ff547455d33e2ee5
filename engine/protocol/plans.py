"""Plan: what a job will need before it starts, or the nearest setting that fits."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.protocol.errors import ErrorInfo
from engine.protocol.recipes import Recipe


class Precision(StrEnum):
    """How weights are held while the model runs."""

    FP32 = "fp32"
    BF16 = "bf16"
    INT8 = "int8"
    NF4 = "nf4"


class Offload(StrEnum):
    """Where weights wait while they are not needed.

    NONE: nowhere, all are on the device. MODEL: each network is on the device for its stage and
    waits in the machine's memory. STAGE: each is read from the disk for its stage and let go
    after it. GROUP: blocks stream from the machine's memory through the device. DISK: blocks
    stream from the disk.
    """

    NONE = "none"
    MODEL = "model"
    STAGE = "stage"
    GROUP = "group"
    DISK = "disk"


class DeviceInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One place where a model can run. `kind` is "cpu", "cuda", "rocm" or "mps"."""

    id: str
    kind: str
    name: str
    memory_bytes: int
    free_bytes: int
    supports_bf16: bool = False


class PlanPart(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a job: the weights on the device then, and what its work takes beside them."""

    name: str
    weights_bytes: int
    working_bytes: int


class PlanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for a plan: on the engine's own devices, or on others that it does not have.

    `ram_bytes` and `disk_bytes` replace the engine's own where they are not 0.
    """

    recipe: Recipe
    devices: tuple[DeviceInfo, ...] = ()
    ram_bytes: int = 0
    disk_bytes: int = 0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast. Bytes are peaks over the whole job; `tokens` is the transformer's sequence.

    `recipe` is the recipe as it will be run, its size, length and rate being ones that the model
    makes. `vram_bytes` is 0 on a device that shares the machine's memory, whose peak is then all
    in `ram_bytes`. `device_free_bytes` and `ram_free_bytes` are what there was to plan with.

    `refusal` says why it cannot run here, and `nearest` is then the closest recipe that can, if
    there is one.
    """

    model: str
    device: str
    precision: Precision
    offload: Offload
    tiled_decode: bool
    tokens: int
    vram_bytes: int
    ram_bytes: int
    disk_bytes: int
    download_bytes: int
    seconds: float | None = None
    notes: tuple[str, ...] = ()
    refusal: ErrorInfo | None = None
    nearest: Recipe | None = None
    recipe: Recipe | None = None
    parts: tuple[PlanPart, ...] = ()
    device_name: str = ""
    device_free_bytes: int = 0
    ram_free_bytes: int = 0
