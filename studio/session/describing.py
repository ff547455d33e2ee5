"""Describing: a file on disk as an asset of the project. It reads the file and changes nothing."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from studio.document.fingerprint import fingerprint
from studio.document.model.asset import Asset, AssetKind, AudioFacts, VideoFacts
from studio.document.time import ZERO, Rate, Rounding, Time
from studio.document.timecode import parse_timecode
from studio.media.errors import FileUnreadable
from studio.media.facts import AudioFacts as FoundSound
from studio.media.facts import MediaFacts, Scan, Transfer
from studio.media.facts import VideoFacts as FoundPicture
from studio.media.fingerprint import unreadable
from studio.session.numbered import is_row

TOOLS = {".cube": AssetKind.LUT, ".ttf": AssetKind.FONT, ".otf": AssetKind.FONT}


def describe(path: Path, project_folder: Path) -> Asset:
    """What an asset of this file would be; its id is given by the document. Blocks.

    Raises:
        MediaError: the file cannot be read or is no media.
    """
    kind = TOOLS.get(path.suffix.lower())
    if kind is not None:
        return _tool(path, project_folder, kind)
    from studio.media.probe import probe

    return _asset(probe(path), path, project_folder)


def relative_to(path: Path, folder: Path) -> str:
    """A path as a project stores it: relative when it lies in or below the project's folder."""
    whole, base = path.resolve(), folder.resolve()
    return whole.relative_to(base).as_posix() if whole.is_relative_to(base) else str(whole)


def _tool(path: Path, folder: Path, kind: AssetKind) -> Asset:
    if not path.is_file():
        raise FileUnreadable(f"{path} does not exist. Check the name.")
    return Asset(
        id="",
        name=path.stem,
        kind=kind,
        path=relative_to(path, folder),
        fingerprint=_fingerprint(path),
        size_bytes=path.stat().st_size,
    )


def _asset(facts: MediaFacts, path: Path, folder: Path) -> Asset:
    picture = facts.video
    still = picture is not None and picture.still
    rate = Rate.of(picture.rate) if picture is not None and not still else None
    duration = ZERO if still else _length(facts, rate)
    return Asset(
        id="",
        name=path.name,
        kind=AssetKind.STILL if still else AssetKind.VIDEO if picture else AssetKind.AUDIO,
        path=relative_to(path, folder),
        fingerprint=_fingerprint(path),
        size_bytes=facts.size_bytes,
        media_type=mimetypes.guess_type(path.name)[0] or "",
        duration=duration,
        start_timecode=_timecode(facts.timecode, rate),
        video=(_picture(picture),) if picture is not None else (),
        audio=tuple(_sound(sound) for sound in facts.audio),
    )


def _length(facts: MediaFacts, rate: Rate | None) -> Time:
    """Whole frames where there is a picture, so that a clip of it all ends on a frame."""
    exact = Time.of_seconds(facts.duration)
    if rate is None:
        return exact
    return Time(max(1, exact.ticks(rate, Rounding.FLOOR)), rate)


def _timecode(text: str | None, rate: Rate | None) -> Time | None:
    if not text or rate is None:
        return None
    try:
        return Time(parse_timecode(text, rate), rate)
    except ValueError:  # cameras write all sorts of things; the film does not depend on it
        return None


def _picture(found: FoundPicture) -> VideoFacts:
    width, height = found.width, found.height
    if found.rotation in (90, 270):
        width, height = height, width
    transfer = found.colour.transfer
    return VideoFacts(
        width=width,
        height=height,
        rate=Rate.of(found.rate) if found.rate > 0 else Rate(25),
        frames=found.frame_count,
        codec=found.codec,
        pixel_aspect=found.pixel_aspect,
        rotation_degrees=found.rotation,
        variable_rate=found.variable_rate,
        interlaced=found.scan is not Scan.PROGRESSIVE,
        has_alpha=found.alpha,
        bit_depth=found.colour.bit_depth,
        colour=found.colour.matrix.value if transfer is Transfer.SDR else transfer.value,
    )


def _sound(found: FoundSound) -> AudioFacts:
    return AudioFacts(
        sample_rate_hz=found.rate,
        channels=found.channels,
        samples=round(found.duration * found.rate),
        codec=found.codec,
        layout=found.layout,
    )


def _fingerprint(path: Path) -> str:
    """The document's own, by which it finds footage again; "" for a row of pictures.

    Raises: FileUnreadable.
    """
    if is_row(path):
        return ""
    try:
        return fingerprint(path)
    except OSError as error:
        raise unreadable(path, error) from error
