"""Files of other editors, and our own after another editor has changed them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from studio.document.edits.link import unlink
from studio.document.model.clip import AssetMedia, Clip, ConstantSpeed, Gap, Transition
from studio.document.model.project import Project
from studio.document.model.sequence import TrackKind
from studio.document.time import Rate, Time
from studio.interchange.errors import InterchangeError
from studio.interchange.files import Imported, read, write
from tests.studio.document.films import drawn, film, picture_and_sound, source_frames, track
from tests.studio.document.rules import check
from tests.studio.document.saved_samples import SAVED_PROJECT
from tests.studio.interchange.test_round_trip import HOME

EDL = """TITLE: Night cut
FCM: NON-DROP FRAME

001  TAPE1    V     C        01:00:00:00 01:00:02:00 01:00:01:00 01:00:03:00
* FROM CLIP NAME: Door
* FROM FILE: /media/door.mov
* LOC: 01:00:01:10 RED     LOOK
002  TAPE1    V     C        01:00:02:00 01:00:02:00 01:00:03:00 01:00:03:00
002  TAPE2    V     D    024 00:00:05:00 00:00:08:00 01:00:03:00 01:00:06:00
* FROM CLIP NAME: Door
* TO CLIP NAME: Street
* TO FILE: /media/street.mov
003  TAPE3    V     C        00:00:05:00 00:00:07:00 01:00:06:00 01:00:10:00
M2   TAPE3    012.0          00:00:05:00
* FROM CLIP NAME: Slow
004  SOUND    A2    C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
"""

FCPXML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.10"><resources>
<format id="r1" frameDuration="1001/24000s" width="1920" height="1080"/>
<asset id="r2" name="Fox" start="3600s" duration="100100/24000s" hasVideo="1" hasAudio="1"
 format="r1" audioSources="1" audioChannels="2" audioRate="48000">
<media-rep kind="original-media" src="file:///media/fox.mov"/></asset>
<effect id="r3" name="Cross Dissolve" uid="FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"/>
</resources><library><event name="Day"><project name="Foxes">
<sequence format="r1" tcStart="3600s" duration="48048/24000s"><spine>
<asset-clip ref="r2" name="One" offset="3600s" start="3600s" duration="24024/24000s">
<title lane="1" name="Card" offset="3600s" duration="12012/24000s"/>
<marker start="86424024/24000s" duration="1001/24000s" value="Ear"/></asset-clip>
<transition name="Cross Dissolve" offset="86418018/24000s" duration="12012/24000s"/>
<asset-clip ref="r2" name="Two" offset="86424024/24000s" start="3602s" duration="24024/24000s">
<timeMap><timept time="0s" value="0s"/><timept time="10s" value="5s"/></timeMap></asset-clip>
</spine></sequence></project></event></library></fcpxml>
"""

