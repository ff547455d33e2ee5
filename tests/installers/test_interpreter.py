"""An older Python is told so, in words that it can still read."""

from __future__ import annotations

import ast

import pytest

from installers.interpreter import require_python
from tests.architecture.sources import ROOT

READ_BY_OLD_PYTHONS = (
    "main.py",
    "tests/__init__.py",
    "tests/__main__.py",
    "installers/__init__.py",
    "installers/__main__.py",
    "installers/interpreter.py",
)


def test_a_python_that_is_too_old_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        require_python((3, 10, 4))
    said = capsys.readouterr().err
    assert stopped.value.code == 1
    assert said.startswith("Workprint needs Python 3.11 or newer, and this is 3.10.4; ")
    assert said.count("\n") == 1


def test_a_python_that_is_new_enough_passes() -> None:
    require_python((3, 11, 0))
    require_python((4, 0, 0))


@pytest.mark.parametrize("file", READ_BY_OLD_PYTHONS)
def test_the_way_to_that_sentence_can_be_read_by_old_pythons(file: str) -> None:
    ast.parse((ROOT / file).read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("file", READ_BY_OLD_PYTHONS)
def test_nothing_new_is_imported_before_it(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    early = []
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            break
        if isinstance(node, ast.Import | ast.ImportFrom):
            early.append(ast.unparse(node))
    allowed = {"import sys", "import platform", "import shutil"}
    assert set(early) <= allowed | {"from installers.interpreter import require_python"}
