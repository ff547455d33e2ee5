"""Notices over the picture: each a sentence, its action and a way to dismiss it.

They float. Nothing in the window moves when one comes or goes, so that a click meant for a field
never lands beside it; and they cover the picture alone, no control and no part of the timeline.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QTabWidget, QVBoxLayout, QWidget

from studio.session.notices import Notice, NoticeAction, Notices, Severity
from studio.ui.controls import label, push_button, row, tool_button
from studio.ui.theme import current, themed_icon

PASSING_MS = {Severity.INFO: 7000, Severity.DONE: 7000, Severity.WARNING: 20_000}
"""How long each stays. Errors, and what is sticky, stay until they are dismissed."""
WIDEST_PX = 520
MARGIN_PX = 8
_LOOK = {
    Severity.INFO: ("info", "info"),
    Severity.DONE: ("circle-check", "good"),
    Severity.WARNING: ("triangle-alert", "warning"),
    Severity.ERROR: ("circle-x", "danger"),
}


class NoticeBar(QWidget):
    """A stack of notices at the top of the picture, hidden while there are none."""

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self._over: QTabWidget | None = None
        self._shown: dict[int, _NoticeLine] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        notices.changed.connect(self._rebuild)
        self._rebuild()

    def float_over(self, pages: QTabWidget, parent: QWidget) -> None:
        """Lie over the pages of a tab widget, below its tabs, as a child of what holds it."""
        self._over = pages
        self.setParent(parent)
        pages.installEventFilter(self)
        self._rebuild()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pages when they are moved or resized."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _rebuild(self) -> None:
        wanted = {id(notice): notice for notice in self._notices.shown}
        for key in [key for key in self._shown if key not in wanted]:
            line = self._shown.pop(key)
            self._lines.removeWidget(line)
            line.hide()
            line.deleteLater()
        for key, notice in wanted.items():
            if key not in self._shown:
                self._shown[key] = _NoticeLine(notice, self._notices)
                self._lines.addWidget(self._shown[key])
                self._shown[key].show()
        self.setVisible(bool(self._shown) and self._over is not None)
        self._place()

    def _place(self) -> None:
        parent = self.parentWidget()
        if self._over is None or parent is None or not self._shown:
            return
        tabs = self._over.tabBar().height()
        width = min(WIDEST_PX, self._over.width() - 2 * MARGIN_PX)
        where = self._over.mapTo(parent, QPoint(self._over.width() - width, tabs))
        high = sum(line.heightForWidth(width) for line in self._shown.values())
        high += (len(self._shown) - 1) * self._lines.spacing()
        self.setGeometry(where.x() - MARGIN_PX, where.y() + MARGIN_PX, width, high)
        self.raise_()


class _NoticeLine(QFrame):
    def __init__(self, notice: Notice, notices: Notices) -> None:
        super().__init__()
        self._notice = notice
        self._notices = notices
        icon_name, role = _LOOK[notice.severity]
        tint = getattr(current(), role)
        self.setObjectName("Notice")
        self.setStyleSheet(
            f"#Notice {{ background: {current().panel}; border: 1px solid {current().border};"
            f" border-left: 3px solid {tint}; border-radius: 5px; }}"
        )
        picture = QLabel()
        picture.setPixmap(themed_icon(icon_name, 16, tint).pixmap(16, 16))
        self.text = label(notice.text, wrap=True)
        parts: list[QWidget | int | None] = [picture, self.text]
        if notice.action is not None:
            parts.append(self._button(notice.action))
        parts.append(tool_button("x", "Dismiss", self._dismiss, size=14))
        layout = row(*parts, spacing=8, margins=(9, 4, 4, 4))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._start_timer()

    def _button(self, action: NoticeAction) -> QWidget:
        def run() -> None:
            self._dismiss()
            action.run()

        return push_button(action.title, run, "link")

    def _start_timer(self) -> None:
        passing_ms = PASSING_MS.get(self._notice.severity)
        if passing_ms is not None and not self._notice.sticky:
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.timeout.connect(self._dismiss)
            timer.start(passing_ms)

    def _dismiss(self) -> None:
        self._notices.dismiss(self._notice)
