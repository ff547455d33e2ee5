"""Recovery: whether the last run of the studio ended by itself, and which film it had open.

Nothing needs to be repaired, since every edit is on disk before it is shown as done. What is left
to do is to say so, and to lead back to the film.
"""

from __future__ import annotations

from pathlib import Path

from studio.document.errors import InUse
from studio.document.file.lock import ProjectLock
from studio.document.file.project_file import ProjectFile
from studio.session.preferences import Preferences
from studio.session.projects import is_untitled


def left_open(preferences: Preferences) -> Path | None:
    """The film of a run that did not end properly; None when it did, or is running still."""
    path = Path(preferences.settings.open_project)
    if not preferences.settings.open_project or not path.is_file():
        return None
    try:
        ProjectLock.acquire(path).release()
    except (InUse, OSError):
        return None
    return path


def note_open(preferences: Preferences, path: Path) -> None:
    """A film is open from now on."""
    preferences.update(open_project=str(path.resolve()))
    if not is_untitled(path):
        preferences.remember(path)


def note_closed(preferences: Preferences, file: ProjectFile) -> None:
    """The film has been closed properly. One without a name is kept among the recent ones."""
    preferences.update(open_project="")
    if is_untitled(file.path) and file.history.steps:
        preferences.remember(file.path)


def sentence(path: Path, *, here: bool) -> str:
    """What to say of a run that did not end properly; `here` when its film is open again."""
    if here:
        return "Workprint did not end properly last time. This is the film after its last edit."
    name = "An untitled film" if is_untitled(path) else f"“{path.stem}”"
    return f"Workprint did not end properly last time. {name} is safe, up to its last edit."