XMEML = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE xmeml><xmeml version="4">
<sequence id="s"><name>Reel</name><duration>50</duration>
<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate><media><video><track>
<clipitem id="c1"><name>A</name><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>
<start>5</start><end>25</end><in>10</in><out>30</out><enabled>FALSE</enabled>
<file id="f1"><name>a.mov</name><pathurl>file://localhost/media/a%20b.mov</pathurl>
<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate><duration>500</duration>
<media><video/></media></file></clipitem>
<clipitem id="c2"><name>Nest</name><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>
<start>25</start><end>50</end><in>0</in><out>25</out>
<sequence id="s2"><name>Inner</name><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>
<media><video><track><clipitem id="c3"><name>B</name>
<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate><start>0</start><end>25</end><in>0</in>
<out>25</out><file id="f1"/></clipitem></track></video></media></sequence></clipitem>
</track></video><audio><track>
<clipitem id="c4"><name>A</name><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>
<start>5</start><end>25</end><in>10</in><out>30</out><file id="f1"/></clipitem>
</track></audio></media></sequence></xmeml>
"""


def imported(tmp_path: Path, name: str, text: str, rate: Rate | None = None) -> Imported:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = read(path, tmp_path, tmp_path / "media", rate=rate)
    check(found.project)
    return found


def clips(project: Project, name: str) -> list[Clip]:
    rows = [row for row in project.sequences[0].tracks if row.name == name]
    return [item for item in rows[0].items if isinstance(item, Clip)]


def path_of(project: Project, clip: Clip) -> str:
    assert isinstance(clip.media, AssetMedia)
    return project.assets_by_id[clip.media.asset_id].path


def test_an_edit_list_has_its_times_dissolves_speeds_and_names(tmp_path: Path) -> None:
    found = imported(tmp_path, "night.edl", EDL)
    sequence = found.project.sequences[0]
    assert (sequence.name, sequence.start_timecode) == ("Night cut", 86_400)
    assert drawn(found.project, "V") == "." * 24 + "D" * 48 + "x" + "S" * 72 + "|" + "S" * 96
    door, street, slow = clips(found.project, "V")
    assert path_of(found.project, door) == "/media/door.mov"
    assert path_of(found.project, street) == "/media/street.mov"
    assert street.source_start == Time(5, Rate(1))
    assert slow.speed == ConstantSpeed(Fraction(1, 2))
    assert [(m.at, m.name, m.colour.value) for m in door.markers] == [(10, "LOOK", "red")]
    dissolve = next(i for i in sequence.tracks[0].items if isinstance(i, Transition))
    assert (dissolve.in_offset, dissolve.out_offset) == (0, 24)
    assert [track.kind for track in sequence.tracks] == [TrackKind.VIDEO, TrackKind.AUDIO]
    assert drawn(found.project, "A2") == "S" * 48


def test_an_edit_list_at_the_wrong_rate_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InterchangeError, match="24"):
        imported(tmp_path, "night.edl", EDL.replace("01:00:10:00", "01:00:10:24"))


@pytest.mark.parametrize(
    ("head", "drops", "hour"), [("DROP", True, 107_892), ("NON-DROP", False, 108_000)]
)
def test_an_edit_list_counts_timecode_as_it_says(
    tmp_path: Path, head: str, drops: bool, hour: int
) -> None:
    mark = ";" if drops else ":"
    times = [f"{at}{mark}00" for at in ("00:01:10", "00:01:12", "01:00:00", "01:00:02")]
    text = f"TITLE: A\nFCM: {head} FRAME\n001  T  V  C  {' '.join(times)}\n"
    sequence = imported(tmp_path, "a.edl", text, Rate(30000, 1001)).project.sequences[0]
    (clip,) = sequence.tracks[0].items
    assert (sequence.drop_frame, sequence.start_timecode) == (drops, hour)
    assert isinstance(clip, Clip)
    assert clip.duration == 60
    assert clip.source_start == Time(2098 if drops else 2100, sequence.rate)


@pytest.mark.parametrize("ending", [".xml", ".fcpxml", ".edl"])
@pytest.mark.parametrize("drops", [True, False])
def test_other_editors_are_told_how_timecode_counts(
    tmp_path: Path, ending: str, drops: bool
) -> None:
    rate = Rate(30000, 1001)
    project = film(track("AAABBB"))
    cut = replace(project.sequences[0], rate=rate, drop_frame=drops, start_timecode=107_892)
    path = tmp_path / f"cut{ending}"
    write(replace(project, sequences=(cut,)), path, HOME)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub("workprint", "elsewhere", text), encoding="utf-8")
    back = read(path, HOME, tmp_path, rate=rate).project.sequences[0]
    assert back.drop_frame is drops
    assert back.rate == rate


def test_final_cut_storylines_become_tracks(tmp_path: Path) -> None:
    found = imported(tmp_path, "fox.fcpxml", FCPXML)
    sequence = found.project.sequences[0]
    assert sequence.rate == Rate(24000, 1001)
    assert [row.name for row in sequence.tracks] == ["V1", "V2", "A1"]
    one, two = clips(found.project, "V1")
    assert drawn(found.project, "V1") == "O" * 24 + "x" + "T" * 24
    assert drawn(found.project, "A1").replace("x", "") == "O" * 24 + "T" * 24
    assert one.link
    assert one.link == clips(found.project, "A1")[0].link
    assert one.source_start == Time(0, Rate(1))
    assert [(m.at, m.name) for m in one.markers] == [(24, "Ear")]
    assert two.speed == ConstantSpeed(Fraction(1, 2))
    dissolve = next(i for i in sequence.tracks[0].items if isinstance(i, Transition))
    assert (dissolve.in_offset, dissolve.out_offset) == (6, 6)
    assert any("Titles" in loss and "Card" in loss for loss in found.losses)


def test_premiere_xml_has_its_nests_and_links_picture_to_sound(tmp_path: Path) -> None:
    found = imported(tmp_path, "reel.xml", XMEML)
    project = found.project
    reel = next(sequence for sequence in project.sequences if sequence.name == "Reel")
    assert reel.rate == Rate(25)
    picture, nest = (item for item in reel.tracks[0].items if isinstance(item, Clip))
    assert isinstance(reel.tracks[0].items[0], Gap)
    assert (picture.duration, picture.source_start, picture.enabled) == (
        20,
        Time(10, Rate(25)),
        False,
    )
    assert path_of(project, picture) == "/media/a b.mov"
    inner = next(sequence for sequence in project.sequences if sequence is not reel)
    assert [item.duration for item in inner.tracks[0].items] == [25]
    assert nest.duration == 25
    sound = reel.tracks[1].items[1]
    assert isinstance(sound, Clip)
    assert sound.link == picture.link
    assert sound.link


def links_told(*pairs: tuple[str, str]) -> str:
    """Premiere's XML with its clips linked by pairs, as each clip of a link says."""
    text = XMEML
    for clip_id in {each for pair in pairs for each in pair}:
        links = "".join(
            f"<link><linkclipref>{name}</linkclipref></link>"
            for pair in pairs
            if clip_id in pair
            for name in pair
        )
        opening = f'<clipitem id="{clip_id}">'
        text = text.replace(opening, f"{opening}{links}")
    return text


