"""Reading: what a project gathers while a timeline becomes one. Ids, media, nested sequences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import opentimelineio as otio

from studio.document.model.asset import Asset
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, TrackKind
from studio.interchange.bins import Filed
from studio.interchange.losses import Losses
from studio.interchange.payload import attached
from studio.interchange.references import described, path_of


class Reading:
    """The project so far.

    `base` is the folder in which relative addresses of media lie, `folder` the one that the
    project is to lie in, `was_in` the one it lay in when the file was written. `foreign` are the
    clips that came without a record, `told_links` what the file itself says of their links: clips
    with the same words belong together.
    """

    def __init__(
        self, around: Project, base: Path, folder: Path, was_in: Path, losses: Losses
    ) -> None:
        self.losses = losses
        self.sequences: dict[Id, Sequence] = {}
        self.foreign: set[Id] = set()
        self.told_links: dict[Id, str] = {}
        self._base, self._folder = base, folder
        self._next_id = around.next_id
        self._seen: set[Id] = set()
        self._assets = {
            self.claim(asset.id, "a"): replace(asset, path=self._new_path(asset, was_in))
            for asset in around.assets
        }
        self._relinked: set[Id] = set()
        self._by_path = {self._place(asset): asset_id for asset_id, asset in self._assets.items()}

    @property
    def assets(self) -> tuple[Asset, ...]:
        return tuple(self._assets.values())

    @property
    def next_id(self) -> int:
        return self._next_id

    def find(self, asset_id: Id | None) -> Asset | None:
        """The asset of that id, as far as the bin is known."""
        return self._assets.get(asset_id) if asset_id else None

    def put_in_bins(self, filed: Iterable[Filed]) -> None:
        """Put media into the folders that its file tells of, with the labels it has there."""
        for each in filed:
            asset_id = self._by_path.get(self._absolute(path_of(each.address)))
            if asset_id is not None:
                old = self._assets[asset_id]
                label = each.label or old.colour
                self._assets[asset_id] = replace(old, bin=each.folder, colour=label)

    def fresh(self, prefix: str) -> Id:
        """An id that nothing in the project has."""
        while (made := f"{prefix}{self._next_id}") in self._seen:
            self._next_id += 1
        self._next_id += 1
        self._seen.add(made)
        return made

    def claim(self, wanted: Id, prefix: str) -> Id:
        """An id that a record brings, or a new one where a copy has taken it already."""
        return self.keep("" if wanted in self._seen else wanted, prefix)

    def keep(self, wanted: Id, prefix: str) -> Id:
        """An id that a record brings, of a thing whose copies may share it; else a new one."""
        if not wanted:
            return self.fresh(prefix)
        self._seen.add(wanted)
        number = wanted.lstrip("abcdefghijklmnopqrstuvwxyz")
        if number.isdecimal():
            self._next_id = max(self._next_id, int(number) + 1)
        return wanted

    def asset(self, reference: otio.core.MediaReference | None, kind: TrackKind) -> Id | None:
        """The asset that a media reference means; None where it means none."""
        if reference is None:
            return None
        record = attached(reference, Asset)
        if isinstance(reference, otio.schema.ExternalReference):
            return self._file(reference, record, kind)
        if isinstance(reference, otio.schema.ImageSequenceReference):
            first = otio.schema.ExternalReference(reference.target_url_for_image_number(0))
            self.losses.add("Numbered pictures are read as their first one", reference.name)
            return self._file(first, record, kind)
        return self._known(record) if record else None

    def _file(
        self, reference: otio.schema.ExternalReference, record: Asset | None, kind: TrackKind
    ) -> Id:
        path = self._absolute(path_of(reference.target_url))
        if record is None:
            if path not in self._by_path:
                self._add(described(reference, path, self.fresh("a"), kind), path)
            return self._by_path[path]
        known = self._known(record)
        if self._place(self._assets[known]) == path:
            return known
        return self._by_path.get(path) or self._moved(self._assets[known], path)

    def _known(self, record: Asset) -> Id:
        """The asset of a record, put in the bin if it is not there."""
        if record.id not in self._assets:
            self.claim(record.id, "a")
            self._add(record, self._place(record))
        return record.id

    def _moved(self, asset: Asset, path: Path) -> Id:
        """An asset at another place: the first place it is met at is where it is now."""
        if asset.id not in self._relinked:
            self._relinked.add(asset.id)
            self._add(replace(asset, path=str(path)), path)
            return asset.id
        self._add(replace(asset, id=self.fresh("a"), path=str(path)), path)
        return self._by_path[path]

    def _add(self, asset: Asset, path: Path) -> None:
        self._assets[asset.id] = asset
        self._by_path[path] = asset.id

    def _new_path(self, asset: Asset, was_in: Path) -> str:
        """An asset's path for a project in this folder: relative ones stay so where they lie in it.

        Absolute paths stay as they are.
        """
        path = Path(asset.path)
        if path.is_absolute() or was_in == self._folder:
            return asset.path
        return str(was_in / path)

    def _place(self, asset: Asset) -> Path:
        path = Path(asset.path)
        return path if path.is_absolute() else self._folder / path

    def _absolute(self, path: Path) -> Path:
        return path if path.is_absolute() else self._base / path
