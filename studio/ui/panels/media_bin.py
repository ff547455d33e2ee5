"""The media bin: the project's footage, to look at, search, import, relink and drag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QLineEdit,
    QListView,
    QMenu,
    QStackedWidget,
    QWidget,
)

from studio.document.model.asset import Asset
from studio.session.session import Session
from studio.ui.controls import EmptyState, boxed, column, push_button, row, tool_button
from studio.ui.panels.bin_delegate import AssetDelegate, tile_height
from studio.ui.panels.bin_model import BinModel, Shown

MIN_TILE_PX = 116
SCROLLBAR_PX = 14
FILTERS = (
    (Shown.ALL, "All"),
    (Shown.VIDEO, "Video"),
    (Shown.AUDIO, "Sound"),
    (Shown.STILLS, "Stills"),
    (Shown.GENERATED, "Generated"),
)


@dataclass(frozen=True, slots=True)
class BinVerbs:
    """What the bin asks others to do, by asset ids or paths."""

    import_files: Callable[[list[Path]], object]
    choose_files: Callable[[], object]
    open_source: Callable[[str], object]
    add_to_timeline: Callable[[list[str]], object]
    rename: Callable[[str], object]
    remove: Callable[[list[str]], object]
    relink: Callable[[str], object]
    reveal: Callable[[str], object]
    cut_out: Callable[[str], object]
    cast: Callable[[str], object]


class AssetList(QListView):
    """The list itself; Return opens, Delete removes."""

    opened = Signal(str)
    removed = Signal()

    def __init__(self, model: BinModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName("Media bin")
        self.tiles = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit, dividing the width between them."""
        self.fit_tiles()
        super().resizeEvent(event)

    def fit_tiles(self) -> None:
        """Divide the width into columns of tiles."""
        if not self.tiles:
            self.setGridSize(QSize())
            return
        room = self.width() - SCROLLBAR_PX
        width = room // max(1, room // MIN_TILE_PX)
        self.setGridSize(QSize(width, tile_height(width)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        asset = self.currentIndex().data(BinModel.ASSET)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and asset is not None:
            self.opened.emit(asset.id)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class MediaBin(QWidget):
    """Takes files dropped on it from anywhere."""

    def __init__(
        self, session: Session, verbs: BinVerbs, poster: Callable[[Asset], QPixmap | None]
    ) -> None:
        super().__init__()
        self._session = session
        self._verbs = verbs
        self.model = BinModel(session, self)
        self.list = AssetList(self.model)
        self._delegate = AssetDelegate(poster)
        self.list.setItemDelegate(self._delegate)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search media")
        self.search.setClearButtonEnabled(True)
        self.tiles = tool_button("list", "Show as a list", self._switch_tiles, size=16)
        self.add = tool_button("plus", "Import media  (Ctrl+I)", verbs.choose_files, size=16)
        self._filters = QButtonGroup(self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty())
        self._stack.addWidget(
            EmptyState("search", "Nothing found", "Try fewer letters, or another kind of media.")
        )
        self._build()
        self._connect()
        self.setAcceptDrops(True)
        self._set_tiles(True)
        self._show_page()

    def selected(self) -> list[str]:
        """The ids of the selected assets, in the order shown."""
        rows = sorted(index.row() for index in self.list.selectedIndexes())
        assets = (self.model.asset(self.model.index(row_)) for row_ in rows)
        return [asset.id for asset in assets if asset is not None]

    def select(self, asset_id: str) -> None:
        """Select an asset and scroll to it."""
        place = self.model.row_of(asset_id)
        if place >= 0:
            index = self.model.index(place)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

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
            self._verbs.import_files(paths)

    def _empty(self) -> QWidget:
        return EmptyState(
            "folder-open",
            "Drop footage here",
            "Video, sound, photos and image sequences stay where they are on your disk.",
            push_button("Import media…", self._verbs.choose_files),
        )

    def _build(self) -> None:
        chips = []
        for shown, text in FILTERS:
            chip = push_button(text, lambda shown=shown: self.model.set_shown(shown), "chip")
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.setChecked(shown is Shown.ALL)
            self._filters.addButton(chip)
            chips.append(chip)
        top = row(self.search, self.tiles, self.add, spacing=3)
        self._chips = boxed(row(*chips, None, spacing=4))
        whole = column(boxed(top), self._chips, self._stack, spacing=7, margins=(8, 8, 8, 0))
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.model.set_search)
        self.list.doubleClicked.connect(
            lambda index: self._verbs.open_source(index.data(BinModel.ASSET).id)
        )
        self.list.opened.connect(self._verbs.open_source)
        self.list.removed.connect(lambda: self._verbs.remove(self.selected()))
        self.list.customContextMenuRequested.connect(self._menu)
        self.model.modelReset.connect(self._show_page)
        self.model.dataChanged.connect(lambda *_: self._show_page())

    def _show_page(self) -> None:
        page = 0 if self.model.rowCount() else 1 if not self.model.total else 2
        self._stack.setCurrentIndex(page)
        self._chips.setVisible(bool(self.model.total))

    def _switch_tiles(self) -> None:
        self._set_tiles(not self._delegate.tiles)

    def _set_tiles(self, tiles: bool) -> None:
        self._delegate.tiles = tiles
        mode = QListView.ViewMode.IconMode if tiles else QListView.ViewMode.ListMode
        self.list.setViewMode(mode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setSpacing(0)
        self.list.tiles = tiles
        self.list.fit_tiles()
        self.list.setDragEnabled(True)
        self.tiles.setToolTip("Show as a list" if tiles else "Show as tiles")

    def _menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        asset = index.data(BinModel.ASSET) if index.isValid() else None
        menu = QMenu(self)
        if asset is None:
            menu.addAction("Import media…", self._verbs.choose_files)
        else:
            self._fill_menu(menu, asset)
        menu.exec(self.list.viewport().mapToGlobal(at))

    def _fill_menu(self, menu: QMenu, asset: Asset) -> None:
        ids = self.selected() or [asset.id]
        menu.addAction("Open in source viewer", lambda: self._verbs.open_source(asset.id))
        menu.addAction("Add to timeline at playhead", lambda: self._verbs.add_to_timeline(ids))
        menu.addSeparator()
        if asset.video:
            menu.addAction("Make a clip with its subject…", lambda: self._verbs.cast(asset.id))
            menu.addAction("Cut out subject", lambda: self._verbs.cut_out(asset.id))
            menu.addSeparator()
        menu.addAction("Rename…", lambda: self._verbs.rename(asset.id))
        if asset.id in self._session.footage.missing:
            menu.addAction("Find missing footage…", lambda: self._verbs.relink(asset.id))
        else:
            menu.addAction("Replace with another file…", lambda: self._verbs.relink(asset.id))
        menu.addAction("Show in file manager", lambda: self._verbs.reveal(asset.id))
        menu.addSeparator()
        menu.addAction("Remove from project", lambda: self._verbs.remove(ids))
