"""The media bin's verbs as named steps, on entries by their keys (`bin_entries`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from studio.document.edits import assets, bins, sequences
from studio.document.model.label import Label
from studio.document.model.project import Project
from studio.document.queries.bins import free_bin, ids_in, joined_bin, lies_in
from studio.session.session import Session

NEW_FOLDER = "New folder"


class BinEdits:
    """Each method is one step at most; what is refused becomes a notice."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def new_folder(self, inside: str, keys: Collection[str] = ()) -> str | None:
        """Make a folder in another one, with some entries in it; its path, None when refused."""
        path = free_bin(self._session.project, joined_bin(inside, NEW_FOLDER))

        def edit(project: Project) -> Project:
            return _moved(bins.add_bin(project, path), keys, path)

        return path if self._session.apply(NEW_FOLDER, edit) else None

    def rename(self, key: str, name: str) -> bool:
        """Give a folder, a sequence or a file of the bin another name."""
        kind, _, named = key.partition(":")
        edit = {
            "folder": partial(bins.rename_bin, path=named, name=name),
            "sequence": partial(sequences.rename_sequence, sequence_id=named, name=name),
            "asset": partial(assets.rename_asset, asset_id=named, name=name),
        }[kind]
        noun = "media" if kind == "asset" else kind
        return self._session.apply(f"Rename {noun}", edit)

    def move(self, keys: Collection[str], folder: str) -> bool:
        """Put entries into a folder, "" being the top."""
        project = self._session.project
        if all(_lies_there(project, key, folder) for key in keys):
            return False
        name = f"Move to {folder.rpartition('/')[2]}" if folder else "Move to the top of the bin"
        return self._session.apply(name, lambda project: _moved(project, keys, folder))

    def remove(self, keys: Collection[str], *, contents: bool) -> bool:
        """Take entries out of the project; what lies in folders goes too, or up one."""
        folders = _of_kind(keys, "folder")
        things = [*_of_kind(keys, "asset"), *_of_kind(keys, "sequence")]

        def edit(project: Project) -> Project:
            inner = [each for f in folders for each in ids_in(project, f)]
            gone = {*things, *inner} if contents else set(things)
            project = bins.remove_from_bin(project, gone)
            return bins.remove_bins(project, folders, contents=contents)

        return self._session.apply(_removal(folders, things), edit)

    def label(self, keys: Collection[str], label: Label | None) -> bool:
        """Label sequences and files; None takes labels off."""
        ids = [*_of_kind(keys, "asset"), *_of_kind(keys, "sequence")]
        if not ids:
            return False
        name = f"Label {label.value}" if label is not None else "Remove label"
        word = label.value if label is not None else ""
        return self._session.apply(name, partial(bins.label_in_bin, ids=ids, label=word))

    def full(self, keys: Collection[str]) -> list[str]:
        """The folders among some entries that hold something."""
        return [f for f in _of_kind(keys, "folder") if ids_in(self._session.project, f)]


def _of_kind(keys: Collection[str], kind: str) -> list[str]:
    return [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]


def _moved(project: Project, keys: Collection[str], folder: str) -> Project:
    """Entries in another folder; what lies in a folder that moves goes with that."""
    folders = _of_kind(keys, "folder")
    outer = [f for f in folders if not any(lies_in(f, o) for o in folders if o != f)]
    carried = {each for f in outer for each in ids_in(project, f)}
    for each in outer:
        project = bins.move_bin(project, each, folder)
    ids = {*_of_kind(keys, "asset"), *_of_kind(keys, "sequence")} - carried
    return bins.put_in_bin(project, ids, folder) if ids else project


def _lies_there(project: Project, key: str, folder: str) -> bool:
    kind, _, named = key.partition(":")
    if kind == "folder":
        return named.rpartition("/")[0] == folder
    rows = project.assets if kind == "asset" else project.sequences
    return any(each.id == named and each.bin == folder for each in rows)


def _removal(folders: Sequence[str], things: Sequence[str]) -> str:
    if folders and not things:
        return "Remove folder" if len(folders) == 1 else "Remove folders"
    return "Remove media"
