"""Copies of projects under another name: their media, and what undo can bring back."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.document.edits.assets import add_asset
from studio.document.errors import Unwritable
from studio.document.file.project_file import ProjectFile
from studio.document.model.asset import Asset, AssetKind
from tests.studio.document.films import film, track


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "film.workprint"
    ProjectFile.create(target, film(track("AAAABBBB"))).close()
    return target


def test_a_copy_takes_the_projects_own_media_along(path: Path, tmp_path: Path) -> None:
    made = path.parent / "film.media" / "abc.mp4"
    made.parent.mkdir()
    made.write_bytes(b"picture")
    asset = Asset(id="", name="made", kind=AssetKind.VIDEO, path="film.media/abc.mp4", sha256="abc")
    target = tmp_path / "there" / "second.workprint"
    target.parent.mkdir()
    with ProjectFile.open(path) as file:
        file.history.apply("Add", lambda p: add_asset(p, asset))
        assert file.media_folder == path.parent / "film.media"
        file.save_copy(target)
        beside = path.with_name("beside.workprint")
        file.save_copy(beside)
        with pytest.raises(Unwritable):
            file.save_copy(path)
    for copy in (target, beside):
        with ProjectFile.open(copy) as file:
            assert file.missing_assets()[0].id == "asset"
            assert len(file.missing_assets()) == 1
            kept = file.project.assets[-1]
            assert file.media_folder == copy.with_suffix(".media")
            assert file.media_path(kept) == file.media_folder / "abc.mp4"
            assert file.media_path(kept).read_bytes() == b"picture"
            assert file.history.undo_name == "Add"
            file.history.undo()
            file.history.redo()
            assert file.media_path(file.project.assets[-1]) == file.media_folder / "abc.mp4"


def test_a_copy_takes_media_of_undone_edits_along_and_leaves_footage(
    path: Path, tmp_path: Path
) -> None:
    made, tape = path.parent / "film.media" / "abc.mp4", path.parent / "tapes" / "b.mov"
    for each in (made, tape):
        each.parent.mkdir()
        each.write_bytes(each.name.encode())
    there = tmp_path / "there"
    (there / "second.media").mkdir(parents=True)
    (there / "second.media" / "abc.mp4").write_bytes(b"another")
    assets = [
        Asset(id="", name=each.name, kind=AssetKind.VIDEO, path=str(each.relative_to(path.parent)))
        for each in (tape, made)
    ]
    with ProjectFile.open(path) as file:
        for asset in assets:
            file.history.apply("Add", lambda p, asset=asset: add_asset(p, asset))
        file.history.undo()
        file.save_copy(there / "second.workprint")
        assert file.media_path(file.project.assets[-1]) == tape
    with ProjectFile.open(there / "second.workprint") as file:
        assert file.project.assets[-1].path == str(tape)
        file.history.redo()
        kept = file.media_path(file.project.assets[-1])
        assert kept == there / "second.media" / "abc 2.mp4"
        assert kept.read_bytes() == b"abc.mp4"
    assert (there / "second.media" / "abc.mp4").read_bytes() == b"another"
    assert not (there / "tapes").exists()
