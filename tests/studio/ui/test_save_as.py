"""Save as to another disk: in the background, with a way to stop it, and nothing lost by it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from pytestqt.qtbot import QtBot

from studio.document.edits.assets import add_asset
from studio.document.errors import Unwritable
from studio.document.file.project_file import ProjectFile
from studio.document.model.asset import Asset, AssetKind
from studio.ui.dialogs.saving import SavingDialog
from studio.ui.editor import Editor
from tests.studio.ui.driving import settle, wait

SHM = Path("/dev/shm")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk, where no link leads."""
    if not SHM.is_dir() or SHM.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other disk")
    folder = Path(mkdtemp(dir=SHM))
    yield folder
    shutil.rmtree(folder)


def add_made(editor: Editor, name: str, size: int) -> None:
    """A file of the project's own media, of so many bytes (a hole in the disk)."""
    session = editor.session
    made = session.media_folder / name
    made.parent.mkdir(exist_ok=True)
    made.touch()
    os.truncate(made, size)
    path = f"{session.media_folder.name}/{name}"
    asset = Asset(id="", name=name, kind=AssetKind.AUDIO, path=path)
    assert session.apply("Add", lambda p: add_asset(p, asset))


def test_edits_made_while_media_is_copied_are_in_the_copy(
    cut: Editor, elsewhere: Path, qtbot: QtBot
) -> None:
    add_made(cut, "early.wav", 32 << 20)
    first, told = cut.session.path, list[tuple[int, int]]()
    cut.opening.saving.progressed.connect(lambda done, total: told.append((done, total)))
    dialog = SavingDialog(cut.opening.saving, "there", cut.window)
    closed: list[bool] = []
    dialog.destroyed.connect(lambda: closed.append(True))
    assert cut.opening.save_as(elsewhere / "there")
    assert not cut.opening.save_as(elsewhere / "other"), "one at a time"
    add_made(cut, "late.wav", 10)
    wait(qtbot, lambda: not cut.opening.saving.under_way)
    done, total = told[-1]
    assert done == total >= 32 << 20, "what came late may be counted or not"
    assert cut.session.path == elsewhere / "there.workprint"
    for name in ("early.wav", "late.wav"):
        (asset,) = [a for a in cut.session.project.assets if a.name == name]
        assert cut.session.file.media_path(asset).parent == elsewhere / "there.media"
        assert cut.session.file.media_path(asset).is_file()
    wait(qtbot, lambda: bool(closed))
    with ProjectFile.open(first) as old:
        assert old.project.assets[-1].name == "late.wav"
    settle(qtbot, cut)


def test_a_save_that_is_stopped_leaves_the_film_where_it_was(
    cut: Editor, elsewhere: Path, qtbot: QtBot
) -> None:
    add_made(cut, "large.wav", 8 << 30)
    path, project = cut.session.path, cut.session.project
    dialog = SavingDialog(cut.opening.saving, "there", cut.window)
    assert cut.opening.save_as(elsewhere / "there")
    dialog.canceled.emit()
    wait(qtbot, lambda: not cut.opening.saving.under_way)
    assert cut.session.path == path
    assert cut.session.project is project
    assert list(elsewhere.iterdir()) == []
    assert all(notice.topic != "open" for notice in cut.session.notices.shown)
    settle(qtbot, cut)


def test_a_save_that_cannot_be_written_is_told_and_changes_nothing(
    cut: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    path = cut.session.path
    assert not cut.opening.save_as(path)
    assert cut.session.notices.shown[-1].text == str(
        Unwritable("That is the project itself. Choose another name for the copy.")
    )
    add_made(cut, "made.wav", 10)
    (tmp_path / "no").write_text("a file, and no folder")
    assert cut.opening.save_as(tmp_path / "no" / "there")
    wait(qtbot, lambda: not cut.opening.saving.under_way)
    assert "cannot be written" in cut.session.notices.shown[-1].text
    assert cut.session.path == path
    settle(qtbot, cut)
