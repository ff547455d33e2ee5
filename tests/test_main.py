"""The one command as a person types it: help without a set-up, and who gets which arguments."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import main
from installers.accelerator import detect
from installers.bootstrap import Setup
from installers.stamp import write
from tests.architecture.sources import ROOT

PROGRAM = """\
import json, os, sys
print(json.dumps([__package__, sys.argv[1:], os.getcwd()]))
sys.exit(7)
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout that was never set up."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "installers", root / "installers")
    for name in ("main.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    return root


@pytest.fixture
def ready(bare: Path) -> Path:
    """A checkout whose set-up is done, and whose programs only tell how they were started."""
    for program in ("studio", "engine"):
        (bare / program).mkdir()
        (bare / program / "__init__.py").touch()
        (bare / program / "__main__.py").write_text(PROGRAM)
    setup = Setup(bare, extras=("server",), accelerator=detect())
    command = [sys.executable, "-m", "venv", "--without-pip", str(setup.environment.folder)]
    subprocess.run(command, check=True)
    setup.environment.let_import(bare)
    write(setup.environment.stamp, setup.wanted)
    return bare


def run(root: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", str(root / "main.py"), *arguments]
    return subprocess.run(command, cwd=cwd or root, capture_output=True, text=True, check=False)


def test_help_lists_every_command_before_any_set_up(bare: Path) -> None:
    shown = run(bare, "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    for command, (_, summary) in main.COMMANDS.items():
        assert f"  {command:<10}{summary}\n" in shown.stdout
    assert max(len(line) for line in shown.stdout.splitlines()) < 90
    assert not (bare / ".venv").exists()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("exprot", "There is no command or file “exprot”; did you mean “export”?\n"),
        ("xyzzy", "There is no command or file “xyzzy”; python3 main.py --help lists them.\n"),
    ],
)
def test_an_unknown_command_is_one_sentence(bare: Path, typed: str, answer: str) -> None:
    shown = run(bare, typed)
    assert (shown.returncode, shown.stdout, shown.stderr) == (2, "", answer)
    assert not (bare / ".venv").exists()


@pytest.mark.parametrize(
    ("arguments", "program"),
    [
        ((), "studio"),
        (("film.workprint", "--screenshot", "window.png"), "studio"),
        (("--screenshot", "window.png"), "studio"),
        (("demo", "--help"), "studio"),
        (("generate", "text_to_video", "--prompt", "a cat, “quoted” and 'odd'"), "studio"),
        (("serve", "--executor", "ray"), "engine"),
        (("train", "moviegen", "--minutes", "5"), "engine"),
        (("evaluate", "pocket-video", "--json"), "engine"),
    ],
)
def test_each_command_reaches_its_program_unchanged(
    ready: Path, tmp_path: Path, arguments: tuple[str, ...], program: str
) -> None:
    shown = run(ready, *arguments, cwd=tmp_path)
    assert shown.returncode == 7, shown.stderr
    assert json.loads(shown.stdout) == [program, list(arguments), os.path.realpath(tmp_path)]


def test_files_where_one_works_do_not_stand_in_for_libraries(ready: Path, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise ImportError('the wrong json')\n")
    assert run(ready, cwd=tmp_path).returncode == 7
