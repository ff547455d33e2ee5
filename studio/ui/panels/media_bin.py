"""The media bin: folders, footage and sequences, to look at, search, order, import and drag."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QWidget,
)

from studio.document.queries.bins import all_bins, bin_parent
from studio.session.bin_edits import BinEdits
from studio.session.bin_entries import AssetEntry, FolderEntry, SequenceEntry, Shown
from studio.session.session import Session
from studio.ui.controls import EmptyState, boxed, column, push_button, row, tool_button
from studio.ui.panels.bin_crumbs import CrumbBar
from studio.ui.panels.bin_delegate import Poster
from studio.ui.panels.bin_model import BinModel
from studio.ui.panels.bin_views import BinTiles, BinTree, choose, type_name
from studio.ui.theme import themed_icon

VIEW_KEY = "bin"
FILTERS = (
    (Shown.ALL, "All", ""),
    (Shown.VIDEO, "Video", ""),
    (Shown.AUDIO, "Sound", ""),
    (Shown.STILLS, "Stills", ""),
    (Shown.GENERATED, "Generated", "sparkles"),
    (Shown.SEQUENCES, "Sequences", "clapperboard"),
)
"""Kinds to show: their words, or for the rarer ones an icon, so that all fit a narrow panel."""


@dataclass(frozen=True, slots=True)
class BinVerbs:
    """What the bin asks others to do, by ids, keys of entries, or paths."""

    import_files: Callable[[list[Path], str], object]
    choose_files: Callable[[], object]
    open_source: Callable[[str], object]
    open_sequence: Callable[[str], object]
    show_menu: Callable[[QPoint], object]
    remove: Callable[[list[str]], object]


class MediaBin(QWidget):
    """Takes files dropped on it from anywhere, into the folder that they are let go on."""

    def __init__(self, session: Session, edits: BinEdits, verbs: BinVerbs, poster: Poster) -> None:
        super().__init__()
        self._session = session
        self._edits = edits
        self._verbs = verbs
        self._kept: tuple[list[str], list[str]] = ([], [])
        self.model = BinModel(session, edits, self)
        self.tiles = BinTiles(self.model, poster)
        self.tree = BinTree(self.model)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search all folders")
        self.search.setClearButtonEnabled(True)
        self.look = tool_button("list", "Show as a list", self._switch_look, size=16)
        self.new = tool_button("folder-plus", "New folder  (Ctrl+B)", self.new_folder, size=16)
        self.add = tool_button("plus", "Import media  (Ctrl+I)", verbs.choose_files, size=16)
        self.crumbs = CrumbBar(self.open_folder, edits.move)
        self._filters = QButtonGroup(self)
        self._stack = QStackedWidget()
        for page in (self.tiles, self.tree, self._empty(), self._nothing()):
            self._stack.addWidget(page)
        self.as_list = False
        self._build()
        self._connect()
        self.setAcceptDrops(True)
        self._take_up()

    @property
    def view(self) -> QAbstractItemView:
        """The view in use."""
        return self.tree if self.as_list else self.tiles

    @property
    def folder(self) -> str:
        """The folder that is open: what is imported lands there."""
        if not self.as_list:
            return self.model.open_folder
        current = self._rows()
        return self.model.folder_at(current[0]) if current else ""

    def selected(self) -> list[str]:
        """The ids of the selected assets, in the order shown; of folders, what is in them."""
        return list(self.model.drag_of(self._rows()).asset_ids)

    def chosen(self) -> list[str]:
        """The keys of the selected entries, in the order shown."""
        return list(self.model.drag_of(self._rows()).entries)

    def laid(self) -> list[str]:
        """The ids of all assets and sequences in the selection, in the order shown."""
        return list(self.model.drag_of(self._rows()).things)

    def select(self, asset_id: str) -> None:
        """Select an asset, and bring it into view."""
        self.show_entry(f"asset:{asset_id}")

    def show_entry(self, key: str) -> None:
        """Open the folder that an entry lies in, and select it."""
        index = self.model.index_of(key)
        if not index.isValid():
            return
        if not self.model.wish.search:
            entry = self.model.entry(index)
            self._open(entry.folder if entry is not None else "")
        choose(self.view, [index])
        if self.as_list:
            self.tree.show_index(index)
        else:
            self.tiles.scrollTo(index)

    def open_folder(self, path: str) -> None:
        """Show what is in a folder, "" being the top."""
        if self.model.wish.search:
            self.search.clear()
        self._open(path)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def new_folder(self, *, around: bool = False) -> None:
        """Make a folder in the open one, with the selection in it if asked; its name is typed."""
        self.search.clear()
        path = self._edits.new_folder(self.folder, self.chosen() if around else ())
        if path is not None:
            self.show_entry(f"folder:{path}")
            self.rename()

    def rename(self) -> None:
        """Type another name for the current entry, in its place."""
        index = self.view.currentIndex()
        if index.isValid():
            type_name(self.view, index)

    def keep_look(self) -> None:
        """Note in the project how its bin is looked at."""
        state = {
            "list": self.as_list,
            "folder": self.model.open_folder,
            "open": self.tree.open_folders(),
            "head": bytes(self.tree.header().saveState().toBase64().data()).decode(),
        }
        self._session.remember(VIEW_KEY, json.dumps(state))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._verbs.import_files(paths, self.folder)

    def _rows(self) -> list[QModelIndex]:
        """What is selected; tiles select the first cell of a row, and not all of it."""
        chosen = self.view.selectionModel().selectedIndexes()
        return [index for index in chosen if index.column() == 0]

    def _empty(self) -> QWidget:
        return EmptyState(
            "folder-open",
            "Drop footage here",
            "Video, sound, photos and image sequences stay where they are on your disk. "
            "A folder dropped here is a folder in the bin.",
            push_button("Import media…", self._verbs.choose_files),
        )

    def _nothing(self) -> QWidget:
        return EmptyState("search", "Nothing found", "Try fewer letters, or another kind of media.")

    def _build(self) -> None:
        top = row(self.search, self.look, self.new, self.add, spacing=3)
        self._chips = boxed(self._chip_row())
        whole = column(
            boxed(top), self._chips, self.crumbs, self._stack, spacing=7, margins=(8, 8, 8, 0)
        )
        whole.setStretch(3, 1)
        self.setLayout(whole)

    def _chip_row(self) -> QHBoxLayout:
        chips: list[QWidget] = []
        for shown, text, icon in FILTERS:
            show = partial(self.model.set_shown, shown)
            chip = push_button("" if icon else text, show, "chip", icon)
            chip.setIconSize(QSize(13, 13))
            chip.setToolTip(f"{text} only" if shown is not Shown.ALL else "")
            chip.setAccessibleName(text)
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.setChecked(shown is Shown.ALL)
            self._filters.addButton(chip)
            chips.append(chip)
        return row(*chips, None, spacing=3)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.model.set_search)
        for view in (self.tiles, self.tree):
            view.doubleClicked.connect(self._open_entry)
            view.opened.connect(self._open_entry)
            view.removed.connect(lambda: self._verbs.remove(self.chosen()))
            view.customContextMenuRequested.connect(self._menu)
        self.tiles.left.connect(lambda: self.open_folder(bin_parent(self.model.open_folder)))
        self.model.files_dropped.connect(self._verbs.import_files)
        self.model.folder_renamed.connect(lambda path: self.show_entry(f"folder:{path}"))
        self.model.modelAboutToBeReset.connect(self._keep_place)
        self.model.modelReset.connect(self._find_place)
        self.model.counted.connect(self._show_page)
        self._session.project_opened.connect(self._take_up)
        self._session.leaving.connect(self.keep_look)

    def _take_up(self) -> None:
        """Look at the bin as it was left when the project was last open."""
        stored = self._session.file.view_state(VIEW_KEY)
        state: dict[str, Any] = json.loads(stored) if stored else {}
        head = str(state.get("head", "")).encode()
        if head:
            self.tree.header().restoreState(QByteArray.fromBase64(head))
        self.as_list = bool(state.get("list", False))
        self.model.open_folder = str(state.get("folder", ""))
        self._find_place()
        for key in state.get("open", ()):
            self.tree.expand(self.model.index_of(str(key)))
        self._show_look()

    def _open(self, path: str) -> None:
        self.model.open_folder = path
        self._set_root()
        if self.as_list and path:
            index = self.model.index_of(f"folder:{path}")
            self.tree.show_index(index)
            self.tree.expand(index)

    def _open_entry(self, index: QModelIndex) -> None:
        match self.model.entry(index):
            case AssetEntry(asset=asset):
                self._verbs.open_source(asset.id)
            case SequenceEntry(sequence=sequence):
                self._verbs.open_sequence(sequence.id)
            case FolderEntry(path=path) if self.model.wish.search or not self.as_list:
                self.open_folder(path)
            case _:
                return  # the list opens folders in their place

    def _keep_place(self) -> None:
        """The tree is about to be another: what is selected and open stays so."""
        self._kept = (self.chosen(), self.tree.open_folders())

    def _find_place(self) -> None:
        chosen, opened = self._kept
        there = {*all_bins(self._session.project), ""}
        while self.model.open_folder not in there:
            self.model.open_folder = bin_parent(self.model.open_folder)
        self._set_root()
        for key in opened:
            self.tree.expand(self.model.index_of(key))
        found = [self.model.index_of(key) for key in chosen]
        choose(self.view, [index for index in found if index.isValid()])
        self._show_page()

    def _set_root(self) -> None:
        """The tiles show the open folder, or what a search has found in all of them."""
        searching = bool(self.model.wish.search)
        folder = "" if searching else self.model.open_folder
        self.tiles.setRootIndex(self.model.index_of(f"folder:{folder}"))
        self.crumbs.show_way("" if self.as_list else folder)
        self._show_page()

    def _show_page(self) -> None:
        if self.model.rowCount() and self.model.total:
            page = 1 if self.as_list else 0
        else:
            page = 2 if not self.model.total else 3
        self._stack.setCurrentIndex(page)
        self._chips.setVisible(bool(self.model.total))

    def _switch_look(self) -> None:
        chosen, folder = self.chosen(), self.folder
        self.as_list = not self.as_list
        self._show_look()
        self._open(folder)
        found = [self.model.index_of(key) for key in chosen]
        choose(self.view, [index for index in found if index.isValid()])

    def _show_look(self) -> None:
        self.look.setIcon(themed_icon("layout-grid" if self.as_list else "list", 16))
        words = "Show as pictures" if self.as_list else "Show as a list"
        self.look.setToolTip(words)
        self.look.setAccessibleName(words)
        self._set_root()

    def _menu(self, at: QPoint) -> None:
        if not self.view.indexAt(at).isValid():
            self.view.clearSelection()
        self._verbs.show_menu(self.view.viewport().mapToGlobal(at))
