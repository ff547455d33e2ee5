"""What is done with the media bin's entries from its menu and its keys: order, labels, removal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from studio.document.model.asset import Asset
from studio.document.queries.bins import bin_name
from studio.session.bin_edits import BinEdits
from studio.session.bin_entries import AssetEntry, SequenceEntry, label_of
from studio.session.session import Session
from studio.ui.asset_desk import AssetDesk
from studio.ui.label_box import fill_label_menu
from studio.ui.panels.media_bin import BinVerbs, MediaBin
from studio.ui.picture_desk import PictureDesk
from studio.ui.pictures import AssetPictures
from studio.ui.sequence_posters import SequencePosters


class BinWindow(Protocol):
    """What the bin's menu asks of the window."""

    def import_media(self) -> None: ...
    def new_sequence(self) -> None: ...
    def open_source(self, asset_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class BinDeskParts:
    """What the desk works with."""

    session: Session
    edits: BinEdits
    assets: AssetDesk
    pictures: PictureDesk
    window: BinWindow


class BinDesk:
    """Makes the bin, and answers it."""

    def __init__(self, parts: BinDeskParts) -> None:
        self._parts = parts
        self._session = parts.session
        self._bin: MediaBin

    def furnish(self, pictures: AssetPictures, sequences: SequencePosters) -> MediaBin:
        """Make the bin that the desk stands at, with the pictures of what lies in it."""

        def poster(entry: AssetEntry | SequenceEntry) -> QPixmap | None:
            if isinstance(entry, AssetEntry):
                return pictures.poster(entry.asset)
            return sequences.poster(entry.sequence)

        verbs = BinVerbs(
            import_files=self._parts.assets.import_paths,
            choose_files=self._parts.window.import_media,
            open_source=self._parts.window.open_source,
            open_sequence=self._session.open_sequence,
            show_menu=self.show_menu,
            remove=self.remove,
        )
        self._bin = MediaBin(self._session, self._parts.edits, verbs, poster)
        pictures.arrived.connect(self._bin.model.redraw_asset)
        sequences.arrived.connect(self._bin.model.redraw_sequence)
        return self._bin

    def show_menu(self, at: QPoint) -> None:
        """Open the menu of what is selected."""
        self.menu(self._bin).exec(at)

    def menu(self, parent: QWidget) -> QMenu:
        """The menu of what is selected in the bin."""
        menu = QMenu(parent)
        keys = self._bin.chosen()
        if not keys:
            self._fill_for_none(menu)
            return menu
        self._fill_open(menu, keys)
        asset = self._alone(keys)
        if asset is not None:
            self._fill_for_asset(menu, asset)
        if len(keys) == 1:
            menu.addAction("Rename\tF2", self._bin.rename)
        if any(not key.startswith("folder:") for key in keys):
            self._fill_labels(menu.addMenu("Label"), keys)
        menu.addAction("New folder with selection", partial(self._bin.new_folder, around=True))
        if self._bin.model.wish.search:
            menu.addAction("Show in its folder", partial(self._reveal, keys[0]))
        menu.addSeparator()
        self._fill_removal(menu, keys)
        return menu

    def remove(self, keys: list[str]) -> None:
        """Take entries out of the project, after asking what becomes of what folders hold."""
        full = self._parts.edits.full(keys)
        if not full:
            if keys:
                self._parts.edits.remove(keys, contents=False)
            return
        named = bin_name(full[0]) if len(full) == 1 else f"{len(full)} folders"
        box = QMessageBox(self._bin.window())
        box.setWindowTitle("Remove folder")
        box.setText(f"What shall become of what is in {named}?")
        box.setInformativeText("Files stay on your disk either way, and undo brings all back.")
        keep = box.addButton("Move it up", QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton("Remove it too", QMessageBox.ButtonRole.DestructiveRole)
        box.setEscapeButton(box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(keep)
        box.exec()
        if box.clickedButton() in (keep, drop):
            self._parts.edits.remove(keys, contents=box.clickedButton() is drop)

    def _fill_for_none(self, menu: QMenu) -> None:
        menu.addAction("New folder\tCtrl+B", self._bin.new_folder)
        menu.addAction("New sequence…", self._parts.window.new_sequence)
        menu.addAction("Import media…\tCtrl+I", self._parts.window.import_media)

    def _fill_open(self, menu: QMenu, keys: list[str]) -> None:
        kind, _, named = keys[0].partition(":")
        if len(keys) == 1 and kind == "asset":
            menu.addAction("Open in source viewer", partial(self._parts.window.open_source, named))
        elif len(keys) == 1 and kind == "sequence":
            menu.addAction("Open in a tab", partial(self._session.open_sequence, named))
        elif len(keys) == 1:
            menu.addAction("Open folder", partial(self._bin.open_folder, named))
        laid = self._bin.laid()
        if laid:
            words = "Add to timeline at playhead"
            more = f"{words}, in this order" if len(laid) > 1 else words
            menu.addAction(more, partial(self._parts.assets.add_to_timeline, laid))
        menu.addSeparator()

    def _alone(self, keys: list[str]) -> Asset | None:
        kind, _, named = keys[0].partition(":")
        alone = len(keys) == 1 and kind == "asset"
        return self._session.project.assets_by_id.get(named) if alone else None

    def _fill_for_asset(self, menu: QMenu, asset: Asset) -> None:
        desk, pictures = self._parts.assets, self._parts.pictures
        if asset.video:
            menu.addAction("Make a clip with its subject…", partial(pictures.cast, asset.id))
            menu.addAction("Cut out subject", partial(pictures.cut_out, asset.id))
            menu.addSeparator()
        gone = asset.id in self._session.footage.missing
        words = "Find missing footage…" if gone else "Replace with another file…"
        menu.addAction(words, partial(desk.relink, asset.id))
        menu.addAction("Show in file manager", partial(desk.reveal, asset.id))
        menu.addSeparator()

    def _fill_labels(self, menu: QMenu, keys: list[str]) -> None:
        model = self._bin.model
        entries = [model.entry(model.index_of(k)) for k in keys if not k.startswith("folder:")]
        held = {label_of(entry) for entry in entries if entry is not None}
        fill_label_menu(menu, held, partial(self._parts.edits.label, keys))

    def _fill_removal(self, menu: QMenu, keys: list[str]) -> None:
        edits = self._parts.edits
        if not edits.full(keys):
            words = "Remove folder" if keys[0].startswith("folder:") else "Remove from project"
            menu.addAction(f"{words}\tDel", partial(edits.remove, keys, contents=False))
            return
        menu.addAction(
            "Remove folder, keep what is in it", partial(edits.remove, keys, contents=False)
        )
        menu.addAction(
            "Remove folder and what is in it", partial(edits.remove, keys, contents=True)
        )

    def _reveal(self, key: str) -> None:
        self._bin.search.clear()
        self._bin.show_entry(key)
