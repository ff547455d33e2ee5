"""The two views of the media bin: tiles of one folder, and a list in which folders open in place.

Both have the keys of a file manager: F2 or Return gives another name, Shift+Return opens, Delete
removes, the arrows go about, and open folders in the list. They are the view's own while it has
the keyboard.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QListView,
    QTreeView,
)

from studio.session.bin_entries import AssetEntry, FolderEntry
from studio.ui.keyboard import claims
from studio.ui.panels.bin_delegate import LineDelegate, Poster, TileDelegate, tile_height
from studio.ui.panels.bin_model import BinModel

MIN_TILE_PX = 116
SCROLLBAR_PX = 14
WIDTHS_PX = (170, 82, 92, 54, 44, 86)
_Key = Qt.Key
_RETURN = (_Key.Key_Return, _Key.Key_Enter)
_RENAME = (_Key.Key_F2, *_RETURN)
_REMOVE = (_Key.Key_Delete, _Key.Key_Backspace)
_ARROWS = (_Key.Key_Up, _Key.Key_Down, _Key.Key_Left, _Key.Key_Right, _Key.Key_Home, _Key.Key_End)
OWN_KEYS = (*_RENAME, *_REMOVE, *_ARROWS)


def _dress(view: QAbstractItemView, model: BinModel) -> None:
    view.setModel(model)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setDragEnabled(True)
    view.setAcceptDrops(True)
    view.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
    view.setDefaultDropAction(Qt.DropAction.MoveAction)
    view.setDropIndicatorShown(True)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setMouseTracking(True)
    view.setAccessibleName("Media bin")


def _claims(event: QEvent) -> bool:
    """Whether a key is the view's own, and not a command of the window."""
    if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
        mine = event.matches(QKeySequence.StandardKey.SelectAll) or _opens(event) or _leaves(event)
        if mine:
            event.accept()
            return True
    return claims(event, OWN_KEYS)


def _opens(event: QKeyEvent) -> bool:
    return event.key() in _RETURN and event.modifiers() == Qt.KeyboardModifier.ShiftModifier


def _leaves(event: QKeyEvent) -> bool:
    return event.key() == _Key.Key_Up and event.modifiers() == Qt.KeyboardModifier.AltModifier


class BinTiles(QListView):
    """The entries of one folder as tiles; `left` asks for the folder that it lies in."""

    opened = Signal(QModelIndex)
    removed = Signal()
    left = Signal()

    def __init__(self, model: BinModel, poster: Poster) -> None:
        super().__init__()
        _dress(self, model)
        self._delegate = TileDelegate(poster)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(0)
        self.setDragEnabled(True)  # tiles that stay where they are can be dragged all the same
        self.viewport().setAcceptDrops(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit, dividing the width between them."""
        room = self.width() - SCROLLBAR_PX
        width = room // max(1, room // MIN_TILE_PX)
        self.setGridSize(QSize(width, tile_height(width)))
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        return _claims(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if self.state() == self.State.EditingState:
            event.accept()  # Return ends a name, which is no reason to begin the next
        elif _opens(event) and index.isValid():
            self.opened.emit(index)
        elif _leaves(event):
            self.left.emit()
        elif event.key() in _RENAME and index.isValid():
            type_name(self, index)
        elif event.key() in _REMOVE:
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class BinTree(QTreeView):
    """The whole bin as a list. A click on a head sorts, the third one has the newest first."""

    opened = Signal(QModelIndex)
    removed = Signal()

    def __init__(self, model: BinModel) -> None:
        super().__init__()
        _dress(self, model)
        self.setObjectName("BinTree")
        self._delegate = LineDelegate()
        self.setItemDelegate(self._delegate)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setAllColumnsShowFocus(True)
        self.setExpandsOnDoubleClick(True)
        self.setAutoExpandDelay(600)
        head = self.header()
        head.setSectionsMovable(True)
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSortIndicatorClearable(True)
        for column, width in enumerate(WIDTHS_PX):
            head.resizeSection(column, width)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def event(self, event: QEvent) -> bool:
        return _claims(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if self.state() == self.State.EditingState:
            event.accept()  # see BinTiles
        elif _opens(event) and index.isValid():
            self.opened.emit(index)
        elif event.key() in _RENAME and index.isValid():
            type_name(self, index)
        elif event.key() in _REMOVE:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def open_folders(self) -> list[str]:
        """The keys of the folders that are open."""
        found: list[str] = []
        _gather(self, QModelIndex(), found)
        return found

    def show_index(self, index: QModelIndex) -> None:
        """Open the folders that an entry lies in, and scroll to it."""
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()
        self.scrollTo(index)


def _gather(tree: BinTree, parent: QModelIndex, found: list[str]) -> None:
    model = tree.model()
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        entry = index.data(BinModel.ENTRY)
        if isinstance(entry, FolderEntry) and tree.isExpanded(index):
            found.append(entry.key)
            _gather(tree, index, found)


def type_name(view: QAbstractItemView, index: QModelIndex) -> None:
    """Have another name typed in place; of a file's name what ends it is not selected."""
    index = index.siblingAtColumn(0)
    view.edit(index)
    editor = view.indexWidget(index)
    if isinstance(editor, QLineEdit):
        name = editor.text()
        stem, dot, ending = name.rpartition(".")
        is_file = isinstance(index.data(BinModel.ENTRY), AssetEntry)
        kept = len(stem) if is_file and dot and 1 <= len(ending) <= 4 else len(name)
        editor.setSelection(0, kept)


def choose(view: QAbstractItemView, indexes: list[QModelIndex]) -> None:
    """Select these rows and nothing else, the last one current."""
    flag = QItemSelectionModel.SelectionFlag
    chosen = view.selectionModel()
    chosen.clearSelection()
    for index in indexes:
        chosen.select(index, flag.Select | flag.Rows)
    if indexes:
        chosen.setCurrentIndex(indexes[-1], flag.NoUpdate)
