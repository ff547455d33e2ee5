"""The session's gate: what an edit that fails leaves, and what others hear of one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.document.edits.sequences import add_sequence, remove_sequence, rename_sequence
from studio.document.errors import EditError
from studio.document.file.project_file import ProjectFile
from studio.document.history import Changes
from studio.document.model.project import Project
from studio.document.time import Rate
from studio.session.background import Background
from studio.session.engines import EngineLink, Online, Place, Unreachable, place_of
from studio.session.preferences import Preferences
from studio.session.projects import create_project, create_untitled, discard_if_empty, empty_project
from studio.session.session import Session
from tests.fakes.engine_client import FakeEngine

WAIT_MS = 500_000


@pytest.fixture
def session(tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    file = ProjectFile.create(tmp_path / "film.workprint", empty_project("film"))
    opened = Session(file)
    yield opened
    opened.close()


def _refused(project: Project) -> Project:
    raise EditError("That cannot be done.")


def test_an_edit_is_one_step_that_others_hear_of(session: Session) -> None:
    heard: list[Changes] = []
    session.changed.connect(heard.append)
    rename = partial(rename_sequence, sequence_id=session.sequence_id, name="Reel 1")
    before = session.project
    assert session.apply("Rename sequence", rename)
    assert session.sequence.name == "Reel 1"
    assert heard[0].updated == {session.sequence_id}
    assert session.undo()
    assert session.project == before
    assert session.redo_name == "Rename sequence"
    assert session.redo()
    assert session.sequence.name == "Reel 1"
    assert len(heard) == 3


def test_a_refused_edit_changes_nothing_and_becomes_a_notice(session: Session) -> None:
    before, heard = session.project, list[Changes]()
    session.changed.connect(heard.append)
    assert not session.apply("Break", _refused)
    assert session.project is before
    assert heard == []
    assert session.notices.shown[-1].text == "That cannot be done."
    rename = partial(rename_sequence, sequence_id=session.sequence_id, name="Reel 1")
    session.apply("Rename sequence", rename)
    assert session.notices.shown == ()


def test_undo_with_nothing_to_undo_is_a_sentence(session: Session) -> None:
    assert not session.undo()
    assert "nothing to undo" in session.notices.shown[-1].text


def test_removing_the_open_sequence_opens_another(session: Session) -> None:
    add = partial(add_sequence, name="Reel 2", rate=Rate(25), width=640, height=360)
    session.apply("New sequence", add)
    first, second = (sequence.id for sequence in session.project.sequences)
    session.open_sequence(second)
    assert session.transport.rate == 25
    session.apply("Remove sequence", partial(remove_sequence, sequence_id=second))
    assert session.sequence_id == first
    assert session.transport.rate == 30


def test_a_read_only_project_says_so_to_every_edit(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "other.workprint"
    ProjectFile.create(path, empty_project("other")).close()
    session.open(ProjectFile.open(path, read_only=True))
    rename = partial(rename_sequence, sequence_id=session.sequence_id, name="Reel 1")
    assert not session.apply("Rename sequence", rename)
    assert "read-only" in session.notices.shown[-1].text
    assert session.undo_name is None


def test_untitled_projects_have_files_and_leave_none_when_empty(tmp_path: Path) -> None:
    first, second = create_untitled(tmp_path), create_untitled(tmp_path)
    assert first.path != second.path
    first.close()
    second.close()
    discard_if_empty(first)
    assert first.path.exists(), "only those in the untitled folder go"
    with create_project(tmp_path / "film") as named:
        assert named.path.name == "film.workprint"


def test_background_work_comes_back_on_this_thread(qtbot: QtBot) -> None:
    work, done, failed = Background("test"), list[int](), list[str]()
    work.run(lambda: 6 * 7, done.append)
    work.run(lambda: 1 // 0, done.append, lambda error: failed.append(str(error)))
    qtbot.waitUntil(lambda: work.idle, timeout=WAIT_MS)
    assert done == [42]
    assert failed == ["integer division or modulo by zero"]
    work.run(lambda: 1, done.append)
    work.close()
    qtbot.wait(50)
    assert done == [42]


def test_a_link_wakes_its_engine_once_and_tells_its_cast(qtbot: QtBot) -> None:
    engine, connected = FakeEngine(), list[Place]()
    answers, errors = list[str](), list[Exception]()

    def connect(place: Place) -> FakeEngine:
        connected.append(place)
        return engine

    link = EngineLink(Place.HERE, connect)
    for _ in range(3):
        link.call(lambda client: client.health().engine_id, answers.append, errors.append)
    qtbot.waitUntil(lambda: len(answers) == 3, timeout=WAIT_MS)
    assert connected == [Place.HERE]
    assert answers == ["fake"] * 3
    assert not errors
    assert isinstance(link.state, Online)
    assert [card.id for card in link.cast] == ["pocket-video"]
    link.close()
    assert engine.closed


def test_a_link_that_cannot_connect_says_why_and_tries_again(qtbot: QtBot) -> None:
    engine, errors, answers = FakeEngine(), list[Exception](), list[str]()
    engine.down = "Nobody answers."
    link = EngineLink(Place.SERVER, lambda _place: engine)
    link.call(lambda client: client.health().engine_id, answers.append, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1, timeout=WAIT_MS)
    assert link.state == Unreachable("Nobody answers.")
    engine.down = ""
    link.call(lambda client: client.health().engine_id, answers.append, errors.append)
    qtbot.waitUntil(lambda: answers == ["fake"], timeout=WAIT_MS)
    link.close()


def test_tiers_and_places() -> None:
    assert [place_of(tier).value for tier in ("draft", "local", "server")] == [
        "here",
        "here",
        "server",
    ]


def test_preferences_are_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    first, changes = Preferences(path), list[frozenset[str]]()
    first.changed.connect(changes.append)
    first.update(tier="local", still_seconds=4)
    film = tmp_path / "film.workprint"
    film.touch()
    first.remember(film)
    first.remember(tmp_path / "gone.workprint")
    assert changes[0] == {"tier"}
    again = Preferences(path)
    assert again.settings.tier == "local"
    assert again.recent_projects() == (film,)


def test_damaged_preferences_fall_back_to_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    path.write_text('{"tier": 7, "theme": "midnight", "from_later": [1]')
    assert Preferences(path).settings.theme == "graphite"
    path.write_text('{"tier": 7, "theme": "midnight", "from_later": [1]}')
    settings = Preferences(path)
    assert (settings.settings.tier, settings.settings.theme) == ("draft", "midnight")
    settings.update(theme="graphite")
    assert '"from_later"' in path.read_text()
