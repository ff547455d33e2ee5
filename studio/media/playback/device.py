"""The sound device, through PortAudio; or none, on a machine without one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

import numpy as np

RATE = 48000
log = logging.getLogger(__name__)

Give = Callable[[np.ndarray, float], None]
"""Fills a buffer, float32 (count, 2), which will be heard at a time of the device's clock."""


class Device(Protocol):
    """Plays stereo at 48 kHz in blocks of one size."""

    def start(self, give: Give) -> None:
        """Begin to ask for sound, on a thread of the device's own."""
        ...

    def stop(self) -> None:
        """Stop at once, dropping what has not been heard."""
        ...

    def time(self) -> float:
        """The device's clock, in seconds."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class PortAudioDevice:
    """The default output of this machine."""

    def __init__(self, block: int) -> None:
        import sounddevice  # needs a system library that may be missing

        self._give: Give | None = None
        self._stream = sounddevice.OutputStream(
            samplerate=RATE,
            channels=2,
            dtype="float32",
            blocksize=block,
            callback=self._called,
            latency="low",
        )

    def start(self, give: Give) -> None:
        """Begin to ask for sound."""
        self._give = give
        self._stream.start()

    def stop(self) -> None:
        """Stop at once."""
        self._stream.abort()

    def time(self) -> float:
        """PortAudio's clock for this stream."""
        return float(self._stream.time)

    def close(self) -> None:
        """Let go of it."""
        self._stream.close()

    def _called(self, out: np.ndarray, _count: int, times: object, _status: object) -> None:
        if self._give is not None:
            self._give(out, float(times.outputBufferDacTime))  # type: ignore[attr-defined]


def open_device(block: int) -> Device | None:
    """The default output, None where there is no device or no PortAudio."""
    try:
        return PortAudioDevice(block)
    except (OSError, ImportError, ValueError) as error:
        log.info("No sound device: %s", error)
    except Exception as error:
        log.info("The sound device cannot be used: %s", error)
    return None
