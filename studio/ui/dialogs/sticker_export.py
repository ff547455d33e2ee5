"""The sticker dialog: a clip or a marked range as a small looping file, seen before it is saved.

What plays in it is the very file that would be saved, read back. Reading and making go on on a
thread of the dialog's own; a change of mind stops what is under way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from studio.document.errors import EditError
from studio.document.time import FrameRange
from studio.media.errors import Cancelled
from studio.media.stickers.clip import StickerClip
from studio.media.stickers.make import (
    LARGEST_SIDE,
    Sticker,
    Wish,
    make_sticker,
    save_sticker,
    size_text,
)
from studio.media.stickers.reading import read_clip
from studio.media.stickers.shaping import trimmed
from studio.session.background import Background
from studio.session.notices import NoticeAction
from studio.session.preferences import Preferences
from studio.session.session import Session
from studio.session.stickers import ClipPart, Part, read_part, sticker_parts
from studio.ui.controls import boxed, column, label, push_button, row, set_bad, set_role
from studio.ui.dialogs.sticker_form import StickerForm
from studio.ui.dialogs.sticker_preview import StickerPreview
from studio.ui.viewer.images import image_of_array

PAUSE_MS = 150
OPAQUE = "It has no transparency, so the sticker is a full rectangle."


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures ready to be drawn, and for how long each."""

    images: tuple[QImage, ...]
    shown_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A sticker, and what its file shows when it is read back."""

    sticker: Sticker
    suffix: str
    film: Film


def open_sticker_export(
    session: Session,
    preferences: Preferences,
    reveal: Callable[[Path], object],
    parent: QWidget,
) -> StickerExportDialog | None:
    """Open the dialog on what is chosen; None, with a sentence in the window, where nothing can."""
    transport = session.transport
    marked = transport.in_frame is not None or transport.out_frame is not None
    try:
        parts = sticker_parts(
            session.project,
            session.sequence_id,
            session.selection.ids,
            session.footage.missing,
            FrameRange(*transport.range_frames) if marked else None,
            session.file.media_path,
        )
    except EditError as refusal:
        session.notices.warning(str(refusal), topic="edit")
        return None
    dialog = StickerExportDialog(session, preferences, parts, reveal, parent)
    dialog.open()
    return dialog


class StickerExportDialog(QDialog):
    """Fields on the right, the sticker playing on the left, and below what it weighs."""

    def __init__(
        self,
        session: Session,
        preferences: Preferences,
        parts: tuple[Part, ...],
        reveal: Callable[[Path], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._preferences, self._reveal = session, preferences, reveal
        self._work = Background("sticker", parent=self)
        self._stop = Event()
        self._clip: StickerClip | None = None
        self.made: Made | None = None
        self.setWindowTitle("Export sticker")
        self.preview = StickerPreview()
        self.form = StickerForm(parts)
        self.form.path.setText(str(self._suggested_path()))
        self.verdict = label("", "head", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.save = push_button("Save sticker", self._save, "primary")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._make)
        self._build()
        self.form.part_chosen.connect(self._read)
        self.form.edited.connect(self._edited)
        self.form.path.textChanged.connect(lambda _t: self._path_edited())
        self.form.browse.clicked.connect(lambda _on: self._browse())
        self.finished.connect(self._end)
        self.form.platform.setFocus()
        self._read()

    @property
    def busy(self) -> bool:
        """Whether something is still being read or made."""
        return self._pause.isActive() or not self._work.idle

    def _build(self) -> None:
        right = column(self.form, self.verdict, self.notes, None, spacing=8)
        body = row(self.preview, boxed(right), spacing=18)
        body.setStretch(1, 1)
        buttons = row(None, push_button("Cancel", self.reject), self.save)
        whole = column(boxed(body), boxed(buttons), spacing=12, margins=(16, 16, 16, 14))
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.save.setDefault(True)
        self.setMinimumWidth(720)

    def _read(self) -> None:
        """Read what the sticker is to be made of."""
        self._clip, part = None, self.form.chosen_part
        self._begin("Reading…")
        stop, footage = self._stop, self._session.media
        self._work.run(
            lambda: read_part(part, footage, stop.is_set),
            lambda clip: self._was_read(stop, clip),
            lambda error: self._failed(stop, error),
        )

    def _was_read(self, stop: Event, clip: StickerClip) -> None:
        if stop is not self._stop:
            return
        self._clip = clip
        self.form.set_moving(moving=clip.moving)
        self._make()

    def _edited(self) -> None:
        if self._clip is not None:
            self._begin("Fitting…")
            self._pause.start()

    def _make(self) -> None:
        """Make the sticker that the fields ask for, and read it back."""
        clip = self._clip
        if clip is None:
            return
        self._begin("Fitting…")
        stop, wish, trims = self._stop, self.form.wish(), self.form.trim.isChecked()
        self._work.run(
            lambda: made_of(trimmed(clip) if trims else clip, wish, stop.is_set),
            lambda made: self._was_made(stop, made),
            lambda error: self._failed(stop, error),
        )

    def _begin(self, words: str) -> None:
        """What was asked for before is not wanted any more."""
        self._stop.set()
        self._stop = Event()
        self.made = None
        self.save.setEnabled(False)
        self._say(words, "dim")

    def _was_made(self, stop: Event, made: Made) -> None:
        if stop is not self._stop:
            return
        self.made = made
        self.preview.film.play(made.film.images, made.film.shown_ms)
        self._path_edited()

    def _path_edited(self) -> None:
        """Say what there is to save, and whether a file would be replaced by it."""
        set_bad(self.form.path, False)
        if self.made is None:
            return
        self._say(told(self.made.sticker), "head", "\n".join(self._notes(self.made)))
        self.save.setText("Replace file" if self._path().is_file() else "Save sticker")
        self.save.setEnabled(True)

    def _path(self) -> Path:
        return Path(self.form.path.text().strip()).expanduser()

    def _notes(self, made: Made) -> tuple[str, ...]:
        part = self.form.chosen_part
        opaque = isinstance(part, ClipPart) and not part.alpha
        return (*made.sticker.gave_up, *((OPAQUE,) if opaque else ()))

    def _failed(self, stop: Event, error: Exception) -> None:
        if stop is self._stop and not isinstance(error, Cancelled):
            self._say(str(error), "danger")

    def _say(self, words: str, role: str, notes: str = "") -> None:
        self.verdict.setText(words)
        set_role(self.verdict, role)
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))

    def _save(self) -> None:
        """Write the file that was seen, whole or not at all."""
        made, path = self.made, self._path()
        if made is None:
            return
        problem = problem_of(path, made.suffix)
        if problem:
            set_bad(self.form.path, True)
            self._say(problem, "danger")
            return
        self.save.setEnabled(False)
        self._work.run(
            lambda: save_sticker(path, made.sticker),
            lambda _none: self._saved(path),
            self._not_saved,
        )

    def _saved(self, path: Path) -> None:
        self._preferences.update(export_folder=str(path.parent))
        action = NoticeAction("Show file", lambda: self._reveal(path))
        self._session.notices.done(f"Saved {path.name}.", action, topic="export")
        self.accept()

    def _not_saved(self, error: Exception) -> None:
        set_bad(self.form.path, True)
        self._say(str(error), "danger")
        self.save.setEnabled(self.made is not None)

    def _suggested_path(self) -> Path:
        folder = Path(self._preferences.settings.export_folder or self._session.folder)
        name = Path(self.form.chosen_part.name).stem or "sticker"
        names = chain([name], (f"{name} {number}" for number in count(2)))
        paths = (folder / f"{each}{self.form.suffix}" for each in names)
        return next(path for path in paths if not path.exists())

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Export sticker", self.form.path.text())
        if chosen:
            self.form.path.setText(str(Path(chosen).with_suffix(self.form.suffix)))

    def _end(self) -> None:
        self._stop.set()
        self._pause.stop()
        self._work.close()
        self.deleteLater()


def made_of(clip: StickerClip, wish: Wish, should_cancel: Callable[[], bool]) -> Made:
    """Make a sticker and read its file back. Blocks.

    Raises: MediaError, Cancelled among them.
    """
    sticker = make_sticker(clip, wish, should_cancel)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"sticker{wish.suffix}"
        path.write_bytes(sticker.data)
        seen = read_clip([path], LARGEST_SIDE)
    return Made(sticker, wish.suffix, film_of(seen))


def film_of(clip: StickerClip) -> Film:
    """A clip's pictures as Qt draws them fastest."""
    form = QImage.Format.Format_ARGB32_Premultiplied
    images = tuple(image_of_array(picture).convertToFormat(form) for picture in clip.pictures)
    return Film(images, tuple(max(1, round(shown * 1000)) for shown in clip.seconds))


def told(sticker: Sticker) -> str:
    """What it weighs and is, in a line."""
    made = sticker.clip
    width, height = made.size
    limit = f" of {size_text(sticker.max_bytes)}" if sticker.max_bytes else ""
    motion = f"{len(made.pictures)} frames in {float(made.duration):.2f} s"
    return (
        f"{size_text(len(sticker.data))}{limit} · {width} × {height}"
        f" · {motion if made.moving else 'still'}"
    )


def problem_of(path: Path, suffix: str) -> str:
    """Why a sticker cannot be saved there, "" when it can be tried."""
    if not path.name or path.is_dir():
        return "Give the sticker a file name."
    if path.suffix.lower() != suffix:
        return f"Let the name end in {suffix}."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}. Choose another one."
    return ""
