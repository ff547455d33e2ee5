"""Fetching an asset: on from what is here, verified by its hash, and only then named."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from pathlib import Path

import httpx

from engine.protocol import routes
from engine.protocol.assets import AssetRef
from studio.client.calls import Calls, refused
from studio.client.engine import TransferProgress
from studio.client.errors import EngineUnreachable, FileUnwritable, TransferDamaged
from studio.client.upload import FIRST_PAUSE_S, TRIES

_PIECE_BYTES = 1 << 20


class Download:
    """One asset on its way to a file. The unfinished part lies beside it, as NAME.part."""

    def __init__(
        self, calls: Calls, asset: AssetRef, path: Path, on_progress: TransferProgress | None
    ) -> None:
        self._calls = calls
        self._asset = asset
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._on_progress = on_progress

    def run(self) -> None:
        """Fetch, verify, rename.

        Raises: FileUnwritable, TransferDamaged, EngineClientError.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            is_resumed = self._part.exists()
            self._fetch_all()
            if not self._is_whole() and is_resumed:
                self._fetch_all()
                self._is_whole()
            self._name()
        except OSError as problem:
            raise _unwritable(self._path, problem) from problem

    def _fetch_all(self) -> None:
        failures = 0
        while (had := self._size()) < self._asset.size_bytes:
            try:
                self._calls.use(self._fetch)
            except EngineUnreachable:
                failures = 0 if self._size() > had else failures + 1
                if failures == TRIES:
                    raise
                time.sleep(FIRST_PAUSE_S * 2**failures)

    def _fetch(self, client: httpx.Client) -> None:
        offset = self._size()
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        path = routes.asset_path(self._asset.sha256)
        with client.stream("GET", path, headers=headers) as answer:
            if not answer.is_success:
                answer.read()
                raise refused(answer)
            with self._part.open("ab" if answer.status_code == 206 else "wb") as file:
                for piece in answer.iter_bytes(_PIECE_BYTES):
                    file.write(piece)
                    self._tell(file.tell())
                file.flush()
                os.fsync(file.fileno())

    def _is_whole(self) -> bool:
        """Whether the part is the asset; one that is not is removed."""
        with self._part.open("rb") as file:
            is_whole = hashlib.file_digest(file, "sha256").hexdigest() == self._asset.sha256
        if not is_whole:
            self._part.unlink()
        return is_whole

    def _name(self) -> None:
        if not self._part.exists():
            raise TransferDamaged(
                f"{self._path.name} arrived damaged and was thrown away. Fetch it again."
            )
        self._part.replace(self._path)

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _tell(self, done_bytes: int) -> None:
        if self._on_progress is not None:
            self._on_progress(done_bytes, self._asset.size_bytes)


def _unwritable(path: Path, problem: OSError) -> FileUnwritable:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return FileUnwritable(f"The disk that holds {path.parent} is full. Free some space there.")
    return FileUnwritable(
        f"{path} cannot be written: {problem.strerror or problem}. Choose another place."
    )
