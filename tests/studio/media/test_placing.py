"""Results are put in place whole, and what a killed process left behind is swept away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.media.errors import OutputUnwritable
from studio.media.export.placing import LATELY_S, placed_file, placed_folder

LONG_AGO = 2 * LATELY_S


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def _left_behind(path: Path, *, old: bool) -> Path:
    path.write_bytes(b"half a film")
    if old:
        about = path.stat()
        os.utime(path, (about.st_atime - LONG_AGO, about.st_mtime - LONG_AGO))
    return path


def _break_off(path: Path) -> None:
    with placed_file(path) as part:
        part.write_bytes(b"half")
        raise ZeroDivisionError


def test_only_what_nobody_writes_any_more_is_swept_away(tmp_path: Path, gone: int) -> None:
    mine = os.getppid()
    stale = _left_behind(tmp_path / f".film.{gone}.part.mp4", old=True)
    fresh = _left_behind(tmp_path / f".film.{gone}0.part.mp4", old=False)
    running = _left_behind(tmp_path / f".film.{mine}.part.mp4", old=True)
    other = _left_behind(tmp_path / f".other.{gone}.part.mp4", old=True)
    own = _left_behind(tmp_path / ".film.notes.part.mp4", old=True)
    with placed_file(tmp_path / "film.mp4") as part:
        part.write_bytes(b"a film")
    assert (tmp_path / "film.mp4").read_bytes() == b"a film"
    assert not stale.exists()
    assert all(path.exists() for path in (fresh, running, other, own))


def test_a_folder_half_filled_is_swept_away_too(tmp_path: Path, gone: int) -> None:
    half = tmp_path / f".pictures.{gone}.part"
    half.mkdir()
    (half / "1.png").write_bytes(b"")
    about = half.stat()
    os.utime(half, (about.st_atime - LONG_AGO, about.st_mtime - LONG_AGO))
    with placed_folder(tmp_path / "pictures") as part:
        (part / "1.png").write_bytes(b"a picture")
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"the old film")
    with pytest.raises(ZeroDivisionError):
        _break_off(tmp_path / "film.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
    with pytest.raises(OutputUnwritable, match="does not exist"), placed_file(tmp_path / "a" / "b"):
        raise AssertionError
