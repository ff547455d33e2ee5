"""Measurements kept on disk by the hash of what was measured; a kill leaves whole files or none."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from engine.training.curation.facts import (
    MEASURED_AS,
    Measurement,
    as_plain,
    measurement_from,
)

FOLDER = "measured"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that its name never stands for half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(data)
    partial.replace(path)


def keep(folder: Path, sha256: str, measured: Measurement) -> None:
    """Keep what was measured of the file with that hash."""
    write_whole(_path(folder, sha256), msgspec.msgpack.encode(as_plain(measured)))


def kept(folder: Path, sha256: str) -> Measurement | None:
    """What was measured, or None where nothing is kept that this version can use."""
    try:
        found = measurement_from(msgspec.msgpack.decode(_path(folder, sha256).read_bytes()))
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return found if found.measured_as == MEASURED_AS else None


def _path(folder: Path, sha256: str) -> Path:
    return folder / FOLDER / f"{sha256}.msgpack"
