"""A job's products on their way to the disk: hashed, flushed, and only then named."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import NoReturn

from engine.errors import DiskFull, Internal

_PIECE_BYTES = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


def keep(content: Path | bytes, folder: Path) -> tuple[Path, str, int]:
    """Put content into `folder` under its hash; -> file, SHA-256, size in bytes.

    Raises: DiskFull.
    """
    folder.mkdir(exist_ok=True)
    try:
        source = _written(content, folder) if isinstance(content, bytes) else content
        sha256 = _flush_and_hash(source)
        kept = folder / sha256
        source.replace(kept)
    except OSError as problem:
        raise_for_disk(problem, folder)
    return kept, sha256, kept.stat().st_size


def raise_for_disk(problem: OSError, folder: Path) -> NoReturn:
    """Turn an error of writing below `folder` into a sentence."""
    if problem.errno in _FULL:
        raise DiskFull(
            f"The disk that holds {folder} is full.",
            "Free some space there and run it again; nothing unfinished was kept.",
        ) from problem
    raise Internal(
        f"The engine could not write to {folder}: {problem.strerror or problem}.",
        "Check that the folder may be written.",
    ) from problem


def _written(content: bytes, folder: Path) -> Path:
    path = folder / "unnamed"
    path.write_bytes(content)
    return path


def _flush_and_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("r+b") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
        os.fsync(file.fileno())
    return digest.hexdigest()
