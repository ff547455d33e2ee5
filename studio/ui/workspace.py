"""What only the window can do: dialogs, panels, files. The commands ask for it by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QInputDialog

from engine.protocol.models import ModelCard
from studio import __version__
from studio.document.edits import markers
from studio.document.edits.bins import put_in_bin
from studio.document.edits.sequences import add_sequence
from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.project import Project
from studio.document.queries.media import asset_id_of
from studio.document.queries.places import find
from studio.document.retime import shown_source_time
from studio.document.time import Rounding
from studio.session.conforming import Conforming
from studio.session.engines import EngineLink
from studio.session.exports import Exports
from studio.session.importing import Importing
from studio.session.late import Late
from studio.session.preferences import Preferences
from studio.session.session import Session
from studio.session.settings import log_path
from studio.session.source_edits import SourceEdits, SourceVerb
from studio.session.transport import Transport
from studio.ui import file_dialogs as ask
from studio.ui.actions.book import CommandBook
from studio.ui.asset_desk import AssetDesk
from studio.ui.desk import Desk
from studio.ui.dialogs.about import AboutDialog
from studio.ui.dialogs.export import ExportDialog, ExportVerbs
from studio.ui.dialogs.marker import REMOVED, MarkerDialog
from studio.ui.dialogs.palette import CommandPalette
from studio.ui.dialogs.preferences import PreferencesDialog, PreferenceVerbs
from studio.ui.dialogs.saving import SavingDialog
from studio.ui.keyboard import KeyboardHome, give_keys_back
from studio.ui.opening import Opening
from studio.ui.resources import RESOURCES
from studio.ui.reveal import open_file, reveal
from studio.ui.source import SourceDeck
from studio.ui.window import MainWindow

if TYPE_CHECKING:
    from studio.session.exchange import Exchange


@dataclass(frozen=True, slots=True)
class WorkspaceParts:
    """What the workspace works with."""

    session: Session
    assets: AssetDesk
    importing: Importing
    exports: Exports
    preferences: Preferences
    opening: Opening
    preference_verbs: PreferenceVerbs
    cast: Callable[[], tuple[ModelCard, ...]]
    exchange: Late[Exchange]
    conforming: Conforming
    link_for: Callable[[str], EngineLink]


class WindowWorkspace:
    """See Workspace. Made before the window, and given it when it stands."""

    def __init__(self, parts: WorkspaceParts) -> None:
        self._parts = parts
        self._session = parts.session
        self.assets = parts.assets
        self._window: MainWindow
        self._book: CommandBook[Desk]
        self._deck: SourceDeck

    def take_window(self, window: MainWindow, book: CommandBook[Desk], deck: SourceDeck) -> None:
        """The window stands: from now on its verbs can be used."""
        self._window, self._book, self._deck = window, book, deck
        media = window.parts.media
        self.assets.take_window(window, self.show_media, lambda: media.folder)
        timeline = window.parts.timeline
        KeyboardHome(window, timeline.canvas)
        timeline.worked_in.connect(self.turn_to_program)
        deck.named.connect(partial(window.middle.set_subject, "Source"))
        window.parts.library.applied.connect(lambda _entry: self.turn_to_program())

    @property
    def active_transport(self) -> Transport:
        """The transport of the viewer in front."""
        source = self._window.middle.is_open("Source")
        return self._deck.transport if source else self._session.transport

    def turn_to_program(self) -> None:
        """The cut is worked on: the program comes to the front, and the keys are its own."""
        if self._window.middle.is_open("Source"):
            self._deck.transport.pause()
            self._window.middle.open("Program")
        give_keys_back(self._window)

    def new_project(self) -> None:
        """Ask for a name and start afresh."""
        suggestion = self._documents() / "Film.workprint"
        path = ask.ask_save_project(self._window, "New project", suggestion)
        if path is not None:
            self._parts.opening.new_at(path)

    def open_project(self) -> None:
        """Ask for a project and open it."""
        path = ask.ask_open_project(self._window, str(self._documents()))
        if path is not None:
            self._parts.opening.open_path(path)

    def save_as(self) -> None:
        """Ask for a name and go on with a copy there."""
        suggestion = self._documents() / self._session.path.name
        path = ask.ask_save_project(self._window, "Save as", suggestion)
        notices, opening = self._session.notices, self._parts.opening
        if path is None or opening.saving.under_way:
            return
        dialog = SavingDialog(opening.saving, path.name, self._window)
        if not opening.save_as(path, lambda: notices.done(f"Saved as {path.stem}.")):
            dialog.close()

    def import_media(self) -> None:
        """Ask for files and bring them in."""
        self.assets.import_media()

    def new_folder(self) -> None:
        """Make a folder in the open one of the media bin, and have its name typed."""
        self._window.left.open("Media")
        self._window.parts.media.new_folder()

    def find_missing(self) -> None:
        """Ask for a folder and look through it for what is missing."""
        folder = ask.ask_folder(self._window, "Folder to look through", str(self._session.folder))
        if folder is not None:
            self._parts.importing.find_missing(folder)

    def export_film(self) -> None:
        """Open the export dialog."""
        dialog = ExportDialog(
            self._session,
            self._parts.exports,
            self._parts.preferences,
            ExportVerbs(reveal),
            self._window,
        )
        dialog.open()

    def export_still(self) -> None:
        """Save the picture on screen at full size."""
        suggestion = self._session.folder / f"{self._session.path.stem} frame.png"
        path = ask.ask_save(self._window, "Export frame", suggestion, "PNG picture (*.png)")
        if path is None:
            return
        target = path if path.suffix else path.with_suffix(".png")
        self._window.parts.program.save_frame(
            target,
            lambda: self._session.notices.done(f"Saved {target.name}."),
            self._session.notices.error,
        )

    def export_sticker(self) -> None:
        """Open the sticker dialog on the selected clip, or on what is marked."""
        from studio.ui.dialogs.sticker_export import open_sticker_export  # brings the coders along

        open_sticker_export(self._session, self._parts.preferences, reveal, self._window)

    def import_cut(self) -> None:
        """Ask for a cut of another editor and take it in as a sequence."""
        path = ask.ask_cut(self._window, str(self._session.folder))
        if path is not None:
            self._parts.exchange.get().import_cut(path, into=self._window.parts.media.folder)

    def export_cut(self) -> None:
        """Ask for a place and write the open sequence for another editor."""
        path = ask.ask_save_cut(self._window, self._session.path.with_suffix(".otio"))
        if path is not None:
            self._parts.exchange.get().export_cut(path)

    def import_captions(self) -> None:
        """Ask for a subtitle file and lay its captions on a caption track."""
        path = ask.ask_captions(self._window, str(self._session.folder))
        if path is not None:
            self.assets.captions.bring_in(path)

    def export_captions(self) -> None:
        """Ask for a place and write the captions of the open sequence."""
        path = ask.ask_save_captions(self._window, self._session.path.with_suffix(".srt"))
        if path is not None:
            self.assets.captions.write(path)

    def show_preferences(self, page: str) -> None:
        """Open the preferences at a page."""
        dialog = PreferencesDialog(
            self._parts.preferences, self._book, self._parts.preference_verbs, self._window
        )
        dialog.open_page(page)
        dialog.open()

    def show_about(self) -> None:
        """Open the about dialog."""
        AboutDialog(__version__, self._parts.cast(), self._window).open()

    def show_palette(self) -> None:
        """Open the command palette."""
        palette = CommandPalette(self._book, self._window)
        palette.show()
        palette.search.setFocus()

    def show_guide(self) -> None:
        """Open the user guide."""
        open_file(RESOURCES.parent / "docs" / "guide" / "README.md")

    def show_log(self) -> None:
        """Show the log file."""
        reveal(log_path())

    def full_screen(self) -> None:
        """Show the viewer in front on the whole screen, or go back."""
        source = self._window.middle.is_open("Source")
        viewer = self._window.parts.source if source else self._window.parts.program
        viewer.toggle_full_screen()

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front."""
        self._window.show_panel(name)

    def zoom_timeline(self, factor: float) -> None:
        """Zoom the timeline."""
        self._window.parts.timeline.zoom_by(factor)

    def fit_timeline(self) -> None:
        """Show the whole film."""
        self._window.parts.timeline.state.zoom_to_fit()

    def source_edit(self, verb: SourceVerb) -> None:
        """Bring the source's marked part to the timeline."""
        marked = self._deck.marked()
        if marked is None:
            words = "Open a clip in the source viewer first: double-click it in the media bin."
            self._session.notices.warning(words)
            return
        verb(SourceEdits(self._session, self.assets.still_frames), marked)

    def match_frame(self) -> None:
        """Show the selected clip's source at the frame under the playhead."""
        for item_id in self._session.selection.ids:
            place = find(self._session.project, item_id)
            if place is None or not isinstance(place.item, Clip):
                continue
            asset_id = asset_id_of(place.item)
            if asset_id is None:
                continue
            inside = self._session.transport.position - place.range.start
            inside = min(max(0, inside), place.item.duration - 1)
            time = shown_source_time(place.item, inside, place.sequence.rate)
            self.open_source(asset_id)
            rate = self._deck.rate
            self._deck.transport.seek(time.ticks(rate, Rounding.FLOOR))
            return

    def show_media(self, asset_id: str) -> None:
        """Bring an asset into view in the bin."""
        self._window.left.open("Media")
        self._window.parts.media.select(asset_id)

    def open_source(self, asset_id: str) -> None:
        """Show an asset in the source viewer."""
        asset = self._session.project.assets_by_id.get(asset_id)
        if asset is not None:
            self._deck.open(asset)
            self._window.middle.open("Source")

    def open_item(self, item_id: str) -> None:
        """Something on the timeline was double-clicked."""
        self._window.right.open("Inspector")
        place = find(self._session.project, item_id)
        if place is None or not isinstance(place.item, Clip):
            return
        if isinstance(place.item.media, SequenceMedia):
            self._session.open_nested(item_id)
        else:
            self.match_frame()

    def bring_into_view(self, clip_id: str) -> None:
        """Scroll the timeline to the whole of a clip."""
        place = find(self._session.project, clip_id)
        if place is not None:
            self._window.parts.timeline.state.reveal(place.range.end)
            self._window.parts.timeline.state.reveal(place.range.start)

    def go_to_clip(self, clip_id: str) -> None:
        """Put the playhead on a clip and bring it into view."""
        place = find(self._session.project, clip_id)
        if place is None:
            return
        if place.sequence.id != self._session.sequence_id:
            self._session.open_sequence(place.sequence.id)
        self._session.transport.seek(place.range.start)
        self._window.parts.timeline.state.reveal(place.range.start)

    def edit_marker(self) -> None:
        """Edit the marker at the playhead, made if there is none."""
        here = self._session.transport.position
        found = [m for m in self._session.sequence.markers if m.at == here]
        if not found:
            self._session.apply(
                "Add marker",
                partial(markers.add_marker, owner_id=self._session.sequence_id, at=here),
            )
            found = [m for m in self._session.sequence.markers if m.at == here]
        if found:
            self.open_marker(found[0].id)

    def open_marker(self, marker_id: str) -> None:
        """Edit a marker."""
        owner = self._session.sequence_id
        marker = next((m for m in self._session.sequence.markers if m.id == marker_id), None)
        if marker is None:
            return
        dialog = MarkerDialog(marker, self._window)
        result = dialog.exec()
        if result == REMOVED:
            edit = partial(markers.remove_marker, owner_id=owner, marker_id=marker_id)
            self._session.apply("Remove marker", edit)
        elif result:
            edit = partial(
                markers.change_marker, owner_id=owner, marker_id=marker_id, change=dialog.changed
            )
            self._session.apply("Change marker", edit)

    def conform(self) -> None:
        """Ask what the shots of the open cut shall be made with, and begin."""
        from studio.ui.dialogs.conform import ConformDialog  # once a film: not at every start

        def title_of(model: str) -> str:
            return next((c.title for c in self._parts.cast() if c.id == model), model)

        dialog = ConformDialog(
            self._parts.conforming,
            self._parts.link_for,
            title_of,
            self._show_models,
            self._window,
        )
        dialog.accepted.connect(lambda: self.show_panel("Jobs"))
        dialog.open()

    def _show_models(self, tier: str) -> None:
        """Where the models of a tier are chosen and fetched."""
        self.show_panel("Generate")
        self._window.parts.generate.show_tier(tier)

    def new_sequence(self) -> None:
        """Ask for a name; the new one has this one's format, and lies in the open folder."""
        current = self._session.sequence
        count = len(self._session.project.sequences) + 1
        name, agreed = QInputDialog.getText(
            self._window, "New sequence", "Name", text=f"Sequence {count}"
        )
        if not agreed or not name.strip():
            return
        before = {sequence.id for sequence in self._session.project.sequences}
        folder, size = self._window.parts.media.folder, (current.width, current.height)

        def edit(project: Project) -> Project:
            project = add_sequence(project, name.strip(), current.rate, *size)
            return put_in_bin(project, [project.sequences[-1].id], folder)

        if self._session.apply("New sequence", edit):
            new = next(s.id for s in self._session.project.sequences if s.id not in before)
            self._session.open_sequence(new)

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def _documents(self) -> Path:
        location = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(QStandardPaths.writableLocation(location) or str(Path.home()))
