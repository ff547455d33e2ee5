"""Cuts into and out of an open session, as the window's File menu does it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.document.edits.merge import merge
from studio.document.edits.settle import settle
from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.project import Project
from studio.session.exchange import Exchange, read_cut
from studio.session.session import Session
from tests.studio.document.films import film, picture_and_sound, track
from tests.studio.document.rules import check
from tests.studio.document.saved_samples import SAVED_PROJECT
from tests.studio.media.footage import Shot, make_video


def test_merging_keeps_both_projects_whole() -> None:
    mine, other = picture_and_sound("AAAA.BB"), _other()
    both = merge(merge(mine, other), other)
    check(both)
    assert both.sequences[0] == mine.sequences[0]
    assert [sequence.name for sequence in both.sequences] == ["Cut", "Cut 2", "Cut 3"]
    assert len(both.assets) == len(mine.assets) + len(other.assets)
    fox = both.sequences[1].tracks[0].items[2]
    assert isinstance(fox, Clip)
    assert replace(fox, id="c1", link="l1", group="p1").effects == _saved_fox().effects


def _other() -> Project:
    """The saved film, with its transition cut down to what the rules allow beside a gap."""
    sequence = SAVED_PROJECT.sequences[0]
    row = sequence.tracks[0]
    settled = replace(row, items=tuple(settle(list(row.items), 0, len(row.items)).items))
    return replace(SAVED_PROJECT, sequences=(replace(sequence, tracks=(settled,)),))


def _saved_fox() -> Clip:
    fox = SAVED_PROJECT.sequences[0].tracks[0].items[2]
    assert isinstance(fox, Clip)
    return fox


def test_merging_points_nests_at_the_sequences_that_came_along() -> None:
    inner = replace(SAVED_PROJECT.sequences[0], id="s2", name="Inner", tracks=())
    clip = Clip(id="c9", duration=5, media=SequenceMedia(sequence_id="s2"))
    outer = film(replace(track(""), items=(clip,)))
    other = replace(outer, sequences=(*outer.sequences, inner))
    both = merge(other, other)
    check(both)
    nest = both.sequences[2].tracks[0].items[0]
    assert isinstance(nest, Clip)
    assert nest.media == SequenceMedia(sequence_id=both.sequences[3].id)


@pytest.fixture
def session(tmp_path: Path, qtbot: QtBot) -> Session:
    file = ProjectFile.create(tmp_path / "film.workprint", picture_and_sound("AAAA.BB"))
    made = Session(file)
    made.open_sequence("s")
    return made


def test_a_cut_goes_out_and_comes_in_as_one_step(
    session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    exchange = Exchange(session)
    before = session.project
    out = tmp_path / "cut.fcpxml"
    exchange.export_cut(out)
    qtbot.waitUntil(out.exists)
    exchange.import_cut(out)
    qtbot.waitUntil(lambda: len(session.project.sequences) == 2)
    check(session.project)
    assert session.sequence.name == "Cut 2"
    assert session.undo()
    assert session.project == before
    session.close()


def test_a_file_that_cannot_be_read_changes_nothing(
    session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    before = session.project
    bad = tmp_path / "bad.xml"
    bad.write_text("<xmeml>")
    with qtbot.waitSignal(session.notices.changed):
        Exchange(session).import_cut(bad)
    qtbot.waitUntil(lambda: session.work.idle)
    assert session.project == before
    session.close()


def test_media_that_is_here_is_looked_at(tmp_path: Path) -> None:
    footage = make_video(tmp_path / "shot.mp4", Shot(frames=24))
    edl = tmp_path / "cut.edl"
    edl.write_text(
        "TITLE: Cut\n001  AX       V     C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n"
        f"* FROM CLIP NAME: Film\n* FROM FILE: {footage}\n"
    )
    project = read_cut(edl, tmp_path, tmp_path / "media").project
    (asset,) = project.assets
    assert asset.fingerprint
    assert asset.video[0].width > 0
