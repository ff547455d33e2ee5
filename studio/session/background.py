"""Background: work on other threads whose results come back on the main one.

Inputs are immutable snapshots taken by the caller; the callbacks run on the thread that owns the
object. It is not a scheduler: order is first come, first served.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")
log = logging.getLogger(__name__)


class Background(QObject):
    """A small pool of threads. After `close` nothing is called back any more."""

    _finished = Signal(object)

    def __init__(self, name: str, threads: int = 1, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._closed = False
        self._pending = 0
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Nothing runs, and every result has been handed over."""
        return self._pending == 0

    def run(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], object],
        on_error: Callable[[Exception], object] | None = None,
    ) -> None:
        """Do `work` elsewhere and call one of the two with what came of it, here."""
        if self._closed:
            return
        self._pending += 1
        future = self._pool.submit(work)
        future.add_done_callback(lambda done: self._announce(done, on_done, on_error))

    def post(self, call: Callable[[], object]) -> None:
        """From any thread: have something called on the owner's thread."""
        if not self._closed:
            self._finished.emit(call)

    def close(self) -> None:
        """Forget what waits; what runs is left to end by itself, unheard."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _announce(
        self,
        done: Future[Any],
        on_done: Callable[[Any], object],
        on_error: Callable[[Exception], object] | None,
    ) -> None:
        if self._closed or done.cancelled():
            return

        def deliver() -> None:
            self._pending -= 1
            _hand_over(done, on_done, on_error)

        self._finished.emit(deliver)

    @Slot(object)
    def _deliver(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()


def _hand_over(
    done: Future[Any],
    on_done: Callable[[Any], object],
    on_error: Callable[[Exception], object] | None,
) -> None:
    error = done.exception()
    if error is None:
        on_done(done.result())
    elif isinstance(error, Exception) and on_error is not None:
        log.info("background work failed: %s", error)
        on_error(error)
    else:
        log.error("background work failed", exc_info=error)
