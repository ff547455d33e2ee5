"""Adopting a model that another program has downloaded: linked by hash, not downloaded again.

It takes a folder in the layout of diffusers, such as a snapshot in the Hugging Face cache, whose
files are links to blobs named by their SHA-256.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from engine.catalogue import Entry
from engine.downloads.manifest import (
    Manifest,
    PinnedFile,
    refuse_pickles,
    safe_path,
    wanted,
    write_manifest,
)
from engine.downloads.store import ModelStore, Report, TransferProgress
from engine.downloads.transfer import digest
from engine.errors import BadRequest, BadWeights

_SHA256 = re.compile(r"[0-9a-f]{64}")
_INDEX = "model_index.json"


def adopt(store: ModelStore, entry: Entry, source: Path, report: Report) -> Path:
    """Make the model in `source` this store's, by hard links where the disk allows; -> its folder.

    Every file is hashed, so that damage is found now. The source is left as it is.

    Raises: BadRequest, BadWeights.
    """
    if entry.source.kind != "hub":
        raise BadRequest(f"{entry.title} is part of the program.", "There is nothing to import.")
    root = find_checkpoint(source, entry)
    paths = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
    refuse_pickles(paths, entry.source.folders, entry.title)
    chosen = [path for path in paths if wanted(path, entry.source.folders)]
    _check_complete(chosen, entry, root)
    folder = store.weights(entry)
    manifest = Manifest(
        model=entry.id,
        repository=entry.source.repository,
        commit=root.name,
        files=_pin(root, chosen, report),
    )
    for file in manifest.files:
        _link((root / file.path).resolve(), safe_path(folder, file.path))
    write_manifest(folder, manifest)
    return folder


def find_checkpoint(source: Path, entry: Entry) -> Path:
    """The folder with model_index.json at `source`, or in a Hugging Face cache below it.

    Raises: BadRequest.
    """
    cached = f"models--{entry.source.repository.replace('/', '--')}"
    places = [source, *source.glob("snapshots/*"), *source.glob(f"{cached}/snapshots/*")]
    places += source.glob(f"hub/{cached}/snapshots/*")
    found = [place for place in places if (place / _INDEX).is_file()]
    if not found:
        raise BadRequest(
            f"{source} does not hold {entry.title} in the layout of diffusers: there is no {_INDEX}"
            " in it.",
            "Name a folder that has one, or the Hugging Face cache; single files of other "
            "programs cannot be used.",
        )
    return max(found, key=lambda place: place.stat().st_mtime)


def _check_complete(chosen: list[str], entry: Entry, root: Path) -> None:
    for component in entry.components:
        has = any(p.startswith(f"{component.name}/") and p.endswith(".safetensors") for p in chosen)
        if not has:
            raise BadRequest(
                f"{root} has no weights of {entry.title}'s {component.name}.",
                f"Complete it there, or run python3 main.py models download {entry.id} instead.",
            )


def _pin(root: Path, chosen: list[str], report: Report) -> tuple[PinnedFile, ...]:
    total = sum((root / path).stat().st_size for path in chosen)
    files: list[PinnedFile] = []
    done = 0
    for path in chosen:
        real = (root / path).resolve()

        def on_bytes(count: int, before: int = done, name: str = path) -> None:
            report(TransferProgress(name, before + count, total))

        sha256 = digest(real, hashlib.sha256(), on_bytes)
        if _SHA256.fullmatch(real.name) and real.name != sha256:
            raise BadWeights(
                f"{root / path} is damaged: its contents are not those of its name.",
                "Download it again in the program it belongs to.",
            )
        size_bytes = real.stat().st_size
        files.append(PinnedFile(path=path, size_bytes=size_bytes, sha256=sha256))
        done += size_bytes
    return tuple(files)


def _link(source: Path, target: Path) -> None:
    """A hard link, which outlives the source's folder; on another disk a symbolic one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        target.symlink_to(source)
