"""Links in our own Final Cut Pro 7 XML after another program has changed them, or left them out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.interchange.files import read, write
from tests.studio.document.films import picture_and_sound
from tests.studio.interchange.test_round_trip import HOME


def links_after(
    tmp_path: Path, change: Callable[[dict[str, ElementTree.Element]], object]
) -> dict[str, Id | None]:
    """The links of pictures A and B and of their sounds a and b, after a change to the file.

    `change` is given the elements of our own XML by the names of their clips.
    """
    path = tmp_path / "cut.xml"
    write(picture_and_sound("AAABBB"), path, HOME)
    tree = ElementTree.parse(path)
    change({element.findtext("name", ""): element for element in tree.iter("clipitem")})
    tree.write(path)
    tracks = read(path, HOME, tmp_path).project.sequences[0].tracks
    return {item.name: item.link for row in tracks for item in row.items if isinstance(item, Clip)}


def without_links(*elements: ElementTree.Element) -> None:
    for element in elements:
        for link in element.findall("link"):
            element.remove(link)


def linked_with(*elements: ElementTree.Element) -> None:
    """Link these clips with each other and nothing else, as Premiere says it."""
    without_links(*elements)
    for element in elements:
        for other in elements:
            link = ElementTree.SubElement(element, "link")
            ElementTree.SubElement(link, "linkclipref").text = other.get("id")


def test_links_that_nobody_changed_are_the_links_there_were(tmp_path: Path) -> None:
    links = links_after(tmp_path, lambda _found: None)
    told = {item.name: item.link for item in sounds_and_pictures(picture_and_sound("AAABBB"))}
    assert links == told
    assert None not in links.values()


def sounds_and_pictures(project: Project) -> list[Clip]:
    return [i for row in project.sequences[0].tracks for i in row.items if isinstance(i, Clip)]


def test_clips_that_another_program_unlinked_are_unlinked(tmp_path: Path) -> None:
    before = links_after(tmp_path, lambda _found: None)
    after = links_after(tmp_path, lambda found: without_links(found["A"], found["a"]))
    assert (after["A"], after["a"]) == (None, None)
    assert (after["B"], after["b"]) == (before["B"], before["b"])


def test_clips_that_another_program_linked_otherwise_are_linked_so(tmp_path: Path) -> None:
    def cross(found: dict[str, ElementTree.Element]) -> None:
        linked_with(found["A"], found["b"])
        linked_with(found["B"], found["a"])

    links = links_after(tmp_path, cross)
    assert links["A"] == links["b"]
    assert links["B"] == links["a"]
    assert links["A"] != links["B"]
    assert None not in links.values()


def test_all_four_linked_elsewhere_are_one_link(tmp_path: Path) -> None:
    links = links_after(tmp_path, lambda found: linked_with(*found.values()))
    assert len(set(links.values())) == 1
    assert None not in links.values()


def test_a_program_that_passes_links_over_unlinks_nothing(tmp_path: Path) -> None:
    before = links_after(tmp_path, lambda _found: None)
    assert links_after(tmp_path, lambda found: without_links(*found.values())) == before
