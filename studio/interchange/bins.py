"""Folders and labels of the media bin in formats that have a place for them.

    FCP 7 XML   <bin> with master clips, <label2>       Premiere's words for colours are ours
    FCPXML      an <event> for each folder, with its clips; events lie side by side, so a folder
                in another is named by its whole path

Only media that the sequence plays is listed. What a file says of folders wins over our records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, indent, tostring

import opentimelineio as otio

from studio.document.model.asset import Asset
from studio.document.model.label import Label
from studio.document.queries.bins import bin_name, bin_parent, joined_bin, with_parents
from studio.interchange.payload import KEY, attached, pocket

BINS = "bins"
"""What a timeline's pocket calls the folders and labels that its file tells of."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n'


@dataclass(frozen=True, slots=True)
class Filed:
    """The folder and the label of the media at an address, "" for none or for what is not told."""

    address: str
    folder: str
    label: str = ""


def label_word(stored: str) -> str:
    """A label as Premiere writes it, "" for none and for a colour that it has no word for."""
    label = Label.read(stored)
    return label.value.capitalize() if label is not None else ""


def note_filed(timeline: otio.schema.Timeline, filed: Iterable[Filed]) -> None:
    """Keep what a file tells of folders and labels with a timeline read from it."""
    told = [[each.address, each.folder, each.label] for each in filed]
    if told:
        timeline.metadata[KEY] = {**pocket(timeline), BINS: json.dumps(told)}


def filed_by(timeline: otio.schema.Timeline) -> list[Filed]:
    """What `note_filed` kept."""
    told: Any = json.loads(pocket(timeline).get(BINS, "[]"))
    return [Filed(*each) for each in told]


def used_assets(timeline: otio.schema.Timeline) -> dict[str, Asset]:
    """The assets that a timeline of ours plays, by the addresses of their files."""
    found: dict[str, Asset] = {}
    for clip in timeline.find_clips():
        reference = clip.media_reference
        if not isinstance(reference, otio.schema.ExternalReference):
            continue
        asset = attached(reference, Asset)
        if asset is not None:
            found.setdefault(reference.target_url, asset)
    return found


def with_bins(text: str, timeline: otio.schema.Timeline) -> str:
    """FCP 7 XML with master clips in bins, where what it plays has a folder or a label."""
    assets = {url: each for url, each in used_assets(timeline).items() if each.bin or each.colour}
    root = fromstring(text)
    top = root.find("project/children")
    if not assets or top is None:
        return text
    homes = {"": top}
    for path in sorted(with_parents(each.bin for each in assets.values())):
        made = SubElement(homes[bin_parent(path)], "bin")
        SubElement(made, "name").text = bin_name(path)
        homes[path] = SubElement(made, "children")
    files = {file.findtext("pathurl"): file for file in root.iter("file")}
    for number, (address, asset) in enumerate(assets.items(), 1):
        if (file := files.get(address)) is not None:
            _add_master(homes[asset.bin], f"masterclip-{number}", asset, file, root)
    indent(root)
    return f"{_HEAD}{tostring(root, encoding='unicode')}\n"


def _add_master(home: Element, name: str, asset: Asset, file: Element, root: Element) -> None:
    """A master clip in a bin, and its name on every clip of the timeline that plays its file."""
    clip = SubElement(home, "clip", id=name)
    SubElement(clip, "name").text = asset.name
    for tag in ("duration", "rate"):
        if (found := file.find(tag)) is not None:
            clip.append(found)
    if word := label_word(asset.colour):
        SubElement(SubElement(clip, "labels"), "label2").text = word
    SubElement(clip, "masterclipid").text = name
    SubElement(clip, "ismasterclip").text = "TRUE"
    media = SubElement(clip, "media")
    for medium in ("video", "audio"):
        if file.find(f"media/{medium}") is not None or (medium == "video" and asset.video):
            item = SubElement(SubElement(SubElement(media, medium), "track"), "clipitem")
            SubElement(item, "masterclipid").text = name
            SubElement(item, "name").text = asset.name
            SubElement(item, "file", id=file.get("id", ""))
    for item in root.iter("clipitem"):
        inner = item.find("file")
        plays = inner is not None and inner.get("id") == file.get("id")
        if plays and item.find("masterclipid") is None:
            SubElement(item, "masterclipid").text = name


def filed_in_bins(root: Element) -> list[Filed]:
    """What the bins of FCP 7 XML hold, and the labels of what is in them."""
    addresses = {
        file.get("id", ""): file.findtext("pathurl", "")
        for file in root.iter("file")
        if file.findtext("pathurl")
    }
    return [
        Filed(addresses[file], folder, label)
        for top in (root, *root.findall("project/children"))
        for file, folder, label in _masters(top, "")
        if file in addresses
    ]


def _masters(children: Element, folder: str) -> Iterator[tuple[str, str, str]]:
    """(file's id, folder, label) of every master clip."""
    for each in children:
        if each.tag == "bin" and (inner := each.find("children")) is not None:
            name = each.findtext("name", "").replace("/", "-").strip()
            yield from _masters(inner, joined_bin(folder, name))
        elif each.tag == "clip":
            label = Label.read(each.findtext("labels/label2", "").lower())
            for file in each.iter("file"):
                yield file.get("id", ""), folder, label.value if label is not None else ""


def add_events(library: Element, timeline: otio.schema.Timeline, refs: dict[str, str]) -> None:
    """An FCPXML event for each folder that what is played lies in; `refs` name the resources."""
    events: dict[str, Element] = {}
    for address, asset in used_assets(timeline).items():
        if asset.bin and address in refs:
            if asset.bin not in events:
                events[asset.bin] = SubElement(library, "event", name=asset.bin)
            SubElement(events[asset.bin], "asset-clip", ref=refs[address], name=asset.name)


def filed_in_events(root: Element) -> list[Filed]:
    """What lies in the events of an FCPXML library besides projects."""
    addresses: dict[str, str] = {}
    for asset in root.findall("resources/asset"):
        source = asset.find("media-rep")
        addresses[asset.get("id", "")] = (asset if source is None else source).get("src", "")
    return [
        Filed(addresses[clip.get("ref", "")], event.get("name", ""))
        for event in root.iter("event")
        for clip in event.findall("asset-clip")
        if addresses.get(clip.get("ref", ""))
    ]
