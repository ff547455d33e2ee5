"""The folders of the media bin: paths such as "Day 1/Interviews", "" being the top.

A folder is there because the project lists it, or because something lies in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from studio.document.model.project import Project
from studio.document.model.record import Id


def clean_bin(path: str) -> str:
    """A path without empty names, and none with blanks around it."""
    return "/".join(part.strip() for part in path.split("/") if part.strip())


def bin_name(path: str) -> str:
    """A folder's own name."""
    return path.rpartition("/")[2]


def bin_parent(path: str) -> str:
    """The folder that a folder lies in."""
    return path.rpartition("/")[0]


def joined_bin(*parts: str) -> str:
    """A path of folders within one another; empty ones are left out."""
    return "/".join(part for part in parts if part)


def lies_in(path: str, folder: str) -> bool:
    """Whether a folder is another one, or lies in it at any depth; all lie in the top."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def with_parents(paths: Iterable[str]) -> set[str]:
    """Folders, and all that they lie in but the top."""
    found: set[str] = set()
    for path in paths:
        while path and path not in found:
            found.add(path)
            path = bin_parent(path)
    return found


def all_bins(project: Project) -> tuple[str, ...]:
    """Every folder of a project, each before those in it, by name."""
    used = {each.bin for each in (*project.assets, *project.sequences)}
    return tuple(sorted(with_parents({*project.bins, *used}), key=_by_name))


def _by_name(path: str) -> tuple[tuple[str, str], ...]:
    return tuple((part.casefold(), part) for part in path.split("/"))


def ids_in(project: Project, folder: str) -> list[Id]:
    """The sequences and the assets that lie in a folder at any depth."""
    things = (*project.sequences, *project.assets)
    return [each.id for each in things if lies_in(each.bin, folder)]


def free_bin(project: Project, path: str) -> str:
    """The path, numbered where there is such a folder already."""
    taken, free, number = set(all_bins(project)), path, 2
    while free in taken:
        free, number = f"{path} {number}", number + 1
    return free
