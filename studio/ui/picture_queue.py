"""The picture queue: what the screen wants now is made first, and what it wanted long ago never."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)

WAITING_LIMIT = 400


class PictureQueue(QObject):
    """Threads that make things for the screen, newest request first.

    `made` carries the key and what was made, None where that failed; it is emitted on the owner's
    thread. Wanting a key again while it waits moves it to the front.
    """

    made = Signal(object, object)
    _finished = Signal(object, object)

    def __init__(self, name: str, threads: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: OrderedDict[Hashable, Callable[[], object]] = OrderedDict()
        self._running: set[Hashable] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._finished.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        for number in range(threads):
            threading.Thread(target=self._serve, name=f"{name}-{number}", daemon=True).start()

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is being made."""
        with self._changed:
            return not self._waiting and not self._running

    def want(self, key: Hashable, make: Callable[[], object]) -> None:
        """Have something made, unless it is being made already."""
        with self._changed:
            if key in self._running or self._closed:
                return
            self._waiting.pop(key, None)
            self._waiting[key] = make
            while len(self._waiting) > WAITING_LIMIT:
                self._waiting.popitem(last=False)
            self._changed.notify()

    def forget(self) -> None:
        """Want nothing any more."""
        with self._changed:
            self._waiting.clear()

    def close(self) -> None:
        """End the threads after what they are at."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _serve(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                key, make = self._waiting.popitem(last=True)
                self._running.add(key)
            result = _result_of(make)
            if not self._closed:
                self._finished.emit(key, result)

    @Slot(object, object)
    def _hand_over(self, key: Hashable, result: object) -> None:
        with self._changed:
            self._running.discard(key)
        if not self._closed:
            self.made.emit(key, result)


def _result_of(make: Callable[[], object]) -> object:
    try:
        return make()
    except Exception as error:
        log.info("a picture could not be made: %s", error)
        return None
