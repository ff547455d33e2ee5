"""Fingerprints: telling quickly whether a file is the one an asset was made from.

A fingerprint is the size and a hash of the first and last megabyte, so that footage of any length
is known again in milliseconds. Whole files are named by their SHA-256, which reads them whole.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from studio.document.model.asset import Asset
from studio.document.model.record import Id

_END_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 22


def fingerprint(path: Path) -> str:
    """A file's fingerprint: "size-hash".

    Raises: OSError when the file cannot be read.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha256(file.read(_END_BYTES))
        if size > _END_BYTES:
            file.seek(max(_END_BYTES, size - _END_BYTES))
            digest.update(file.read(_END_BYTES))
    return f"{size}-{digest.hexdigest()[:32]}"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a whole file, in hexadecimal.

    Raises: OSError when the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def search(folder: Path, missing: Iterable[Asset]) -> dict[Id, Path]:
    """Find missing assets in a folder and all folders in it, by fingerprint, whatever their names.

    Only files as large as one that is missing are opened. Files that cannot be read are passed by.
    """
    wanted: dict[int, dict[str, list[Id]]] = {}
    for asset in missing:
        size = asset.fingerprint.partition("-")[0]
        if size.isdigit():
            wanted.setdefault(int(size), {}).setdefault(asset.fingerprint, []).append(asset.id)
    found: dict[Id, Path] = {}
    for path, size in _files(folder):
        if size in wanted:
            found.update(dict.fromkeys(_matches(path, wanted[size]), path))
    return found


def _matches(path: Path, wanted: dict[str, list[Id]]) -> list[Id]:
    try:
        return wanted.pop(fingerprint(path), [])
    except OSError:
        return []


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    """Every file under a folder with its size, in a steady order."""
    for directory, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(directory, name)
            try:
                yield path, path.stat().st_size
            except OSError:
                continue
