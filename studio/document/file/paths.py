"""Where media lies: the project's own folder beside its file, and footage wherever it is.

Media that the studio makes goes into one folder beside the project ("film.media"), named by hash,
with paths relative to the project file. Footage keeps its absolute path; when a project has been
moved together with its footage, it is found again by its place relative to the project.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from studio.document.model.asset import Asset

SUFFIX = ".workprint"


def default_media_folder(project_file: Path) -> str:
    """The name of the folder that belongs to a new project."""
    return f"{project_file.stem}.media"


def resolve(path: str, project_folder: Path, moved_from: Path | None = None) -> Path:
    """Where a stored path leads now, whether or not there is a file.

    `moved_from` is the folder that the project was in when it was last saved.
    """
    stored = Path(path)
    if not stored.is_absolute():
        return project_folder / stored
    if moved_from is None or moved_from == project_folder or stored.exists():
        return stored
    moved = project_folder / os.path.relpath(stored, moved_from)
    return moved if moved.exists() else stored


def missing(
    assets: Iterable[Asset], project_folder: Path, moved_from: Path | None = None
) -> list[Asset]:
    """The assets whose file is not where it should be."""
    return [a for a in assets if not resolve(a.path, project_folder, moved_from).is_file()]
