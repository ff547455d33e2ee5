"""Projects: reopened as they were, opened twice, saved elsewhere, missing footage, newer files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.app import run
from studio.document.edits.cut import razor
from studio.document.file.project_file import ProjectFile
from studio.document.model.sequence import TrackKind
from studio.session.projects import is_untitled
from studio.ui.editor import Editor
from studio.ui.panels.bin_model import BinModel
from studio.ui.window import fitting
from tests.fakes.engine_client import FakeEngine
from tests.studio.ui.conftest import cut_project
from tests.studio.ui.driving import clips, settle, starts, track, wait

Open = Callable[[Path], Editor]


def test_a_reopened_project_is_as_it_was_undo_included(cut: Editor, open_editor: Open) -> None:
    cut.session.apply("Cut", partial(razor, sequence_id=cut.session.sequence_id, frame=30))
    project, path = cut.session.project, cut.session.path
    cut.window.close()
    again = open_editor(path)
    assert again.session.project == project
    assert again.session.undo_name == "Cut"
    again.book.trigger("edit.undo")
    assert len(clips(again)) == 3


def test_a_second_studio_gets_a_sentence_and_may_read(
    cut: Editor, tmp_path: Path, open_editor: Open
) -> None:
    other = tmp_path / "other.workprint"
    ProjectFile.create(other, cut.session.project).close()
    second = open_editor(other)
    assert not second.opening.open_path(cut.session.path)
    notice = second.session.notices.shown[-1]
    assert "already open" in notice.text
    assert notice.action is not None
    assert notice.action.title == "Open read-only"
    notice.action.run()
    assert second.session.path == cut.session.path
    assert second.session.read_only
    before = second.session.project
    second.book.trigger("clip.split")
    assert second.session.project is before
    assert second.status.saved.text() == "Read-only"
    assert not second.book.action("clip.split").isEnabled()


def test_save_as_goes_on_with_the_copy(cut: Editor, tmp_path: Path, qtbot: QtBot) -> None:
    first, project = cut.session.path, cut.session.project
    cut.session.transport.seek(30)
    assert cut.opening.save_as(tmp_path / "copy")
    wait(qtbot, lambda: not cut.opening.saving.under_way)
    assert cut.session.path.name == "copy.workprint"
    assert cut.session.transport.position == 30
    cut.session.apply("Cut", partial(razor, sequence_id=cut.session.sequence_id, frame=30))
    with ProjectFile.open(first) as old:
        assert old.project == project


def test_an_untitled_film_takes_what_was_made_along_when_it_is_named(
    empty: Editor, engine: FakeEngine, footage: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """Also what comes back only afterwards: its folder is that of the film, and only that."""
    assert empty.opening.new_untitled()
    untitled, old_media = empty.session.path, empty.session.media_folder
    first, second = _begin_shot(empty, engine, qtbot), _begin_shot(empty, engine, qtbot)
    engine.finish(first, footage / "a.mp4")
    wait(qtbot, lambda: len(empty.session.project.assets) == 1)
    film = tmp_path / "named" / "film.workprint"
    film.parent.mkdir()
    assert empty.opening.save_as(film)
    wait(qtbot, lambda: not empty.opening.saving.under_way)
    engine.finish(second, footage / "b.mp4")
    wait(qtbot, lambda: len(empty.session.project.assets) == 2)
    assert empty.session.media_folder == film.with_suffix(".media")
    for asset in empty.session.project.assets:
        assert empty.session.file.media_path(asset).parent == film.with_suffix(".media")
        assert empty.session.file.media_path(asset).is_file()
    assert not untitled.exists()
    assert not old_media.exists()
    settle(qtbot, empty)


def _begin_shot(editor: Editor, engine: FakeEngine, qtbot: QtBot) -> str:
    panel, before = editor.parts.generate, len(engine.job_ids)
    wait(qtbot, lambda: panel.form.card is not None)
    panel.form.prompt.setPlainText(f"A fox {before}")
    wait(qtbot, lambda: panel.plan is not None)
    panel.go.click()
    wait(qtbot, lambda: len(engine.job_ids) == before + 1)
    return engine.job_ids[-1]


def test_a_file_of_another_kind_is_refused_in_words(cut: Editor, tmp_path: Path) -> None:
    stranger = tmp_path / "letter.workprint"
    stranger.write_text("Dear editor")
    assert not cut.opening.open_path(stranger)
    assert "not a Workprint project" in cut.session.notices.shown[-1].text
    assert not cut.opening.open_path(tmp_path / "nowhere.workprint")


def test_a_newer_file_opens_read_only_with_a_banner(
    tmp_path: Path, footage: Path, open_editor: Open
) -> None:
    path = tmp_path / "newer.workprint"
    ProjectFile.create(path, cut_project(footage, tmp_path)).close()
    with sqlite3.connect(path) as connection:
        number = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {number + 1000}")
    connection.close()
    editor = open_editor(path)
    editor.opening.welcome_back()
    assert "newer" in editor.session.read_only
    assert any("newer" in notice.text for notice in editor.session.notices.shown)


def test_missing_footage_is_told_and_found_again(
    tmp_path: Path, footage: Path, open_editor: Open, qtbot: QtBot
) -> None:
    away, home = tmp_path / "away", tmp_path / "home"
    away.mkdir()
    home.mkdir()
    for name in ("a.mp4", "b.mp4"):
        (home / name).write_bytes((footage / name).read_bytes())
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, cut_project(home, tmp_path)).close()
    (home / "a.mp4").rename(away / "renamed.mp4")
    editor = open_editor(path)
    wait(qtbot, lambda: len(editor.session.footage.missing) == 1)
    assert any("not where the project left" in n.text for n in editor.session.notices.shown)
    editor.importing.find_missing(away)
    wait(qtbot, lambda: not editor.session.footage.missing)
    found = next(a for a in editor.session.project.assets if a.name == "a.mp4")
    assert found.path.endswith("away/renamed.mp4")
    settle(qtbot, editor)


def test_footage_deleted_while_it_is_open_is_marked_when_a_viewer_finds_out(
    tmp_path: Path, footage: Path, open_editor: Open, qtbot: QtBot
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("a.mp4", "b.mp4"):
        (home / name).write_bytes((footage / name).read_bytes())
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, cut_project(home, tmp_path)).close()
    editor = open_editor(path)
    settle(qtbot, editor)
    assert not editor.book.action("file.find_missing").isEnabled()
    (home / "b.mp4").unlink()
    editor.session.transport.seek(starts(editor)[1] + 20)
    wait(qtbot, lambda: len(editor.session.footage.missing) == 1)
    assert editor.book.action("file.find_missing").isEnabled()
    model = editor.parts.media.model
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    lost = [model.asset(row) for row in rows if row.data(BinModel.MISSING)]
    assert [asset.name for asset in lost if asset is not None] == ["b.mp4"]
    assert any("not where the project left" in n.text for n in editor.session.notices.shown)
    settle(qtbot, editor)


def test_notices_move_nothing_and_cover_the_picture_alone(cut: Editor, qtbot: QtBot) -> None:
    window, parts = cut.window, cut.parts
    panels = [window.left, window.middle, window.right, parts.timeline, parts.program.bar]

    def places() -> list[tuple[QPoint, QSize]]:
        return [(panel.mapTo(window, QPoint()), panel.size()) for panel in panels]

    settle(qtbot, cut)
    before = places()
    long = "A sentence that takes more than one line of the little room that there is. " * 3
    for text in ("First.", "Second.", long):
        cut.session.notices.warning(text)
    QApplication.processEvents()
    bar = parts.notices
    assert bar.isVisible()
    assert places() == before
    area = QRect(bar.mapTo(window, QPoint()), bar.size())
    canvas = parts.program.canvas
    assert QRect(canvas.mapTo(window, QPoint()), canvas.size()).contains(area)
    lines = [each for each in bar.findChildren(QLabel) if each.text()]
    assert len(lines) == 3
    assert all(each.height() >= each.heightForWidth(each.width()) for each in lines), "none is cut"
    window.resize(1100, 660)
    QApplication.processEvents()
    area = QRect(bar.mapTo(window, QPoint()), bar.size())
    assert QRect(canvas.mapTo(window, QPoint()), canvas.size()).contains(area)
    for notice in cut.session.notices.shown:
        cut.session.notices.dismiss(notice)
    assert not bar.isVisible()


def test_a_window_is_no_larger_than_its_screen(cut: Editor) -> None:
    """Its frame counted, and whatever was remembered of a larger screen."""
    room = cut.window.screen().availableGeometry()
    cut.window.default_layout(room.width() + 300, room.height() + 300)
    cut.window.fit_screen()
    frame = cut.window.frameGeometry()
    assert frame.top() >= room.top()
    assert frame.bottom() <= room.bottom()
    assert fitting((99_999, 99_999))[1] < room.height()


def test_files_dropped_on_the_window_come_into_the_bin(
    empty: Editor, footage: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "notes.txt").write_text("not footage")
    assert empty.window.program_pages.currentWidget() is empty.parts.welcome
    files = [footage / "a.mp4", footage / "music.wav", tmp_path / "notes.txt"]
    empty.workspace.assets.import_paths(files)
    wait(qtbot, lambda: len(empty.session.project.assets) == 2)
    assert empty.session.undo_name == "Import 2 files"
    assert any("notes.txt" in notice.text for notice in empty.session.notices.shown)
    assert empty.window.program_pages.currentWidget() is empty.parts.program
    shown = empty.parts.media.model
    names = [shown.index(row, 0).data() for row in range(shown.rowCount())]
    assert names == ["Sequence 1", "music.wav", "a.mp4"]
    empty.parts.media.search.setText("music")
    assert empty.parts.media.model.rowCount() == 1
    empty.parts.media.search.setText("")
    sound = empty.session.project.assets[1]
    empty.workspace.assets.add_to_timeline([sound.id])
    assert starts(empty, TrackKind.AUDIO) == [0]
    assert track(empty, TrackKind.VIDEO).items == ()
    settle(qtbot, empty)


def test_importing_again_does_not_double_a_file(cut: Editor, footage: Path, qtbot: QtBot) -> None:
    before = len(cut.session.project.assets)
    done: list[list[str]] = []
    cut.importing.import_files([footage / "a.mp4"], done.append)
    wait(qtbot, lambda: bool(done))
    assert len(cut.session.project.assets) == before
    settle(qtbot, cut)


def test_a_used_file_stays_in_the_bin(cut: Editor) -> None:
    asset = cut.session.project.assets[0]
    cut.workspace.assets.remove([asset.id])
    assert asset in cut.session.project.assets
    assert "used on a timeline" in cut.session.notices.shown[-1].text


def test_an_untitled_project_in_which_nothing_was_done_leaves_no_file(cut: Editor) -> None:
    assert cut.opening.new_untitled()
    path = cut.session.path
    assert is_untitled(path)
    cut.window.close()
    assert not path.exists()


def test_a_picture_of_the_window_is_saved_from_the_command_line(
    cut: Editor, tmp_path: Path, qtbot: QtBot
) -> None:
    path = cut.session.path
    cut.window.close()
    picture = tmp_path / "window.png"
    assert run([str(path), "--screenshot", str(picture), "--size", "1280x720"]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert run([str(tmp_path / "nothing.workprint"), "--screenshot", str(picture)]) == 1
