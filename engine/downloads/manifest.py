"""The pinned list of a model's files, kept beside them from the first download on."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath

import msgspec

from engine.errors import BadWeights

FILE_NAME = "files.json"

_WEIGHTS = (".safetensors",)
_PLAIN = (".json", ".txt", ".model")
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
"""Files that run code when they are opened; they are never downloaded and never loaded."""


class PinnedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file. `git_sha1` stands in for the hash of small files that the hub has no SHA-256 of."""

    path: str
    size_bytes: int
    sha256: str = ""
    git_sha1: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All files of one model, at one commit of its repository."""

    model: str
    repository: str
    commit: str
    files: tuple[PinnedFile, ...]

    @property
    def size_bytes(self) -> int:
        """Size of all files."""
        return sum(file.size_bytes for file in self.files)

    @property
    def fingerprint(self) -> str:
        """One SHA-256 for the weights of the model, whatever order they are listed in."""
        tensors = (file for file in self.files if file.path.endswith(_WEIGHTS))
        lines = sorted(f"{file.sha256 or file.git_sha1}  {file.path}\n" for file in tensors)
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def wanted(path: str, folders: tuple[str, ...]) -> bool:
    """Whether a file of a repository belongs to the model: a tensor or text file in its folders."""
    place = PurePosixPath(path)
    parent = "" if str(place.parent) == "." else str(place.parent)
    return parent in folders and place.suffix in _WEIGHTS + _PLAIN


def safe_path(folder: Path, path: str) -> Path:
    """Where a listed file goes below `folder`.

    Raises: BadWeights, for a path that leads out of it.
    """
    place = PurePosixPath(path)
    if place.is_absolute() or ".." in place.parts or not place.parts:
        raise BadWeights(
            f'The list of files names "{path}", which lies outside the model.',
            "Do not use this source.",
        )
    return folder.joinpath(*place.parts)


def refuse_pickles(paths: list[str], folders: tuple[str, ...], model: str) -> None:
    """Raises: BadWeights, when a model's weights come as pickles alone."""
    inside = [p for p in paths if str(PurePosixPath(p).parent) in {f or "." for f in folders}]
    pickles = [path for path in inside if path.endswith(PICKLES)]
    if pickles and not any(path.endswith(_WEIGHTS) for path in inside):
        raise BadWeights(
            f"{model} comes as a pickle ({PurePosixPath(pickles[0]).name}), which could run any "
            "program when it is opened.",
            "Use a copy of the model in the safetensors format.",
        )


def read_manifest(folder: Path) -> Manifest | None:
    """The list kept in a model's folder; None where there is none or it is damaged."""
    try:
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Keep the list, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{FILE_NAME}.part"
    with unfinished.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / FILE_NAME)
