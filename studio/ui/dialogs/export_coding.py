"""How a film is coded: the quality and bit rates of its preset, to see and to change."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from studio.media.export.presets import Output, Preset, SoundCoding
from studio.media.export.tuning import (
    BIT_RATE_RANGE,
    QUALITY_RANGE,
    SOUND_BIT_RATES,
    can_choose_sound,
    quality_of,
)
from studio.ui.controls import label, row

QUALITY, BIT_RATE = "quality", "rate"
USUAL_KBIT = 12_000


class PictureCoding(QWidget):
    """Constant quality, or a bit rate."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.way = QComboBox()
        self.way.addItem("Constant quality (CRF)", QUALITY)
        self.way.addItem("Bit rate", BIT_RATE)
        self.quality = QSpinBox()
        self.quality.setRange(*QUALITY_RANGE)
        self.quality.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.quality.setMinimumWidth(70)
        self.quality.setToolTip("0 is the best; 18 looks like the original, 28 is for drafts")
        self.rate = QSpinBox()
        self.rate.setRange(BIT_RATE_RANGE[0] // 1000, BIT_RATE_RANGE[1] // 1000)
        self.rate.setSingleStep(1000)
        self.rate.setSuffix(" kb/s")
        self.rate.setValue(USUAL_KBIT)
        self.fixed = label("", "dim")
        self.setLayout(row(self.way, self.quality, self.rate, self.fixed, None, spacing=8))
        self.way.currentIndexChanged.connect(lambda _at: self._way_chosen())
        for field in (self.quality, self.rate):
            field.valueChanged.connect(lambda _value: self.changed.emit())

    def show_preset(self, preset: Preset) -> None:
        """Show what a preset says. `changed` is not emitted: the caller knows."""
        quality = quality_of(preset)
        with QSignalBlocker(self):
            self.way.setCurrentIndex(0)
            self.quality.setValue(quality or 0)
            self.way.setVisible(quality is not None)
            self.fixed.setText(_fixed_words(preset))
            self.fixed.setVisible(quality is None)
            self._way_chosen()

    @property
    def tuning(self) -> tuple[int | None, int | None]:
        """The quality and the bit rate, in bits a second; None is not chosen."""
        if self.way.isHidden():
            return None, None
        if self.way.currentData() == BIT_RATE:
            return None, self.rate.value() * 1000
        return self.quality.value(), None

    def _way_chosen(self) -> None:
        by_rate = self.way.currentData() == BIT_RATE
        self.quality.setVisible(not self.way.isHidden() and not by_rate)
        self.rate.setVisible(not self.way.isHidden() and by_rate)
        self.changed.emit()


class SoundBitRate(QComboBox):
    """The bit rate of the sound, the preset's own marked; or what it is where it has none."""

    def show_preset(self, preset: Preset) -> None:
        """Show what a preset says. No choice is told of: the caller knows."""
        sound, free = preset.sound, can_choose_sound(preset)
        with QSignalBlocker(self):
            self.clear()
            if sound is None or not free:
                self.addItem(_sound_words(sound), None)
            else:
                for rate in SOUND_BIT_RATES:
                    own = ", the preset's own" if rate == sound.bit_rate else ""
                    self.addItem(f"{rate // 1000} kb/s{own}", rate)
                self.setCurrentIndex(self.findData(sound.bit_rate))
        self.setEnabled(free)


def _fixed_words(preset: Preset) -> str:
    """What stands where nothing can be chosen."""
    if preset.output in (Output.SOUND, Output.STEMS):
        return "No picture"
    return "As the codec has it"


def _sound_words(sound: SoundCoding | None) -> str:
    if sound is None:
        return "No sound"
    bits = 24 if sound.sample_format == "s32" else 16
    kind = "PCM" if sound.encoder.startswith("pcm") else sound.encoder.upper()
    return f"{kind}, {bits} bit, nothing is lost"
