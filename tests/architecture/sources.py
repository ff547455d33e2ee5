"""The project's own files as the tests of this folder read them: paths, trees, and imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("main.py", "installers", "studio", "engine")
"""What runs on a user's machine, as opposed to tests and documents."""

_NEVER_OURS = {".git", ".venv", "__pycache__", "build", "dist"}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, "a.b.c" whether written `import a.b.c` or `from a.b import c`.

    `module` is the part that is certainly a module ("a.b" in the second spelling).
    """

    file: Path
    line: int
    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}: {self.name}"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep; a checkout without git is walked instead."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return tuple(file for file in ROOT.rglob("*") if _is_ours(file) and file.is_file())
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(file for file in files if file.is_file())


def python_files(*places: str) -> tuple[Path, ...]:
    """The Python files at or under the places, each a path from the root; all without any."""
    return tuple(
        file
        for file in project_files()
        if file.suffix == ".py" and (not places or _is_under(file, places))
    )


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """Every node of the file's syntax tree, walked once for all tests."""
    return tuple(ast.walk(tree_of(file)))


@cache
def tree_of(file: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


@cache
def imports_of(file: Path) -> tuple[Import, ...]:
    """Every import in the file, at module level or inside a function."""
    return tuple(_imports(file))


def _imports(file: Path) -> Iterator[Import]:
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, alias.name, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield Import(file, node.lineno, node.module, f"{node.module}.{alias.name}")


def module_of(file: Path) -> str:
    """The dotted name under which the file is imported."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_in(name: str, package: str) -> bool:
    """Whether the dotted name is the package or lies inside it."""
    return name == package or name.startswith(package + ".")


def _is_ours(file: Path) -> bool:
    return not _NEVER_OURS & set(file.relative_to(ROOT).parts)


def _is_under(file: Path, places: tuple[str, ...]) -> bool:
    return any(file == ROOT / place or (ROOT / place) in file.parents for place in places)
