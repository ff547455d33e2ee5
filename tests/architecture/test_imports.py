"""Who may import whom, where import-linter's contracts in pyproject.toml cannot say it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.sources import (
    PROGRAM,
    ROOT,
    Import,
    imports_of,
    is_in,
    module_of,
    python_files,
)

HEAVY = ("torch", "diffusers", "transformers", "accelerate", "peft", "bitsandbytes")
MODEL_CODE = tuple(
    f"engine.{part}" for part in ("worker", "models", "sampling", "training", "abilities")
)


def program_imports(*places: str) -> list[Import]:
    return [found for file in python_files(*places) for found in imports_of(file)]


def test_the_document_imports_the_standard_library_alone() -> None:
    strangers = [
        str(found)
        for found in program_imports("studio/document")
        if found.module.split(".")[0] not in sys.stdlib_module_names
        and not is_in(found.module, "studio.document")
    ]
    assert strangers == []


def test_the_studio_imports_only_the_protocol_of_the_engine() -> None:
    wrong = [
        str(found)
        for found in program_imports("studio")
        if is_in(found.module, "engine") and not is_in(found.name, "engine.protocol")
    ]
    assert wrong == []


def test_qt_stays_in_the_window_and_its_core_in_the_session() -> None:
    wrong = [
        str(found)
        for found in program_imports("studio", "engine", "installers", "main.py")
        if is_in(found.module, "PySide6") and not _may_use_qt(found)
    ]
    assert wrong == []


def _may_use_qt(found: Import) -> bool:
    module = module_of(found.file)
    if is_in(module, "studio.ui") or module == "studio.app":
        return True
    if module == "studio.commands.bench.timeline":  # it drives the real window to measure it
        return True
    return is_in(module, "studio.session") and is_in(found.name, "PySide6.QtCore")


def test_heavy_libraries_stay_in_model_code() -> None:
    wrong = [
        str(found)
        for found in program_imports(*PROGRAM)
        if found.module.split(".")[0] in HEAVY
        and not any(is_in(module_of(found.file), place) for place in MODEL_CODE)
    ]
    assert wrong == []


def test_children_do_not_import_from_the_packages_that_hold_them() -> None:
    """A package may gather its modules' names; a module that asks its package goes in a circle."""
    modules = {module_of(file) for file in python_files(*PROGRAM)}
    wrong = [
        str(found)
        for found in program_imports(*PROGRAM)
        if found.name not in modules
        and not found.name.endswith("__")  # a version is nobody's circle
        and module_of(found.file).startswith(found.module + ".")
        and (ROOT / found.module.replace(".", "/") / "__init__.py").is_file()
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "banned"),
    [
        ("engine.protocol", (*HEAVY, "PySide6", "studio", "starlette", "numpy")),
        ("engine.server", (*HEAVY, "PySide6", "studio")),
        ("engine.planning", (*HEAVY, "PySide6", "studio")),
        ("studio.document", (*HEAVY, "PySide6", "engine", "numpy", "av")),
        ("studio.client", (*HEAVY, "PySide6")),
        ("studio.media", (*HEAVY, "PySide6")),
    ],
)
def test_what_is_loaded_in_a_running_process(package: str, banned: tuple[str, ...]) -> None:
    """Imports that are hidden in other libraries count too, so a fresh process is asked."""
    modules = [
        module_of(file)
        for file in python_files(package.replace(".", "/"))
        if file.name != "__main__.py"
    ]
    code = (
        f"import importlib, sys\nfor module in {modules!r}: importlib.import_module(module)\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert set(run.stdout.split()) & set(banned) == set()


def test_every_library_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    declared = {_normal(re.split(r"[\[<>=~! ;]", line)[0]) for group in groups for line in group}
    providers = packages_distributions()
    undeclared = [
        str(found)
        for found in program_imports(*PROGRAM)
        if (top := found.module.split(".")[0]) not in sys.stdlib_module_names
        and top not in ("studio", "engine", "installers", "main", "tests")
        and not {_normal(name) for name in providers.get(top, [top])} & declared
    ]
    assert undeclared == []


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
