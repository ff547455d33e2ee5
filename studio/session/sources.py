"""Sources: media that a recipe is to read, named by its bytes; stills taken out of moving pictures.

A recipe names what it reads by SHA-256, which imported media does not have until its whole file
has been read. That is done here, on another thread. Nothing is put into the project before a
recipe that reads it is started: `with_inputs` is that part of the edit.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from studio.document.edits.assets import note_hash, relink, with_asset
from studio.document.model.asset import Asset
from studio.document.model.project import Project
from studio.session.describing import describe
from studio.session.session import Session
from studio.session.stills import write_still

READ_WHOLE_S = 60
"""A recipe reads a file of up to so many seconds whole: an engine gets a copy of all it reads."""

Taken: TypeAlias = Callable[[Asset], object]
"""Called with an asset whose `sha256` is known; one that the project lacks has no id yet."""
Part: TypeAlias = tuple[Fraction, Fraction]
"""Where it begins and ends, in seconds of a file."""
PartTaken: TypeAlias = Callable[[Asset, Fraction], object]
"""Called with such an asset, and the second of the file at which it begins."""
Refused: TypeAlias = Callable[[str], object]
"""Called with one sentence when it cannot be read."""
Writer: TypeAlias = Callable[[Path, Callable[[], object], Refused], object]
"""Writes a picture to a path and then calls one of the two."""


class SourceChanged(Exception):
    """A file is no longer the bytes that a recipe names; the text is one sentence for the user."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} has changed since it was chosen. Choose it again.")
        self.path = path


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file as it was when it was read: the stamp tells whether it has changed since."""

    stamp: tuple[int, int]
    sha256: str


class Sources:
    """Reads files to name them. Every callback comes on the main thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._looked: dict[Path, _Looked] = {}

    def name(self, asset: Asset, taken: Taken, refused: Refused) -> None:
        """Learn what an asset's bytes are called. One whose file has changed is relinked to it."""
        if asset.id in self._session.footage.missing:
            refused(_offline(asset))
            return
        path, folder = self._session.file.media_path(asset), self._session.folder
        known = self._looked.get(path)

        def read() -> tuple[_Looked, Asset | None]:
            looked = _look(path, known)
            changed = bool(asset.sha256) and asset.sha256 != looked.sha256
            return looked, describe(path, folder) if changed else None

        def done(found: tuple[_Looked, Asset | None]) -> None:
            looked, other = found
            self._looked[path] = looked
            now = self._relinked(asset, other, looked.sha256) if other is not None else asset
            taken(replace(now, sha256=looked.sha256))

        self._session.work.run(read, done, lambda error: refused(_sentence(error, path)))

    def part(self, asset: Asset, used: Part, taken: PartTaken, refused: Refused) -> None:
        """Name what a recipe reads of moving pictures or sound.

        It is the file itself, or of a long one a part cut out of it, without coding anything anew.
        """
        if asset.duration.seconds <= READ_WHOLE_S:
            self.name(asset, lambda named: taken(named, Fraction(0)), refused)
            return
        if asset.id in self._session.footage.missing:
            refused(_offline(asset))
            return
        path, folder = self._session.file.media_path(asset), self._session.folder
        media = self._session.media_folder

        def read() -> tuple[Asset, Fraction]:
            from studio.media.excerpt import write_excerpt

            media.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=media, prefix="part-") as scratch:
                excerpt = write_excerpt(path, *used, Path(scratch))
                name = f"Part of {asset.name} from {_clock(excerpt.began_s)}"
                return _kept(excerpt.path, media, folder, name), excerpt.began_s

        self._session.work.run(
            read,
            lambda found: taken(*found),
            lambda error: refused(_not_kept(error, media, "part")),
        )

    def file(self, path: Path, taken: Taken, refused: Refused) -> None:
        """A file from anywhere on the disk."""
        folder, known = self._session.folder, self._looked.get(path)

        def read() -> Asset:
            return replace(describe(path, folder), sha256=_look(path, known).sha256)

        self._session.work.run(read, taken, lambda error: refused(_sentence(error, path)))

    def frame(self, asset: Asset, time: Fraction, taken: Taken, refused: Refused) -> None:
        """The picture of an asset at a time on its own clock, as a still in the media folder."""
        if asset.id in self._session.footage.missing:
            refused(_offline(asset))
            return
        footage, media = self._session.media, self._session.media_folder
        folder = self._session.folder

        def read() -> Asset:
            media.mkdir(parents=True, exist_ok=True)
            part = _part_in(media)
            try:
                write_still(footage.get(), asset, time, part)
                return _kept(part, media, folder, f"Frame of {asset.name}")
            finally:
                part.unlink(missing_ok=True)

        self._session.work.run(read, taken, lambda error: refused(_not_kept(error, media, "frame")))

    def rendered(self, write: Writer, name: str, taken: Taken, refused: Refused) -> None:
        """A still that something else writes, such as a viewer."""
        media, folder = self._session.media_folder, self._session.folder
        part = _part_in(media)

        def dropped(sentence: str) -> None:
            part.unlink(missing_ok=True)
            refused(sentence)

        def written() -> None:
            self._session.work.run(
                lambda: _kept(part, media, folder, name),
                taken,
                lambda error: dropped(_not_kept(error, media, "frame")),
            )

        try:
            media.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            refused(_not_kept(error, media, "frame"))
            return
        write(part, written, dropped)

    def has_changed(self, path: Path) -> None:
        """A file is not the bytes that a recipe names: say so of clips that were made of them."""
        asset = next(
            (a for a in self._session.project.assets if self._session.file.media_path(a) == path),
            None,
        )
        if asset is not None and asset.sha256:
            self.name(asset, lambda _asset: None, self._session.notices.error)

    def _relinked(self, asset: Asset, other: Asset, sha256: str) -> Asset:
        """The asset as its file is now; clips that were made of the old bytes are then stale."""
        known = self._session.project.assets_by_id.get(asset.id)
        if known is None or known.sha256 == sha256:
            return replace(other, id=asset.id, name=asset.name)
        found = replace(other, sha256=sha256)
        edit = partial(relink, asset_id=asset.id, found=found)
        if self._session.apply("Take in changed footage", edit):
            self._session.notices.warning(
                f"{asset.name} has changed on disk. Clips made from it are marked as out of date.",
                topic="sources",
            )
        return self._session.project.assets_by_id[asset.id]


