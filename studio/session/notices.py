"""Notices: what the studio has to tell the user, as one sentence and one thing to do about it.

This is the model; the quiet notes over the picture show it. Nothing here opens a window.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class Severity(StrEnum):
    """How a notice looks, and how long it stays: all but errors leave by themselves."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class NoticeAction:
    """A button on a notice: a verb, and what it does."""

    title: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence. A notice with a `topic` replaces the one before it on the same topic."""

    severity: Severity
    text: str
    action: NoticeAction | None = None
    topic: str = ""
    sticky: bool = False


class Notices(QObject):
    """The notices on show, newest last."""

    changed = Signal()

    LIMIT = 3

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Notice] = []

    @property
    def shown(self) -> tuple[Notice, ...]:
        return tuple(self._shown)

    def post(self, notice: Notice) -> Notice:
        """Show a notice; the oldest passing one gives way when there are too many."""
        level = logging.ERROR if notice.severity is Severity.ERROR else logging.INFO
        log.log(level, "%s", notice.text)
        kept = [n for n in self._shown if not (_same_topic(n, notice) or n.text == notice.text)]
        kept.append(notice)
        while len(kept) > self.LIMIT:
            passing = next((n for n in kept[:-1] if not n.sticky), kept[0])
            kept.remove(passing)
        self._shown = kept
        self.changed.emit()
        return notice

    def error(self, text: str, action: NoticeAction | None = None, topic: str = "") -> Notice:
        """Say that something failed."""
        return self.post(Notice(Severity.ERROR, text, action, topic))

    def warning(self, text: str, action: NoticeAction | None = None, topic: str = "") -> Notice:
        """Say that something needs attention."""
        return self.post(Notice(Severity.WARNING, text, action, topic))

    def info(self, text: str, action: NoticeAction | None = None, topic: str = "") -> Notice:
        """Say something worth knowing that needs nothing done."""
        return self.post(Notice(Severity.INFO, text, action, topic))

    def done(self, text: str, action: NoticeAction | None = None, topic: str = "") -> Notice:
        """Say that something the user waited for is ready."""
        return self.post(Notice(Severity.DONE, text, action, topic))

    def dismiss(self, notice: Notice) -> None:
        """Take a notice away; one that has gone already is no matter."""
        if notice in self._shown:
            self._shown.remove(notice)
            self.changed.emit()

    def clear_topic(self, topic: str) -> None:
        """Take away what was said about a topic, because it is no longer so."""
        kept = [n for n in self._shown if n.topic != topic]
        if len(kept) != len(self._shown):
            self._shown = kept
            self.changed.emit()


def _same_topic(first: Notice, second: Notice) -> bool:
    return bool(second.topic) and first.topic == second.topic
