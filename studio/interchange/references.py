"""Media references: assets as OpenTimelineIO names them, by the address of a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

import opentimelineio as otio

from studio.document.model.asset import Asset, AssetKind, AudioFacts, VideoFacts
from studio.document.model.sequence import TrackKind
from studio.document.time import ZERO, Rate, Rounding, Time
from studio.interchange.payload import attach
from studio.interchange.times import exact_rate, from_otio, to_otio

_STILLS = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif", ".heic", ".exr"}
_SOUNDS = {".wav", ".mp3", ".aac", ".m4a", ".flac", ".ogg", ".opus", ".aif", ".aiff", ".wma"}


def media_rate(asset: Asset, fallback: Rate) -> Rate:
    """The rate in which an asset's times are written: its frames', or the sequence's for sound."""
    return asset.video[0].rate if asset.video else fallback


def first_time(asset: Asset, rate: Rate) -> Time:
    """The time that other editors give an asset's first frame: the camera's timecode, if any."""
    start = asset.start_timecode if asset.start_timecode is not None else asset.start
    return start.at(rate, Rounding.NEAREST)


def to_reference(asset: Asset, folder: Path, rate: Rate) -> otio.schema.ExternalReference:
    """An asset's file, with the range of media it has; relative paths lie in `folder`."""
    path = Path(asset.path)
    address = (path if path.is_absolute() else folder / path).absolute().as_uri()
    available = None
    if asset.duration:
        own = media_rate(asset, rate)
        available = otio.opentime.TimeRange(
            to_otio(first_time(asset, own), own), to_otio(asset.duration, own)
        )
    reference = otio.schema.ExternalReference(address, available)
    reference.name = asset.name
    attach(reference, asset)
    return reference


def described(
    reference: otio.schema.ExternalReference, path: Path, asset_id: str, kind: TrackKind
) -> Asset:
    """The asset that another program's reference names, as far as it says; no file is opened."""
    available = reference.available_range
    start = from_otio(available.start_time) if available else ZERO
    asset = Asset(
        id=asset_id,
        name=reference.name or path.name or "Media",
        kind=_kind(path, kind),
        path=str(path),
        duration=from_otio(available.duration) if available else ZERO,
        start_timecode=start or None,
    )
    if asset.kind is AssetKind.STILL:
        asset = replace(asset, duration=ZERO, start_timecode=None)
    return _with_streams(asset, exact_rate(available.duration.rate) if available else Rate(24))


def _kind(path: Path, kind: TrackKind) -> AssetKind:
    suffix = path.suffix.lower()
    if suffix in _STILLS:
        return AssetKind.STILL
    if suffix in _SOUNDS or (kind is TrackKind.AUDIO and not suffix):
        return AssetKind.AUDIO
    return AssetKind.VIDEO


def _with_streams(asset: Asset, rate: Rate) -> Asset:
    """Streams as they may be expected; the truth is found when the file is opened."""
    if asset.kind is AssetKind.AUDIO:
        samples = asset.duration.ticks(Rate(48_000), Rounding.FLOOR)
        sound = AudioFacts(sample_rate_hz=48_000, channels=2, samples=samples)
        return replace(asset, audio=(sound,))
    frames = max(1, asset.duration.ticks(rate, Rounding.FLOOR))
    return replace(asset, video=(VideoFacts(width=0, height=0, rate=rate, frames=frames),))


def path_of(address: str) -> Path:
    """The path that a media address means: a file URL, or a path as some programs write it."""
    parsed = urlparse(address)
    if parsed.scheme == "file":
        host = f"//{parsed.netloc}" if parsed.netloc not in ("", "localhost") else ""
        return Path(url2pathname(host + parsed.path))
    return Path(unquote(address))
