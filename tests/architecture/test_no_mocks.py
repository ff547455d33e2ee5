"""Tests use real tiny components, and fakes that keep a protocol; no code is patched."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.sources import ROOT, imports_of, is_in, nodes_of, python_files, tree_of

MOCK_LIBRARIES = ("unittest.mock", "mock", "pytest_mock", "flexmock", "doublex")
PATCHING = {"setattr", "delattr"}
"""What monkeypatch may not do; setenv, delenv, chdir and syspath_prepend change no code."""


def test_no_test_imports_a_mock_library() -> None:
    wrong = [
        str(found)
        for file in python_files("tests")
        for found in imports_of(file)
        if any(is_in(found.name, library) for library in MOCK_LIBRARIES)
    ]
    assert wrong == []


def test_no_test_patches_code() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}: monkeypatch.{node.func.attr}"
        for file in python_files("tests")
        for node in nodes_of(file)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in PATCHING
        and "monkeypatch" in ast.unparse(node.func.value)
    ]
    assert wrong == []


def test_no_test_asks_for_a_mocker() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for file in python_files("tests")
        for node in nodes_of(file)
        if isinstance(node, ast.FunctionDef)
        and any(argument.arg in ("mocker", "mock") for argument in node.args.args)
    ]
    assert wrong == []


def test_fakes_live_with_the_tests_and_say_so() -> None:
    misnamed = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in python_files("tests/fakes")
        for name in _public_classes(file)
        if not name.startswith("Fake")
    ]
    astray = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in python_files("studio", "engine", "installers")
        for name in _public_classes(file)
        if name.startswith(("Fake", "Mock", "Dummy"))
    ]
    assert misnamed + astray == []


def _public_classes(file: Path) -> list[str]:
    return [
        node.name
        for node in tree_of(file).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
