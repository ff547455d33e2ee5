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
    """Where weights wait while they are not needed."""

    NONE = "none"
    MODEL = "model"
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


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast. Bytes are peaks over the whole job; `tokens` is the transformer's sequence.

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
