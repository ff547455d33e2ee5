"""The media bin's model: folders with what lies in them, as a tree of entries with columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from studio.document.model.asset import Asset
from studio.document.queries.bins import joined_bin
from studio.session.bin_edits import BinEdits
from studio.session.bin_entries import (
    AssetEntry,
    Column,
    Entry,
    FolderEntry,
    Order,
    SequenceEntry,
    Shown,
    Wish,
    arranged,
    entries_of,
    id_of,
)
from studio.session.session import Session
from studio.session.use_counts import UseCounts
from studio.ui.asset_drag import AssetDrag
from studio.ui.panels.bin_texts import cell_text, tooltip

Index = QModelIndex | QPersistentModelIndex
_INVALID = QModelIndex()
_COLUMNS = tuple(Column)


@dataclass(slots=True)
class _Node:
    """An entry in its place. The top has no entry."""

    entry: Entry | None
    parent: _Node | None
    row: int = 0
    children: list[_Node] = field(default_factory=list["_Node"])


class BinModel(QAbstractItemModel):
    """`ENTRY` gives an entry, `ASSET` its asset, `MISSING` whether its file is gone.

    `files_dropped` carries paths and the folder they were let go in, `folder_renamed` the path
    that a folder now has; `counted` says that `total` is another.
    """

    ASSET = Qt.ItemDataRole.UserRole + 1
    MISSING = Qt.ItemDataRole.UserRole + 2
    ENTRY = Qt.ItemDataRole.UserRole + 3

    files_dropped = Signal(list, str)
    folder_renamed = Signal(str)
    counted = Signal()

    def __init__(self, session: Session, edits: BinEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._edits = edits
        self._counts = UseCounts()
        self._wish = Wish()
        self._top = _Node(None, None)
        self._nodes: dict[str, _Node] = {}
        self._numbers: dict[str, int] = {}
        self._keys: list[str] = []
        self._made_of: object = None
        self._shown: dict[str, list[str]] = {}
        self.total = 0
        """How many files and folders the project has, and sequences besides the first."""
        self.open_folder = ""
        """The folder that the view shows; what is let go on nothing lands there."""
        session.changed.connect(lambda _changes: self.refresh())
        session.project_opened.connect(self.refresh)
        session.footage.changed.connect(self._redraw)
        self.refresh()

    @property
    def wish(self) -> Wish:
        """What is asked for: words, a kind, an order."""
        return self._wish

    def set_search(self, text: str) -> None:
        """Show only what has every word in its name, note, folder or label, wherever it lies."""
        self._wish = replace(self._wish, search=text)
        self.refresh()

    def set_shown(self, shown: Shown) -> None:
        """Show only one kind."""
        self._wish = replace(self._wish, shown=shown)
        self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort every folder by a column; -1 has the newest first."""
        by = _COLUMNS[column] if 0 <= column < len(_COLUMNS) else None
        descending = by is not None and order == Qt.SortOrder.DescendingOrder
        self._wish = replace(self._wish, order=Order(by, descending))
        self.refresh()

    def refresh(self) -> None:
        """Take over what the project has now, if it differs from what is shown."""
        project = self._session.project
        if self._signature() == self._made_of:
            self._refill(list(map(SequenceEntry, project.sequences)))
            return
        self._made_of = self._signature()
        self._count(len(entries_of(project)) - 1 + len(project.bins))
        wanted = arranged(project, self._wish, self.uses)
        shown = {folder: [each.key for each in row] for folder, row in wanted.items()}
        if shown == self._shown:
            self._refill([each for row in wanted.values() for each in row])
            return
        self.beginResetModel()
        self._shown = shown
        self._top, self._nodes = _Node(None, None), {}
        self._fill(self._top, "", wanted)
        self.endResetModel()

    def uses(self, thing_id: str) -> int:
        """How often the timelines use an asset or a sequence."""
        return self._counts.of(self._session.project)[thing_id]

    def entry(self, index: Index) -> Entry | None:
        """The entry of an index, None for the top."""
        node = self._node(index)
        return node.entry

    def asset(self, index: Index) -> Asset | None:
        """The asset of an index, None for a folder or a sequence."""
        entry = self.entry(index)
        return entry.asset if isinstance(entry, AssetEntry) else None

    def index_of(self, key: str, column: int = 0) -> QModelIndex:
        """Where an entry is shown; invalid when it is not, and for the top."""
        node = self._nodes.get(key)
        return _INVALID if node is None else self._index(node, column)

    def folder_at(self, index: Index) -> str:
        """The folder that something let go on an index lands in."""
        match self.entry(index):
            case FolderEntry(path=path):
                return path
            case AssetEntry() | SequenceEntry() as entry:
                return entry.folder
            case None:
                return self.open_folder

    def redraw_asset(self, asset_id: str) -> None:
        """An asset's picture has come."""
        self._redraw_one(f"asset:{asset_id}")

    def redraw_sequence(self, sequence_id: str) -> None:
        """A sequence's picture has come."""
        self._redraw_one(f"sequence:{sequence_id}")

    def _redraw_one(self, key: str) -> None:
        index = self.index_of(key)
        if index.isValid():
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def index(self, row: int, column: int, parent: Index = _INVALID) -> QModelIndex:
        children = self._node(parent).children
        if 0 <= row < len(children) and 0 <= column < len(_COLUMNS):
            return self._index(children[row], column)
        return _INVALID

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self._node(index).parent
        return _INVALID if above is None or above.entry is None else self._index(above, 0)

    def rowCount(self, parent: Index = _INVALID) -> int:
        return 0 if parent.isValid() and parent.column() else len(self._node(parent).children)

    def columnCount(self, parent: Index = _INVALID) -> int:
        return len(_COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section].value
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index)
        if entry is None:
            return None
        if role == Qt.ItemDataRole.EditRole:
            return entry.name
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(entry, _COLUMNS[index.column()], self.uses)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(entry, proxied=self._has_proxy(entry))
        if role == self.ENTRY:
            return entry
        if role == self.ASSET:
            return self.asset(index)
        if role == self.MISSING:
            asset = self.asset(index)
            return asset is not None and asset.id in self._session.footage.missing
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry, name = self.entry(index), str(value).strip()
        if role != Qt.ItemDataRole.EditRole or entry is None or name in ("", entry.name):
            return False
        done = self._edits.rename(entry.key, name)
        if done and isinstance(entry, FolderEntry):
            self.folder_renamed.emit(joined_bin(entry.folder, name.replace("/", "-")))
        return done

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        flags = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDropEnabled
        flags |= flag.ItemIsDragEnabled
        editable = index.column() == 0 and not self._session.read_only
        return flags | flag.ItemIsEditable if editable else flags

    def mimeTypes(self) -> list[str]:
        return [AssetDrag.MIME, "text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The entries in the order shown, whatever order they were selected in."""
        return self.drag_of([each for each in indexes if each.column() == 0]).mime()

    def drag_of(self, indexes: Sequence[Index]) -> AssetDrag:
        """Entries as they travel: folders lay down what is in them, as it is shown."""
        chosen = [self._node(each) for each in sorted(indexes, key=self._place)]
        laid = {each.key: each for node in chosen for each in _things_in(node)}
        assets = tuple(e.asset.id for e in laid.values() if isinstance(e, AssetEntry))
        keys = tuple(node.entry.key for node in chosen if node.entry is not None)
        return AssetDrag(assets, entries=keys, things=tuple(map(id_of, laid.values())))

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        drag = AssetDrag.read(data)
        return bool(drag.entries) if drag is not None else data.hasUrls()

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Files are brought into the folder, entries of the bin moved there."""
        folder, drag = self.folder_at(parent), AssetDrag.read(data)
        if drag is not None:
            return self._edits.move(drag.entries, folder)
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.files_dropped.emit(paths, folder)
        return bool(paths)

    def _count(self, total: int) -> None:
        if total != self.total:
            self.total = total
            self.counted.emit()

    def _signature(self) -> object:
        """What the tree is made of; while it is the same, only cells can have changed."""
        project, order = self._session.project, self._wish.order.column
        facts = [(s.id, s.name, s.bin, s.colour) for s in project.sequences]
        moving = project if order in (Column.USED, Column.DURATION) else None
        return _Same(project.assets), _Same(moving), project.bins, facts, self._wish

    def _refill(self, entries: Sequence[Entry]) -> None:
        """The same tree, of entries as they are now."""
        for entry in entries:
            node = self._nodes.get(entry.key)
            if node is not None:
                node.entry = entry
        self._redraw()

    def _fill(self, node: _Node, folder: str, wanted: dict[str, list[Entry]]) -> None:
        for row, entry in enumerate(wanted.get(folder, ())):
            child = _Node(entry, node, row)
            node.children.append(child)
            self._nodes[entry.key] = child
            if isinstance(entry, FolderEntry) and not self._wish.search:
                self._fill(child, entry.path, wanted)

    def _node(self, index: Index) -> _Node:
        if not index.isValid():
            return self._top
        return self._nodes.get(self._keys[index.internalId()], self._top)

    def _index(self, node: _Node, column: int) -> QModelIndex:
        assert node.entry is not None
        key = node.entry.key
        if key not in self._numbers:
            self._numbers[key] = len(self._keys)
            self._keys.append(key)
        return self.createIndex(node.row, column, self._numbers[key])

    def _place(self, index: Index) -> tuple[int, ...]:
        """Where an index is shown, from the top down."""
        node, rows = self._node(index), list[int]()
        while node.parent is not None:
            rows.append(node.row)
            node = node.parent
        return tuple(reversed(rows))

    def _has_proxy(self, entry: Entry) -> bool:
        if not isinstance(entry, AssetEntry):
            return False
        return self._session.folder / entry.asset.path in self._session.stand_ins

    def _redraw(self) -> None:
        parents = [self._top, *(n for n in self._nodes.values() if n.children)]
        for node in parents:
            if node.children:
                first = self._index(node.children[0], 0)
                last = self._index(node.children[-1], len(_COLUMNS) - 1)
                self.dataChanged.emit(first, last)


class _Same:
    """Compares by identity: values that are shared until they change need not be read."""

    __slots__ = ("held",)

    def __init__(self, held: object) -> None:
        self.held = held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.held is self.held

    __hash__ = object.__hash__


def _things_in(node: _Node) -> list[SequenceEntry | AssetEntry]:
    if isinstance(node.entry, FolderEntry) or node.entry is None:
        return [each for child in node.children for each in _things_in(child)]
    return [node.entry]
