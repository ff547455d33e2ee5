"""Folders and labels in exchange files: our own come back, other programs' are read and win."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from studio.document.edits.bins import add_bin, label_in_bin, put_in_bin
from studio.document.edits.clips import colour
from studio.document.model.clip import Clip
from studio.document.model.label import Label
from studio.document.model.project import Project
from studio.interchange.files import read, write
from tests.studio.document.films import ASSET, picture_and_sound
from tests.studio.interchange.test_fcpxml_grammar import complaints
from tests.studio.interchange.test_foreign import FCPXML, XMEML
from tests.studio.interchange.test_round_trip import HOME


def ordered() -> Project:
    """Two clips of a tape that lies in a folder, with labels, and an empty folder beside it."""
    project = picture_and_sound("AAABBB")
    project = put_in_bin(project, [ASSET.id], "Day 1/Tapes")
    project = put_in_bin(project, [project.sequences[0].id], "Cuts")
    project = label_in_bin(project, [ASSET.id, project.sequences[0].id], Label.MANGO)
    project = add_bin(project, "Day 2")
    return colour(project, ["A"], Label.CARIBBEAN)


def labels(project: Project) -> dict[str, str]:
    """The labels of the clips, by name."""
    tracks = project.sequences[0].tracks
    return {i.name: i.colour for row in tracks for i in row.items if isinstance(i, Clip)}


@pytest.mark.parametrize("ending", [".otio", ".otioz", ".fcpxml", ".xml"])
def test_folders_and_labels_come_back(tmp_path: Path, ending: str) -> None:
    path, project = tmp_path / f"cut{ending}", ordered()
    write(project, path, HOME)
    back = read(path, HOME, tmp_path).project
    assert back.bins == project.bins == ("Cuts", "Day 1", "Day 1/Tapes", "Day 2")
    assert [(a.bin, a.colour) for a in back.assets] == [("Day 1/Tapes", "mango")]
    assert (back.sequences[0].bin, back.sequences[0].colour) == ("Cuts", "mango")
    assert labels(back) == labels(project)
    assert labels(back)["A"] == "caribbean"


def test_premiere_finds_bins_with_master_clips_and_its_own_words_for_labels(
    tmp_path: Path,
) -> None:
    path = tmp_path / "cut.xml"
    losses = write(ordered(), path, HOME)
    assert not any("label" in each or "folder" in each for each in losses)
    root = ElementTree.parse(path).getroot()
    (outer,) = root.findall("project/children/bin")
    (inner,) = outer.findall("children/bin")
    assert (outer.findtext("name"), inner.findtext("name")) == ("Day 1", "Tapes")
    (master,) = inner.findall("children/clip")
    assert master.findtext("labels/label2") == "Mango"
    file = master.find("media/video/track/clipitem/file")
    assert file is not None
    first = next(each for each in root.iter("clipitem") if each.findtext("name") == "A")
    assert first.findtext("labels/label2") == "Caribbean"
    assert first.findtext("masterclipid") == master.get("id")
    whole = [each for each in root.iter("file") if each.get("id") == file.get("id")]
    assert whole[0].findtext("pathurl") == Path(ASSET.path).as_uri()


def test_what_another_program_has_moved_or_labelled_since_wins(tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    write(ordered(), path, HOME)
    text = path.read_text("utf-8").replace("<name>Tapes</name>", "<name>Best of</name>")
    path.write_text(text.replace("<label2>Caribbean</label2>", "<label2>Rose</label2>"), "utf-8")
    back = read(path, HOME, tmp_path).project
    assert back.assets[0].bin == "Day 1/Best of"
    assert "Day 1/Best of" in back.bins
    assert labels(back)["A"] == "rose"


def test_bins_and_labels_of_a_foreign_xml_are_read(tmp_path: Path) -> None:
    sequence = XMEML[XMEML.index("<sequence") : XMEML.rindex("</xmeml>")]
    sequence = sequence.replace(
        '<clipitem id="c1">', '<clipitem id="c1"><labels><label2>Iris</label2></labels>'
    ).replace('<clipitem id="c4">', '<clipitem id="c4"><labels><label2>Good Take</label2></labels>')
    master = '<clip id="m1"><labels><label2>Lavender</label2></labels><file id="f1"/></clip>'
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE xmeml><xmeml version="4"><project>'
        f"<name>P</name><children>{sequence}<bin><name>Day 1</name><children><bin>"
        f"<name>A/B</name><children>{master}</children></bin></children></bin></children>"
        "</project></xmeml>"
    )
    path = tmp_path / "premiere.xml"
    path.write_text(text, "utf-8")
    project = read(path, HOME, tmp_path).project
    (asset,) = project.assets
    assert (asset.bin, asset.colour) == ("Day 1/A-B", "lavender")
    found = [i for row in project.sequences[0].tracks for i in row.items if isinstance(i, Clip)]
    assert sorted(clip.colour for clip in found) == ["", "", "iris"]


def test_events_are_folders_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "cut.fcpxml"
    write(ordered(), path, HOME)
    text = path.read_text("utf-8")
    assert list(complaints(text)) == []
    assert '<event name="Day 1/Tapes">' in text
    inside = '<event name="Day"><asset-clip ref="r2" name="Fox"/>'
    path.write_text(FCPXML.replace('<event name="Day">', inside), "utf-8")
    (asset,) = read(path, HOME, tmp_path).project.assets
    assert asset.bin == "Day"


def test_what_a_format_has_no_place_for_is_told(tmp_path: Path) -> None:
    for ending, words in (
        (".edl", "An EDL cannot carry labels; they are left out"),
        (".otio", "Workprint keeps folders of the media bin; other programs will not show them"),
        (".fcpxml", "Workprint keeps labels; other programs will not show them"),
    ):
        losses = write(ordered(), tmp_path / f"cut{ending}", HOME)
        assert any(words in each for each in losses), losses
    plain = replace(picture_and_sound("AAABBB"), name="plain")
    assert not any("label" in each for each in write(plain, tmp_path / "plain.otio", HOME))
