"""The media bin's list: the project's assets as rows, filtered and in order."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt

from studio.document.model.asset import Asset, AssetKind
from studio.session.session import Session
from studio.ui.asset_drag import AssetDrag

_INVALID = QModelIndex()


class Shown(Enum):
    """Which assets the bin shows."""

    ALL = "all"
    VIDEO = "video"
    AUDIO = "audio"
    STILLS = "stills"
    GENERATED = "generated"


class BinModel(QAbstractListModel):
    """Rows are assets; `ASSET` gives the asset itself, `MISSING` whether its file is gone."""

    ASSET = Qt.ItemDataRole.UserRole + 1
    MISSING = Qt.ItemDataRole.UserRole + 2

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._assets: list[Asset] = []
        self._search = ""
        self._shown = Shown.ALL
        session.changed.connect(lambda _changes: self.refresh())
        session.opened.connect(self.refresh)
        session.footage.changed.connect(self._redraw)
        self.refresh()

    @property
    def total(self) -> int:
        """How many assets the project has, shown or not."""
        return len(_media(self._session.project.assets))

    def set_search(self, text: str) -> None:
        """Show only assets whose name, note or folder holds every word."""
        self._search = text
        self.refresh()

    def set_shown(self, shown: Shown) -> None:
        """Show only one kind."""
        self._shown = shown
        self.refresh()

    def refresh(self) -> None:
        """Take over the project's assets, if they differ from what is shown."""
        wanted = [asset for asset in _media(self._session.project.assets) if self._fits(asset)]
        if wanted == self._assets:
            return
        if [a.id for a in wanted] == [a.id for a in self._assets]:
            self._assets = wanted
            self._redraw()
            return
        self.beginResetModel()
        self._assets = wanted
        self.endResetModel()

    def asset(self, index: QModelIndex) -> Asset | None:
        """The asset of a row."""
        return self._assets[index.row()] if 0 <= index.row() < len(self._assets) else None

    def row_of(self, asset_id: str) -> int:
        """The row of an asset, -1 when it is not shown."""
        return next((r for r, asset in enumerate(self._assets) if asset.id == asset_id), -1)

    def redraw_asset(self, asset_id: str) -> None:
        """An asset's picture has come."""
        row = self.row_of(asset_id)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: QModelIndex = _INVALID) -> int:
        return 0 if parent.isValid() else len(self._assets)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        asset = self.asset(index)
        if asset is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return asset.name
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [asset.name, asset.path, asset.note, self._proxy_words(asset)]
            return "\n".join(line for line in lines if line)
        if role == self.ASSET:
            return asset
        if role == self.MISSING:
            return asset.id in self._session.footage.missing
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        base = super().flags(index)
        return base | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else base

    def mimeTypes(self) -> list[str]:
        return [AssetDrag.MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        assets = [asset for index in indexes if (asset := self.asset(index)) is not None]
        return AssetDrag(tuple(asset.id for asset in assets)).mime()

    def _proxy_words(self, asset: Asset) -> str:
        ready = self._session.folder / asset.path in self._session.stand_ins
        return "Scrubs and plays through its proxy." if ready else ""

    def _redraw(self) -> None:
        if self._assets:
            self.dataChanged.emit(self.index(0), self.index(len(self._assets) - 1))

    def _fits(self, asset: Asset) -> bool:
        words = f"{asset.name} {asset.note} {asset.bin}".lower()
        if not all(word in words for word in self._search.lower().split()):
            return False
        match self._shown:
            case Shown.ALL:
                return True
            case Shown.VIDEO:
                return asset.kind is AssetKind.VIDEO
            case Shown.AUDIO:
                return asset.kind is AssetKind.AUDIO
            case Shown.STILLS:
                return asset.kind is AssetKind.STILL
            case Shown.GENERATED:
                return asset.generated


def _media(assets: tuple[Asset, ...]) -> list[Asset]:
    """Newest first, without tools such as LUTs and fonts."""
    tools = (AssetKind.LUT, AssetKind.FONT)
    return [asset for asset in reversed(assets) if asset.kind not in tools]
