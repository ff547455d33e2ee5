"""The event stream: nothing is missed, whatever happens to the network or the engine."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest

from engine.protocol.jobs import Done, JobEvent
from studio.client.address import Address
from studio.client.engine import Connected, Disconnected, StreamEvent
from studio.client.errors import EngineUnreachable
from studio.client.http_client import HttpEngineClient
from tests.engine.running import LIMIT_S, RunningEngine, noise, running_engine
from tests.studio.client.relay import Relay

TOKEN = "the-same-token-for-both"


class Recorder:
    """A listener that keeps what it hears, and wakes who waits for something."""

    def __init__(self) -> None:
        self.heard: list[StreamEvent] = []
        self._arrived: queue.SimpleQueue[StreamEvent] = queue.SimpleQueue()

    def __call__(self, event: StreamEvent) -> None:
        """Called on the stream's thread."""
        self.heard.append(event)
        self._arrived.put(event)

    def until(self, kind: type[StreamEvent]) -> StreamEvent:
        """The next of that kind."""
        while not isinstance(event := self._arrived.get(timeout=LIMIT_S), kind):
            continue
        return event

    def until_done(self, job_id: str) -> None:
        """Until that job's last event."""
        while True:
            event = self.until(JobEvent)
            assert isinstance(event, JobEvent)
            if event.job_id == job_id and isinstance(event.state, Done):
                return

    def sequences(self) -> list[int]:
        """Numbers of the job events, in the order they came."""
        return [event.sequence for event in self.heard if isinstance(event, JobEvent)]


def test_a_cut_stream_comes_back_and_misses_nothing(
    engine: RunningEngine, client: HttpEngineClient, relay: Relay
) -> None:
    recorder = Recorder()
    client.subscribe(recorder)
    recorder.until(Connected)
    job_id = client.submit(noise("held"))
    for _ in range(3):
        recorder.until(JobEvent)
        relay.cut()
        recorder.until(Disconnected)
        recorder.until(Connected)
    engine.let_go(job_id)
    recorder.until_done(job_id)
    everything = Recorder()
    straight = engine.client()
    straight.subscribe(everything)
    everything.until_done(job_id)
    assert recorder.sequences() == everything.sequences()
    assert recorder.sequences() == sorted(set(recorder.sequences()))


def test_a_stream_goes_on_from_a_sequence(client: HttpEngineClient) -> None:
    client.wait(client.submit(noise()))
    after = client.jobs().sequence
    recorder = Recorder()
    client.subscribe(recorder, after=after)
    job_id = client.submit(noise())
    recorder.until_done(job_id)
    assert min(recorder.sequences()) == after + 1


def test_two_listeners_hear_the_same(engine: RunningEngine) -> None:
    client = engine.client()
    after = client.jobs().sequence
    recorders = [Recorder(), Recorder()]
    for recorder in recorders:
        client.subscribe(recorder, after=after)
    job_id = client.submit(noise("slow", frames=4))
    for recorder in recorders:
        recorder.until_done(job_id)
    assert recorders[0].sequences() == recorders[1].sequences()


def test_a_closed_stream_is_silent(engine: RunningEngine) -> None:
    client = engine.client()
    recorder = Recorder()
    stream = client.subscribe(recorder, after=client.jobs().sequence)
    recorder.until(Connected)
    stream.close()
    client.wait(client.submit(noise()))
    assert recorder.sequences() == []


def test_a_stream_can_be_closed_by_its_listener(engine: RunningEngine) -> None:
    client = engine.client()
    is_known, is_closed = threading.Event(), threading.Event()

    def listen(_event: StreamEvent) -> None:
        is_known.wait()
        stream.close()
        is_closed.set()

    stream = client.subscribe(listen)
    is_known.set()
    assert is_closed.wait(LIMIT_S)


def test_a_listener_that_fails_hears_the_next_event(engine: RunningEngine) -> None:
    client = engine.client()
    heard = Recorder()

    def listen(event: StreamEvent) -> None:
        heard(event)
        raise ValueError("a bug of the listener")

    client.subscribe(listen, after=client.jobs().sequence)
    heard.until_done(client.submit(noise()))


def test_an_engine_that_comes_back_with_another_memory_is_followed_from_its_start(
    tmp_path: Path,
) -> None:
    recorder = Recorder()
    (tmp_path / "tokens").write_text(f"ann {TOKEN}")
    tokens = ("--tokens", str(tmp_path / "tokens"))
    with (
        running_engine(tmp_path / "old", *tokens) as old,
        running_engine(tmp_path / "new", *tokens) as new,
    ):
        relay = Relay(Address(old.address.url, TOKEN))
        follower = relay.client()
        follower.subscribe(recorder)
        recorder.until_done(old.client(TOKEN).submit(noise()))
        relay.retarget(new.address)
        relay.cut()
        recorder.until_done(new.client(TOKEN).submit(noise()))
        assert recorder.sequences().count(1) == 2
        follower.close()
    relay.close()


def test_waiting_for_an_engine_that_stays_away_ends(engine: RunningEngine) -> None:
    relay = Relay(engine.address)
    client = relay.client(patience_s=0.5)
    job_id = client.submit(noise("held"))
    threading.Timer(0.3, relay.close).start()
    with pytest.raises(EngineUnreachable):
        client.wait(job_id)
    engine.client().cancel(job_id)
