"""A generator run ahead on its own thread, a bounded number of steps."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
PATIENCE_S = 0.1


class _End:
    """The iterator has nothing more, or failed."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class Ahead(Generic[Item]):
    """Items of an iterator, made on another thread; leaving the context stops that thread."""

    def __init__(self, items: Iterator[Item], count: int) -> None:
        self._items = items
        self._queue: Queue[Item | _End] = Queue(count)
        self._stop = Event()
        self._thread = Thread(target=self._work, name="render-ahead", daemon=True)

    def __enter__(self) -> Iterator[Item]:
        self._thread.start()
        return self._drain()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _drain(self) -> Iterator[Item]:
        while True:
            item = self._queue.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as caught:
            error = caught
        self._put(_End(error))

    def _put(self, item: Item | _End) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=PATIENCE_S)
            except Full:
                continue
            return True
        return False
