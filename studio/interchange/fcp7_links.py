"""Links between picture and sound in Final Cut Pro 7 XML, which its adapter leaves out both ways.

    <clipitem id="clipitem-1"> … <link><linkclipref>clipitem-2</linkclipref> … </link>

Every clip of a link names all of its clips, itself too, each with where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import opentimelineio as otio

from studio.document.model.clip import Clip
from studio.document.model.record import Id
from studio.interchange.payload import KEY, LINK, attached, fill_pocket, pocket

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n'
_ITEMS = ("clipitem", "generatoritem")


@dataclass(frozen=True, slots=True)
class _Standing:
    """A clip in its sequence, counted from 1 as the format does."""

    element: ElementTree.Element
    medium: str
    track_number: int
    clip_number: int


def with_links(text: str, comment: str) -> str:
    """The XML with links of clips whose record, in the comment of that name, has one."""
    root = ElementTree.fromstring(text)
    for sequence in root.iter("sequence"):
        linked: dict[Id, list[_Standing]] = {}
        for standing in _standings(sequence):
            if link := _link_of(standing.element, comment):
                linked.setdefault(link, []).append(standing)
        for members in linked.values():
            if len(members) > 1:
                for member in members:
                    member.element.extend(map(_link_element, members))
    ElementTree.indent(root)
    return f"{_HEAD}{ElementTree.tostring(root, encoding='unicode')}\n"


def _standings(sequence: ElementTree.Element) -> Iterator[_Standing]:
    for medium in ("video", "audio"):
        for track_number, track in enumerate(sequence.findall(f"media/{medium}/track"), 1):
            elements = (each for each in track if each.tag in _ITEMS)
            for clip_number, element in enumerate(elements, 1):
                yield _Standing(element, medium, track_number, clip_number)


def _link_of(element: ElementTree.Element, comment: str) -> Id | None:
    carrier = otio.schema.Clip()
    fill_pocket(carrier, element.findtext(f"comments/{comment}", ""))
    record = attached(carrier, Clip)
    return record.link if record else None


def _link_element(member: _Standing) -> ElementTree.Element:
    made = ElementTree.Element("link")
    for name, value in (
        ("linkclipref", member.element.get("id", "")),
        ("mediatype", member.medium),
        ("trackindex", str(member.track_number)),
        ("clipindex", str(member.clip_number)),
    ):
        ElementTree.SubElement(made, name).text = value
    return made


def note_links(things: Iterable[otio.core.SerializableObjectWithMetadata], namespace: str) -> None:
    """Put the links that the file tells in the pockets of its clips.

    A clip with a record keeps the link of that, unless the file links it with other clips now:
    then another program changed it. A sequence that tells no link at all changes none, since
    there are programs that pass links over. `namespace` is where the adapter keeps what it read
    of a clip's element.
    """
    clips = [thing for thing in things if isinstance(thing, otio.core.Item)]
    first: dict[str, str] = {}
    for clip in clips:
        names = [_name(clip, namespace), *_linked_to(clip, namespace)]
        if len(names) > 1:
            together = {_end(first, name) for name in names if name}
            for name in together:
                first[name] = min(together)
    told = {name: _end(first, name) for name in first}
    changed = _changed(clips, namespace, told) if told else set[str]()
    for clip in clips:
        name = _name(clip, namespace)
        if name in changed or (name in told and attached(clip, Clip) is None):
            clip.metadata[KEY] = {**pocket(clip), LINK: told.get(name, "")}


def _changed(clips: Iterable[otio.core.Item], namespace: str, told: dict[str, str]) -> set[str]:
    """The names of clips with a record that are linked with other clips than it says."""
    recorded: dict[str, str] = {}
    for clip in clips:
        record, name = attached(clip, Clip), _name(clip, namespace)
        if record is not None and name:
            recorded[name] = record.link or ""
    before, now = _partners(recorded), _partners(told)
    return {name for name in recorded if before.get(name) != now.get(name)}


def _partners(links: dict[str, str]) -> dict[str, frozenset[str]]:
    """For each clip that is linked with another one: it and all of those."""
    sets: dict[str, set[str]] = {}
    for name, link in links.items():
        if link:
            sets.setdefault(link, set()).add(name)
    together = [frozenset(names) for names in sets.values() if len(names) > 1]
    return {name: names for names in together for name in names}


def _end(first: dict[str, str], name: str) -> str:
    """The name that stands for a whole link, found from any of its clips."""
    while first.setdefault(name, name) != name:
        name = first[name]
    return name


def _name(clip: otio.core.Item, namespace: str) -> str:
    fcp: Any = clip.metadata.get(namespace, {})
    return str(fcp.get("@id", ""))


def _linked_to(clip: otio.core.Item, namespace: str) -> Iterator[str]:
    fcp: Any = clip.metadata.get(namespace, {})
    links: Any = fcp.get("link", [])
    for link in [links] if hasattr(links, "get") else links:
        if hasattr(link, "get") and link.get("linkclipref"):
            yield str(link.get("linkclipref"))
