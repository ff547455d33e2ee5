"""The media bin's order: folders, what lies in them, and the labels of what is in the bin.

    Day 1 [ a.mov ]  Day 2 [ ]   ->   Day 1 [ ]  Day 2 [ a.mov ]

Stays, in every verb: all that is on the timelines, and every file on the disk. A folder that has
become empty is kept until it is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from studio.document.edits.assets import remove_assets
from studio.document.edits.sequences import remove_sequence
from studio.document.errors import EditError
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.bins import (
    all_bins,
    bin_name,
    bin_parent,
    clean_bin,
    ids_in,
    joined_bin,
    lies_in,
)


def add_bin(project: Project, path: str) -> Project:
    """Make an empty folder, and those it lies in where they are not there yet.

    Raises: EditError for no name, or a folder that is there already.
    """
    clean = clean_bin(path)
    if not clean:
        raise EditError("A folder needs a name.")
    if clean in all_bins(project):
        raise EditError(f"There is already a folder called {bin_name(clean)} there.")
    return keep_bins(project, [clean])


def keep_bins(project: Project, more: Iterable[str] = ()) -> Project:
    """The project with every folder that it has now listed, and some more.

    What is listed stays when its last thing leaves it.
    """
    listed = all_bins(replace(project, bins=(*project.bins, *more)))
    return project if listed == project.bins else replace(project, bins=listed)


def put_in_bin(project: Project, ids: Collection[Id], folder: str) -> Project:
    """Put assets and sequences in a folder, "" being the top; one that is not there is made.

    Raises: EditError when there is no such asset or sequence.
    """
    clean = clean_bin(folder)
    _check_known(project, ids)
    return _moved(keep_bins(project, [clean] if clean else ()), ids, lambda _old: clean)


def rename_bin(project: Project, path: str, name: str) -> Project:
    """Give a folder another name; what lies in it comes along.

    Raises: EditError for no name, or that of a folder beside it.
    """
    clean = name.replace("/", "-").strip()
    if not clean:
        raise EditError("A folder needs a name.")
    return _relocated(project, path, joined_bin(bin_parent(path), clean))


def move_bin(project: Project, path: str, into: str) -> Project:
    """Put a folder, with all that lies in it, into another one; "" is the top.

    Raises: EditError when that lies in the folder itself, or has a folder of its name.
    """
    if lies_in(into, path):
        raise EditError("A folder cannot be put into itself.")
    return _relocated(project, path, joined_bin(into, bin_name(path)))


def remove_bins(project: Project, paths: Collection[str], *, contents: bool) -> Project:
    """Remove folders, and what lies in them; without `contents` that moves up to where they lay.

    Raises: EditError when contents are to go that a timeline uses.
    """
    project = keep_bins(project)
    outer = [each for each in paths if not any(lies_in(each, o) for o in paths if o != each)]
    for path in outer:
        project = _emptied(project, path) if contents else _lifted(project, path)
    return project


def remove_from_bin(project: Project, ids: Collection[Id]) -> Project:
    """Take assets and sequences out of the project; files stay on the disk.

    Sequences go first, so that footage used in them alone can go along.
    Raises: EditError when a timeline that stays uses one, or no sequence would be left.
    """
    project = keep_bins(project)
    wanted = [each.id for each in project.sequences if each.id in ids]
    while wanted:
        project, wanted = _without_one(project, wanted)
    return remove_assets(project, [each.id for each in project.assets if each.id in ids])


def label_in_bin(project: Project, ids: Collection[Id], label: str) -> Project:
    """Label assets and sequences: a `Label`, or "" for none.

    Clips that are on timelines already keep the labels they have.
    Raises: EditError when there is no such asset or sequence.
    """
    _check_known(project, ids)
    return replace(
        project,
        assets=tuple(replace(a, colour=label) if a.id in ids else a for a in project.assets),
        sequences=tuple(replace(s, colour=label) if s.id in ids else s for s in project.sequences),
    )


def _check_known(project: Project, ids: Collection[Id]) -> None:
    known = {each.id for each in (*project.assets, *project.sequences)}
    if not known.issuperset(ids):
        raise EditError("That is no longer in the media bin.")


def _moved(project: Project, ids: Collection[Id], where: Callable[[str], str]) -> Project:
    return replace(
        project,
        assets=tuple(replace(a, bin=where(a.bin)) if a.id in ids else a for a in project.assets),
        sequences=tuple(
            replace(s, bin=where(s.bin)) if s.id in ids else s for s in project.sequences
        ),
    )


def _relocated(project: Project, path: str, target: str) -> Project:
    """A folder under another path, with everything in it."""
    if target == path:
        return project
    if target in all_bins(project):
        raise EditError(f"There is already a folder called {bin_name(target)} there.")
    return _carried(keep_bins(project), path, target)


def _lifted(project: Project, path: str) -> Project:
    """Without a folder, whose contents lie where it lay."""
    return _carried(project, path, bin_parent(path))


def _carried(project: Project, path: str, target: str) -> Project:
    def there(old: str) -> str:
        return joined_bin(target, old[len(path) :].lstrip("/"))

    bins = {there(each) if lies_in(each, path) else each for each in project.bins} - {""}
    moved = _moved(project, ids_in(project, path), there)
    return keep_bins(replace(moved, bins=tuple(sorted(bins))))


def _emptied(project: Project, path: str) -> Project:
    """Without a folder and all that lies in it."""
    project = remove_from_bin(project, ids_in(project, path))
    return replace(project, bins=tuple(each for each in project.bins if not lies_in(each, path)))


def _without_one(project: Project, wanted: list[Id]) -> tuple[Project, list[Id]]:
    """Without one of some sequences, one that none of the others holds; -> those that are left.

    Raises: EditError, the first one's, when none of them can go.
    """
    refusal: EditError | None = None
    for each in wanted:
        try:
            return remove_sequence(project, each), [other for other in wanted if other != each]
        except EditError as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal
