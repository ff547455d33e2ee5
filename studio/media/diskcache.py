"""Files that can be made again, kept under the user's cache folder: waveforms, thumbnails.

A cache never makes anything fail: what cannot be read is made anew, what cannot be written is
used and forgotten.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from studio.media.fingerprint import fingerprint

log = logging.getLogger(__name__)

KINDS = ("thumbnails", "waveforms", "motion", "proxies")
"""The caches that may lie in one folder, each in a folder of its own."""

OWN_NAME = re.compile(r"(\d+-)?[0-9a-f]{32,40}")
"""How files of a cache are named: by what they were made from."""


class DiskCache:
    """Small files by name in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> bytes | None:
        """The bytes of a name, None where there are none."""
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Keep bytes, whole or not at all."""
        part = self.folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(self.folder / name)
        except OSError as error:
            log.warning("The cache at %s cannot be written: %s", self.folder, error)
            with suppress(OSError):
                part.unlink(missing_ok=True)


def keep_within(folder: Path, limit_bytes: int) -> int:
    """Delete what was left alone longest of the caches in a folder until the rest fit; bytes freed.

    Whatever else lies there stays, and so does what is being written or may not be deleted.
    """
    held = sorted(file for kind in KINDS for file in _files(folder / kind))
    over = sum(size for _, size, _ in held) - limit_bytes
    freed = 0
    for _, size, path in held:
        if freed >= over:
            break
        with suppress(OSError):
            path.unlink()
            freed += size
    return freed


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each file of a cache was last written or used, its bytes, and where it is."""
    for path in folder.glob("*"):
        with suppress(OSError):
            if OWN_NAME.fullmatch(path.stem) and path.is_file():
                about = path.stat()
                yield about.st_mtime, about.st_size, path


def cache_folder(kind: str) -> Path:
    """Where caches of a kind lie for this user."""
    return user_cache_path("workprint", appauthor=False) / kind


def name_for(path: Path, *parts: object) -> str:
    """A cache name that changes when the file does.

    Raises:
        FileUnreadable: the file cannot be read.
    """
    told = "/".join([fingerprint(path), *(str(part) for part in parts)])
    return hashlib.sha256(told.encode()).hexdigest()[:40]
