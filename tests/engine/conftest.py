"""A running engine for the tests of a module, and a fresh one for tests that harm theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.client.http_client import HttpEngineClient
from tests.engine.running import RunningEngine, running_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """One engine for a whole module; its tests leave it well."""
    with running_engine(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.fixture
def client(engine: RunningEngine) -> HttpEngineClient:
    """A client of the module's engine."""
    return engine.client()


@pytest.fixture
def frail(tmp_path: Path) -> Iterator[RunningEngine]:
    """An engine of one test's own."""
    with running_engine(tmp_path) as running:
        yield running
