"""What the media bin shows: folders, sequences and media as entries, filtered and in order.

Pure functions from a project. An entry's key ("folder:Day 1", "sequence:s2", "asset:a7") names it
whatever becomes of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from studio.document.model.asset import Asset, AssetKind
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.queries.bins import all_bins, bin_name, bin_parent
from studio.document.queries.places import sequence_duration


class Shown(Enum):
    """Which entries the bin shows."""

    ALL = "all"
    VIDEO = "video"
    AUDIO = "audio"
    STILLS = "stills"
    GENERATED = "generated"
    SEQUENCES = "sequences"


class Column(Enum):
    """The columns of the list, in their order."""

    NAME = "Name"
    DURATION = "Duration"
    SIZE = "Size"
    RATE = "Rate"
    USED = "Used"
    LABEL = "Label"


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A folder of the bin by its path."""

    path: str

    @property
    def key(self) -> str:
        return f"folder:{self.path}"

    @property
    def name(self) -> str:
        return bin_name(self.path)

    @property
    def folder(self) -> str:
        """The folder that it lies in."""
        return bin_parent(self.path)


@dataclass(frozen=True, slots=True)
class SequenceEntry:
    """A sequence of the project."""

    sequence: Sequence

    @property
    def key(self) -> str:
        return f"sequence:{self.sequence.id}"

    @property
    def name(self) -> str:
        return self.sequence.name

    @property
    def folder(self) -> str:
        """The folder that it lies in."""
        return self.sequence.bin


@dataclass(frozen=True, slots=True)
class AssetEntry:
    """A file of the project."""

    asset: Asset

    @property
    def key(self) -> str:
        return f"asset:{self.asset.id}"

    @property
    def name(self) -> str:
        return self.asset.name

    @property
    def folder(self) -> str:
        """The folder that it lies in."""
        return self.asset.bin


Entry: TypeAlias = FolderEntry | SequenceEntry | AssetEntry
Uses: TypeAlias = Callable[[str], int]
"""How often the timelines use an asset or a sequence, by its id."""


@dataclass(frozen=True, slots=True)
class Order:
    """By what the entries of a folder are sorted; without a column, the newest come first."""

    column: Column | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see of the bin."""

    search: str = ""
    shown: Shown = Shown.ALL
    order: Order = Order()


def arranged(project: Project, wish: Wish, uses: Uses) -> dict[str, list[Entry]]:
    """The entries by the folder that they are shown in, "" being the top, each list in order.

    A search finds what lies in any folder, and shows it all at the top. Folders in which a filter
    leaves nothing are left out.
    """
    words = wish.search.lower().split()
    things = [each for each in entries_of(project) if _fits(each, wish.shown)]
    folders = [FolderEntry(path) for path in all_bins(project)]
    if words:
        found = [each for each in (*folders, *things) if _says(each, words)]
        return {"": ordered(found, wish.order, uses)}
    if wish.shown is not Shown.ALL:
        holding = {each.folder for each in things}
        folders = [f for f in folders if any(_within(each, f.path) for each in holding)]
    held: defaultdict[str, list[Entry]] = defaultdict(list)
    for each in (*folders, *things):
        held[each.folder].append(each)
    return {folder: ordered(row, wish.order, uses) for folder, row in held.items()}


def entries_of(project: Project) -> list[SequenceEntry | AssetEntry]:
    """Sequences and media, newest first, without tools such as look-up tables and fonts."""
    tools = (AssetKind.LUT, AssetKind.FONT)
    media = [AssetEntry(a) for a in reversed(project.assets) if a.kind not in tools]
    return [*map(SequenceEntry, project.sequences), *media]


def ordered(entries: Iterable[Entry], order: Order, uses: Uses) -> list[Entry]:
    """Entries in an order: folders always before the rest."""
    row = list(entries)
    if order.column is not None:
        key = _SORTING[order.column]
        row.sort(key=lambda each: key(each, uses), reverse=order.descending)
    return sorted(row, key=lambda each: 0 if isinstance(each, FolderEntry) else 1)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts names as people count: "Take 2" before "Take 10"."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)


def label_of(entry: Entry) -> str:
    """The label of an entry as it is stored; a folder has none."""
    match entry:
        case AssetEntry(asset=asset):
            return asset.colour
        case SequenceEntry(sequence=sequence):
            return sequence.colour
        case FolderEntry():
            return ""


def seconds_of(entry: Entry) -> float:
    """How long an entry lasts, 0 for stills and folders."""
    match entry:
        case AssetEntry(asset=asset):
            return float(asset.duration.seconds)
        case SequenceEntry(sequence=sequence):
            return float(sequence_duration(sequence) / sequence.rate.fraction)
        case FolderEntry():
            return 0.0


def frame_of(entry: Entry) -> tuple[int, int]:
    """The size of an entry's picture in pixels; (0, 0) where it has none."""
    match entry:
        case AssetEntry(asset=asset) if asset.video:
            return asset.video[0].width, asset.video[0].height
        case SequenceEntry(sequence=sequence):
            return sequence.width, sequence.height
        case _:
            return 0, 0


def rate_of(entry: Entry) -> float:
    """Frames a second of moving pictures; 0 where there are none."""
    match entry:
        case AssetEntry(asset=asset) if asset.video and asset.kind is AssetKind.VIDEO:
            return float(asset.video[0].rate.fraction)
        case SequenceEntry(sequence=sequence):
            return float(sequence.rate.fraction)
        case _:
            return 0.0


def id_of(entry: Entry) -> str:
    """The id of what an entry shows, "" for a folder."""
    match entry:
        case AssetEntry(asset=asset):
            return asset.id
        case SequenceEntry(sequence=sequence):
            return sequence.id
        case FolderEntry():
            return ""


_SORTING: dict[Column, Callable[[Entry, Uses], tuple[object, ...]]] = {
    Column.NAME: lambda each, _uses: natural(each.name),
    Column.DURATION: lambda each, _uses: (seconds_of(each), natural(each.name)),
    Column.SIZE: lambda each, _uses: (*frame_of(each), natural(each.name)),
    Column.RATE: lambda each, _uses: (rate_of(each), natural(each.name)),
    Column.USED: lambda each, uses: (uses(id_of(each)), natural(each.name)),
    Column.LABEL: lambda each, _uses: (label_of(each), natural(each.name)),
}


def _within(folder: str, path: str) -> bool:
    return folder == path or folder.startswith(f"{path}/")


def _says(entry: Entry, words: list[str]) -> bool:
    match entry:
        case AssetEntry(asset=asset):
            text = f"{asset.name} {asset.note} {asset.bin} {asset.colour}"
        case SequenceEntry(sequence=sequence):
            text = f"{sequence.name} {sequence.bin} {sequence.colour}"
        case FolderEntry(path=path):
            text = bin_name(path)
    lowered = text.lower()
    return all(word in lowered for word in words)


def _fits(entry: Entry, shown: Shown) -> bool:
    if shown is Shown.ALL:
        return True
    if not isinstance(entry, AssetEntry):
        return shown is Shown.SEQUENCES
    kinds = {
        Shown.VIDEO: AssetKind.VIDEO,
        Shown.AUDIO: AssetKind.AUDIO,
        Shown.STILLS: AssetKind.STILL,
    }
    if shown is Shown.GENERATED:
        return entry.asset.generated
    return entry.asset.kind is kinds.get(shown)
