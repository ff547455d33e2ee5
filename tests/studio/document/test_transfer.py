"""Media taken ahead of a copy: with progress, stopped half way, and with what came meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from studio.document.edits.assets import add_asset
from studio.document.errors import DiskFull, Unwritable
from studio.document.file.project_file import ProjectFile
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.project import Project

SHM = Path("/dev/shm")
NAMES = ("a.mp4", "b.mp4", "c.mp4")
SIZE = 9 << 20


class Enough(Exception):
    """The run is to stop."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with three files of its own media, the last one named by undo alone."""
    target = tmp_path / "film.workprint"
    media = tmp_path / "film.media"
    media.mkdir()
    with ProjectFile.create(target, Project()) as file:
        for number, name in enumerate(NAMES):
            (media / name).write_bytes(bytes([65 + number]) * SIZE)
            add(file, name)
        file.history.undo()
    return target


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk, where no link leads."""
    if not SHM.is_dir() or SHM.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other disk")
    folder = Path(mkdtemp(dir=SHM))
    yield folder
    shutil.rmtree(folder)


def add(file: ProjectFile, name: str) -> None:
    """Note a file of the project's own media."""
    asset = Asset(id="", name=name, kind=AssetKind.VIDEO, path=f"film.media/{name}")
    file.history.apply("Add", lambda p: add_asset(p, asset))


def test_the_copy_takes_up_what_was_taken_ahead_and_what_came_meanwhile(
    path: Path, elsewhere: Path
) -> None:
    told: list[tuple[int, int]] = []
    target = elsewhere / "there.workprint"
    with ProjectFile.open(path) as file:
        transfer = file.transfer_to(target)
        transfer.run(lambda done, total: told.append((done, total)))
        assert not target.exists(), "the copy appears when it is whole"
        (path.parent / "film.media" / "late.mp4").write_bytes(b"late")
        file.history.redo()
        add(file, "late.mp4")
        file.save_copy(target, placed=transfer.placed)
        project = file.project
    assert told[0] == (0, 3 * SIZE)
    assert told[-1] == (3 * SIZE, 3 * SIZE)
    assert told == sorted(told)
    assert len(told) > 6, "large files tell of their pieces"
    with ProjectFile.open(target) as file:
        assert [each.name for each in file.project.assets] == [*NAMES, "late.mp4"]
        assert file.missing_assets() == []
        assert file.media_path(file.project.assets[3]).read_bytes() == b"late"
        assert [a.id for a in file.project.assets] == [a.id for a in project.assets]


@pytest.mark.parametrize("stop_after", [0, 2, 4])
def test_a_run_that_is_stopped_leaves_nothing_behind(
    path: Path, elsewhere: Path, stop_after: int
) -> None:
    seen = 0

    def report(_done: int, _total: int) -> None:
        nonlocal seen
        seen += 1
        if seen > stop_after:
            raise Enough

    with ProjectFile.open(path) as file:
        before = file.project
        transfer = file.transfer_to(elsewhere / "there.workprint")
        with pytest.raises(Enough):
            transfer.run(report)
        assert list(elsewhere.iterdir()) == []
        assert file.project == before
        assert all((path.parent / "film.media" / name).is_file() for name in NAMES)


def test_what_was_there_before_stays_when_a_run_is_withdrawn(path: Path, elsewhere: Path) -> None:
    kept = elsewhere / "there.media" / "a.mp4"
    kept.parent.mkdir()
    kept.write_bytes(b"another film's")
    with ProjectFile.open(path) as file:
        transfer = file.transfer_to(elsewhere / "there.workprint")
        transfer.run(lambda _done, _total: None)
        assert (elsewhere / "there.media" / "a 2.mp4").stat().st_size == SIZE
        transfer.withdraw()
    assert list(kept.parent.iterdir()) == [kept]
    assert kept.read_bytes() == b"another film's"


def test_a_disk_without_room_is_told_of_before_the_wait(path: Path, elsewhere: Path) -> None:
    large = path.parent / "film.media" / "a.mp4"
    os.truncate(large, 1 << 43)  # a hole: no bytes on the disk, eight terabytes to copy
    with ProjectFile.open(path) as file:
        transfer = file.transfer_to(elsewhere / "there.workprint")
        with pytest.raises(DiskFull, match=r"8796\.1 GB, and that disk has"):
            transfer.run(lambda _done, _total: None)
    assert list(elsewhere.iterdir()) == []


def test_on_the_same_disk_files_are_links(path: Path) -> None:
    target = path.parent / "second" / "second.workprint"
    target.parent.mkdir()
    with ProjectFile.open(path) as file:
        transfer = file.transfer_to(target)
        transfer.run(lambda _done, _total: None)
        file.save_copy(target, placed=transfer.placed)
        with pytest.raises(Unwritable):
            file.transfer_to(path)
    made = target.with_suffix(".media") / "a.mp4"
    assert made.samefile(path.parent / "film.media" / "a.mp4")
