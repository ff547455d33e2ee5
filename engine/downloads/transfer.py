"""One file from a server to the disk: resumed where it stopped, verified, and only then named."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from engine.downloads.errors import DownloadFailed, reason
from engine.downloads.manifest import PinnedFile
from engine.errors import BadWeights, DiskFull

PART = ".part"
PIECE_BYTES = 1 << 20
_TRIES_WITHOUT_PROGRESS = 5
_LONGEST_PAUSE_S = 8.0
_FULL = (errno.ENOSPC, errno.EDQUOT)
_RESTART = (200, 416)
_RETRIED = (429, 500, 502, 503, 504)

OnBytes = Callable[[int], None]
"""Called with the bytes of this file that are here; it may raise to stop the transfer."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a transfer that gets nowhere is tried again, and the first pause before it."""

    tries: int = _TRIES_WITHOUT_PROGRESS
    pause_s: float = 0.5


class _Broken(Exception):
    """The connection ended before the file did; trying again may help."""


def fetch(
    client: httpx.Client,
    url: str,
    file: PinnedFile,
    target: Path,
    on_bytes: OnBytes,
    patience: Patience = Patience(),
) -> None:
    """Bring `file` from `url` to `target`, going on from a `.part` left by an earlier try.

    A part that turns out wrong is fetched once more from its start.

    Raises: DownloadFailed, BadWeights, DiskFull; whatever `on_bytes` raises.
    """
    part = target.with_name(target.name + PART)
    target.parent.mkdir(parents=True, exist_ok=True)
    resumed = part.exists()
    _fetch_part(client, url, file, part, on_bytes, patience)
    if not matches(part, file):
        part.unlink()
        if not resumed:
            raise _damaged(file)
        _fetch_part(client, url, file, part, on_bytes, patience)
        if not matches(part, file):
            part.unlink()
            raise _damaged(file)
    part.replace(target)


def matches(path: Path, file: PinnedFile, on_bytes: OnBytes | None = None) -> bool:
    """Whether a file on the disk has the pinned size and hash."""
    if path.stat().st_size != file.size_bytes:
        return False
    if file.sha256:
        return digest(path, hashlib.sha256(), on_bytes) == file.sha256
    blob = hashlib.sha1(f"blob {file.size_bytes}\0".encode(), usedforsecurity=False)
    return digest(path, blob, on_bytes) == file.git_sha1


def digest(path: Path, hasher: hashlib._Hash, on_bytes: OnBytes | None = None) -> str:
    """Hash of a file, in hex."""
    done = 0
    with path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            hasher.update(piece)
            done += len(piece)
            if on_bytes is not None:
                on_bytes(done)
    return hasher.hexdigest()


def _fetch_part(
    client: httpx.Client,
    url: str,
    file: PinnedFile,
    part: Path,
    on_bytes: OnBytes,
    patience: Patience,
) -> None:
    """Make `part` as long as the file, trying again while that leads anywhere."""
    tries, before = 0, -1
    while (have := _size(part)) < file.size_bytes or not part.exists():
        tries = 0 if have > before else tries + 1
        before = max(before, have)
        if tries:
            time.sleep(min(patience.pause_s * 2 ** (tries - 1), _LONGEST_PAUSE_S))
        try:
            _receive(client, url, part, have, on_bytes)
        except (_Broken, httpx.HTTPError) as problem:
            if tries + 1 >= patience.tries or _is_final(problem):
                raise _failed(file, problem) from problem
        except OSError as problem:
            _raise_for_disk(problem, part)


def _receive(client: httpx.Client, url: str, part: Path, have: int, on_bytes: OnBytes) -> None:
    """Append what the server sends from byte `have` on."""
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with client.stream("GET", url, headers=headers) as response:
        if have and response.status_code in _RESTART:
            part.unlink()
            raise _Broken("the server cannot go on where it stopped")
        response.raise_for_status()
        with part.open("ab") as stream:
            for piece in response.iter_raw():  # as they come: what waits in a buffer is lost
                stream.write(piece)
                have += len(piece)
                on_bytes(have)
            stream.flush()
            os.fsync(stream.fileno())


def _is_final(problem: Exception) -> bool:
    """Whether the server said something that will not change by asking again."""
    if not isinstance(problem, httpx.HTTPStatusError):
        return False
    return problem.response.status_code not in _RETRIED


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _failed(file: PinnedFile, problem: Exception) -> DownloadFailed:
    why = reason(problem) if isinstance(problem, httpx.HTTPError) else str(problem)
    return DownloadFailed(
        f"{file.path} could not be downloaded: {why}.",
        "Run the command again; it goes on where it stopped.",
    )


def _damaged(file: PinnedFile) -> BadWeights:
    return BadWeights(
        f"{file.path} arrived with other contents than its hash says, and was thrown away.",
        "Run the command again; if it happens again, the source or the line is at fault.",
    )


def _raise_for_disk(problem: OSError, part: Path) -> None:
    if problem.errno in _FULL:
        raise DiskFull(
            f"The disk that holds {part.parent} is full.",
            "Free some space and run the command again; it goes on where it stopped.",
        ) from problem
    raise DownloadFailed(
        f"{part} cannot be written: {problem.strerror}.", "Check that the folder may be written."
    ) from problem
