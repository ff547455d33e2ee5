"""The fields of an edit by instruction: its task, where, and how closely it keeps and follows."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.protocol.recipes import (
    EDIT_TASKS,
    FOLLOW,
    KEEP_SOURCE,
    LARGEST_SCALE,
    USUAL_SCALE,
)
from studio.session.draft import EditDraft
from studio.ui.controls import combo, label, row
from studio.ui.keyboard import Slider
from studio.ui.panels.region_field import RegionField
from studio.ui.still_picker import StillPicker

_STEPS = 10
"""Of a slider, for each 1 of the scale."""
_TASK_NAMES = {
    "add": "Add something",
    "remove": "Remove",
    "replace": "Replace",
    "recolour": "Recolour",
    "background": "Change background",
    "style": "Change style",
    "weather": "Change weather or time of day",
    "segment": "Mark in a colour",
}


class ScaleSlider(QWidget):
    """A slider with its value beside it."""

    changed = Signal()

    def __init__(self, option: str, name: str, tip: str) -> None:
        super().__init__()
        self._usual = USUAL_SCALE[option]
        self.slider = Slider()
        self.slider.setRange(0, round(LARGEST_SCALE[option] * _STEPS))
        self.slider.setAccessibleName(name)
        self.shown: QLabel = label("", "dim")
        self.shown.setMinimumWidth(28)
        self.shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setToolTip(f"{tip} Usual: {self._usual:g}")
        self.setLayout(row(self.slider, self.shown, spacing=8))
        self.slider.valueChanged.connect(lambda _value: self._moved())
        self.set_value(self._usual)

    @property
    def value(self) -> float:
        return self.slider.value() / _STEPS

    def set_value(self, value: float) -> None:
        """Show a scale."""
        self.slider.setValue(round(value * _STEPS))
        self._tell()

    def _moved(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        self.shown.setText(f"{self.value:.1f}")


class EditFields(QObject):
    """`changed` follows every change. The widgets stand in the form's own grid."""

    changed = Signal()

    def __init__(self, picker: StillPicker) -> None:
        super().__init__()
        choices = [(_TASK_NAMES[task], task) for task in EDIT_TASKS]
        self.task = combo(("Automatic", ""), *choices)
        self.keep = ScaleSlider(
            KEEP_SOURCE, "Keep the source", "How closely everything else stays as it was."
        )
        self.follow = ScaleSlider(
            FOLLOW, "Follow the instruction", "How strongly the words change the picture."
        )
        self.region = RegionField(picker)
        self.region.changed.connect(self.changed)
        self.task.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.keep.changed.connect(self.changed)
        self.follow.changed.connect(self.changed)

    def applied(self, draft: EditDraft) -> EditDraft:
        """The draft as these fields have it."""
        task = str(self.task.currentData())
        keep, follow = self.keep.value, self.follow.value
        region = self.region.mask
        return replace(
            draft,
            task=task,
            keep_source=keep,
            follow=follow,
            mask=region.sha256 if region is not None else "",
            mask_at_s=self.region.at_s,
        )

    def show(self, draft: EditDraft) -> None:
        """Show a draft's own settings."""
        self.task.setCurrentIndex(self.task.findData(draft.task))
        self.keep.set_value(draft.keep_source)
        self.follow.set_value(draft.follow)
