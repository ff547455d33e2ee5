"""Large footage gets a stand-in by itself, to scrub and play, and is itself at rest."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.document.file.project_file import ProjectFile
from studio.document.queries.media import wants_proxy
from studio.media.diskcache import keep_within
from studio.session.describing import describe
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.editor import Editor
from tests.studio.commands.running import command
from tests.studio.media.footage import Shot, make_video
from tests.studio.ui.conftest import cut_project
from tests.studio.ui.driving import settle, wait

LARGE = Shot(6, size=(1280, 720))


@pytest.fixture
def large(tmp_path: Path, open_editor: Callable[[Path], Editor]) -> Editor:
    """A window over a film of 720 lines, three times in a row."""
    for name in ("a.mp4", "b.mp4"):
        make_video(tmp_path / name, LARGE)
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, cut_project(tmp_path, tmp_path)).close()
    return open_editor(path)


def test_a_proxy_is_made_and_used_for_scrubbing_alone(large: Editor, qtbot: QtBot) -> None:
    session = large.session
    wait(qtbot, lambda: len(session.stand_ins) == 2 and large.proxies.waiting == 0)
    film = session.project.assets[0]
    footage = session.media.get()
    proxy = footage.picture_path(film, quick=True)
    assert proxy.parent == large.preferences.cache_folder / "proxies"
    assert footage.picture_path(film) == session.folder / film.path
    quick = footage.picture(film, film.start.seconds, quick=True)
    assert (quick.frame.width, quick.frame.height) == (960, 540)
    assert quick.display_size == (1280, 720)
    bin_model = large.parts.media.model
    tip = bin_model.data(bin_model.index_of(f"asset:{film.id}"), Qt.ItemDataRole.ToolTipRole)
    assert "through its proxy" in tip
    assert session.undo_name is None


def test_letting_go_of_the_playhead_shows_the_footage_itself(large: Editor, qtbot: QtBot) -> None:
    session, program = large.session, large.parts.program
    wait(qtbot, lambda: len(session.stand_ins) == 2)
    settle(qtbot, large)
    session.transport.set_scrubbing(True)
    session.transport.seek(4)
    settle(qtbot, large)
    shown: list[int] = []
    program.shown.connect(shown.append)
    session.transport.set_scrubbing(False)
    wait(qtbot, lambda: set(shown) == {4})


def test_they_can_be_turned_off(large: Editor, qtbot: QtBot) -> None:
    wait(qtbot, lambda: len(large.session.stand_ins) == 2)
    large.workspace.show_preferences("Editing")
    (dialog,) = large.window.findChildren(PreferencesDialog)
    dialog.editing.proxies.click()
    assert large.session.stand_ins == {}
    assert large.proxies.waiting == 0
    dialog.editing.proxies.click()
    wait(qtbot, lambda: len(large.session.stand_ins) == 2)
    dialog.accept()


def test_only_what_gains_by_one_wants_one(tmp_path: Path) -> None:
    film = describe(make_video(tmp_path / "a.mp4", LARGE), tmp_path)
    facts = film.video[0]
    assert wants_proxy(film)
    assert not wants_proxy(replace(film, video=(replace(facts, height=540, width=960),)))
    assert wants_proxy(replace(film, video=(replace(facts, height=1920, width=1080),)))
    assert not wants_proxy(replace(film, video=(replace(facts, has_alpha=True),)))
    assert not wants_proxy(replace(film, path="shot_%04d.png"))


def test_the_command_line_makes_them_too(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        make_video(tmp_path / name, LARGE)
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, cut_project(tmp_path, tmp_path)).close()
    rows = command("proxies", path, "--json").body
    assert [Path(row["proxy"]).is_file() for row in rows] == [True, True]
    (tmp_path / "b.mp4").unlink()
    ended = command("proxies", path)
    assert ended.code == 1
    assert "does not exist" in ended.out


def test_a_cache_keeps_within_its_limit_and_touches_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "thumbnails"
    folder.mkdir()
    names = [f"{number:032x}" for number in range(4)]
    for age, name in enumerate(names):
        (folder / name).write_bytes(bytes(100))
        os.utime(folder / name, (1000 - age, 1000 - age))
    (folder / "holiday.jpg").write_bytes(bytes(1000))
    (tmp_path / "film.workprint").write_bytes(bytes(1000))
    assert keep_within(tmp_path, 200) == 200
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names[:2], "holiday.jpg"])
    assert keep_within(tmp_path, 0) == 200
    assert (tmp_path / "film.workprint").exists()
