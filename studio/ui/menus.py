"""Menus and lists that change: recent projects, sequences, undo names, context menus, exports."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from studio.document.edits.tracks import remove_track
from studio.document.model.asset import AssetKind
from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.generated import GeneratedMedia
from studio.document.model.label import Label
from studio.document.model.sequence import TrackKind
from studio.document.queries.media import asset_of
from studio.document.queries.places import find, reaches
from studio.media.export.process import Failed, Finished
from studio.session.exports import ExportRow
from studio.session.labelling import label_track
from studio.session.notices import NoticeAction
from studio.ui.actions.book import CommandBook
from studio.ui.actions.labels import label_command
from studio.ui.desk import Desk
from studio.ui.label_box import fill_label_menu
from studio.ui.labels import swatch
from studio.ui.opening import Opening
from studio.ui.reveal import reveal
from studio.ui.timeline.pointer import Pointer
from studio.ui.window import MainWindow

CLIP_MENU = (
    "edit.cut", "edit.copy", "edit.paste", "", "clip.split", "edit.delete", "edit.ripple_delete",
    "", "clip.dissolve", "clip.link", "clip.unlink", "clip.group", "clip.nest",
    "clip.swap", "", "edit.copy_effects", "edit.paste_effects", "sequence.replace", "",
    "clip.enable", "clip.reverse", "clip.freeze", "clip.freeze_all", "clip.match_frame",
)  # fmt: skip
MOVING_MENU = (
    "clip.extend", "clip.retake", "clip.edit", "clip.upscale", "clip.smooth", "clip.soundtrack",
    "clip.from_frame", "file.export_sticker",
)  # fmt: skip
SOUND_MENU = ("clip.extend_sound",)
STILL_MENU = ("clip.from_frame", "clip.animate_sticker", "file.export_sticker")
NESTED_MENU = ("clip.open_nested", "clip.unnest")
EMPTY_MENU = ("edit.paste", "edit.paste_insert", "", "sequence.add_video", "sequence.add_audio")
RULER_MENU = ("mark.in", "mark.out", "mark.clear", "", "mark.marker", "mark.edit_marker")


class Menus(QObject):
    """Keeps the changing parts of the menus up to date."""

    def __init__(
        self, window: MainWindow, book: CommandBook[Desk], desk: Desk, opening: Opening
    ) -> None:
        super().__init__(window)
        self._window = window
        self._book = book
        self._desk = desk
        self._opening = opening
        menus = book.fill(window.menuBar())
        self._recent = QMenu("Open recent", window)
        menus["File"].insertMenu(book.action("file.save_as"), self._recent)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._sequences = menus["Sequence"].addMenu("Open sequence")
        self._sequences.aboutToShow.connect(self._fill_sequences)
        self._nestable = menus["Sequence"].addMenu("Insert sequence at playhead")
        self._nestable.aboutToShow.connect(self._fill_nestable)
        self._labels = menus["Clip/Label"]
        for label in (*Label, None):
            action = book.action(label_command(label))
            action.setIcon(swatch(label.value if label is not None else ""))
            action.setIconVisibleInMenu(True)
        timeline = window.parts.timeline
        timeline.menu_wanted.connect(self._clip_menu)
        timeline.track_menu_wanted.connect(self._track_menu)
        timeline.ruler_menu_wanted.connect(self._ruler_menu)
        timeline.marker_opened.connect(desk.workspace.open_marker)
        timeline.item_opened.connect(desk.workspace.open_item)

    def refresh(self) -> None:
        """Undo and redo say what they would do."""
        session = self._desk.session
        for command, verb, name in (
            ("edit.undo", "Undo", session.undo_name),
            ("edit.redo", "Redo", session.redo_name),
        ):
            words = f"{verb} {name[0].lower()}{name[1:]}" if name else verb
            self._book.action(command).setText(words)

    def tell_export(self, row: ExportRow) -> None:
        """An export that ended says so, also when its dialog has been closed."""
        notices = self._desk.session.notices
        match row.state:
            case Finished(result=result):
                action = NoticeAction("Show file", lambda: reveal(result.path))
                notices.done(f"Exported {result.path.name}.", action, topic="export")
            case Failed(reason=reason, cancelled=False):
                notices.error(reason, topic="export")
            case _:
                pass  # what is under way is seen in its dialog

    def _fill_recent(self) -> None:
        self._recent.clear()
        paths = self._desk.preferences.recent_projects()
        for path in paths:
            action = self._recent.addAction(path.stem, partial(self._open, path))
            action.setToolTip(str(path))
        if not paths:
            self._recent.addAction("No projects yet").setEnabled(False)

    def _open(self, path: Path) -> None:
        self._opening.open_path(path)

    def _fill_sequences(self) -> None:
        self._sequences.clear()
        session = self._desk.session
        for sequence in session.project.sequences:
            action = self._sequences.addAction(
                sequence.name, partial(session.open_sequence, sequence.id)
            )
            action.setCheckable(True)
            action.setChecked(sequence.id == session.sequence_id)

    def _fill_nestable(self) -> None:
        """The sequences that the open one can hold: not itself, and none that holds it."""
        self._nestable.clear()
        session = self._desk.session
        for sequence in session.project.sequences:
            if not reaches(session.project, sequence.id, session.sequence_id):
                self._nestable.addAction(
                    sequence.name, partial(self._desk.editing.insert_sequence, sequence.id)
                )
        if self._nestable.isEmpty():
            self._nestable.addAction("No other sequence").setEnabled(False)

    def _clip_menu(self, at: QPoint, pointer: Pointer) -> None:
        self.clip_menu().exec(at)

    def clip_menu(self) -> QMenu:
        """The menu of what is selected on the timeline."""
        menu = QMenu(self._window)
        ids = self._desk.session.selection.ids
        if any(isinstance(clip.media, GeneratedMedia) for clip in self._clips(ids, *TrackKind)):
            menu.addAction(self._book.action("clip.new_take"))
        pictures = self._clips(ids, TrackKind.VIDEO)
        played = [asset_of(self._desk.session.project, clip) for clip in pictures]
        kinds = {asset.kind for asset in played if asset is not None}
        if kinds:
            self._fill(menu, MOVING_MENU if AssetKind.VIDEO in kinds else STILL_MENU)
        elif self._clips(ids, TrackKind.AUDIO):
            self._fill(menu, SOUND_MENU)
        if any(isinstance(clip.media, SequenceMedia) for clip in self._clips(ids, *TrackKind)):
            self._fill(menu, NESTED_MENU)
        if menu.actions():
            menu.addSeparator()
        self._fill(menu, CLIP_MENU if ids else EMPTY_MENU)
        if self._clips(ids, *TrackKind):
            menu.addMenu(self._labels)
        return menu

    def _clips(self, ids: frozenset[str], *kinds: TrackKind) -> list[Clip]:
        """The selected clips on tracks of some kinds."""
        places = (find(self._desk.session.project, each) for each in ids)
        found = (place for place in places if place is not None and place.track.kind in kinds)
        return [place.item for place in found if isinstance(place.item, Clip)]

    def _track_menu(self, track_id: str, at: QPoint) -> None:
        session = self._desk.session
        header = self._window.parts.timeline.headers.header(track_id)
        menu = QMenu(self._window)
        menu.addAction("Rename…", header.rename)
        menu.addSeparator()
        for command in ("sequence.add_video", "sequence.add_audio", "sequence.add_caption"):
            menu.addAction(self._book.action(command))
        menu.addSeparator()
        track = next(each for each in session.sequence.tracks if each.id == track_id)
        choose = partial(label_track, session, track_id)
        fill_label_menu(menu.addMenu("Label"), {track.colour}, choose)
        menu.addSeparator()
        remove = partial(session.apply, "Remove track", partial(remove_track, track_id=track_id))
        menu.addAction("Remove track and its clips", remove)
        menu.exec(at)

    def _ruler_menu(self, at: QPoint, frame: int) -> None:
        self._desk.session.transport.seek(frame)
        menu = QMenu(self._window)
        self._fill(menu, RULER_MENU)
        menu.exec(at)

    def _fill(self, menu: QMenu, commands: tuple[str, ...]) -> None:
        for command in commands:
            if command:
                menu.addAction(self._book.action(command))
            else:
                menu.addSeparator()
