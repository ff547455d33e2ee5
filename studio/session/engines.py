"""Engines: the local one and the GPU server, connected on demand and never waited for here.

It says whether an engine answers and what models it has. Recipes, clips and takes are the
business of `studio.session.generation`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Signal

from engine.protocol.jobs import JobEvent, JobList
from engine.protocol.models import Health, ModelCard
from studio.client.engine import Connected, Disconnected, EngineClient, StreamEvent, Subscription
from studio.session.background import Background

T = TypeVar("T")


class Place(StrEnum):
    """Which of the two engines: the one on this machine, or the configured server."""

    HERE = "here"
    SERVER = "server"


def place_of(tier: str) -> Place:
    """The engine that serves a tier: draft and local run on this machine."""
    return Place.SERVER if tier == "server" else Place.HERE


@dataclass(frozen=True, slots=True)
class Offline:
    """Not asked yet."""


@dataclass(frozen=True, slots=True)
class Starting:
    """Being started or connected to."""


@dataclass(frozen=True, slots=True)
class Online:
    """It answers: what it is and which models it has."""

    health: Health
    cast: tuple[ModelCard, ...]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """It does not answer, with a sentence why."""

    reason: str


LinkState: TypeAlias = Offline | Starting | Online | Unreachable
ClientFactory: TypeAlias = Callable[[Place], EngineClient]
"""Makes a client; it blocks, for it may start an engine, and so runs on another thread."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    client: EngineClient
    health: Health
    cast: tuple[ModelCard, ...]
    listing: JobList


@dataclass(frozen=True, slots=True)
class _Call:
    work: Callable[[EngineClient], Any]
    on_done: Callable[[Any], object]
    on_error: Callable[[Exception], object]


class EngineLink(QObject):
    """One engine as seen from the main thread.

    `job_event` carries a JobEvent; `jobs_listed` the JobList found on connecting.
    """

    state_changed = Signal()
    job_event = Signal(object)
    jobs_listed = Signal(object)

    def __init__(self, place: Place, connect: ClientFactory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.state: LinkState = Offline()
        self._connect = connect
        self._client: EngineClient | None = None
        self._subscription: Subscription | None = None
        self._waiting: list[_Call] = []
        self._work = Background(f"engine-{place.value}", threads=4, parent=self)
        self._connection = 0

    @property
    def cast(self) -> tuple[ModelCard, ...]:
        """The models of this engine, empty while it is not online."""
        return self.state.cast if isinstance(self.state, Online) else ()

    def wake(self) -> None:
        """Connect unless that is done or under way."""
        if isinstance(self.state, Online | Starting):
            return
        self._set_state(Starting())
        self._connection += 1
        number = self._connection
        self._work.run(
            lambda: _arrive(self._connect, self.place),
            lambda arrival: self._arrived(number, arrival),
            lambda error: self._failed(number, error),
        )

    def call(
        self,
        work: Callable[[EngineClient], T],
        on_done: Callable[[T], object],
        on_error: Callable[[Exception], object],
    ) -> None:
        """Ask the engine something, waking it first where needed. Callbacks come back here."""
        self._waiting.append(_Call(work, on_done, on_error))
        if self._client is not None:
            self._start_waiting(self._client)
        else:
            self.wake()

    def post(self, call: Callable[[], object]) -> None:
        """From any thread: have something called on the main one."""
        self._work.post(call)

    def refresh(self) -> None:
        """Ask again which models there are, after a download or an import."""
        self.call(
            lambda client: (client.health(), client.models()),
            lambda answer: self._set_state(Online(*answer)),
            lambda error: self._set_state(Unreachable(str(error))),
        )

    def drop(self) -> None:
        """Let go of the client, because its address or token has changed."""
        self._connection += 1
        client, subscription = self._client, self._subscription
        self._client, self._subscription = None, None
        if client is not None:
            self._work.run(lambda: _close(client, subscription), lambda _none: None)
        self._set_state(Offline())

    def close(self) -> None:
        """Let go for good, when the studio ends."""
        self._connection += 1
        self._work.close()
        if self._client is not None:
            _close(self._client, self._subscription)
            self._client = None

    def _arrived(self, number: int, arrival: _Arrival) -> None:
        if number != self._connection:
            _close(arrival.client, None)
            return
        client = arrival.client
        self._client = client
        self._set_state(Online(arrival.health, arrival.cast))
        self.jobs_listed.emit(arrival.listing)
        after = arrival.listing.sequence
        self._work.run(
            lambda: client.subscribe(self._heard, after=after), self._subscribed, self._lost
        )
        self._start_waiting(client)

    def _start_waiting(self, client: EngineClient) -> None:
        calls, self._waiting = self._waiting, []
        for call in calls:
            self._work.run(lambda call=call: call.work(client), call.on_done, call.on_error)

    def _failed(self, number: int, error: Exception) -> None:
        if number != self._connection:
            return
        self._set_state(Unreachable(str(error)))
        calls, self._waiting = self._waiting, []
        for call in calls:
            call.on_error(error)

    def _subscribed(self, subscription: Subscription) -> None:
        self._subscription = subscription

    def _lost(self, error: Exception) -> None:
        self._set_state(Unreachable(str(error)))

    def _heard(self, happening: StreamEvent) -> None:
        """On the subscription's thread: hand the event to the main one."""
        self._work.post(lambda: self._take_in(happening))

    def _take_in(self, happening: StreamEvent) -> None:
        match happening:
            case JobEvent():
                self.job_event.emit(happening)
            case Disconnected(reason=reason):
                self._set_state(Unreachable(reason))
            case Connected():
                if not isinstance(self.state, Online):
                    self.refresh()

    def _set_state(self, state: LinkState) -> None:
        self.state = state
        self.state_changed.emit()


def _arrive(connect: ClientFactory, place: Place) -> _Arrival:
    client = connect(place)
    return _Arrival(client, client.health(), client.models(), client.jobs())


def _close(client: EngineClient, subscription: Subscription | None) -> None:
    if subscription is not None:
        subscription.close()
    client.close()
