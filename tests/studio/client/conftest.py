"""A running engine, and a network to it that can be cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studio.client.http_client import HttpEngineClient
from tests.engine.running import RunningEngine, running_engine
from tests.studio.client.relay import Relay


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """One engine for a whole module."""
    with running_engine(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.fixture
def relay(engine: RunningEngine) -> Iterator[Relay]:
    """The network."""
    relay = Relay(engine.address)
    yield relay
    relay.close()


@pytest.fixture
def client(relay: Relay) -> Iterator[HttpEngineClient]:
    """A client at the far end of it."""
    client = relay.client()
    yield client
    client.close()
