"""Names for bytes: the SHA-256 of a file, and a quick fingerprint to find moved footage by.

The fingerprint reads at most 192 KiB, so that a folder of camera files is searched in
seconds; it says "surely the same file", while the SHA-256 proves it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from studio.media.errors import FileUnreadable

SAMPLE_BYTES = 64 * 1024
CHUNK_BYTES = 1024 * 1024


def fingerprint(path: Path) -> str:
    """Size and a hash of head, middle and tail, as `size-hexdigest`.

    Raises:
        FileUnreadable: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return _fingerprint(file, path.stat().st_size)
    except OSError as error:
        raise unreadable(path, error) from error


def sha256(path: Path, should_cancel: Callable[[], bool] | None = None) -> str:
    """SHA-256 of the whole file in lower-case hex; an empty string when cancelled.

    Raises:
        FileUnreadable: the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                if should_cancel is not None and should_cancel():
                    return ""
                digest.update(chunk)
    except OSError as error:
        raise unreadable(path, error) from error
    return digest.hexdigest()


def unreadable(path: Path, error: OSError) -> FileUnreadable:
    """The sentence for a file that cannot be opened."""
    if isinstance(error, FileNotFoundError):
        return FileUnreadable(f"{path} does not exist. Check the name, or relink the footage.")
    if isinstance(error, IsADirectoryError):
        return FileUnreadable(f"{path} is a folder. Choose a file in it.")
    if isinstance(error, PermissionError):
        return FileUnreadable(f"{path} may not be read. Change its permissions, or copy it.")
    return FileUnreadable(f"{path} cannot be read ({error.strerror or error}). Check the disk.")


def _fingerprint(file: BinaryIO, size_bytes: int) -> str:
    digest = hashlib.sha256(str(size_bytes).encode())
    starts = {0, max(0, (size_bytes - SAMPLE_BYTES) // 2), max(0, size_bytes - SAMPLE_BYTES)}
    for start in sorted(starts):
        file.seek(start)
        digest.update(file.read(SAMPLE_BYTES))
    return f"{size_bytes}-{digest.hexdigest()[:32]}"
