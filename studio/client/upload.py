"""Giving an engine a file: only what it lacks, in pieces, from where it left off."""

from __future__ import annotations

import hashlib
import mimetypes
import time
from io import BufferedReader
from pathlib import Path

from engine.protocol import routes
from engine.protocol.assets import AssetRef, UploadStatus
from engine.protocol.codec import decode
from studio.client.calls import PATIENT, Calls, read
from studio.client.engine import TransferProgress
from studio.client.errors import EngineUnreachable, FileUnreadable

PIECE_BYTES = 4 * 2**20
TRIES = 5
"""How often in a row a transfer may fail without having got any further."""

FIRST_PAUSE_S = 0.5
_CONFLICT = 409
"""Someone else has sent a part of it meanwhile; the answer says how much."""


class Upload:
    """One file on its way to an engine."""

    def __init__(self, calls: Calls, path: Path, on_progress: TransferProgress | None) -> None:
        self._calls = calls
        self._path = path
        self._on_progress = on_progress

    def run(self, media_type: str | None) -> AssetRef:
        """Send what the engine lacks, and return the asset's name.

        Raises: FileUnreadable, EngineClientError.
        """
        try:
            with self._path.open("rb") as file:
                asset = self._describe(file, media_type)
                self._send(file, asset)
        except OSError as problem:
            raise FileUnreadable(
                f"{self._path} cannot be read: {problem.strerror or problem}."
                " Check that it is there and may be read."
            ) from problem
        return asset

    def _describe(self, file: BufferedReader, media_type: str | None) -> AssetRef:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if file.tell() == 0:
            raise FileUnreadable(f"{self._path} is empty. Choose another file.")
        guess = media_type or mimetypes.guess_type(self._path.name)[0]
        return AssetRef(
            sha256=sha256,
            size_bytes=file.tell(),
            media_type=guess or "application/octet-stream",
        )

    def _send(self, file: BufferedReader, asset: AssetRef) -> None:
        failures, status = 0, self._status(asset)
        while not status.complete:
            self._tell(status.received_bytes, asset)
            try:
                status = self._piece(file, asset, status.received_bytes)
                failures = 0
            except EngineUnreachable:
                failures += 1
                if failures == TRIES:
                    raise
                time.sleep(FIRST_PAUSE_S * 2**failures)
                status = self._status(asset)
        self._tell(asset.size_bytes, asset)

    def _status(self, asset: AssetRef) -> UploadStatus:
        return self._calls.get(routes.upload_path(asset.sha256), UploadStatus)

    def _piece(self, file: BufferedReader, asset: AssetRef, offset: int) -> UploadStatus:
        file.seek(offset)
        data = file.read(PIECE_BYTES)
        if not data:
            raise FileUnreadable(f"{self._path} has become shorter. Import it again.")
        span = f"bytes {offset}-{offset + len(data) - 1}/{asset.size_bytes}"
        answer = self._calls.call(
            "PUT", routes.asset_path(asset.sha256), data, {"Content-Range": span}, PATIENT
        )
        if answer.status_code == _CONFLICT:
            return decode(answer.content, UploadStatus)
        return read(answer, UploadStatus)

    def _tell(self, done_bytes: int, asset: AssetRef) -> None:
        if self._on_progress is not None:
            self._on_progress(done_bytes, asset.size_bytes)
