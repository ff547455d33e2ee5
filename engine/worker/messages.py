"""What server and worker say to each other over their pipe. Both run the same version of it.

A frame is four bytes of length, little-endian, and one msgpack message.
"""

from __future__ import annotations

import struct
import threading
from typing import BinaryIO

import msgspec

from engine.protocol.assets import Output
from engine.protocol.errors import ErrorInfo
from engine.protocol.models import ModelCard
from engine.protocol.plans import DeviceInfo, Plan
from engine.protocol.recipes import Recipe


class RunJob(msgspec.Struct, frozen=True, kw_only=True, tag="run"):
    """To the worker: make this. Paths are on its machine; `scratch` exists and is empty."""

    job_id: str
    recipe: Recipe
    card: ModelCard
    weights: str
    plan: Plan
    assets: dict[str, str]
    scratch: str


class CancelJob(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """To the worker: stop that job at its next report."""

    job_id: str


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """From the worker: its imports are done and this is its device."""

    device: DeviceInfo


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, tag="heartbeat"):
    """From the worker, every second: it is not stuck, and this much memory a job could have."""

    free_bytes: int


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """From the worker: how far the job is."""

    job_id: str
    phase: str
    step: int
    steps: int | None
    seconds_left: float | None
    preview: bytes | None


class SavedOutput(msgspec.Struct, frozen=True, kw_only=True):
    """A product and the file in `scratch` that holds it, hashed and flushed to the disk."""

    output: Output
    path: str


class Finished(msgspec.Struct, frozen=True, kw_only=True, tag="finished"):
    """From the worker: the job's products, and what they took."""

    job_id: str
    outputs: tuple[SavedOutput, ...]
    model_s: float
    notes: tuple[str, ...]
    peak_ram_bytes: int
    peak_vram_bytes: int


class Broke(msgspec.Struct, frozen=True, kw_only=True, tag="broke"):
    """From the worker: the job failed and the worker lives."""

    job_id: str
    error: ErrorInfo
    notes: tuple[str, ...] = ()


class Stopped(msgspec.Struct, frozen=True, kw_only=True, tag="stopped"):
    """From the worker: the job was cancelled."""

    job_id: str


ToWorker = RunJob | CancelJob
FromWorker = Ready | Heartbeat | Progress | Finished | Broke | Stopped

HEADER = struct.Struct("<I")
_to_worker = msgspec.msgpack.Decoder(ToWorker)
_from_worker = msgspec.msgpack.Decoder(FromWorker)


def frame(message: ToWorker | FromWorker) -> bytes:
    """A message as it travels."""
    body = msgspec.msgpack.encode(message)
    return HEADER.pack(len(body)) + body


def parse_to_worker(body: bytes) -> ToWorker:
    """The message in a frame's body, as the worker reads it."""
    return _to_worker.decode(body)


def parse_from_worker(body: bytes) -> FromWorker:
    """The message in a frame's body, as the server reads it."""
    return _from_worker.decode(body)


class WorkerEnd:
    """The worker's end of the pipe. Any thread may send; one thread receives."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._sending = threading.Lock()

    def send(self, message: FromWorker) -> None:
        """Send one message, whole."""
        data = frame(message)
        with self._sending:
            self._outgoing.write(data)
            self._outgoing.flush()

    def receive(self) -> ToWorker | None:
        """The next message, or None once the server has gone."""
        header = self._incoming.read(HEADER.size)
        if len(header) < HEADER.size:
            return None
        (length,) = HEADER.unpack(header)
        body = self._incoming.read(length)
        return parse_to_worker(body) if len(body) == length else None
