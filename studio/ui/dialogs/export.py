"""The export dialog: how the film leaves, and how far it is. Closing it leaves the export going."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QStackedWidget,
    QWidget,
)

from studio.document.timecode import timecode
from studio.media.errors import MediaError
from studio.media.export.job import Captions, ExportJob, Reframe
from studio.media.export.presets import DEFAULT_PRESET, PRESETS, Output, Preset
from studio.media.export.tuning import estimated_bytes, tuned
from studio.session.exports import Exports
from studio.session.preferences import Preferences
from studio.session.session import Session
from studio.ui.controls import boxed, column, label, push_button, row, set_bad, set_role
from studio.ui.dialogs.export_coding import PictureCoding, SoundBitRate
from studio.ui.dialogs.export_progress import ExportProgressPage
from studio.ui.reveal import open_file

LOUDNESS = (
    ("As the preset says", "preset"),
    ("Leave the mix as it is", "keep"),
    ("Web: −14 LUFS", -14.0),
    ("Podcast: −16 LUFS", -16.0),
    ("Broadcast: −23 LUFS", -23.0),
)
CAPTIONS = (
    ("Burn into the picture", Captions.BURN),
    ("As a track in the file", Captions.TRACK),
    ("As an .srt beside it", Captions.SRT),
    ("Leave out", Captions.NONE),
)
SIZES = (
    ("As the preset says", None),
    ("3840 × 2160", (3840, 2160)),
    ("2560 × 1440", (2560, 1440)),
    ("1920 × 1080", (1920, 1080)),
    ("1280 × 720", (1280, 720)),
    ("1080 × 1920, upright", (1080, 1920)),
    ("1080 × 1350, upright", (1080, 1350)),
    ("1080 × 1080, square", (1080, 1080)),
)


PRESET_KEY, LOUDNESS_KEY = "export preset", "export loudness"
"""What is kept in the project of how it left last."""


@dataclass(frozen=True, slots=True)
class ExportVerbs:
    """What leads out of the dialog."""

    reveal: Callable[[Path], object]
    show: Callable[[Path], object] = open_file


class ExportDialog(QDialog):
    """A form, then its progress."""

    def __init__(
        self,
        session: Session,
        exports: Exports,
        preferences: Preferences,
        verbs: ExportVerbs,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._exports = exports
        self._preferences = preferences
        self.setWindowTitle("Export film")
        self.setMinimumWidth(520)
        self.form = _Form(session, self._suggested_path())
        self.progress = ExportProgressPage(exports, verbs.reveal, verbs.show, self.close)
        self.error = label("", "danger", wrap=True)
        self.error.hide()
        self.go = push_button("Export", self.start, "primary")
        self._may_replace: Path | None = None
        self.form.path.textChanged.connect(lambda _text: self._path_changed())
        buttons = row(None, push_button("Cancel", self.reject), self.go)
        form_page = boxed(column(self.form, self.error, None, boxed(buttons), spacing=10))
        self.pages = QStackedWidget()
        self.pages.addWidget(form_page)
        self.pages.addWidget(self.progress)
        self.setLayout(column(self.pages, margins=(16, 16, 16, 14)))
        self.go.setDefault(True)
        self.form.browse.clicked.connect(lambda _on: self._browse())

    def start(self) -> None:
        """Begin the export, or say what is missing."""
        path = Path(self.form.path.text().strip()).expanduser()
        problem = _problem_of(path) or self._footage_at(path)
        if problem:
            self._complain(problem)
            return
        if path.exists() and path != self._may_replace:
            self._ask_to_replace(path)
            return
        try:
            number = self._exports.start(self.form.job(path))
        except MediaError as error:
            self._complain(str(error))
            return
        self._preferences.update(export_folder=str(path.parent))
        self.form.remember()
        self.progress.follow(number)
        self.pages.setCurrentWidget(self.progress)
        self.progress.take_keys()

    def _footage_at(self, path: Path) -> str:
        """Why the film may not go where footage of the project lies, "" elsewhere."""
        file = self._session.file
        held = (file.media_path(asset) for asset in self._session.project.assets)
        if path.exists() and any(each.exists() and each.samefile(path) for each in held):
            return f"{path.name} is footage of this project. Choose another name."
        return ""

    def _ask_to_replace(self, path: Path) -> None:
        """Once more for this file, and it is written over when the new one is whole."""
        self._may_replace = path
        self._complain(f"There is a file {path.name} already. Replace it, or choose another name.")
        self.go.setText("Replace")

    def _path_changed(self) -> None:
        self._may_replace = None
        self.go.setText("Export")
        set_bad(self.form.path, False)
        self.error.hide()

    def _complain(self, words: str) -> None:
        set_bad(self.form.path, True)
        self.error.setText(words)
        set_role(self.error, "danger")
        self.error.show()

    def _suggested_path(self) -> Path:
        folder = self._preferences.settings.export_folder or str(self._session.folder)
        return Path(folder) / f"{self._session.path.stem}{last_preset(self._session).suffix}"

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Export film", self.form.path.text())
        if chosen:
            self.form.path.setText(chosen)
            self._may_replace = Path(chosen)  # the system's dialog has asked


class _Form(QWidget):
    """Preset, place, range, loudness, captions and the switches."""

    def __init__(self, session: Session, path: Path) -> None:
        super().__init__()
        self._session = session
        self.preset = QComboBox()
        self._fill_presets()
        self.about = label("", "small", wrap=True)
        self.path = QLineEdit(str(path))
        self.path.setMinimumWidth(280)
        self.browse = push_button("Choose…", lambda: None)
        self.range = QComboBox()
        self._fill_range()
        self.loudness = QComboBox()
        for text, value in LOUDNESS:
            self.loudness.addItem(text, value)
        self.captions = QComboBox()
        for text, value in CAPTIONS:
            self.captions.addItem(text, value)
        self.picture, self.sound = PictureCoding(), SoundBitRate()
        self.estimate = label("", "small")
        self.estimate.setToolTip("For filmed pictures; drawn ones come out smaller")
        self.frame_size = QComboBox()
        for text, size in SIZES:
            self.frame_size.addItem(text, size)
        self.reframe = QComboBox()
        self.reframe.addItem("Show everything, with bars", Reframe.FIT)
        self.reframe.addItem("Fill the frame, cut the edges", Reframe.FILL)
        self.smart = QCheckBox("Copy untouched spans without encoding again")
        self.smart.setChecked(True)
        self.hardware = QCheckBox("Use the graphics card's encoder")
        self.chapters = QCheckBox("Chapters from chapter markers")
        self.chapters.setChecked(True)
        self.credentials = QCheckBox("Content Credentials: say which spans were generated")
        self.credentials.setChecked(True)
        self._lay_out()
        self.preset.currentIndexChanged.connect(lambda _i: self._preset_chosen())
        self.frame_size.currentIndexChanged.connect(lambda _i: self._size_chosen())
        self.picture.changed.connect(self._estimate)
        self.sound.currentIndexChanged.connect(lambda _at: self._estimate())
        self.range.currentIndexChanged.connect(lambda _at: self._estimate())
        self._preset_chosen()
        self.loudness.setCurrentIndex(_loudness_left(self.loudness, session))

    @property
    def chosen(self) -> Preset:
        return PRESETS[self.preset.currentData()]

    def job(self, path: Path) -> ExportJob:
        """The job that the fields describe."""
        first, end = self.range.currentData()
        loudness, size = self.loudness.currentData(), self.frame_size.currentData()
        quality, bit_rate = self.picture.tuning
        return ExportJob(
            sequence_id=self._session.sequence_id,
            out=path,
            preset=self.chosen.name,
            first=first,
            end=end,
            size=(size[0], size[1]) if size else None,
            reframe=Reframe(self.reframe.currentData()),
            captions=Captions(self.captions.currentData()),
            loudness=loudness if isinstance(loudness, float) else None,
            keep_loudness=loudness == "keep",
            smart_render=self.smart.isChecked(),
            hardware=self.hardware.isChecked(),
            chapters=self.chapters.isChecked(),
            credentials=self.credentials.isChecked(),
            quality=quality,
            bit_rate=bit_rate,
            sound_bit_rate=self.sound.currentData(),
        )

    def _fill_presets(self) -> None:
        for preset in PRESETS.values():
            self.preset.addItem(f"{preset.group} · {preset.label}", preset.name)
        self.preset.setCurrentIndex(self.preset.findData(last_preset(self._session).name))

    def _fill_range(self) -> None:
        transport, sequence = self._session.transport, self._session.sequence
        length = timecode(transport.length_frames, sequence.rate)
        self.range.addItem(f"Whole film  ({length})", (0, None))
        if transport.in_frame is not None or transport.out_frame is not None:
            start, end = transport.range_frames
            self.range.addItem(f"In to out  ({timecode(end - start, sequence.rate)})", (start, end))
            self.range.setCurrentIndex(1)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(1, 1)
        place = row(self.path, self.browse)
        place.setStretch(0, 1)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Preset", self.preset),
            ("", self.about),
            ("File", boxed(place)),
            ("Range", self.range),
            ("Picture", self.picture),
            ("Sound", self.sound),
            ("Loudness", self.loudness),
            ("Captions", self.captions),
            ("Size", self.frame_size),
            ("Other shape", self.reframe),
            ("File size", self.estimate),
            ("", self.smart),
            ("", self.hardware),
            ("", self.chapters),
            ("", self.credentials),
        )
        for at, (name, field) in enumerate(fields):
            grid.addWidget(label(name, "dim"), at, 0)
            grid.addWidget(field, at, 1)

    def _preset_chosen(self) -> None:
        preset = self.chosen
        path = Path(self.path.text())
        if preset.suffix and path.suffix != preset.suffix:
            self.path.setText(str(path.with_suffix(preset.suffix)))
        self.about.setText(_facts(preset))
        self.picture.show_preset(preset)
        self.sound.show_preset(preset)
        self.loudness.setItemText(0, f"As the preset says: {loudness_words(preset.loudness)}")
        width, height = preset.size or self._frame
        self.frame_size.setItemText(0, f"As the preset says: {width} × {height}")
        has_sound = preset.sound is not None or preset.output in (Output.SOUND, Output.STEMS)
        self.loudness.setEnabled(has_sound)
        film = preset.output is Output.FILM
        self.smart.setEnabled(film)
        self.hardware.setEnabled(film and preset.video is not None and bool(preset.video.hardware))
        self.chapters.setEnabled(film or preset.output is Output.SOUND)
        has_picture = preset.output not in (Output.SOUND, Output.STEMS)
        self.captions.setEnabled(has_picture)
        self.frame_size.setEnabled(has_picture)
        self._size_chosen()

    def _size_chosen(self) -> None:
        """A frame that may be of another shape than the sequence: with bars, or filled?"""
        chosen = self.frame_size.currentData() is not None or self.chosen.size is not None
        self.reframe.setEnabled(self.frame_size.isEnabled() and chosen)
        self._estimate()

    @property
    def _frame(self) -> tuple[int, int]:
        return self._session.sequence.width, self._session.sequence.height

    def remember(self) -> None:
        """Keep for this project what was chosen, for the next time."""
        file = self._session.file
        file.set_view_state(PRESET_KEY, self.chosen.name)
        file.set_view_state(LOUDNESS_KEY, str(self.loudness.currentData()))

    def _estimate(self) -> None:
        """Say about how large the file will be."""
        transport, sequence = self._session.transport, self._session.sequence
        first, end = self.range.currentData()
        frames = (transport.length_frames if end is None else end) - first
        quality, bit_rate = self.picture.tuning
        way = tuned(self.chosen, quality, bit_rate, self.sound.currentData())
        size = self.frame_size.currentData() or self.chosen.size or self._frame
        rate = sequence.rate.fraction
        found = estimated_bytes(way, size, rate, frames, sounding=True)
        self.estimate.setText("Known when it is made" if found is None else _about_size(found))
        self.hardware.setEnabled(way.video is not None and bool(way.video.hardware))


def last_preset(session: Session) -> Preset:
    """The preset that the project left by last, or the usual one."""
    name = session.file.view_state(PRESET_KEY, DEFAULT_PRESET)
    return PRESETS.get(name, PRESETS[DEFAULT_PRESET])


def _loudness_left(box: QComboBox, session: Session) -> int:
    """The place of the loudness that was chosen last."""
    kept = session.file.view_state(LOUDNESS_KEY)
    places = (at for at in range(box.count()) if str(box.itemData(at)) == kept)
    return next(places, 0)


def loudness_words(target: float | None) -> str:
    """A loudness target as editors write it."""
    return "the mix as it is" if target is None else f"{target:g} LUFS".replace("-", "−")


def _about_size(size_bytes: int) -> str:
    if size_bytes < 10_000_000:
        return f"About {max(0.1, size_bytes / 1e6):.1f} MB"
    return (
        f"About {size_bytes / 1e9:.1f} GB"
        if size_bytes >= 1e9
        else (f"About {size_bytes / 1e6:.0f} MB")
    )


def _facts(preset: Preset) -> str:
    """A preset in a line: what it is about, its size, its loudness."""
    facts = [preset.about] if preset.about else []
    if preset.deep:
        facts.append("10 bit, composed in 16")
    facts.append(f"{preset.size[0]}×{preset.size[1]}" if preset.size else "the sequence's size")
    if preset.loudness is not None:
        facts.append(f"{preset.loudness:g} LUFS")
    return " · ".join(fact.rstrip(".") for fact in facts)


def _problem_of(path: Path) -> str:
    """Why a file cannot be exported to, "" when it can be tried."""
    if not path.name or path.is_dir():
        return "Give the film a file name."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}. Choose another one."
    return ""
