"""Uncompressed WAV read straight from the file: where the samples lie, and their peaks.

Handles RIFF, RF64 and WAVE_FORMAT_EXTENSIBLE with 16, 24 and 32 bit integers and 32 bit floats.
Anything else, and anything odd, is left to libav.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
UNKNOWN_SIZE = 0xFFFFFFFF
BLOCK_BYTES = 16 * 1024 * 1024
MAX_CHUNKS = 64


@dataclass(frozen=True, slots=True)
class Pcm:
    """Where samples lie in a file, interleaved; `kind` is "i2", "i3", "i4" or "f4"."""

    path: Path
    rate: int
    channels: int
    kind: str
    start_byte: int
    size_bytes: int

    @property
    def bytes_per_sample(self) -> int:
        return int(self.kind[1])


def find_pcm(path: Path) -> Pcm | None:
    """Where a WAV file's samples lie; None where it is something else."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            if head[:4] not in (b"RIFF", b"RF64") or head[8:12] != b"WAVE":
                return None
            return _find(path, file, path.stat().st_size)
    except (OSError, struct.error):
        return None


def _find(path: Path, file: BinaryIO, file_bytes: int) -> Pcm | None:
    form: tuple[int, int, str] | None = None
    for _ in range(MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return None
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            start = file.tell()
            held = file_bytes - start if size in (0, UNKNOWN_SIZE) else size
            if form is None:
                return None
            return Pcm(path, form[0], form[1], form[2], start, min(held, file_bytes - start))
        if name == b"fmt ":
            form = _format(file.read(size))
            if form is None:
                return None
            file.seek(size % 2, 1)
        else:
            file.seek(size + size % 2, 1)
    return None


def _format(body: bytes) -> tuple[int, int, str] | None:
    """Rate, channels and kind."""
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if code == EXTENSIBLE and len(body) >= 26:
        (code,) = struct.unpack_from("<H", body, 24)
    kind = {(PCM, 16): "i2", (PCM, 24): "i3", (PCM, 32): "i4", (FLOAT, 32): "f4"}.get((code, bits))
    if kind is None or not 1 <= channels <= 64 or not 1000 <= rate <= 1_000_000:
        return None
    return rate, channels, kind


def pcm_blocks(pcm: Pcm, step: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Lowest and highest of every `step` samples, all channels together, int16 (n,) twice."""
    piece = step * pcm.channels * pcm.bytes_per_sample
    block = max(1, BLOCK_BYTES // piece) * piece
    whole = pcm.size_bytes // (pcm.channels * pcm.bytes_per_sample)
    left = whole * pcm.channels * pcm.bytes_per_sample
    buffer = bytearray(min(block, left))
    with pcm.path.open("rb", buffering=0) as file:
        file.seek(pcm.start_byte)
        while left > 0:
            view = memoryview(buffer)[: min(block, left)]
            read = file.readinto(view)
            if not read:
                return
            left -= read
            yield from _peaks(np.frombuffer(view[:read], np.uint8), pcm, piece)


def _peaks(data: np.ndarray, pcm: Pcm, piece: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    whole = len(data) // piece * piece
    if whole:
        pieces = _as_int16(data[:whole], pcm.kind).reshape(whole // piece, -1)
        yield pieces.min(axis=1), pieces.max(axis=1)
    rest = data[whole : len(data) - (len(data) - whole) % pcm.bytes_per_sample]
    if len(rest):
        last = _as_int16(rest, pcm.kind)
        yield last.min().reshape(1), last.max().reshape(1)


def _as_int16(data: np.ndarray, kind: str) -> np.ndarray:
    match kind:
        case "i2":
            return data.view("<i2")
        case "i3":
            return np.ascontiguousarray(data.reshape(-1, 3)[:, 1:]).view("<i2")[:, 0]
        case "i4":
            return data.view("<i2").reshape(-1, 2)[:, 1]
        case _:
            return (np.clip(data.view("<f4"), -1, 1) * 32767).astype(np.int16)
