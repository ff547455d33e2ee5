"""The papers around the code: what they promise is there, and they agree with each other."""

from __future__ import annotations

import os
import re
import tomllib

import pytest

import engine
import main
from tests.architecture.sources import ROOT, project_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [
    *PROJECT["dependencies"],
    *(line for group in PROJECT["optional-dependencies"].values() for line in group),
]


def test_ci_runs_the_readmes_test_command_and_nothing_else() -> None:
    script = ROOT / ".ci/run"
    lines = [line for line in script.read_text().splitlines() if line and line[0] != "#"]
    assert lines == [
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "exec python3 -m tests",
    ]
    assert os.access(script, os.X_OK)
    assert "python3 -m tests" in README


def test_commands_in_the_readme_exist() -> None:
    named = set(re.findall(r"python3 main\.py ([a-z]+)\b", README))
    assert named <= set(main.COMMANDS)


def test_every_library_has_its_line_in_the_record() -> None:
    record = (ROOT / "docs/decisions/0001-libraries.md").read_text(encoding="utf-8").lower()
    names = {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in REQUIREMENTS}
    assert sorted(name for name in names if f"`{name}`" not in record) == []


def test_libraries_have_a_lower_bound_and_no_upper_one() -> None:
    loose = [line for line in REQUIREMENTS if not re.search(r">=[\d.]+", line)]
    tight = [line for line in REQUIREMENTS if re.search(r"==|<|~=", line)]
    assert loose + tight == []


def test_each_decision_has_a_number_of_its_own() -> None:
    records = [file.name for file in (ROOT / "docs/decisions").glob("*.md")]
    numbers = [int(name[:4]) for name in records]
    assert len(numbers) == len(set(numbers))


def test_the_changelog_knows_this_version_or_is_ahead_of_it() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]", changelog, re.MULTILINE)
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    assert not versions or versions[0] == PROJECT["version"]


def test_the_version_is_said_once() -> None:
    assert engine.__version__ == PROJECT["version"]


def test_every_licence_the_notice_points_at_is_there() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    named = re.findall(r"resources/[\w./-]+\w", notice)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("folder", ["icons", "fonts", "sounds"])
def test_what_came_from_others_has_its_licence_beside_it(folder: str) -> None:
    names = {file.name for file in (ROOT / "resources" / folder).iterdir()}
    assert names & {"LICENSE", "LICENSE.txt", "OFL.txt", "NOTICE"}


def test_the_repository_stays_small_enough_to_clone() -> None:
    sizes = {file: file.stat().st_size for file in project_files()}
    assert sum(sizes.values()) < 400_000_000
    assert [str(file) for file, size in sizes.items() if size > 95_000_000] == []
