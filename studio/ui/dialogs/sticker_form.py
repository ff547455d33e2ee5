"""The fields of the sticker dialog: what it is made of, for whom, in which format, how it loops."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from studio.media.stickers.loops import Loop
from studio.media.stickers.make import LARGEST_SIDE, SMALLEST_SIDE, Wish
from studio.media.stickers.platforms import ANY, MOVING, PLATFORMS, Target, target_for
from studio.session.stickers import ClipPart, Part
from studio.ui.controls import boxed, combo, label, push_button, row
from studio.ui.segments import Segments

LOOPS = (
    (Loop.AS_IS.value, "As it is"),
    (Loop.SMOOTH.value, "Smooth"),
    (Loop.BOUNCE.value, "Bounce"),
)
LOOP_TIPS = {
    Loop.AS_IS.value: "From the last picture straight to the first",
    Loop.SMOOTH.value: "The end dissolves into the beginning; it gets shorter by that much",
    Loop.BOUNCE.value: "Forwards, then backwards",
}
_FORMATS = {".webm": "WebM", ".webp": "WebP", ".gif": "GIF"}
_ANYWHERE = ""


class StickerForm(QWidget):
    """`part_chosen` says that something else is to be read, `edited` that it is to be made anew."""

    part_chosen = Signal()
    edited = Signal()

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self._parts = tuple(parts)
        self._moving = True
        self.part = combo(*((_part_text(part), place) for place, part in enumerate(parts)))
        self.platform = combo(
            *((MOVING[name].label, name) for name in PLATFORMS), ("Anywhere else", _ANYWHERE)
        )
        self.limits = label("", "small", wrap=True)
        self.format = combo()
        self.side = QSpinBox()
        self.side.setRange(SMALLEST_SIDE, LARGEST_SIDE)
        self.side.setValue(512)
        self.side.setSuffix(" px")
        self.loop = Segments(LOOPS)
        for key, tip in LOOP_TIPS.items():
            self.loop.set_tip(key, tip)
        self.trim = QCheckBox("Trim empty edges")
        self.trim.setToolTip("Leave out rows and columns where nothing is ever seen")
        self.path = QLineEdit()
        self.path.setMinimumWidth(200)
        self.browse = push_button("Choose…", lambda: None)
        self._lay_out()
        self._part_changed()
        self._platform_changed()
        self._connect()

    @property
    def chosen_part(self) -> Part:
        return self._parts[self.part.currentData()]

    @property
    def target(self) -> Target:
        return target_for(self.platform.currentData() or None, moving=self._moving)

    @property
    def suffix(self) -> str:
        return self.format.currentData() or self.target.suffixes[0]

    def wish(self) -> Wish:
        """What the fields ask for."""
        side = self.side.value() if self.target is ANY else None
        return Wish(self.target, self.suffix, side, loop=Loop(self.loop.key))

    def set_moving(self, *, moving: bool) -> None:
        """What was read moves or not: the limits and formats are those of its kind."""
        self._moving = moving
        self.loop.setEnabled(moving)
        self._platform_changed()

    def _connect(self) -> None:
        self.part.currentIndexChanged.connect(lambda _i: self._part_changed())
        self.part.currentIndexChanged.connect(lambda _i: self.part_chosen.emit())
        self.platform.currentIndexChanged.connect(lambda _i: self._platform_changed())
        self.platform.currentIndexChanged.connect(lambda _i: self.edited.emit())
        self.format.activated.connect(lambda _i: self._format_changed())
        self.format.activated.connect(lambda _i: self.edited.emit())
        self.side.valueChanged.connect(lambda _v: self.edited.emit())
        self.loop.chosen.connect(lambda _k: self.edited.emit())
        self.trim.toggled.connect(lambda _on: self.edited.emit())

    def _part_changed(self) -> None:
        """A frame of the film is mostly empty around a sticker; a clip's own margins are meant."""
        self.trim.setChecked(not isinstance(self.chosen_part, ClipPart))

    def _platform_changed(self) -> None:
        target, before = self.target, self.format.currentData()
        self.limits.setText(target.limits[0].upper() + target.limits[1:])
        shown = [each for each in target.suffixes if each != ".apng"]  # the same file as .png
        self.format.clear()
        for suffix in shown:
            self.format.addItem(self._format_name(suffix), suffix)
        self.format.setCurrentIndex(max(0, shown.index(before) if before in shown else 0))
        self.format.setEnabled(len(shown) > 1)
        anywhere = target is ANY
        for widget in (self._side_label, self.side):
            widget.setVisible(anywhere)
        self._format_changed()

    def _format_name(self, suffix: str) -> str:
        return _FORMATS.get(suffix) or ("APNG" if self._moving else "PNG")

    def _format_changed(self) -> None:
        path = self.path.text().strip()
        if path:
            self.path.setText(str(Path(path).with_suffix(self.suffix)))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(1, 1)
        place = row(self.path, self.browse)
        place.setStretch(0, 1)
        self._side_label: QLabel = label("Longer side", "dim")
        fields: tuple[tuple[QLabel, QWidget], ...] = (
            (label("Make it of", "dim"), self.part),
            (label("For", "dim"), self.platform),
            (label(), self.limits),
            (label("Format", "dim"), self.format),
            (self._side_label, self.side),
            (label("Loop", "dim"), self.loop),
            (label(), self.trim),
            (label("File", "dim"), boxed(place)),
        )
        for at, (name, field) in enumerate(fields):
            grid.addWidget(name, at, 0)
            grid.addWidget(field, at, 1)


def _part_text(part: Part) -> str:
    frames = f"{part.frames} frames" if part.frames > 1 else "still"
    if isinstance(part, ClipPart):
        return f"{part.name}  ({frames})"
    return f"In to out of {part.name}  ({frames})"
