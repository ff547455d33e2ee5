"""kill -9 at random moments of an editing session: whatever was said to be done is there again."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.document.edits.assets import add_asset
from studio.document.file.project_file import ProjectFile
from studio.document.history import History
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.project import Project
from studio.session.projects import discard
from tests.studio.document.editing_session import one_step, run_session
from tests.studio.document.films import picture_and_sound
from tests.studio.document.rules import check

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no fork, and no kill -9")

ROOT = Path(__file__).resolve().parents[3]
PROCESSES = multiprocessing.get_context("fork")
START = picture_and_sound("AAAAAAAAAABBBBBBBBBB....CCCCCCCCCCCC|DDDDDDDDDDDDDDDDDDDDDDD")


def killed_session(path: Path, seed: int, after_s: float, at_least: int = 0) -> list[str]:
    """Run a session on a file, kill it some time after it has opened, and return what it did.

    It is let live until it has told of `at_least` steps.
    """
    reader, writer = os.pipe()
    process = PROCESSES.Process(target=run_session, args=(path, seed, writer), daemon=True)
    process.start()
    os.close(writer)
    with os.fdopen(reader) as told:
        assert told.readline() == "open\n"
        lines = [told.readline() for _ in range(at_least)]
        time.sleep(after_s)
        process.kill()
        lines += told.readlines()
    process.join()
    return [line.strip() for line in lines if line.endswith("\n")]


def session_so_far(seed: int, steps: int) -> History:
    """What a session of this seed has come to after some steps, done in memory."""
    chance = random.Random(seed)
    history = History(START)
    done = 0
    while done < steps:
        done += one_step(history, chance) is not None
    return history


def is_at(file: ProjectFile, history: History) -> bool:
    return file.project == history.project and file.history.position == history.position


def check_after_kill(path: Path, seed: int, lines: list[str]) -> None:
    """The file is where the session said it was, or a step further that it could not say."""
    with ProjectFile.open(path) as file:
        check(file.project)
        expected = session_so_far(seed, len(lines))
        if not is_at(file, expected):
            expected = session_so_far(seed, len(lines) + 1)
        assert is_at(file, expected)
        assert file.history.steps == expected.steps
        while expected.undo_name is not None:
            file.history.undo()
            expected.undo()
            assert file.project == expected.project
        assert file.history.undo_name is None
        while expected.redo_name is not None:
            file.history.redo()
            expected.redo()
        assert file.project == expected.project
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def kill_and_check(tmp_path: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    for turn in range(times):
        path = tmp_path / f"film {turn}.workprint"
        ProjectFile.create(path, START).close()
        lines = killed_session(path, seed + turn, chance.uniform(0.0, 0.25))
        check_after_kill(path, seed + turn, lines)


def test_nothing_that_was_done_is_lost_at_20_kills(tmp_path: Path) -> None:
    kill_and_check(tmp_path, 20, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nothing_that_was_done_is_lost_at_200_kills(tmp_path: Path) -> None:
    kill_and_check(tmp_path, 200, seed=1000)


def test_a_film_killed_again_and_again_goes_on(tmp_path: Path) -> None:
    """One file, killed five times: each session finds the one before it whole."""
    path = tmp_path / "film.workprint"
    ProjectFile.create(path, START).close()
    for turn in range(5):
        lines = killed_session(path, turn, 0.05, at_least=3)
        assert len(lines) >= 3
        with ProjectFile.open(path) as file:
            check(file.project)
            assert file.history.position >= 0


def test_a_session_comes_to_the_same_in_every_process() -> None:
    """Ids must not depend on the order of sets, which differs from one process to the next."""
    code = (
        "from tests.studio.document.test_kill import session_so_far\n"
        "print([session_so_far(seed, 30).project for seed in range(6)])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            check=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert len(seen) == 1


EVENTS = {"os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "open", "sqlite3.connect"}


def _save_elsewhere(path: Path, target: Path, stop_at: int) -> None:
    """Save a project elsewhere and throw the first away; killed before its nth use of the disk."""
    seen = 0

    def watch(event: str, _args: object) -> None:
        nonlocal seen
        seen += event in EVENTS
        if event in EVENTS and seen == stop_at:
            os.kill(os.getpid(), 9)

    sys.addaudithook(watch)
    with ProjectFile.open(path) as file:
        transfer = file.transfer_to(target)
        transfer.run(lambda _done, _total: None)
        file.save_copy(target, placed=transfer.placed)
    ProjectFile.open(target).close()
    discard(file)
    os._exit(0)


def test_a_project_saved_elsewhere_is_whole_in_one_place_whenever_it_is_killed(
    tmp_path: Path,
) -> None:
    finished = False
    at = 0
    while not finished:
        at += 1
        folder = tmp_path / str(at)
        path, target = folder / "untitled.workprint", folder / "there" / "film.workprint"
        made = folder / "untitled.media" / "abc.mp4"
        for parent in (made.parent, target.parent):
            parent.mkdir(parents=True)
        made.write_bytes(b"picture")
        asset = Asset(id="", name="made", kind=AssetKind.VIDEO, path="untitled.media/abc.mp4")
        with ProjectFile.create(path, Project()) as file:
            file.history.apply("Add", lambda p, asset=asset: add_asset(p, asset))
        process = PROCESSES.Process(target=_save_elsewhere, args=(path, target, at))
        process.start()
        process.join()
        finished = process.exitcode == 0
        whole = target if target.exists() else path
        assert finished <= (whole == target and not path.exists() and not made.parent.exists())
        for each in {whole, path} if path.exists() else {whole}:
            with ProjectFile.open(each) as file:
                assert file.media_path(file.project.assets[0]).read_bytes() == b"picture"
                assert file.media_folder == each.with_suffix(".media")
    assert at > 10