def test_premiere_xml_has_the_links_it_tells_and_no_others(tmp_path: Path) -> None:
    found = imported(tmp_path, "reel.xml", links_told(("c2", "c4")))
    reel = next(sequence for sequence in found.project.sequences if sequence.name == "Reel")
    picture, nest = (item for item in reel.tracks[0].items if isinstance(item, Clip))
    sound = reel.tracks[1].items[1]
    assert isinstance(sound, Clip)
    assert picture.link is None
    assert nest.link
    assert nest.link == sound.link


def test_a_chain_of_links_is_one_link(tmp_path: Path) -> None:
    found = imported(tmp_path, "reel.xml", links_told(("c1", "c4"), ("c2", "c4")))
    reel = next(sequence for sequence in found.project.sequences if sequence.name == "Reel")
    names = {i.link for row in reel.tracks for i in row.items if isinstance(i, Clip)}
    assert len(names) == 1
    assert names != {None}


def test_xml_for_premiere_links_picture_to_sound(tmp_path: Path) -> None:
    write(picture_and_sound("AAABBB"), tmp_path / "cut.xml", HOME)
    root = ElementTree.parse(tmp_path / "cut.xml").getroot()
    told = {
        element.findtext("name"): [
            tuple(link.findtext(tag) for tag in ("mediatype", "trackindex", "clipindex"))
            for link in element.findall("link")
        ]
        for element in root.iter("clipitem")
    }
    first, second = ("video", "1", "1"), ("video", "1", "2")
    assert told["A"] == told["a"] == [first, ("audio", "1", "1")]
    assert told["B"] == told["b"] == [second, ("audio", "1", "2")]
    ids = {element.get("id") for element in root.iter("clipitem")}
    assert {link.findtext("linkclipref") for link in root.iter("link")} == ids


def test_xml_has_no_links_where_clips_are_unlinked(tmp_path: Path) -> None:
    project = picture_and_sound("AAABBB")
    write(unlink(project, ["A"]), tmp_path / "cut.xml", HOME)
    root = ElementTree.parse(tmp_path / "cut.xml").getroot()
    linked = {e.findtext("name") for e in root.iter("clipitem") if e.find("link") is not None}
    assert linked == {"B", "b"}


def changed_by_another(project: Project, tmp_path: Path, change: object) -> Project:
    path = tmp_path / "cut.otio"
    write(project, path, HOME)
    timeline = otio.adapters.read_from_file(str(path))
    assert isinstance(timeline, otio.schema.Timeline)
    assert callable(change)
    change(timeline)
    otio.adapters.write_to_file(timeline, str(path))
    return read(path, HOME, tmp_path).project


def test_what_another_editor_trims_is_trimmed_here(tmp_path: Path) -> None:
    def trim(timeline: otio.schema.Timeline) -> None:
        first = timeline.video_tracks()[0][0]
        assert isinstance(first, otio.schema.Clip)
        used = first.source_range
        two = otio.opentime.RationalTime(2, 24)
        first.source_range = otio.opentime.TimeRange(used.start_time + two, used.duration - two)
        first.name = "Z"

    project = picture_and_sound("AAAAABBBBB")
    back = changed_by_another(project, tmp_path, trim)
    assert drawn(back) == "ZZZBBBBB"
    assert drawn(back, "A1") == "aaaaabbbbb"
    assert source_frames(back, "A") == (source_frames(project, "A")[0] + 2, 3)


def test_a_copy_made_elsewhere_gets_an_id_of_its_own(tmp_path: Path) -> None:
    def double(timeline: otio.schema.Timeline) -> None:
        row = timeline.video_tracks()[0]
        row.append(row[0].deepcopy())

    back = changed_by_another(film(track("AAABBB")), tmp_path, double)
    check(back)
    assert drawn(back) == "AAABBBAAA"


