"""The sound device, through PortAudio; or none, on a machine without one.

A device that goes away while it plays, or will not start, is opened once more; where that fails,
what it was to play is asked for in its place, at the pace of the computer's clock and unheard, so
that playing goes on. `UnheardDevice` does that from the beginning.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Protocol

import numpy as np

RATE = 48000
FAR_S = 2.0
"""Some hosts do not know when a block is heard: what is further off than this is not believed."""

log = logging.getLogger(__name__)

Give = Callable[[np.ndarray, float], None]
"""Fills a buffer, float32 (count, 2) and not clipped, heard at a time of the device's clock."""


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


class Stream(Protocol):
    """What is used of a stream of sounddevice's."""

    @property
    def time(self) -> float: ...
    @property
    def latency(self) -> float: ...
    def start(self) -> None: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


Called = Callable[[np.ndarray, int, Any, object], None]
OpenStream = Callable[[int, Called, Callable[[], None]], Stream]
"""Opens the default output: (block, what fills a buffer, what to call when it has stopped)."""


def open_output(block: int, called: Called, finished: Callable[[], None]) -> Stream:
    """The default output of this machine.

    Raises: whatever sounddevice raises, or loading it.
    """
    import sounddevice  # needs a system library that may be missing

    stream: Any = sounddevice.OutputStream(
        samplerate=RATE,
        channels=2,
        dtype="float32",
        blocksize=block,
        callback=called,
        finished_callback=finished,
        latency="low",
    )
    return stream


class PortAudioDevice:
    """The default output of this machine."""

    def __init__(self, block: int, open_stream: OpenStream = open_output) -> None:
        self._block = block
        self._open_stream = open_stream
        self._give: Give | None = None
        self._wanted = False
        self._unheard: _Unheard | None = None
        self._changing = Lock()
        self._stream = open_stream(block, self._called, self._finished)

    def start(self, give: Give) -> None:
        """Begin to ask for sound."""
        with self._changing:
            self._give, self._wanted = give, True
            try:
                self._stream.start()
            except Exception as error:
                log.info("The sound device does not start: %s", error)
                self._start_again()

    def stop(self) -> None:
        """Stop at once."""
        with self._changing:
            self._wanted = False
            unheard, self._unheard = self._unheard, None
            if unheard is not None:
                unheard.stop()
                return
            try:
                self._stream.abort()
            except Exception as error:
                log.info("The sound device does not stop: %s", error)

    def time(self) -> float:
        """PortAudio's clock for this stream, or the computer's where the stream is gone."""
        return monotonic() if self._unheard is not None else float(self._stream.time)

    def close(self) -> None:
        """Let go of it."""
        self.stop()
        self._stream.close()

    def _start_again(self) -> None:
        """On what is the default output by now, or on none."""
        try:
            self._stream.close()
            self._stream = self._open_stream(self._block, self._called, self._finished)
            self._stream.start()
        except Exception as error:
            log.warning("The sound device is gone (%s); playing goes on unheard.", error)
            assert self._give is not None
            self._unheard = _Unheard(self._block, self._give)

    def _finished(self) -> None:
        """The stream has stopped, on a thread of PortAudio's: by itself, if it is still wanted."""
        if self._wanted:
            Thread(target=self._lost, name="sound-lost", daemon=True).start()

    def _lost(self) -> None:
        with self._changing:
            if self._wanted and self._unheard is None:
                self._start_again()

    def _called(self, out: np.ndarray, _count: int, times: Any, _status: object) -> None:
        if self._give is not None:
            now = float(self._stream.time)
            heard_at = float(times.outputBufferDacTime)
            if abs(heard_at - now) > FAR_S:
                heard_at = now + float(self._stream.latency)
            self._give(out, heard_at)
            np.clip(out, -1, 1, out=out)  # what lies above full scale is for meters to tell


class _Unheard:
    """Asks for blocks as a device would, and plays them to nobody."""

    def __init__(self, block: int, give: Give) -> None:
        self._stopped = Event()
        self._asking = Thread(target=self._ask, args=(block, give), name="unheard", daemon=True)
        self._asking.start()

    def stop(self) -> None:
        """Ask no more, from now on."""
        self._stopped.set()
        self._asking.join()

    def _ask(self, block: int, give: Give) -> None:
        out = np.zeros((block, 2), np.float32)
        due = monotonic()
        while not self._stopped.wait(max(0.0, due - monotonic())):
            give(out, due)
            due += block / RATE


class UnheardDevice:
    """For a machine without a device: plays to nobody, by the computer's clock."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._unheard: _Unheard | None = None

    def start(self, give: Give) -> None:
        """Begin to ask for sound."""
        self._unheard = _Unheard(self._block, give)

    def stop(self) -> None:
        """Stop at once."""
        if self._unheard is not None:
            self._unheard.stop()

    def time(self) -> float:
        """The computer's clock."""
        return monotonic()

    def close(self) -> None:
        """It holds nothing but what asks."""
        self.stop()


def open_device(block: int) -> Device | None:
    """The default output, None where there is no device or no PortAudio."""
    try:
        return PortAudioDevice(block)
    except (OSError, ImportError, ValueError) as error:
        log.info("No sound device: %s", error)
    except Exception as error:
        log.info("The sound device cannot be used: %s", error)
    return None
