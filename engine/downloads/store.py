"""Where models live on this machine: which are installed, and how they come and are checked."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import platformdirs

from engine.catalogue import Entry
from engine.downloads.errors import LicenceNotAccepted
from engine.downloads.hub import Hub, configured_hub
from engine.downloads.manifest import (
    Manifest,
    PinnedFile,
    read_manifest,
    safe_path,
    write_manifest,
)
from engine.downloads.transfer import PART, Patience, fetch, matches
from engine.errors import BadRequest, DiskFull, WeightsNotInstalled
from engine.planning.calibration import FILE_NAME, Calibration
from engine.planning.sizes import MIB, format_bytes

BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "models"
"""Models that are part of the program; a folder beside theirs may hold what several share."""

FOLDER_VARIABLE = "WORKPRINT_MODELS"
_ACCEPTED = "licences-accepted.json"
_SPARE_BYTES = 256 * MIB
_DAMAGED = ".damaged"


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """How much of a model is here, in bytes, and the file under way."""

    path: str
    done_bytes: int
    total_bytes: int


Report = Callable[[TransferProgress], None]
"""Takes progress as it is made; it may raise to stop, and what is here is kept."""


def _ignore(_progress: TransferProgress) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class ModelStore:
    """One folder of models, each in a folder of its id."""

    folder: Path
    hub: Hub = field(default_factory=Hub)
    patience: Patience = field(default_factory=Patience)

    @property
    def calibration(self) -> Calibration:
        """What runs of these models measured on this machine."""
        return Calibration(self.folder / FILE_NAME)

    def weights(self, entry: Entry) -> Path:
        """The folder that holds, or would hold, a model."""
        if entry.source.kind == "bundled":
            return BUNDLED / entry.source.folder
        return self.folder / entry.id

    def installed(self, entry: Entry) -> bool:
        """Whether every file of the model is here. Files are named only once they are verified."""
        match entry.source.kind:
            case "none":
                return False
            case "bundled":
                return all(self._is_bundled(entry, part.name) for part in entry.components)
            case "hub":
                manifest = read_manifest(self.weights(entry))
                return manifest is not None and not self._missing(entry, manifest)

    def weights_sha256(self, entry: Entry) -> str:
        """One hash for all of an installed model's files; "" where they are not listed."""
        manifest = read_manifest(self.weights(entry))
        return "" if manifest is None else manifest.fingerprint

    def require(self, entry: Entry) -> Path:
        """The folder of an installed model.

        Raises: WeightsNotInstalled, with the command that downloads it.
        """
        if not self.installed(entry):
            raise WeightsNotInstalled(
                f"{entry.title} is not on this machine.",
                f"Run python3 main.py models download {entry.id}"
                f" ({format_bytes(entry.download_bytes)}) and try again.",
            )
        return self.weights(entry)

    def accept_licence(self, entry: Entry) -> None:
        """Remember that the user agreed to the model's terms."""
        accepted = {*self._accepted(), entry.id}
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / _ACCEPTED).write_text(json.dumps(sorted(accepted)), "utf-8")

    def download(self, entry: Entry, report: Report = _ignore) -> Path:
        """Bring a model here, going on where an earlier download stopped; -> its folder.

        Raises: LicenceNotAccepted, DownloadFailed, BadWeights, DiskFull, BadRequest.
        """
        self._check_may_download(entry)
        folder = self.weights(entry)
        with self.hub.client() as client:
            manifest = read_manifest(folder) or self.hub.list_files(entry, client)
            manifest = _with_pins(manifest, entry)
            missing = self._missing(entry, manifest)
            self._check_room(folder, missing)
            write_manifest(folder, manifest)
            done = manifest.size_bytes - sum(file.size_bytes for file in missing)
            for file in missing:

                def on_bytes(count: int, before: int = done, path: str = file.path) -> None:
                    report(TransferProgress(path, before + count, manifest.size_bytes))

                target = safe_path(folder, file.path)
                url = self.hub.file_url(manifest, file)
                fetch(client, url, file, target, on_bytes, self.patience)
                done += file.size_bytes
        return folder

    def verify(self, entry: Entry, report: Report = _ignore) -> tuple[str, ...]:
        """Hash every file; -> the damaged or missing ones, which `download` will fetch again.

        Raises: WeightsNotInstalled, where there is nothing to verify.
        """
        folder = self.weights(entry)
        manifest = read_manifest(folder)
        if manifest is None:
            self.require(entry)
            return ()
        bad: list[str] = []
        done = 0
        for file in manifest.files:
            path = safe_path(folder, file.path)

            def on_bytes(count: int, before: int = done, name: str = file.path) -> None:
                report(TransferProgress(name, before + count, manifest.size_bytes))

            if not path.exists():
                bad.append(file.path)
            elif not matches(path, file, on_bytes):
                path.replace(path.with_name(path.name + _DAMAGED))
                bad.append(file.path)
            done += file.size_bytes
        return tuple(bad)

    def remove(self, entry: Entry) -> None:
        """Delete a downloaded model. Raises: BadRequest, for one that ships with the program."""
        if entry.source.kind != "hub":
            raise BadRequest(f"{entry.title} is part of the program.", "It cannot be removed.")
        shutil.rmtree(self.weights(entry), ignore_errors=True)

    def _is_bundled(self, entry: Entry, part: str) -> bool:
        places = (self.weights(entry) / part, BUNDLED / part.replace("_", "-"))
        return any(any(place.glob("*.safetensors")) for place in places)

    def _check_may_download(self, entry: Entry) -> None:
        if entry.source.kind != "hub":
            what = "is part of the program" if entry.source.kind == "bundled" else "has no weights"
            raise BadRequest(f"{entry.title} {what}.", "There is nothing to download.")
        terms = entry.licence
        if (terms.limits or not terms.commercial) and entry.id not in self._accepted():
            raise LicenceNotAccepted(
                f"{entry.title} comes under the {terms.title}: {terms.limits}",
                f"Read it at {terms.url}, then repeat the command with --accept-licence.",
            )

    def _accepted(self) -> list[str]:
        path = self.folder / _ACCEPTED
        return json.loads(path.read_text("utf-8")) if path.exists() else []

    def _missing(self, entry: Entry, manifest: Manifest) -> list[PinnedFile]:
        folder = self.weights(entry)
        return [
            file for file in manifest.files if not _is_whole(safe_path(folder, file.path), file)
        ]

    def _check_room(self, folder: Path, missing: list[PinnedFile]) -> None:
        """Before the first byte: is there room for what is still to come?"""
        self.folder.mkdir(parents=True, exist_ok=True)
        here = sum(_size(_part_of(safe_path(folder, file.path))) for file in missing)
        needed = sum(file.size_bytes for file in missing) - here
        free = shutil.disk_usage(self.folder).free
        if needed and needed + min(_SPARE_BYTES, needed) > free:
            raise DiskFull(
                f"{format_bytes(needed)} are to be downloaded, and the disk that holds "
                f"{self.folder} has {format_bytes(free)} free.",
                f"Free some space, or set {FOLDER_VARIABLE} to a folder on another disk.",
            )


def default_store() -> ModelStore:
    """The models of this user, or of the folder that WORKPRINT_MODELS names."""
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else platformdirs.user_data_path("workprint") / "models"
    return ModelStore(folder, configured_hub())


def _with_pins(manifest: Manifest, entry: Entry) -> Manifest:
    """The list with the hashes that the catalogue itself pins, which the hub cannot change."""
    pins = {known.path: known for known in entry.files}
    files = tuple(
        msgspec.structs.replace(
            file, sha256=pins[file.path].sha256, size_bytes=pins[file.path].size_bytes
        )
        if file.path in pins
        else file
        for file in manifest.files
    )
    return msgspec.structs.replace(manifest, files=files)


def _is_whole(path: Path, file: PinnedFile) -> bool:
    return path.exists() and path.stat().st_size == file.size_bytes


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + PART)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
