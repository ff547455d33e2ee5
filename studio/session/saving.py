"""Saving elsewhere: media is taken there on another thread, while the project stays what it is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QObject, Signal

from studio.document.file.transfer import Transfer
from studio.session.background import Background


class Stopped(Exception):
    """Somebody has changed their mind."""


class Saving(QObject):
    """One transfer at a time. `progressed` carries bytes done and bytes in all."""

    progressed = Signal(object, object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = Background("saving", parent=self)
        self._stop = Event()
        self.under_way = False

    def begin(
        self,
        transfer: Transfer,
        done: Callable[[], object],
        failed: Callable[[Exception], object],
    ) -> bool:
        """Run a transfer; False when one is under way. One that is stopped calls neither back."""
        if self.under_way:
            return False
        self.under_way = True
        self._stop = stop = Event()

        def report(so_far: int, total: int) -> None:
            if stop.is_set():
                raise Stopped
            self._work.post(lambda: self.progressed.emit(so_far, total))

        self._work.run(
            lambda: transfer.run(report),
            lambda _none: self._end(done),
            lambda error: self._end(lambda: _unless_stopped(error, failed)),
        )
        return True

    def stop(self) -> None:
        """Stop what is under way; what it has brought over is taken away again."""
        self._stop.set()

    def close(self) -> None:
        """The studio ends."""
        self.stop()
        self._work.close()

    def _end(self, call: Callable[[], object]) -> None:
        self.under_way = False
        self.ended.emit()
        call()


def _unless_stopped(error: Exception, failed: Callable[[Exception], object]) -> None:
    if not isinstance(error, Stopped):
        failed(error)
