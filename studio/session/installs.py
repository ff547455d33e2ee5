"""Installs: a model's files on their way to an engine, and how far they are."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from engine.protocol.installs import InstallAction, Installing, InstallRequest
from engine.protocol.models import ModelCard
from studio.session.engines import EngineLink


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is being fetched."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """A model is on its way. Bytes of the whole model; `total` is 0 while it is not known."""

    card: ModelCard
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """It could not be fetched, with the reason. What has come is kept for the next try."""

    card: ModelCard
    reason: str


InstallState: TypeAlias = Idle | Fetching | Refused


class _Stopped(Exception):
    """The user does not want it any more."""


class Installs(QObject):
    """One download at a time."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: InstallState = Idle()
        self._stop = threading.Event()

    def start(self, link: EngineLink, card: ModelCard) -> None:
        """Have an engine fetch a model whose terms the user has accepted."""
        if isinstance(self.state, Fetching):
            return
        stop = self._stop = threading.Event()
        self._show(Fetching(card))
        request = InstallRequest(action=InstallAction.DOWNLOAD, accept_licence=True)

        def news(latest: Installing) -> None:
            if stop.is_set():
                raise _Stopped
            link.post(lambda: self._advance(card, latest))

        link.call(
            lambda client: client.install(card.id, request, news),
            lambda _done: self._arrived(link),
            lambda error: self._failed(card, error),
        )

    def stop(self) -> None:
        """Stop fetching; what has come is kept."""
        self._stop.set()
        self._show(Idle())

    def _advance(self, card: ModelCard, news: Installing) -> None:
        if isinstance(self.state, Fetching):
            self._show(Fetching(card, news.done_bytes, news.total_bytes))

    def _arrived(self, link: EngineLink) -> None:
        self._show(Idle())
        link.refresh()

    def _failed(self, card: ModelCard, error: Exception) -> None:
        self._show(Idle() if isinstance(error, _Stopped) else Refused(card, str(error)))

    def _show(self, state: InstallState) -> None:
        self.state = state
        self.changed.emit()
