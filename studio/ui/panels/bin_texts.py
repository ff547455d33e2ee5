"""What the media bin says of an entry: its cells in the list, a line of facts, a tooltip."""

from __future__ import annotations

from collections.abc import Callable

from studio.document.model.asset import Asset
from studio.document.model.sequence import Sequence
from studio.document.queries.places import sequence_duration
from studio.document.time import Rate, Rounding
from studio.document.timecode import timecode
from studio.session.bin_entries import (
    AssetEntry,
    Column,
    Entry,
    FolderEntry,
    SequenceEntry,
    Uses,
    frame_of,
    id_of,
    label_of,
    rate_of,
)
from studio.ui.labels import label_name

_CHANNELS = {1: "mono", 2: "stereo"}


def length_text(entry: Entry) -> str:
    """An entry's length, in timecode where it has frames; "" for a still or a folder."""
    match entry:
        case AssetEntry(asset=asset):
            return _asset_length(asset)
        case SequenceEntry(sequence=sequence):
            return _sequence_length(sequence)
        case FolderEntry():
            return ""


def facts_text(entry: Entry) -> str:
    """What an entry is, in a line: length, size, rate."""
    rate = f"{_rate_text(entry)} fps" if rate_of(entry) else ""
    facts = (length_text(entry), _size_text(entry), rate)
    return " · ".join(fact for fact in facts if fact)


def cell_text(entry: Entry, column: Column, uses: Uses) -> str:
    """What stands in a column of the list."""
    return _CELLS[column](entry, uses)


def tooltip(entry: Entry, *, proxied: bool) -> str:
    """All that is known of an entry, a line each."""
    folder = f"In {entry.folder.replace('/', ' › ')}" if entry.folder else ""
    label = f"Label: {label_name(label_of(entry))}" if label_of(entry) else ""
    lines = [entry.name, facts_text(entry), folder, label]
    if isinstance(entry, AssetEntry):
        lines[1:1] = [entry.asset.path, entry.asset.note]
        lines.append("Scrubs and plays through its proxy." if proxied else "")
    return "\n".join(line for line in lines if line)


def _asset_length(asset: Asset) -> str:
    if not asset.duration:
        return ""
    if asset.video:
        rate = asset.video[0].rate
        text = timecode(asset.duration.ticks(rate, Rounding.NEAREST), rate)
        return text.removeprefix("00:")
    seconds = asset.duration.ticks(Rate(1), Rounding.NEAREST)
    return f"{seconds // 60}:{seconds % 60:02}"


def _sequence_length(sequence: Sequence) -> str:
    frames = sequence_duration(sequence)
    return timecode(frames, sequence.rate).removeprefix("00:") if frames else ""


def _size_text(entry: Entry) -> str:
    width, height = frame_of(entry)
    if width:
        return f"{width}×{height}"
    if isinstance(entry, AssetEntry) and entry.asset.audio:
        sound = entry.asset.audio[0]
        channels = _CHANNELS.get(sound.channels, f"{sound.channels} channels")
        return f"{sound.sample_rate_hz / 1000:g} kHz {channels}"
    return ""


def _rate_text(entry: Entry) -> str:
    rate = rate_of(entry)
    return f"{rate:.5g}" if rate else ""


_CELLS: dict[Column, Callable[[Entry, Uses], str]] = {
    Column.NAME: lambda entry, _uses: entry.name,
    Column.DURATION: lambda entry, _uses: length_text(entry),
    Column.SIZE: lambda entry, _uses: _size_text(entry),
    Column.RATE: lambda entry, _uses: _rate_text(entry),
    Column.USED: lambda entry, uses: str(uses(id_of(entry)) or ""),
    Column.LABEL: lambda entry, _uses: label_name(label_of(entry)),
}
