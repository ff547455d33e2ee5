"""One worker process as the server sees it: started, spoken to, timed, and killed.

Limits are set by `asyncio.timeout`: `asyncio.wait_for` of Python 3.11 forgets that its task was
cancelled where what it waits for ends in that very moment, and an engine that closes would then
start another worker and wait for it for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from engine.protocol.plans import DeviceInfo
from engine.server.executor import Lost
from engine.worker.messages import (
    HEADER,
    FromWorker,
    Heartbeat,
    Ready,
    ToWorker,
    frame,
    parse_from_worker,
)

LONGEST_LOG_BYTES = 4 * 2**20
LAST_MOMENT_S = 2.0
_VMSTAT = Path("/proc/vmstat")


@dataclass(frozen=True, slots=True)
class WorkerCommand:
    """How to start a worker, and how long it may be silent."""

    device_id: str
    abilities: str
    log_path: Path
    start_limit_s: float = 180.0
    silence_limit_s: float = 30.0


class WorkerGone(Exception):
    """The process ended or stopped answering; `loss` says how."""

    def __init__(self, loss: Lost) -> None:
        super().__init__(loss.reason)
        self.loss = loss


class WorkerProcess:
    """A live worker. One task at a time reads it, through `receive`."""

    def __init__(self, process: asyncio.subprocess.Process, command: WorkerCommand) -> None:
        self._process = process
        self._command = command
        self._kills_at_start = _kernel_kills()
        self.device: DeviceInfo | None = None

    @classmethod
    async def start(cls, command: WorkerCommand) -> WorkerProcess:
        """Start the process; it says Ready when its imports are done."""
        arguments = [
            *(sys.executable, "-P", "-m", "engine.worker"),
            *("--device", command.device_id),
            *("--parent", str(os.getpid())),
            *("--abilities", command.abilities),
            *("--log", str(command.log_path)),
        ]
        with _open_log(command.log_path) as errors:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        return cls(process, command)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    async def send(self, message: ToWorker) -> None:
        """Write one message. Raises: WorkerGone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(frame(message))
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise await self._gone() from None

    async def receive(self) -> FromWorker:
        """The next message; `device` is kept up to date by those that tell of it.

        Raises: WorkerGone, when the process has ended or falls silent.
        """
        limit_s = self._command.silence_limit_s if self.device else self._command.start_limit_s
        try:
            async with asyncio.timeout(limit_s):
                message = await self._read()
        except asyncio.IncompleteReadError:
            raise await self._gone() from None
        except TimeoutError:
            await self.kill()
            raise WorkerGone(Lost(f"did not answer for {limit_s:.0f} s")) from None
        match message:
            case Ready(device=device):
                self.device = device
            case Heartbeat(free_bytes=free_bytes) if self.device is not None:
                self.device = msgspec.structs.replace(self.device, free_bytes=free_bytes)
            case _:
                pass
        return message

    async def kill(self) -> None:
        """End the process now, and wait until it has gone."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def _read(self) -> FromWorker:
        assert self._process.stdout is not None
        header = await self._process.stdout.readexactly(HEADER.size)
        (length,) = HEADER.unpack(header)
        return parse_from_worker(await self._process.stdout.readexactly(length))

    async def _gone(self) -> WorkerGone:
        """A process that has closed its pipe is about to end by itself, with its own exit code."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_MOMENT_S):
                await self._process.wait()
        await self.kill()
        code = self._process.returncode or 0
        if code >= 0:
            return WorkerGone(Lost(f"ended with exit code {code}"))
        if code == -signal.SIGKILL and _kernel_kills() > self._kills_at_start:
            return WorkerGone(Lost("was ended by the system, which ran out of memory", True))
        return WorkerGone(Lost(f"was ended by {signal.Signals(-code).name}"))


def _open_log(path: Path) -> BinaryIO:
    """The log goes on from the last launch's until it has grown long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_long = path.exists() and path.stat().st_size > LONGEST_LOG_BYTES
    return path.open("wb" if is_long else "ab")


def _kernel_kills() -> int:
    """How many processes Linux has ended for want of memory since it started; 0 elsewhere."""
    if not _VMSTAT.exists():
        return 0
    counts = dict(line.split() for line in _VMSTAT.read_text().splitlines())
    return int(counts.get("oom_kill", 0))
