"""The asset store: immutable files named by their SHA-256, and parts of ones still arriving.

It is a cache with a bound: the films' own media lies with their projects. What a job or an
uncollected result needs is never let go. Methods block on the disk; the routes call them on
threads.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadRequest, DiskFull, EngineError, Internal, NotFound
from engine.protocol.assets import UploadStatus

DEFAULT_BOUND_BYTES = 20 * 2**30
JUST_USED_S = 3600.0
"""What was stored or read so recently is kept: its job may be about to be queued."""

STALE_PART_S = 7 * 86400.0
_HASH_PIECE_BYTES = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


class WrongOffset(Exception):
    """A part that does not begin where the engine's copy ends; `status` says where that is."""

    def __init__(self, status: UploadStatus) -> None:
        super().__init__("wrong offset")
        self.status = status


@dataclass(frozen=True, slots=True)
class _Stored:
    path: Path
    size_bytes: int
    used_at_s: float


class AssetStore:
    """Files below one folder; `needed` names what must not be let go."""

    def __init__(
        self,
        folder: Path,
        needed: Callable[[], set[str]],
        bound_bytes: int = DEFAULT_BOUND_BYTES,
    ) -> None:
        self._kept = folder / "kept"
        self._arriving = folder / "arriving"
        self._needed = needed
        self._bound_bytes = bound_bytes
        self._lock = threading.Lock()
        self._kept.mkdir(parents=True, exist_ok=True)
        self._arriving.mkdir(exist_ok=True)
        self._remove_stale_parts()

    def find(self, sha256: str) -> Path | None:
        """The asset's file, noted as used now; None if it is not here."""
        path = self._path(sha256)
        if not path.exists():
            return None
        os.utime(path)
        return path

    def path(self, sha256: str) -> Path:
        """The asset's file.

        Raises: NotFound.
        """
        path = self.find(sha256)
        if path is None:
            raise NotFound(f"The engine has no asset {sha256[:12]}.", "Upload it first.")
        return path

    def status(self, sha256: str) -> UploadStatus:
        """How much of an asset is here."""
        for path, complete in ((self._path(sha256), True), (self._part(sha256), False)):
            if path.exists():
                return UploadStatus(
                    sha256=sha256, received_bytes=path.stat().st_size, complete=complete
                )
        return UploadStatus(sha256=sha256, received_bytes=0, complete=False)

    def append(self, sha256: str, offset: int, size_bytes: int, data: bytes) -> UploadStatus:
        """Add bytes to an arriving asset; with the last of them it is verified and kept.

        Raises: WrongOffset, BadRequest (the bytes are not that asset), DiskFull.
        """
        with self._lock:
            status = self.status(sha256)
            if status.complete:
                return status
            if status.received_bytes != offset:
                raise WrongOffset(status)
            self._write_part(sha256, offset, data)
            if offset + len(data) == size_bytes:
                self._verify(sha256)
        return self.status(sha256)

    def adopt(self, file: Path, sha256: str) -> None:
        """Keep a file that a worker has hashed and flushed; it is moved."""
        with self._lock:
            self._keep(file, sha256)

    def make_room(self, bound_bytes: int | None = None) -> int:
        """Let go of the longest unused until the bound, or this one, is kept; -> bytes freed."""
        with self._lock:
            return self._let_go_beyond(self._bound_bytes if bound_bytes is None else bound_bytes)

    def _path(self, sha256: str) -> Path:
        return self._kept / sha256[:2] / sha256

    def _part(self, sha256: str) -> Path:
        return self._arriving / f"{sha256}.part"

    def _write_part(self, sha256: str, offset: int, data: bytes) -> None:
        """A part that met a full disk is cut back to what it was, and tried again with room."""
        part = self._part(sha256)
        try:
            _append(part, data)
        except OSError as problem:
            _cut(part, offset)
            if problem.errno not in _FULL or not self._let_go_beyond(0):
                raise self._as_sentence(problem) from problem
            self._write_part(sha256, offset, data)

    def _verify(self, sha256: str) -> None:
        part = self._part(sha256)
        if _hash_flushed(part) != sha256:
            part.unlink()
            raise BadRequest(
                f"The upload of {sha256[:12]} arrived damaged and was thrown away.",
                "Upload it again.",
            )
        self._keep(part, sha256)

    def _keep(self, file: Path, sha256: str) -> None:
        path = self._path(sha256)
        try:
            path.parent.mkdir(exist_ok=True)
            file.replace(path)
            _flush_folder(path.parent)
        except OSError as problem:
            raise self._as_sentence(problem) from problem
        os.utime(path)

    def _let_go_beyond(self, bound_bytes: int) -> int:
        stored = sorted(self._stored(), key=lambda item: item.used_at_s)
        excess = sum(item.size_bytes for item in stored) - bound_bytes
        if excess <= 0:
            return 0
        needed, freed = self._needed(), 0
        for item in stored:
            if freed >= excess or time.time() - item.used_at_s < JUST_USED_S:
                break
            if item.path.name in needed or item.path.stat().st_mtime != item.used_at_s:
                continue
            item.path.unlink()
            freed += item.size_bytes
        return freed

    def _stored(self) -> Iterator[_Stored]:
        for path in self._kept.glob("??/*"):
            facts = path.stat()
            yield _Stored(path, facts.st_size, facts.st_mtime)

    def _remove_stale_parts(self) -> None:
        for part in self._arriving.iterdir():
            if time.time() - part.stat().st_mtime > STALE_PART_S:
                part.unlink()

    def _as_sentence(self, problem: OSError) -> EngineError:
        if problem.errno in _FULL:
            free = shutil.disk_usage(self._kept).free // 2**20
            return DiskFull(
                f"The engine's disk is full: {free} MB are free in {self._kept.parent}.",
                "Free some space there and send it again.",
            )
        return Internal(
            f"The engine could not write to {self._kept.parent}: {problem.strerror}.",
            "Check that the folder may be written.",
        )


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def _cut(path: Path, size_bytes: int) -> None:
    if path.exists():
        os.truncate(path, size_bytes)


def _hash_flushed(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("r+b") as file:
        while piece := file.read(_HASH_PIECE_BYTES):
            digest.update(piece)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    """A rename is on the disk once its folder is; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
