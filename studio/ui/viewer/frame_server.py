"""Frames off the main thread: the newest request wins, and older ones are never begun."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A rendered frame, or the sentence why there is none. `ticket` is the caller's own."""

    ticket: object
    image: QImage | None
    reason: str = ""


class FrameServer(QObject):
    """One thread that renders what was asked for last.

    `answered` is emitted on the owner's thread. A request that a newer one overtakes is dropped
    unless it has begun, so a fast scrub costs one frame at a time, whatever the frame costs.
    """

    answered = Signal(object)
    _rendered = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[object, Callable[[], QImage]] | None = None
        self._condition = threading.Condition()
        self._closed = False
        self._busy = False
        self._on_the_way = 0
        self._rendered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Nothing is asked for, nothing is being rendered, and every answer has been given."""
        with self._condition:
            return self._wanted is None and not self._busy and not self._on_the_way

    def ask(self, ticket: object, render: Callable[[], QImage]) -> None:
        """Want a frame; whatever was wanted before and not begun is forgotten."""
        with self._condition:
            self._wanted = (ticket, render)
            self._condition.notify()

    def close(self) -> None:
        """End the thread after the frame it is at."""
        with self._condition:
            self._closed = True
            self._wanted = None
            self._condition.notify()
        self._thread.join(timeout=5.0)

    def _serve(self) -> None:
        while (wanted := self._next()) is not None:
            ticket, render = wanted
            answer = _answer(ticket, render)
            with self._condition:
                self._busy = False
                closed = self._closed
                self._on_the_way += not closed
            if not closed:
                self._rendered.emit(answer)

    def _next(self) -> tuple[object, Callable[[], QImage]] | None:
        with self._condition:
            while self._wanted is None and not self._closed:
                self._condition.wait()
            wanted, self._wanted = self._wanted, None
            self._busy = wanted is not None
            return wanted

    @Slot(object)
    def _deliver(self, answer: Answer) -> None:
        with self._condition:
            self._on_the_way -= 1
        self.answered.emit(answer)


def _answer(ticket: object, render: Callable[[], QImage]) -> Answer:
    try:
        return Answer(ticket, render())
    except Exception as error:
        log.exception("a frame could not be rendered")
        return Answer(ticket, None, str(error))
