"""The asset store by itself: pieces, hashes, what is let go, and a full disk."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import BadRequest, DiskFull, NotFound
from engine.server.assets import AssetStore, WrongOffset
from tests.engine.running import small_disk

DATA = b"frames" * 1000
HASH = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path, set)


def add(store: AssetStore, data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    assert store.append(sha256, 0, len(data), data).complete
    return sha256


def grow_old(store: AssetStore, sha256: str, hours: float) -> None:
    then_s = time.time() - hours * 3600
    os.utime(store.path(sha256), (then_s, then_s))


def test_pieces_make_an_asset(store: AssetStore) -> None:
    assert not store.append(HASH, 0, len(DATA), DATA[:100]).complete
    assert store.status(HASH).received_bytes == 100
    assert store.append(HASH, 100, len(DATA), DATA[100:]).complete
    assert store.path(HASH).read_bytes() == DATA


def test_a_piece_in_the_wrong_place_is_refused_with_the_right_one(store: AssetStore) -> None:
    store.append(HASH, 0, len(DATA), DATA[:100])
    with pytest.raises(WrongOffset) as refused:
        store.append(HASH, 50, len(DATA), DATA[50:])
    assert refused.value.status.received_bytes == 100


def test_an_asset_that_is_here_is_not_stored_twice(store: AssetStore) -> None:
    add(store, DATA)
    assert store.append(HASH, 0, len(DATA), b"anything").complete
    assert store.path(HASH).read_bytes() == DATA


def test_damaged_bytes_are_thrown_away(store: AssetStore) -> None:
    with pytest.raises(BadRequest, match="arrived damaged"):
        store.append(HASH, 0, len(DATA), DATA[:-1] + b"!")
    assert store.status(HASH).received_bytes == 0
    with pytest.raises(NotFound):
        store.path(HASH)


def test_a_part_survives_the_process(tmp_path: Path) -> None:
    AssetStore(tmp_path, set).append(HASH, 0, len(DATA), DATA[:100])
    assert AssetStore(tmp_path, set).status(HASH).received_bytes == 100


def test_the_longest_unused_goes_first_and_what_is_needed_stays(tmp_path: Path) -> None:
    needed: set[str] = set()
    store = AssetStore(tmp_path, lambda: needed, bound_bytes=2500)
    names = [add(store, bytes([n]) * 1000) for n in range(4)]
    for age, name in enumerate(reversed(names)):
        grow_old(store, name, 2 + age)
    needed.add(names[0])
    assert store.make_room() == 2000
    assert [store.find(name) is not None for name in names] == [True, False, False, True]


def test_what_was_just_used_stays(tmp_path: Path) -> None:
    store = AssetStore(tmp_path, set, bound_bytes=0)
    add(store, DATA)
    assert store.make_room() == 0


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    with small_disk(tmp_path, 1) as disk:
        yield disk


def test_a_full_disk_is_one_sentence_and_the_upload_goes_on_later(tiny_disk: Path) -> None:
    store = AssetStore(tiny_disk, set)
    data = os.urandom(900_000)
    sha256 = hashlib.sha256(data).hexdigest()
    store.append(sha256, 0, len(data), data[:500_000])
    filler = tiny_disk / "filler"
    filler.write_bytes(bytes(400_000))
    with pytest.raises(DiskFull, match="disk is full"):
        store.append(sha256, 500_000, len(data), data[500_000:])
    assert store.status(sha256).received_bytes == 500_000
    filler.unlink()
    assert store.append(sha256, 500_000, len(data), data[500_000:]).complete


def test_a_full_disk_makes_room_of_what_nobody_needs(tiny_disk: Path) -> None:
    store = AssetStore(tiny_disk, set)
    old = add(store, os.urandom(600_000))
    grow_old(store, old, 2)
    new = add(store, os.urandom(600_000))
    assert store.find(old) is None
    assert store.find(new) is not None
