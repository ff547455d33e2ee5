"""How far an export is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QProgressBar, QWidget

from studio.media.export.job import Result
from studio.media.export.process import Failed, Finished
from studio.session.exports import ExportRow, Exports, Going, Preparing
from studio.session.jobs import duration_text
from studio.ui.controls import ElidedLabel, boxed, column, label, push_button, row, set_role


def export_text(row_: ExportRow) -> str:
    """An export's state in a few words."""
    match row_.state:
        case Preparing():
            return "Getting ready"
        case Going(progress=progress, paused=paused):
            if paused:
                return "Paused"
            words = f"{progress.phase} · {progress.frames_per_second:.0f} frames a second"
            if progress.seconds_left is not None:
                words += f" · {duration_text(progress.seconds_left)} left"
            return words
        case Finished(result=result):
            copied = result.copied_frames
            share = f", {round(100 * copied / result.frames)} % copied" if copied else ""
            words = f"{result.frames} frames in {duration_text(result.seconds)}{share}"
            return words + _loudness_text(result)
        case Failed(cancelled=True):
            return "Cancelled. Nothing was left behind."
        case Failed(reason=reason):
            return reason


def _loudness_text(result: Result) -> str:
    """How loud the film is, "" where it was not measured or is silent."""
    lufs, peak = result.loudness_lufs, result.true_peak_dbtp
    if lufs is None or peak is None or not isfinite(lufs):
        return ""
    return f" · {lufs:.1f} LUFS, true peak {peak:.1f} dBTP".replace("-", "−")


def report_of(result: Result) -> Path | None:
    """The page that says what of a film was generated, where one was written."""
    return next((path for path in result.sidecars if path.suffix == ".html"), None)


def _notes(result: Result) -> str:
    """What there is to know of a finished film, a sentence a line."""
    beside = ", ".join(path.name for path in result.sidecars)
    return "\n".join((*result.notes, *((f"Beside it: {beside}.",) if beside else ())))


class ExportProgressPage(QWidget):
    """Follows one export."""

    def __init__(
        self,
        exports: Exports,
        reveal: Callable[[Path], object],
        show: Callable[[Path], object],
        close: Callable[[], object],
    ) -> None:
        super().__init__()
        self._exports = exports
        self._reveal = reveal
        self._show = show
        self._number = 0
        self.title = ElidedLabel(role="title")
        self.state = label("", "dim", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.pause = push_button("Pause", self._toggle_pause)
        self.cancel = push_button("Cancel export…", self._ask_to_cancel)
        self.show_file = push_button("Show file", self._show_file, "primary")
        self.report = push_button("Open report", self._open_report)
        self.report.setToolTip("What was generated, by which model and licence; to read or print")
        self.done = push_button("Close", close)
        buttons = row(self.pause, self.cancel, None, self.report, self.show_file, self.done)
        self.setLayout(
            column(self.title, self.bar, self.state, self.notes, None, boxed(buttons), spacing=10)
        )
        exports.updated.connect(self._updated)

    def follow(self, number: int) -> None:
        """Show this export from now on."""
        self._number = number
        self._updated(number)

    def take_keys(self) -> None:
        """Return and Space hide the page: a key that was meant for the film ends no export."""
        self.done.setDefault(True)
        self.done.setFocus()

    def _ask_to_cancel(self) -> None:
        words = f"Cancel the export of {self.title.text()}? What is made of it so far is lost."
        question = QMessageBox(QMessageBox.Icon.NoIcon, "Cancel export", words, parent=self)
        stop = question.addButton("Cancel the export", QMessageBox.ButtonRole.DestructiveRole)
        go_on = question.addButton("Go on exporting", QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(go_on)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stop.clicked.connect(lambda _on=False: self._exports.cancel(self._number))
        question.open()

    def _updated(self, number: int) -> None:
        if number != self._number:
            return
        shown = self._exports.row(number)
        fraction = shown.fraction
        self.title.setText(shown.job.out.name)
        self.bar.setRange(0, 0 if fraction is None and shown.active else 1000)
        self.bar.setValue(round((fraction or 0) * 1000))
        self.state.setText(export_text(shown))
        failed = isinstance(shown.state, Failed) and not shown.state.cancelled
        set_role(self.state, "danger" if failed else "dim")
        self.pause.setVisible(isinstance(shown.state, Going))
        paused = isinstance(shown.state, Going) and shown.state.paused
        self.pause.setText("Go on" if paused else "Pause")
        self.cancel.setVisible(shown.active)
        if not shown.active:
            for question in self.findChildren(QMessageBox):
                question.close()  # the export has ended by itself: nothing is left to ask
        self.show_file.setVisible(isinstance(shown.state, Finished))
        self.done.setText("Hide" if shown.active else "Close")
        result = shown.state.result if isinstance(shown.state, Finished) else None
        self.report.setVisible(result is not None and report_of(result) is not None)
        notes = _notes(result) if result is not None else ""
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))

    def _toggle_pause(self) -> None:
        state = self._exports.row(self._number).state
        if isinstance(state, Going):
            self._exports.pause(self._number, paused=not state.paused)

    def _open_report(self) -> None:
        state = self._exports.row(self._number).state
        path = report_of(state.result) if isinstance(state, Finished) else None
        if path is not None:
            self._show(path)

    def _show_file(self) -> None:
        state = self._exports.row(self._number).state
        if isinstance(state, Finished):
            self._reveal(state.result.path)
