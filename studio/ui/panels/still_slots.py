"""The stills that a recipe reads: frames of a clip, the one sticker, or pictures of who acts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.protocol.recipes import InputRole, Recipe
from studio.document.model.asset import Asset
from studio.session.draft import Kind
from studio.ui.controls import boxed, column, row
from studio.ui.panels.cast_slots import CastSlots
from studio.ui.panels.still_slot import StillSlot
from studio.ui.still_picker import StillPicker


class StillSlots(QWidget):
    """`changed` carries the slot whose still was put in or taken out."""

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, picker: StillPicker) -> None:
        super().__init__()
        self.cast = CastSlots(picker)
        self.first = StillSlot("First", "Drop", picker)
        self.middle = StillSlot("Middle", "Drop", picker)
        self.last = StillSlot("Last", "Drop", picker)
        self.sticker = StillSlot("Sticker", "Drop a sticker, or click", picker)
        self._all = (self.first, self.middle, self.last, self.sticker)
        self._shown: tuple[StillSlot, ...] = ()
        self._shows_cast = False
        self._frames = boxed(row(*self._all, spacing=6))
        self.setLayout(column(self._frames, self.cast, spacing=0))
        self.cast.changed.connect(lambda: self.changed.emit(self.first))
        self.cast.refused.connect(self.refused)
        for slot in self._all:
            slot.changed.connect(lambda slot=slot: self.changed.emit(slot))
            slot.refused.connect(self.refused)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The stills in view."""
        if self._shows_cast:
            return tuple(slot.asset for slot in self.cast.filled if slot.asset is not None)
        return tuple(slot.asset for slot in self._shown if slot.asset is not None)

    @property
    def reading(self) -> bool:
        """Whether a still is on its way into a slot in view."""
        slots = self.cast.slots if self._shows_cast else self._shown
        return any(slot.reading for slot in slots)

    def show_kind(self, kind: Kind) -> None:
        """Show the slots that a kind has; what the others hold is kept."""
        shown = {
            Kind.STILLS: (self.first, self.middle, self.last),
            Kind.ANIMATION: (self.sticker,),
        }
        self._shown = shown.get(kind, ())
        self._shows_cast = kind is Kind.PERSON
        for slot in self._all:
            slot.setVisible(slot in self._shown)
        self._frames.setVisible(bool(self._shown))
        self.cast.setVisible(self._shows_cast)
        self.setVisible(bool(self._shown) or self._shows_cast)

    def show_inputs(self, recipe: Recipe, by_hash: dict[str, Asset]) -> None:
        """Fill the slots in view with what a recipe reads."""
        if self._shows_cast:
            self.cast.show_recipe(recipe, by_hash)
        given = {item.role: by_hash.get(item.sha256) for item in recipe.inputs}
        for role, slot in (
            (InputRole.FIRST_FRAME, self.first),
            (InputRole.MIDDLE_FRAME, self.middle),
            (InputRole.LAST_FRAME, self.last),
            (InputRole.SOURCE, self.sticker),
        ):
            if slot in self._shown:
                slot.show_asset(given.get(role))

    def put(self, asset: Asset, kind: Kind) -> None:
        """Put a still where a kind begins."""
        if kind is Kind.PERSON:
            self.cast.put(asset)
        else:
            slot = self.sticker if kind is Kind.ANIMATION else self.first
            slot.show_asset(asset)

    def clear(self) -> None:
        """Let go of every still: another project has been opened."""
        for slot in self._all:
            slot.clear()
        self.cast.clear()

    def redraw(self) -> None:
        """A thumbnail may have come."""
        for slot in self._shown:
            slot.update()
