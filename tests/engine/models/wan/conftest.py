"""Tiny checkpoints of the real Wan classes, made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.catalogue import Entry, read_catalogue
from engine.models.wan.make_tiny_checkpoint import KINDS, make


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models/ and catalogue/ of every kind of tiny checkpoint."""
    home = tmp_path_factory.mktemp("tiny-wan")
    for kind in KINDS.values():
        make(home, kind)
    return home


@pytest.fixture(scope="session")
def tiny_entry(tiny_home: Path) -> Callable[[str], Entry]:
    """The catalogue's entry of a kind, such as "t2v"."""
    catalogue = read_catalogue(tiny_home / "catalogue")
    return lambda kind: catalogue.entry(KINDS[kind].id)
