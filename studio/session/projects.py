"""Projects on disk: new ones, untitled ones, and opening what a path names."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import platformdirs

from studio.document.edits.sequences import add_sequence
from studio.document.errors import FileError
from studio.document.file.paths import SUFFIX, default_media_folder
from studio.document.file.project_file import ProjectFile
from studio.document.model.project import Project
from studio.document.time import Rate
from studio.session.settings import APP_NAME

DEFAULT_RATE = Rate(30)
DEFAULT_SIZE = (1920, 1080)


def empty_project(
    name: str, rate: Rate = DEFAULT_RATE, size: tuple[int, int] = DEFAULT_SIZE
) -> Project:
    """A project with one empty sequence: two video tracks and two audio tracks."""
    return add_sequence(Project(name=name), "Sequence 1", rate, *size)


def untitled_folder() -> Path:
    """Where projects lie that have not been given a place yet."""
    return Path(platformdirs.user_data_dir(APP_NAME)) / "Untitled"


def create_untitled(folder: Path | None = None) -> ProjectFile:
    """A new project with a file of its own, so that nothing is lost before it has a name.

    Raises: FileError when the folder cannot be written.
    """
    home = folder or untitled_folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{home} cannot be made ({error.strerror}). Check the disk.") from error
    stamp = f"{datetime.now():%Y-%m-%d %H.%M.%S}"
    names = (f"Untitled {stamp}{tail}" for tail in ("", *(f" {n}" for n in range(2, 100))))
    path = next(p for name in names if not (p := home / f"{name}{SUFFIX}").exists())
    return ProjectFile.create(path, empty_project("Untitled"))


def create_project(path: Path, *, overwrite: bool = False) -> ProjectFile:
    """A new project at a path of the user's choice.

    Raises: FileError when it cannot be written.
    """
    target = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
    return ProjectFile.create(target, empty_project(target.stem), overwrite=overwrite)


def is_untitled(path: Path) -> bool:
    """Whether a project still lies in the folder of those without a name."""
    return path.parent == untitled_folder()


def discard_if_empty(file: ProjectFile) -> None:
    """Remove an untitled project in which nothing was ever done; call it once it is closed."""
    if is_untitled(file.path) and not file.history.steps:
        discard(file)


def discard(file: ProjectFile) -> None:
    """Remove a closed project and its media, because it goes on elsewhere or was never begun.

    The file goes first: were this stopped half way, no project would be left without its media. A
    media folder of another name may be another project's too, and stays.
    """
    file.path.unlink(missing_ok=True)
    own = file.path.parent / default_media_folder(file.path)
    if file.media_folder == own:
        shutil.rmtree(own, ignore_errors=True)  # Windows keeps what is still being read