def test_media_moved_elsewhere_is_relinked(tmp_path: Path) -> None:
    def relink(timeline: otio.schema.Timeline) -> None:
        for clip in timeline.find_clips():
            assert isinstance(clip.media_reference, otio.schema.ExternalReference)
            clip.media_reference.target_url = "file:///new/tape.mov"

    back = changed_by_another(film(track("AAABBB")), tmp_path, relink)
    assert [asset.path for asset in back.assets] == ["/new/tape.mov"]
    assert [asset.id for asset in back.assets] == ["asset"]


def test_every_loss_is_told(tmp_path: Path) -> None:
    told = write(SAVED_PROJECT, tmp_path / "cut.fcpxml", HOME)
    whole = " ".join(told)
    for thing in ("effects", "speed ramps", "takes", "wipes", "markers", "pan and fades"):
        assert thing in whole
    assert write(film(track("AAABBB")), tmp_path / "plain.otio", HOME) == ()


def test_an_edit_list_lists_one_track_and_tells_of_the_others(tmp_path: Path) -> None:
    project = film(track("AAA...BB"), track("CCCC", "V2"))
    told = write(project, tmp_path / "cut.edl", HOME)
    assert any("other tracks" in each and "“V2”" in each for each in told)
    back = read(tmp_path / "cut.edl", HOME, tmp_path, rate=Rate(24)).project
    assert drawn(back, "V") == "AAA...BB"
    write(project, tmp_path / "second.edl", HOME, track_id="V2")
    second = read(tmp_path / "second.edl", HOME, tmp_path, rate=Rate(24)).project
    assert drawn(second, "V") == "CCCC"


def test_an_edit_list_keeps_takes_and_recipes(tmp_path: Path) -> None:
    sequence = SAVED_PROJECT.sequences[0]
    clip = replace(sequence.tracks[0].items[2], enabled=True)
    asset = replace(SAVED_PROJECT.assets[0], id="a2")
    row = replace(sequence.tracks[0], items=(clip,))
    project = replace(SAVED_PROJECT, sequences=(replace(sequence, tracks=(row,)),), assets=(asset,))
    write(project, tmp_path / "cut.edl", HOME)
    back = read(tmp_path / "cut.edl", HOME, tmp_path, rate=sequence.rate).project
    (found,) = clips(back, "V")
    assert isinstance(clip, Clip)
    assert found.media == clip.media
    assert [each.path for each in back.assets] == ["/tapes/fox.mov"]


def test_a_bundle_takes_its_media_along(tmp_path: Path) -> None:
    tape = tmp_path / "tapes" / "tape.mov"
    tape.parent.mkdir()
    tape.write_bytes(b"pictures" * 1000)
    project = film(track("AAABBB"))
    lost = replace(project.assets[0], id="lost", path="/nowhere/lost.mov")
    here = replace(project.assets[0], path=str(tape))
    project = replace(project, assets=(here, lost))
    write(project, tmp_path / "cut.otioz", HOME)
    elsewhere = tmp_path / "other" / "media"
    back = read(tmp_path / "cut.otioz", tmp_path / "other", elsewhere).project
    unpacked = Path(back.assets_by_id["asset"].path)
    assert unpacked.parent == elsewhere
    assert unpacked.read_bytes() == tape.read_bytes()
    assert replace(back, assets=project.assets) == project
    otio.adapters.read_from_file(str(tmp_path / "cut.otioz"))


@pytest.mark.parametrize("ending", [".otio", ".otioz", ".fcpxml", ".xml", ".edl"])
def test_damaged_files_are_told_in_a_sentence(tmp_path: Path, ending: str) -> None:
    good = tmp_path / f"good{ending}"
    write(picture_and_sound("AAAABBBB...CC"), good, HOME)
    whole = good.read_bytes()
    bad = tmp_path / f"bad{ending}"
    damaged = [whole[: len(whole) * part // 12] for part in range(12)]
    damaged += [whole[:at] + b"\x00\xff" + whole[at + 9 :] for at in range(0, len(whole), 197)]
    refused: list[str] = []
    for data in damaged:
        bad.write_bytes(data)
        try:
            check(read(bad, tmp_path, tmp_path / "media", rate=Rate(24)).project)
        except InterchangeError as error:
            refused.append(str(error))
    assert len(refused) >= 2
    assert all(each.endswith(".") for each in refused)


def test_a_full_or_missing_folder_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InterchangeError, match="cannot be written"):
        write(film(track("AAA")), tmp_path / "no" / "cut.otio", HOME)
    with pytest.raises(InterchangeError, match="no exchange format"):
        write(film(track("AAA")), tmp_path / "cut.aaf", HOME)
    assert list(tmp_path.iterdir()) == []
