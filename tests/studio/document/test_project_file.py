"""The project file: opened, closed, copied, locked, full, damaged, old and new."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.document.edits.cut import razor
from studio.document.edits.markers import add_marker
from studio.document.errors import (
    Corrupt,
    DiskFull,
    FileError,
    InUse,
    NotAProject,
    NotFound,
    ReadOnly,
    Unwritable,
)
from studio.document.file.journal import drop_old_steps
from studio.document.file.project_file import ProjectFile
from studio.document.model.project import Project
from tests.studio.document.films import drawn, film, track

FILM = film(track("AAAABBBB"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "film.workprint"
    ProjectFile.create(target, FILM).close()
    return target


def cut_at(file: ProjectFile, frame: int) -> None:
    file.history.apply("Razor", lambda p: razor(p, "s", frame))


def sentence(error: BaseException) -> str:
    """Check that an error is a sentence or two, without the inside of the machine showing."""
    text = str(error)
    assert text.endswith(".")
    assert "\n" not in text
    assert "sqlite" not in text.lower()
    assert "Error" not in text
    return text


def test_an_edit_is_there_again_with_its_history(path: Path) -> None:
    with ProjectFile.open(path) as file:
        assert file.project == FILM
        cut_at(file, 2)
        cut_at(file, 6)
        file.history.undo()
        edited = file.project
    with ProjectFile.open(path) as file:
        assert file.project == edited
        assert drawn(file.project) == "AA|AABBBB"
        assert (file.history.undo_name, file.history.redo_name) == ("Razor", "Razor")
        file.history.redo()
        assert drawn(file.project) == "AA|AABB|BB"
        file.history.undo()
        file.history.undo()
        assert file.project == FILM


def test_an_id_is_never_given_out_twice(path: Path) -> None:
    with ProjectFile.open(path) as file:
        cut_at(file, 2)
        first = {item.id for item in file.project.sequences[0].tracks[0].items}
        file.history.undo()
    with ProjectFile.open(path) as file:
        cut_at(file, 2)
        second = {item.id for item in file.project.sequences[0].tracks[0].items}
    assert len(first & second) == 2


def test_a_new_edit_drops_what_could_be_redone(path: Path) -> None:
    with ProjectFile.open(path) as file:
        cut_at(file, 2)
        file.history.undo()
        cut_at(file, 3)
        assert file.history.redo_name is None
    with ProjectFile.open(path) as file:
        assert [step.name for step in file.history.steps] == ["Razor"]
        assert drawn(file.project) == "AAA|ABBBB"


def test_a_closed_project_is_one_file(path: Path) -> None:
    with ProjectFile.open(path) as file:
        cut_at(file, 2)
    assert [entry.name for entry in path.parent.iterdir()] == ["film.workprint"]


def test_a_copy_of_the_file_alone_is_a_whole_project(path: Path, tmp_path: Path) -> None:
    with ProjectFile.open(path) as file:
        cut_at(file, 2)
    elsewhere = tmp_path / "elsewhere" / "copy.workprint"
    elsewhere.parent.mkdir()
    shutil.copy(path, elsewhere)
    with ProjectFile.open(elsewhere) as file:
        assert drawn(file.project) == "AA|AABBBB"


def test_a_second_studio_is_told_and_may_read(path: Path) -> None:
    with ProjectFile.open(path) as file:
        with pytest.raises(InUse) as caught:
            ProjectFile.open(path)
        told = sentence(caught.value)
        assert "already open" in told
        assert f"process {os.getpid()}" in told
        cut_at(file, 2)
        with ProjectFile.open(path, read_only=True) as reader:
            assert drawn(reader.project) == "AA|AABBBB"
            with pytest.raises(ReadOnly) as refusal:
                cut_at(reader, 6)
            assert "save a copy" in sentence(refusal.value)
        cut_at(file, 6)
    ProjectFile.open(path).close()


def test_the_lock_dies_with_its_process(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from studio.document.file.project_file import ProjectFile\n"
        "file = ProjectFile.open(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert path.with_name(".film.workprint.lock").exists()
    ProjectFile.open(path).close()


def test_two_names_of_a_file_share_a_lock(path: Path) -> None:
    alias = path.with_name("alias.workprint")
    alias.symlink_to(path)
    with ProjectFile.open(path), pytest.raises(InUse):
        ProjectFile.open(alias)


def test_what_is_no_project_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        ProjectFile.open(tmp_path / "no.workprint")
    assert "no file" in sentence(missing.value)
    text = tmp_path / "text.workprint"
    text.write_text("Dear diary, this is no film.")
    other = tmp_path / "other.workprint"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE letters (a)")
    connection.close()
    empty = tmp_path / "empty.workprint"
    empty.touch()
    for wrong in (text, other, empty):
        before = wrong.read_bytes()
        with pytest.raises(NotAProject) as caught:
            ProjectFile.open(wrong)
        assert "is not a Workprint project" in sentence(caught.value)
        assert wrong.read_bytes() == before
    with pytest.raises(FileError) as folder:
        ProjectFile.open(tmp_path)
    sentence(folder.value)


def test_a_damaged_file_is_told_and_left_as_it_is(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Corrupt) as caught:
        ProjectFile.open(path)
    assert "damaged" in sentence(caught.value)
    connection = sqlite3.connect(path.with_name("second.workprint"))
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE object SET previous = 'nobody' WHERE id = 'B'",
        "UPDATE object SET body = '{\"id\": \"B\"}' WHERE id = 'B'",
        "UPDATE object SET body = 'nonsense' WHERE id = 'A'",
        'UPDATE object SET body = \'{"id":"A","duration":"x"}\' WHERE id = \'A\'',
        "DELETE FROM object WHERE id = 'A'",
        "UPDATE object SET previous = '' WHERE id = 'B'",
        "UPDATE meta SET value = 'many' WHERE key = 'next_id'",
    ],
)
def test_rows_that_make_no_sense_are_damage(path: Path, damage: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(damage)
    connection.commit()
    connection.close()
    with pytest.raises(Corrupt) as caught:
        ProjectFile.open(path)
    sentence(caught.value)
    assert not path.with_name(".film.workprint.lock").exists()


def test_a_newer_minor_version_is_edited_and_keeps_what_is_new(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1007")
    connection.execute(
        "UPDATE object SET body = json_set(body, '$.mood', 'blue', '$.blend', 'vivid') "
        "WHERE id = 'A'"
    )
    connection.execute("INSERT INTO object VALUES ('f1', 'Folder', 'project', '', '{\"id\":1}')")
    connection.commit()
    connection.close()
    with ProjectFile.open(path) as file:
        assert not file.read_only
        file.history.apply("Trim", lambda p: razor(p, "s", 2))
        file.history.apply("Mark", lambda p: add_marker(p, "A", 1))
    connection = sqlite3.connect(path)
    query = "SELECT json_extract(body, '$.mood'), json_extract(body, '$.blend') FROM object "
    assert connection.execute(query + "WHERE id = 'A'").fetchone() == ("blue", "vivid")
    folder = connection.execute("SELECT body FROM object WHERE id = 'f1'").fetchone()
    assert folder == ('{"id":1}',)
    assert connection.execute("PRAGMA user_version").fetchone() == (1007,)
    connection.close()


def test_a_newer_major_version_opens_read_only(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 2000")
    connection.close()
    before = path.read_bytes()
    with ProjectFile.open(path) as file:
        assert file.read_only
        assert "newer Workprint" in file.notice
        assert file.project == FILM
        with pytest.raises(ReadOnly):
            cut_at(file, 2)
    assert path.read_bytes() == before


def test_a_full_disk_loses_nothing(path: Path) -> None:
    """SQLite is given no more pages, and says what it says when the disk has none."""
    with ProjectFile.open(path) as file:
        cut_at(file, 2)
        connection = file._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        before = file.project
        note = "long " * 20_000
        with pytest.raises(DiskFull) as caught:
            file.history.apply("Note", lambda p: add_marker(p, "s", 0, note=note))
        told = sentence(caught.value)
        assert "full" in told
        assert "free some space" in told
        assert file.project is before
        assert file.history.undo_name == "Razor"
        connection.execute("PRAGMA max_page_count = 1000000")
        cut_at(file, 6)
    with ProjectFile.open(path) as file:
        assert drawn(file.project) == "AA|AABB|BB"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_refuses_writing_is_told(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with pytest.raises(Unwritable) as caught:
            ProjectFile.open(path)
        assert "read-only" in sentence(caught.value)
        with ProjectFile.open(path, read_only=True) as file:
            assert file.project == FILM
    finally:
        path.parent.chmod(0o700)


def test_a_name_that_is_taken_or_cannot_be_is_refused(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    with pytest.raises(Unwritable) as taken:
        ProjectFile.create(path, Project())
    assert "already a file" in sentence(taken.value)
    assert path.read_bytes() == whole
    with pytest.raises(FileError) as nowhere:
        ProjectFile.create(tmp_path / "no such folder" / "x.workprint", FILM)
    sentence(nowhere.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["film.workprint"]


def test_a_project_that_is_open_is_not_written_over(path: Path) -> None:
    with ProjectFile.open(path), pytest.raises(InUse):
        ProjectFile.create(path, Project(), overwrite=True)


def test_writing_over_a_killed_studios_file_leaves_nothing_of_its_log(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from studio.document.file.project_file import ProjectFile\n"
        "from studio.document.edits.cut import razor\n"
        "file = ProjectFile.open(Path(sys.argv[1]))\n"
        "file.history.apply('Cut', lambda p: razor(p, 's', 2)); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    other = film(track("ZZZZ"))
    with ProjectFile.create(path, other, overwrite=True) as file:
        assert file.project == other


def test_footage_that_moved_with_its_project_is_found(tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / "tapes").mkdir(parents=True)
    (old / "tapes" / "a.mov").write_bytes(b"tape")
    asset = replace(FILM.assets[0], path=str(old / "tapes" / "a.mov"))
    ProjectFile.create(old / "film.workprint", replace(FILM, assets=(asset,))).close()
    new = tmp_path / "new"
    old.rename(new)
    with ProjectFile.open(new / "film.workprint") as file:
        assert file.missing_assets() == []
        assert file.media_path(file.project.assets[0]) == new / "tapes" / "a.mov"


def test_what_a_view_keeps_is_not_an_edit(path: Path) -> None:
    with ProjectFile.open(path) as file:
        assert file.view_state("playhead", "0") == "0"
        file.set_view_state("playhead", "12")
        assert file.history.undo_name is None
    with ProjectFile.open(path, read_only=True) as file:
        assert file.view_state("playhead") == "12"
        file.set_view_state("playhead", "99")
        assert file.view_state("playhead") == "12"


def test_a_history_that_has_grown_too_large_loses_its_oldest_steps(path: Path) -> None:
    with ProjectFile.open(path) as file:
        for frame in (1, 2, 3, 5):
            cut_at(file, frame)
        drop_old_steps(file._connection, most_bytes=2000)
    with ProjectFile.open(path) as file:
        kept = [step.number for step in file.history.steps]
        assert 0 < len(kept) < 4
        assert kept[-1] == 4
        while file.history.undo_name is not None:
            file.history.undo()
        assert file.history.position == kept[0] - 1
