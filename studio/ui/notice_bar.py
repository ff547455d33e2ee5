"""The quiet bar under the menu: one line a notice, with its action and a way to dismiss it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from studio.session.notices import Notice, NoticeAction, Notices, Severity
from studio.ui.controls import ElidedLabel, push_button, row, tool_button
from studio.ui.theme import current, themed_icon

PASSING_MS = 7000
_LOOK = {
    Severity.INFO: ("info", "info"),
    Severity.DONE: ("circle-check", "good"),
    Severity.WARNING: ("triangle-alert", "warning"),
    Severity.ERROR: ("circle-x", "danger"),
}


class NoticeBar(QWidget):
    """A stack of notices that takes no room while there are none."""

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        notices.changed.connect(self._rebuild)
        self._rebuild()

    def _rebuild(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for notice in self._notices.shown:
            self._lines.addWidget(_NoticeLine(notice, self._notices))
        self.setVisible(bool(self._notices.shown))


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
        self.text = ElidedLabel(notice.text)
        parts: list[QWidget | int | None] = [picture, self.text]
        if notice.action is not None:
            parts.append(self._button(notice.action))
        parts.append(tool_button("x", "Dismiss", self._dismiss, size=14))
        layout = row(*parts, spacing=8, margins=(9, 3, 4, 3))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._start_timer()

    def _button(self, action: NoticeAction) -> QWidget:
        def run() -> None:
            self._dismiss()
            action.run()

        return push_button(action.title, run, "link")

    def _start_timer(self) -> None:
        passing = self._notice.severity in (Severity.INFO, Severity.DONE)
        if passing and not self._notice.sticky:
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.timeout.connect(self._dismiss)
            timer.start(PASSING_MS)

    def _dismiss(self) -> None:
        self._notices.dismiss(self._notice)
