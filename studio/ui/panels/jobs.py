"""The jobs panel: what runs, what waits, what failed, with cancel, retry and a preview each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.protocol.jobs import Cancelled, Done, Failed
from studio.session.jobs import JobBoard, JobRow, news_text
from studio.ui.asset_drag import AssetDrag
from studio.ui.controls import (
    ElidedLabel,
    EmptyState,
    boxed,
    column,
    label,
    push_button,
    row,
    tool_button,
)
from studio.ui.theme import current

PREVIEW_W, PREVIEW_H = 72, 42


@dataclass(frozen=True, slots=True)
class JobVerbs:
    """What can be done to a job, by its id."""

    cancel: Callable[[str], object]
    retry: Callable[[str], object]
    reveal: Callable[[str], object]
    asset_of: Callable[[str], str]
    """The asset that a job made, "" while there is none."""


class JobCard(QFrame):
    """One job: preview, prompt, state, progress, and the one button that makes sense."""

    def __init__(self, job_id: str, verbs: JobVerbs) -> None:
        super().__init__()
        self._job_id = job_id
        self._verbs = verbs
        self._pressed: QPoint | None = None
        self._shown_preview: bytes | None = None
        self.setObjectName("JobCard")
        self.setStyleSheet(
            f"#JobCard {{ background: {current().field}; border: 1px solid {current().border};"
            " border-radius: 6px; }"
        )
        self.picture = QLabel()
        self.picture.setFixedSize(PREVIEW_W, PREVIEW_H)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setStyleSheet("background: #000; border-radius: 3px;")
        self.title = ElidedLabel()
        self.state = ElidedLabel(role="small")
        self.reason = label("", "danger", wrap=True)
        self.remarks = label("", "small", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.cancel = tool_button("x", "Cancel this job", lambda: verbs.cancel(job_id), size=14)
        self.retry = tool_button("rotate-ccw", "Try again", lambda: verbs.retry(job_id), size=14)
        self.reveal = tool_button(
            "crosshair", "Show its clip on the timeline", lambda: verbs.reveal(job_id), size=14
        )
        words = boxed(column(self.state, self.reason, self.remarks, self.bar, spacing=3))
        buttons = boxed(row(self.reveal, self.retry, self.cancel, spacing=0))
        lower = row(self.picture, words, spacing=9)
        lower.setStretch(1, 1)
        head = row(self.title, buttons, spacing=4)
        head.setStretch(0, 1)
        whole = column(boxed(head), boxed(lower), spacing=4, margins=(9, 3, 5, 7))
        self.setLayout(whole)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A finished job can be dragged to the timeline, as media from the bin can."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        travel = (event.position().toPoint() - self._pressed).manhattanLength()
        data = self.drag_data()
        if data is None or travel < QApplication.startDragDistance():
            return
        self._pressed = None
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.picture.pixmap())
        drag.exec(Qt.DropAction.CopyAction)

    def drag_data(self) -> QMimeData | None:
        """What a drag of this card carries: the asset that was made, None while there is none."""
        asset_id = self._verbs.asset_of(self._job_id)
        return AssetDrag((asset_id,)).mime() if asset_id else None

    def show_row(self, job: JobRow) -> None:
        """Show the latest news."""
        failed = isinstance(job.news, Failed)
        self.title.setText(job.recipe.prompt or job.recipe.ability.value.replace("_", " "))
        self.state.setText(news_text(job))
        self.state.setVisible(not failed)
        self.reason.setText(news_text(job))
        self.reason.setVisible(failed)
        remarks = job.news.notes if isinstance(job.news, Done) else ()
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        fraction = job.fraction
        self.bar.setVisible(job.active)
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(round((fraction or 0) * 1000))
        self.cancel.setVisible(job.active)
        self.retry.setVisible(failed or isinstance(job.news, Cancelled))
        self.reveal.setVisible(bool(job.clip_id))
        done = bool(self._verbs.asset_of(self._job_id))
        self.setCursor(Qt.CursorShape.OpenHandCursor if done else Qt.CursorShape.ArrowCursor)
        self.setToolTip("Drag it to the timeline to use it again" if done else "")
        self._show_preview(job.preview)

    def _show_preview(self, preview: bytes | None) -> None:
        if preview is None or preview is self._shown_preview:
            return
        self._shown_preview = preview
        pixmap = QPixmap()
        if pixmap.loadFromData(preview):
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            self.picture.setPixmap(pixmap.scaled(PREVIEW_W, PREVIEW_H, keep, smooth))


class JobsPanel(QWidget):
    """All jobs, newest first."""

    def __init__(self, board: JobBoard, verbs: JobVerbs) -> None:
        super().__init__()
        self._board = board
        self._verbs = verbs
        self._cards: dict[str, JobCard] = {}
        self.empty = EmptyState(
            "clapperboard",
            "No jobs yet",
            "Shots that you generate appear here while they are made. You can go on cutting.",
        )
        self._list = QVBoxLayout()
        self._list.setContentsMargins(8, 8, 8, 8)
        self._list.setSpacing(6)
        self._list.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(boxed(self._list))
        self.clear = push_button("Clear finished", board.clear_finished, "link")
        self._foot = boxed(row(None, self.clear, margins=(8, 0, 8, 6)))
        self.setLayout(column(self.empty, self._scroll, self._foot, spacing=0))
        board.listed.connect(self._relist)
        board.updated.connect(self._update)
        self._relist()

    def card(self, job_id: str) -> JobCard:
        """The card of a job. Raises: KeyError."""
        return self._cards[job_id]

    def _relist(self) -> None:
        rows = self._board.rows
        known = {job.job_id for job in rows}
        for job_id in [job_id for job_id in self._cards if job_id not in known]:
            self._cards.pop(job_id).deleteLater()
        for job in rows:
            if job.job_id not in self._cards:
                card = JobCard(job.job_id, self._verbs)
                self._cards[job.job_id] = card
                self._list.insertWidget(0, card)
            self._cards[job.job_id].show_row(job)
        self.empty.setVisible(not rows)
        self._scroll.setVisible(bool(rows))
        self._foot.setVisible(any(not job.active for job in rows))

    def _update(self, job_id: str) -> None:
        job = self._board.row(job_id)
        if job is not None and job_id in self._cards:
            self._cards[job_id].show_row(job)