def with_inputs(project: Project, inputs: Iterable[Asset]) -> Project:
    """The project with what a recipe reads in its bin, each under the name of its bytes.

    Raises: EditError when one is known to be other bytes.
    """
    for asset in inputs:
        project, asset_id = with_asset(project, asset)
        project = note_hash(project, asset_id, asset.sha256)
    return project


def _look(path: Path, known: _Looked | None) -> _Looked:
    """Read a file to name its bytes, unless nothing about it has changed since it was read."""
    about = path.stat()
    stamp = (about.st_size, about.st_mtime_ns)
    if known is not None and known.stamp == stamp:
        return known
    with path.open("rb") as file:
        return _Looked(stamp, hashlib.file_digest(file, "sha256").hexdigest())


def _part_in(folder: Path) -> Path:
    """Where a still is written before its bytes are known."""
    return folder / f"{uuid.uuid4().hex}.part.png"


def _kept(part: Path, media: Path, folder: Path, name: str) -> Asset:
    """A still or an excerpt just written, in the media folder under the name of its bytes."""
    with part.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    path = media / f"{sha256}{part.suffix}"
    part.replace(path)
    return replace(describe(path, folder), name=name, sha256=sha256)


def _not_kept(error: Exception, folder: Path, what: str) -> str:
    if isinstance(error, OSError):
        return f"The {what} cannot be kept in {folder}: {error.strerror or error}."
    return str(error)


def _offline(asset: Asset) -> str:
    return f"{asset.name} is offline. Find its file first: File › Find missing footage."


def _clock(seconds: Fraction) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _sentence(error: Exception, path: Path) -> str:
    if isinstance(error, OSError):
        return f"{path.name} cannot be read: {error.strerror or error}."
    return str(error)
