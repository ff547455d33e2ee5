"""The shape of the code: every module says what it is, and none grows past reading."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import (
    PROGRAM,
    ROOT,
    imports_of,
    project_files,
    python_files,
    tree_of,
)

MOST_LINES = 400
LONGER: dict[str, str] = {}
"""Files over the limit, each with the reason that it reads better whole."""

LONG_FUNCTION_LINES = 60
LONGER_FUNCTIONS: dict[str, str] = {}
"""Functions over that many lines, as "file:name", each with its reason."""

UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX|HACK|WIP|NotImplementedError|(?<!asked )for now|not yet implemented"
    r"|stub|stubbed|coming soon|lorem ipsum|to be done|will be added|quick and dirty"
    r"|monkey[- ]?patch)\b"
)
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "managers"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(file: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(file)) if isinstance(node, Function))


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files()
        if not (ast.get_docstring(tree_of(file)) or "").strip()
    ]
    assert silent == []


def test_no_file_is_longer_than_one_can_read() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in python_files()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert {file: lines for file, lines in long.items() if file not in LONGER} == {}
    assert set(LONGER) <= set(long), "LONGER names files that have become short"


def test_functions_are_short() -> None:
    lengths = {
        f"{file.relative_to(ROOT)}:{function.name}": _lines(function)
        for file in python_files(*PROGRAM)
        for function in functions(file)
    }
    ordered = sorted(lengths.values())
    assert ordered[len(ordered) * 9 // 10] < 40
    long = {name for name, lines in lengths.items() if lines > LONG_FUNCTION_LINES}
    assert long - set(LONGER_FUNCTIONS) == set()


def _lines(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def test_nothing_sounds_unfinished() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in python_files(*PROGRAM)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_no_function_is_an_empty_shell() -> None:
    """A method that only declares (of a Protocol, or abstract) has `...` or a docstring."""
    shells = [
        f"{file.relative_to(ROOT)}:{function.lineno}: {function.name}"
        for file in python_files(*PROGRAM)
        for function in functions(file)
        if all(isinstance(node, ast.Pass) for node in _body_without_docstring(function))
        and _body_without_docstring(function)
    ]
    assert shells == []


def _body_without_docstring(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) else function.body


def test_files_are_named_for_what_is_in_them() -> None:
    vague = [
        str(file.relative_to(ROOT))
        for file in python_files()
        if VAGUE_NAMES & {file.stem, *file.relative_to(ROOT).parent.parts}
    ]
    assert vague == []


def test_every_package_has_its_init() -> None:
    """Without one, import-linter and pyright would pass the folder by."""
    folders = {file.parent for file in python_files("studio", "engine", "installers")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_weights_are_never_pickles() -> None:
    pickles = [
        str(file.relative_to(ROOT))
        for file in project_files()
        if file.suffix in (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin")
    ]
    assert pickles == []
    unpicklers = [
        str(found)
        for file in python_files(*PROGRAM)
        for found in imports_of(file)
        if found.module.split(".")[0] in ("pickle", "dill", "cloudpickle", "joblib", "shelve")
    ]
    assert unpicklers == []
