"""Engines that the tests of a module share, and footage to cut in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.studio.commands import running
from tests.studio.media.footage import Shot, make_video

Here = tuple[str, Path]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """The option that leads a command to this machine's engine, with the cast of scenes."""
    with running.local_engine(tmp_path_factory.mktemp("engine")) as state:
        yield "--engine-state", state


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server's address and token."""
    with running.server(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of film with sound."""
    path = tmp_path_factory.mktemp("footage") / "holiday.mp4"
    make_video(path, Shot(frames=50, sound_rate=48_000))
    return path
