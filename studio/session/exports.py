"""Exports under way: each a child process, read on a thread of its own, told of on this one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.media.errors import MediaError
from studio.media.export.job import ExportJob, Progress
from studio.media.export.process import Event, ExportProcess, Failed, Finished
from studio.session.session import Session


@dataclass(frozen=True, slots=True)
class Preparing:
    """The child is starting."""


@dataclass(frozen=True, slots=True)
class Going:
    """It is being made."""

    progress: Progress
    paused: bool = False


ExportState: TypeAlias = Preparing | Going | Finished | Failed


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One export as shown."""

    number: int
    job: ExportJob
    state: ExportState

    @property
    def active(self) -> bool:
        return isinstance(self.state, Preparing | Going)

    @property
    def fraction(self) -> float | None:
        """Progress from 0 to 1, None while it is not known."""
        match self.state:
            case Going(progress=progress) if progress.total_frames:
                return progress.done_frames / progress.total_frames
            case Finished():
                return 1.0
            case Preparing() | Going() | Failed():
                return None


class Exports(QObject):
    """`updated` carries the number of the export that has news."""

    updated = Signal(int)
    _heard = Signal(int, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[int, ExportRow] = {}
        self._running: dict[int, ExportProcess] = {}
        self._heard.connect(self._take_in, Qt.ConnectionType.QueuedConnection)

    @property
    def rows(self) -> tuple[ExportRow, ...]:
        return tuple(self._rows.values())

    @property
    def active_count(self) -> int:
        return len(self._running)

    def row(self, number: int) -> ExportRow:
        """An export by its number. Raises: KeyError."""
        return self._rows[number]

    def start(self, job: ExportJob) -> int:
        """Begin an export of the project as it is now; its number.

        Raises:
            BadJob: there is no such preset.
        """
        number = len(self._rows) + 1
        process = ExportProcess(self._session.project, self._session.folder, job)
        self._running[number] = process
        self._rows[number] = ExportRow(number, job, Preparing())
        reader = threading.Thread(
            target=self._read, args=(number, process), name=f"export-{number}", daemon=True
        )
        reader.start()
        self.updated.emit(number)
        return number

    def pause(self, number: int, *, paused: bool) -> None:
        """Hold an export, or let it go on."""
        process, row = self._running.get(number), self._rows[number]
        if process is None or not isinstance(row.state, Going):
            return
        if paused:
            process.pause()
        else:
            process.resume()
        self._rows[number] = replace(row, state=replace(row.state, paused=paused))
        self.updated.emit(number)

    def cancel(self, number: int) -> None:
        """Stop an export; nothing of it is left behind."""
        process = self._running.get(number)
        if process is not None:
            process.cancel()

    def close(self) -> None:
        """End what runs, when the studio ends."""
        for process in self._running.values():
            process.kill()

    def _read(self, number: int, process: ExportProcess) -> None:
        """On the export's own thread."""
        try:
            for event in process.events():
                self._heard.emit(number, event)
        except (MediaError, OSError) as error:
            self._heard.emit(number, Failed(str(error)))

    @Slot(int, object)
    def _take_in(self, number: int, event: Event) -> None:
        row = self._rows[number]
        match event:
            case Progress():
                paused = isinstance(row.state, Going) and row.state.paused
                self._rows[number] = replace(row, state=Going(event, paused))
            case Finished() | Failed():
                self._rows[number] = replace(row, state=event)
                self._running.pop(number, None)
        self.updated.emit(number)
