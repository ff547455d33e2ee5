"""Assets: immutable bytes named by their SHA-256."""

from __future__ import annotations

import msgspec


class AssetRef(msgspec.Struct, frozen=True, kw_only=True):
    """A name for stored bytes. `media_type` is an IANA type such as "video/mp4"."""

    sha256: str
    size_bytes: int
    media_type: str


class UploadStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How much of an asset the engine already holds; an upload goes on from `received_bytes`."""

    sha256: str
    received_bytes: int
    complete: bool


class MediaInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a generated asset contains. `rate` is frames per second as "num/den"."""

    width: int = 0
    height: int = 0
    frames: int = 0
    rate: str = ""
    sample_rate_hz: int = 0
    has_alpha: bool = False


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """One product of a job."""

    asset: AssetRef
    media: MediaInfo
    name: str = "output"
