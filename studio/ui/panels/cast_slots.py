"""Pictures of who is to act: each as it will be cut out, with whose face it is, and consent."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QWidget

from engine.protocol.recipes import CONSENT, FACE, InputRole, Recipe
from studio.document.model.asset import Asset
from studio.session.acting import MOST_PICTURES, Acting
from studio.session.cutting_out import CutOut
from studio.ui.controls import boxed, column, label, row
from studio.ui.panels.still_slot import StillSlot
from studio.ui.still_picker import StillPicker

CONSENT_WORDS = "I have this person's permission"
CONSENT_TIP = "Kept in the clip's recipe and told in the export's Content Credentials"
HINT = "A cut-out film shows the first picture; the model Pocket person reads them all."


class CastSlot(StillSlot):
    """A slot whose picture is shown as it is cut out. `cut_changed` says that this is known."""

    cut_changed = Signal()

    def __init__(self, number: int, picker: StillPicker) -> None:
        self.cut: QPixmap | None = None
        self.faces = 0
        self.face = 0
        self._asked_to_cut = 0
        super().__init__(f"Picture {number}", "Drop", picker)
        self.changed.connect(self._cut_anew)

    @property
    def must_choose(self) -> bool:
        """Whether it shows several faces, and nobody has said whose."""
        return self.faces > 1 and not self.face

    def show_chosen(self, asset: Asset | None, face: int) -> None:
        """Hold a picture, and one of its faces, from 1 at the left; 0 for none."""
        self.show_asset(asset)
        if face:
            self.choose_face(face)

    def choose_face(self, face: int) -> None:
        """Whoever has this face acts."""
        if face != self.face:
            self.face = face
            self._ask_cut()

    def picture(self) -> tuple[QPixmap | None, bool]:
        return (self.cut, True) if self.cut is not None else super().picture()

    def _cut_anew(self) -> None:
        self.faces = self.face = 0
        self._ask_cut()

    def _ask_cut(self) -> None:
        self.cut = None
        self._asked_to_cut += 1
        number, asset = self._asked_to_cut, self.asset
        if asset is None:
            self.cut_changed.emit()
            return

        def done(cut: CutOut) -> None:
            if number == self._asked_to_cut:
                picture = QPixmap()
                picture.loadFromData(cut.png, "PNG")
                self.cut, self.faces = picture, cut.faces
                self.update()
                self.cut_changed.emit()

        def refused(sentence: str) -> None:
            if number == self._asked_to_cut:
                self.refused.emit(sentence)

        self.picker.cutting.ask(self.picker.path_of(asset), asset.sha256, self.face, done, refused)


class CastSlots(QWidget):
    """`changed` follows every picture, cut-out, face and tick."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, picker: StillPicker) -> None:
        super().__init__()
        self.slots = tuple(CastSlot(number, picker) for number in range(1, MOST_PICTURES + 1))
        self.consent = QCheckBox(CONSENT_WORDS)
        self.consent.setToolTip(CONSENT_TIP)
        self.choices = tuple(QComboBox() for _ in self.slots)
        self._choosing: list[QWidget] = []
        rows = []
        for slot, choice in zip(self.slots, self.choices, strict=True):
            words: QLabel = label(f"Who acts in {slot.title.lower()}", "dim")
            choice.setAccessibleName(words.text())
            self._choosing.append(boxed(row(words, choice, spacing=8)))
            rows.append(self._choosing[-1])
        self.hint = label(HINT, "small", wrap=True)
        self.setLayout(
            column(boxed(row(*self.slots, spacing=6)), *rows, self.consent, self.hint, spacing=6)
        )
        self._connect()
        self._fit()

    @property
    def filled(self) -> tuple[CastSlot, ...]:
        """The slots that hold a picture."""
        return tuple(slot for slot in self.slots if slot.asset is not None)

    @property
    def acting(self) -> Acting:
        """Who is chosen to act."""
        filled = self.filled
        return Acting(
            pictures=tuple(slot.sha256 for slot in filled),
            faces=tuple(slot.face for slot in filled),
            undecided=next((n for n, slot in enumerate(filled, 1) if slot.must_choose), 0),
            shows_people=self._shows_people,
            consent=self.consent.isChecked(),
        )

    @property
    def _shows_people(self) -> bool:
        """Whether a face was found in any picture."""
        return any(slot.faces for slot in self.filled)

    def put(self, asset: Asset) -> None:
        """Put a picture into the first slot that is free, or into the last."""
        free = next((slot for slot in self.slots if slot.asset is None), self.slots[-1])
        free.show_asset(asset)

    def show_recipe(self, recipe: Recipe, by_hash: dict[str, Asset]) -> None:
        """Fill the slots with what a recipe reads, and who it says acts."""
        given = [item.sha256 for item in recipe.inputs if item.role is InputRole.REFERENCE]
        faces = [int(part or 0) for part in str(recipe.options.get(FACE, "")).split(",")]
        for place, slot in enumerate(self.slots):
            asset = by_hash.get(given[place]) if place < len(given) else None
            slot.show_chosen(asset, faces[place] if place < len(faces) else 0)
        self.consent.setChecked(recipe.options.get(CONSENT) is True)

    def clear(self) -> None:
        """Let go of every picture, and of the consent."""
        for slot in self.slots:
            slot.clear()
        self.consent.setChecked(False)

    def _connect(self) -> None:
        for slot, choice in zip(self.slots, self.choices, strict=True):
            slot.changed.connect(self._changed)
            slot.refused.connect(self.refused)
            slot.more_dropped.connect(self._put_files)
            slot.cut_changed.connect(self._changed)
            choice.activated.connect(lambda index, slot=slot: slot.choose_face(index))
        self.consent.toggled.connect(lambda _on: self.changed.emit())

    def _put_files(self, paths: list[Path]) -> None:
        """Put files into the slots that are free; what finds no room is left out."""
        free = (slot for slot in self.slots if slot.asset is None and not slot.reading)
        for slot, path in zip(free, paths, strict=False):
            slot.pick_file(path)

    def _changed(self) -> None:
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        """Show what is filled and one more, faces to choose from, and consent where needed."""
        free = next((slot for slot in self.slots if slot.asset is None), None)
        for slot, choice, line in zip(self.slots, self.choices, self._choosing, strict=True):
            slot.setVisible(slot.asset is not None or slot is free)
            line.setVisible(slot.faces > 1)
            if choice.count() != slot.faces + 1:
                choice.clear()
                choice.addItem("Choose…")
                for number in range(1, slot.faces + 1):
                    choice.addItem(_ordinal(number, slot.faces))
            choice.setCurrentIndex(slot.face)
        self.consent.setVisible(self._shows_people)
        self.hint.setVisible(len(self.filled) > 1)


def _ordinal(number: int, of: int) -> str:
    if number == 1:
        return "Leftmost"
    return "Rightmost" if number == of else f"No. {number} from the left"
