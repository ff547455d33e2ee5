"""A real window over a real project, with a fake engine and footage made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.document.edits.assets import with_asset
from studio.document.edits.insert import overwrite
from studio.document.file.project_file import ProjectFile
from studio.document.model.project import Project
from studio.session.describing import describe
from studio.session.placing import Wanted, pieces_for, target_tracks
from studio.session.preferences import Preferences
from studio.session.projects import empty_project
from studio.ui.editor import Editor
from studio.ui.theme import apply_theme
from tests.fakes.engine_client import FakeEngine
from tests.studio.media.footage import Shot, make_sound, make_video, tone

SIZE = (1280, 720)


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `a.mp4` (60 frames at 25, with sound), `b.mp4` (silent) and `music.wav`."""
    folder = tmp_path_factory.mktemp("footage")
    make_video(folder / "a.mp4", Shot(size=(160, 90), sound_rate=48000))
    make_video(folder / "b.mp4", Shot(size=(160, 90), frames=50))
    make_sound(folder / "music.wav", tone(4 * 48000, 48000), 48000)
    return folder


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application in its theme: dressing it anew would cost every window a new coat."""
    apply_theme(qapp, "graphite")
    return qapp


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    settings = Preferences(tmp_path / "preferences.json")
    settings.update(cache_folder=str(tmp_path / "cache"))
    return settings


@pytest.fixture
def open_editor(
    dressed: QApplication, engine: FakeEngine, preferences: Preferences
) -> Iterator[Callable[[Path], Editor]]:
    """Opens windows, and closes what a test left open."""
    opened: list[Editor] = []

    def open_one(path: Path) -> Editor:
        editor = Editor(ProjectFile.open(path), preferences, lambda _place: engine)
        editor.show(SIZE)
        opened.append(editor)
        return editor

    yield open_one
    for editor in opened:
        editor.window.close()
        editor.window.deleteLater()
    dressed.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def projects(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of `empty` and `cut`, written once and copied for each test.

    They are named as the copies, for their media's folder is, and lie as deep: the way to the
    footage is the same from both.
    """
    files = {name: tmp_path_factory.mktemp(name) / "film.workprint" for name in ("empty", "cut")}
    ProjectFile.create(files["empty"], empty_project("film")).close()
    ProjectFile.create(files["cut"], cut_project(footage, files["cut"].parent)).close()
    return files


@pytest.fixture
def empty(
    tmp_path: Path, projects: dict[str, Path], open_editor: Callable[[Path], Editor]
) -> Editor:
    """A window over a new project."""
    return open_editor(Path(shutil.copy(projects["empty"], tmp_path)))


@pytest.fixture
def cut(tmp_path: Path, projects: dict[str, Path], open_editor: Callable[[Path], Editor]) -> Editor:
    """A window over `a`, `b` and `a` again, one after another from frame 0 at 30 a second."""
    return open_editor(Path(shutil.copy(projects["cut"], tmp_path)))


@pytest.fixture
def active(cut: Editor, qtbot: QtBot) -> Editor:
    """The window of `cut`, with the keyboard on its timeline."""
    with qtbot.waitActive(cut.window):
        cut.window.activateWindow()
    cut.parts.timeline.canvas.setFocus()
    return cut


def cut_project(footage: Path, folder: Path) -> Project:
    """The project of `cut`: three clips on V1, their sound on A1."""
    project = empty_project("film")
    ids: dict[str, str] = {}
    for name in ("a.mp4", "b.mp4"):
        project, ids[name] = with_asset(project, describe(footage / name, folder))
    sequence = project.sequences[0]
    wanted = [Wanted(ids[name]) for name in ("a.mp4", "b.mp4", "a.mp4")]
    pieces = pieces_for(project, sequence.id, wanted, target_tracks(sequence), 120)
    return overwrite(project, sequence.id, 0, pieces)
