"""After a studio that did not end properly: the film is led back to, and nothing is said twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.document.edits.cut import razor
from studio.document.file.project_file import ProjectFile
from studio.session.notices import Severity
from studio.session.preferences import Preferences
from studio.session.projects import empty_project
from studio.session.recovery import left_open
from studio.ui.editor import Editor
from tests.studio.ui.conftest import cut_project
from tests.studio.ui.driving import wait

Open = Callable[[Path], Editor]
ROOT = Path(__file__).resolve().parents[3]


def _made(path: Path) -> Path:
    ProjectFile.create(path, empty_project(path.stem)).close()
    return path


def test_a_film_left_open_is_offered_by_one_click(
    tmp_path: Path, footage: Path, preferences: Preferences, open_editor: Open, qtbot: QtBot
) -> None:
    film, other = tmp_path / "film.workprint", _made(tmp_path / "other.workprint")
    ProjectFile.create(film, cut_project(footage, tmp_path)).close()
    preferences.update(open_project=str(film))
    editor = open_editor(other)
    notice = editor.session.notices.shown[-1]
    assert notice.severity is Severity.WARNING
    assert "“film” is safe" in notice.text
    button = editor.parts.notices.findChild(QPushButton)
    assert button is not None
    assert button.text() == "Open it"
    button.click()
    wait(qtbot, lambda: editor.session.path == film)
    assert len(editor.session.project.assets) == 2


def test_the_film_itself_says_that_it_is_whole_and_a_proper_end_says_nothing(
    tmp_path: Path, preferences: Preferences, open_editor: Open
) -> None:
    film = _made(tmp_path / "film.workprint")
    preferences.update(open_project=str(film))
    editor = open_editor(film)
    assert "after its last edit" in editor.session.notices.shown[-1].text
    editor.window.close()
    assert preferences.settings.open_project == ""
    assert preferences.recent_projects() == (film,)
    assert open_editor(film).session.notices.shown == ()


def test_a_film_that_another_window_holds_was_not_left(
    tmp_path: Path, preferences: Preferences, open_editor: Open
) -> None:
    first = open_editor(_made(tmp_path / "film.workprint"))
    assert preferences.settings.open_project == str(first.session.path)
    assert left_open(preferences) is None
    second = open_editor(_made(tmp_path / "second.workprint"))
    assert second.session.notices.shown == ()


def test_an_unnamed_film_with_work_in_it_is_found_among_the_recent_ones(
    tmp_path: Path, preferences: Preferences, open_editor: Open
) -> None:
    film = _made(tmp_path / "film.workprint")
    editor = open_editor(film)
    assert editor.opening.new_untitled()
    untitled = editor.session.path
    edit = partial(razor, sequence_id=editor.session.sequence_id, frame=30)
    editor.session.apply("Cut", edit)
    editor.book.trigger("sequence.add_video")
    assert editor.session.undo_name is not None
    editor.opening.open_path(film)
    assert untitled in preferences.recent_projects()
    untitled.unlink()


def test_a_killed_studio_leaves_word_of_its_film(tmp_path: Path, qtbot: QtBot) -> None:
    film = _made(tmp_path / "film.workprint")
    code = (
        "import sys; from pathlib import Path; from studio.session.preferences import Preferences;"
        "import studio.app as app; home = Path(sys.argv[1]);"
        "app.Preferences = lambda: Preferences(home / 'preferences.json');"
        "app.start_log = lambda: None; app.run([str(home / 'film.workprint')])"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    studio = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment)
    try:
        stored = tmp_path / "preferences.json"
        wait(qtbot, lambda: stored.exists() and "film.workprint" in stored.read_text())
        assert left_open(Preferences(stored)) is None, "it is running still"
    finally:
        studio.kill()
        studio.wait()
    assert left_open(Preferences(stored)) == film
