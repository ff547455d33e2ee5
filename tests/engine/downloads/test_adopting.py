"""Models that other programs have downloaded already."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from engine.catalogue import Entry
from engine.downloads.adopting import adopt
from engine.downloads.store import ModelStore, TransferProgress
from engine.errors import BadRequest, BadWeights
from tests.engine.planning.machines import catalogue

WEIGHTS = b"w" * 50_000


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


@pytest.fixture
def entry() -> Entry:
    real = catalogue().entry("wan2.1-1.3b")
    parts = tuple(c for c in real.components if c.name in ("transformer", "vae"))
    return msgspec.structs.replace(real, components=parts)


def cached(cache: Path, entry: Entry, suffix: str = "safetensors") -> Path:
    """The entry in a Hugging Face cache: links in a snapshot to blobs named by their hash."""
    home = cache / f"models--{entry.source.repository.replace('/', '--')}"
    snapshot = home / "snapshots" / "abc"
    blobs = home / "blobs"
    blobs.mkdir(parents=True)
    for path, content in (
        ("model_index.json", b"{}"),
        (f"transformer/diffusion_pytorch_model.{suffix}", WEIGHTS),
        (f"vae/diffusion_pytorch_model.{suffix}", WEIGHTS + b"v"),
    ):
        blob = blobs / hashlib.sha256(content).hexdigest()
        blob.write_bytes(content)
        link = snapshot / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(blob)
    return blobs


def test_a_hugging_face_cache_is_linked_and_not_copied(
    store: ModelStore, entry: Entry, tmp_path: Path
) -> None:
    blobs = cached(tmp_path / "hub", entry)
    seen: list[TransferProgress] = []
    folder = adopt(store, entry, tmp_path / "hub", seen.append)
    assert store.installed(entry)
    assert store.verify(entry) == ()
    weights = folder / "transformer/diffusion_pytorch_model.safetensors"
    assert weights.stat().st_ino == (blobs / hashlib.sha256(WEIGHTS).hexdigest()).stat().st_ino
    assert seen[-1].done_bytes == seen[-1].total_bytes


def test_the_model_outlives_the_cache(store: ModelStore, entry: Entry, tmp_path: Path) -> None:
    blobs = cached(tmp_path / "hub", entry)
    adopt(store, entry, tmp_path / "hub", lambda _progress: None)
    for blob in blobs.iterdir():
        blob.unlink()
    assert store.verify(entry) == ()


def test_a_blob_that_is_not_what_it_is_named_is_refused(
    store: ModelStore, entry: Entry, tmp_path: Path
) -> None:
    blobs = cached(tmp_path / "hub", entry)
    (blobs / hashlib.sha256(WEIGHTS).hexdigest()).write_bytes(b"x" * len(WEIGHTS))
    with pytest.raises(BadWeights, match="is damaged"):
        adopt(store, entry, tmp_path / "hub", lambda _progress: None)
    assert not store.installed(entry)


def test_pickles_are_refused(store: ModelStore, entry: Entry, tmp_path: Path) -> None:
    cached(tmp_path / "hub", entry, suffix="bin")
    with pytest.raises(BadWeights, match="pickle"):
        adopt(store, entry, tmp_path / "hub", lambda _progress: None)


def test_a_folder_without_the_layout_is_refused_with_what_would_do(
    store: ModelStore, entry: Entry, tmp_path: Path
) -> None:
    with pytest.raises(BadRequest, match=r"there is no model_index\.json") as refused:
        adopt(store, entry, tmp_path, lambda _progress: None)
    assert "Hugging Face cache" in refused.value.hint


def test_half_a_model_is_not_adopted(store: ModelStore, entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "half/transformer").mkdir(parents=True)
    (tmp_path / "half/model_index.json").write_text("{}")
    (tmp_path / "half/transformer/diffusion_pytorch_model.safetensors").write_bytes(WEIGHTS)
    with pytest.raises(BadRequest, match=r"has no weights of .* vae"):
        adopt(store, entry, tmp_path / "half", lambda _progress: None)
