"""The library: titles, transitions, effects and generators from the catalogue, to drag or apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from studio.document.catalogue import EFFECTS, GENERATORS, TRANSITIONS, Target
from studio.document.titles import TEMPLATES
from studio.ui.asset_drag import LibraryDrag
from studio.ui.controls import column
from studio.ui.theme import themed_icon

_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One thing on a shelf."""

    group: str
    shelf: str
    kind: str
    label: str
    about: str
    icon: str


def library_entries() -> Iterator[LibraryEntry]:
    """Everything the library offers, group by group."""
    for template in TEMPLATES.values():
        about = f"Styled text: {' · '.join(line for line in template.lines if line)}."
        yield LibraryEntry(
            "Titles", "title", template.name, template.name.capitalize(), about, "type"
        )
    for transition in TRANSITIONS.values():
        yield LibraryEntry(
            "Transitions",
            "transition",
            transition.kind,
            transition.label,
            transition.about,
            "blend",
        )
    for generator in GENERATORS.values():
        yield LibraryEntry(
            "Generators", "generator", generator.kind, generator.label, generator.about, "layers"
        )
    yield LibraryEntry(
        "Generators",
        "adjustment",
        "adjustment",
        "Adjustment layer",
        "Its effects apply to every track below it.",
        "sliders-horizontal",
    )
    for effect in EFFECTS.values():
        sound = effect.target is Target.SOUND
        group = "Sound" if sound else f"Picture · {effect.group}"
        icon = "audio-lines" if sound else "sliders-horizontal"
        yield LibraryEntry(group, "effect", effect.kind, effect.label, effect.about, icon)


class _Shelves(QTreeWidget):
    def mimeTypes(self) -> list[str]:
        return [LibraryDrag.MIME]

    def mimeData(self, items: list[QTreeWidgetItem]) -> QMimeData:
        entry = items[0].data(0, _ENTRY) if items else None
        if not isinstance(entry, LibraryEntry):
            return QMimeData()
        return LibraryDrag(entry.shelf, entry.kind).mime()


class LibraryPanel(QWidget):
    """`applied` carries the entry that was double-clicked."""

    applied = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search titles, transitions, effects")
        self.search.setClearButtonEnabled(True)
        self.tree = _Shelves()
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.tree.setDragEnabled(True)
        self.tree.setExpandsOnDoubleClick(True)
        self.setLayout(column(self.search, self.tree, margins=(8, 8, 8, 0)))
        self._entries = tuple(library_entries())
        self.search.textChanged.connect(lambda _text: self._fill())
        self.tree.itemDoubleClicked.connect(self._apply)
        self._fill()

    def _fill(self) -> None:
        words = self.search.text().lower().split()
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for entry in self._entries:
            text = f"{entry.group} {entry.label} {entry.about}".lower()
            if not all(word in text for word in words):
                continue
            if entry.group not in groups:
                groups[entry.group] = self._group(entry.group)
            groups[entry.group].addChild(self._item(entry))
        for place, group in enumerate(groups.values()):
            group.setExpanded(bool(words) or place < 2)

    def _group(self, name: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = item.font(0)
        font.setWeight(QFont.Weight.DemiBold)
        item.setFont(0, font)
        self.tree.addTopLevelItem(item)
        return item

    def _item(self, entry: LibraryEntry) -> QTreeWidgetItem:
        item = QTreeWidgetItem([entry.label])
        item.setIcon(0, themed_icon(entry.icon, 15))
        item.setToolTip(0, f"{entry.about}\nDrag to the timeline, or double-click to apply.")
        item.setData(0, _ENTRY, entry)
        return item

    def _apply(self, item: QTreeWidgetItem) -> None:
        entry = item.data(0, _ENTRY)
        if isinstance(entry, LibraryEntry):
            self.applied.emit(entry)
