"""The editor: session, services and panels of one open window, made and connected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from studio.document.file.project_file import ProjectFile
from studio.document.queries.places import find_clip
from studio.media.diskcache import keep_within
from studio.session import recovery
from studio.session.bin_edits import BinEdits
from studio.session.clipboard import Clipboard
from studio.session.conforming import Conforming
from studio.session.cutting_out import CuttingOut
from studio.session.dressing import Dressing
from studio.session.editing import Editing
from studio.session.engines import ClientFactory, EngineLink, Place
from studio.session.exports import Exports
from studio.session.generation import Generation
from studio.session.importing import Importing
from studio.session.jobs import JobBoard
from studio.session.late import Late
from studio.session.notices import Notice, NoticeAction, Severity
from studio.session.preferences import Preferences
from studio.session.projects import discard_if_empty, is_untitled
from studio.session.proxies import Proxies
from studio.session.session import Session
from studio.ui.actions import edit, file, labels, making, sequence
from studio.ui.actions.book import CommandBook
from studio.ui.asset_desk import AssetDesk
from studio.ui.bin_desk import BinDesk, BinDeskParts
from studio.ui.clip_desk import ClipDesk
from studio.ui.controls import action_button
from studio.ui.desk import Desk
from studio.ui.footage_watch import FootageWatch
from studio.ui.in_picture import InPicture, Surroundings
from studio.ui.menus import Menus
from studio.ui.meters.strip import SoundMeters
from studio.ui.monitoring import Monitoring
from studio.ui.notice_bar import NoticeBar
from studio.ui.opening import Opening
from studio.ui.panels.generate import GeneratePanel
from studio.ui.panels.history import HistoryPanel
from studio.ui.panels.inspector.generated_section import GeneratedVerbs
from studio.ui.panels.inspector.panel import InspectorPanel
from studio.ui.panels.jobs import JobsPanel, JobVerbs
from studio.ui.panels.library import LibraryPanel
from studio.ui.picture_desk import PictureDesk
from studio.ui.pictures import AssetPictures
from studio.ui.scopes.panel import ScopesPanel
from studio.ui.sequence_posters import SequencePosters
from studio.ui.server_check import preference_verbs
from studio.ui.shelf_clips import ShelfClips
from studio.ui.source import SourceDeck
from studio.ui.status import StatusCorner
from studio.ui.still_picker import StillPicker
from studio.ui.timeline.drops import DropVerbs, TimelineDrops
from studio.ui.timeline.panel import TimelinePanel, TimelineParts
from studio.ui.timeline.state import TimelineState
from studio.ui.viewer.both import program_viewer, source_viewer
from studio.ui.viewer.subject import Subject
from studio.ui.welcome import WelcomePage, WelcomeVerbs
from studio.ui.window import MainWindow, Parts, fitting
from studio.ui.workspace import WindowWorkspace, WorkspaceParts

if TYPE_CHECKING:
    from studio.session.exchange import Exchange


class Editor(QObject):
    """`show` opens the window; `close` lets go of project, threads and engines."""

    def __init__(
        self, project: ProjectFile, preferences: Preferences, connect: ClientFactory
    ) -> None:
        super().__init__()
        self.preferences = preferences
        self._make_services(project, connect)
        self._make_workspace()
        self._make_panels()
        self._make_window()
        self._connect()
        self._project_opened()

    @property
    def settled(self) -> bool:
        """Whether nothing that the window shows is still being made."""
        viewers = (self.parts.program, self.parts.source)
        still = all(viewer.idle for viewer in viewers) and self.parts.scopes.idle
        still = still and self.in_picture.idle
        still = still and self.pictures.idle and self.posters.idle
        return still and self.session.work.idle

    def show(self, size: tuple[int, int], *, for_picture: bool = False) -> None:
        """Open the window as it was left last time; for a picture at that size, engine asleep."""
        self.window.default_layout(*(size if for_picture else fitting(size)))
        self._remembers = not for_picture
        if not for_picture:
            self.window.restore_layout(self.preferences.settings.window)
            self.window.painted.connect(self.window.fit_screen)
            self.window.painted.connect(self.parts.generate.wake)
            self.window.painted.connect(self.proxies.start)
            self.window.painted.connect(self._tidy_cache)
            self._follow_open_project()
        self.window.show()
        self.timeline.look_as_before()

    def close(self) -> None:
        """Let go of everything."""
        if self._closed:
            return
        self._closed = True
        if self._remembers:
            self.preferences.update(window=self.window.layout_state())
            recovery.note_closed(self.preferences, self.session.file)
        self.footage.close()
        for viewer in (self.parts.program, self.parts.source):
            viewer.close_threads()
        self.in_picture.close()
        self.parts.scopes.close_threads()
        self.pictures.close()
        self.posters.close()
        self.proxies.close()
        self.exports.close()
        self.opening.saving.close()
        for link in self.generation.links.values():
            link.close()
        self.session.close()
        discard_if_empty(self.session.file)

    def _make_services(self, project: ProjectFile, connect: ClientFactory) -> None:
        self._closed = False
        self._remembers = False
        decoding = self.preferences.settings.hardware_decoding
        self.session = Session(project, self, hardware_decoding=decoding)
        self.board = JobBoard(self)
        links = {place: EngineLink(place, connect, self) for place in Place}
        self.generation = Generation(self.session, self.board, links, self)
        self.conforming = Conforming(self.session, self.board, self.generation, self)
        self.editing = Editing(self.session, Clipboard(self))
        self.dressing = Dressing(self.session)
        self.importing = Importing(self.session)
        self.exports = Exports(self.session, self)
        self.proxies = Proxies(self.session, self.preferences, self)
        self.exchange = Late(partial(_exchange, self.session))
        self.opening = Opening(self.session, self.preferences)
        self.pictures = AssetPictures(self.session, self.board, self.preferences.cache_folder, self)
        self.posters = SequencePosters(self.session, self)
        self.making = ClipDesk(self.session, self.generation.sources)
        self.stills = StillPicker(
            self.session,
            self.generation.sources,
            self.preferences,
            self.pictures.poster,
            CuttingOut(self.generation.links[Place.HERE], self),
        )
        self.picturing = PictureDesk(self.session, self.generation.sources, self.stills)
        self.timeline = TimelineState(self.session, self)
        self.timeline.snapping = self.preferences.settings.snapping

    def _make_workspace(self) -> None:
        links = self.generation.links
        self.workspace = WindowWorkspace(
            WorkspaceParts(
                session=self.session,
                assets=AssetDesk(
                    self.session, self.importing, self.preferences, self.opening, self.exchange
                ),
                importing=self.importing,
                exports=self.exports,
                preferences=self.preferences,
                opening=self.opening,
                preference_verbs=preference_verbs(self.preferences, self.session.work, self._dress),
                cast=lambda: tuple(card for link in links.values() for card in link.cast),
                exchange=self.exchange,
                conforming=self.conforming,
                link_for=self.generation.link_for,
            )
        )
        self.desk = Desk(
            session=self.session,
            editing=self.editing,
            dressing=self.dressing,
            generation=self.generation,
            making=self.making,
            preferences=self.preferences,
            timeline=self.timeline,
            workspace=self.workspace,
        )

    def _make_panels(self) -> None:
        work, desk, session = self.workspace, self.workspace.assets, self.session
        shelf = ShelfClips(session, self.dressing)
        self.shelf = shelf
        self.bin_desk = BinDesk(
            BinDeskParts(session, BinEdits(session), desk, self.picturing, work)
        )
        drops = TimelineDrops(
            self.timeline,
            self.dressing,
            DropVerbs(desk.import_at, shelf.lay),
            self.preferences.settings.still_seconds,
        )
        generated = GeneratedVerbs(self._edit_recipe, self.pictures.poster)
        jobs = JobVerbs(
            self.generation.cancel,
            self.generation.retry,
            self._reveal_job,
            self.generation.asset_of,
        )
        self.parts = Parts(
            notices=NoticeBar(session.notices),
            media=self.bin_desk.furnish(self.pictures, self.posters),
            generate=GeneratePanel(session, self.generation, self.preferences, self.stills),
            library=LibraryPanel(),
            program=program_viewer(session, self.editing, self.board, work.full_screen),
            source=source_viewer(session, work.full_screen, self),
            welcome=WelcomePage(
                self.preferences,
                WelcomeVerbs(
                    self._describe, work.import_media, work.open_project, self.opening.open_path
                ),
            ),
            inspector=InspectorPanel(session, self.dressing, self.generation, generated),
            jobs=JobsPanel(self.board, jobs),
            history=HistoryPanel(session),
            timeline=TimelinePanel(
                TimelineParts(session, self.board, self.timeline, drops, self.pictures)
            ),
            meters=SoundMeters(),
            scopes=ScopesPanel(self.preferences),
        )

    def _make_window(self) -> None:
        self.window = MainWindow(self.parts, self.workspace.assets.import_paths)
        self.deck = SourceDeck(self.session, self.parts.source)
        self.proxies.give_way_to(self.deck.transport)
        groups = (file, edit, labels, making, sequence)
        commands = tuple(command for group in groups for command in group.COMMANDS)
        self.book = CommandBook(
            commands, self.desk, self.window, self.preferences.settings.shortcuts
        )
        for command in ("clip.split", "clip.dissolve", "mark.marker", "clip.link"):
            self.parts.timeline.add_tool(action_button(self.book.action(command)))
        self.menus = Menus(self.window, self.book, self.desk, self.opening)
        around = Surroundings(self.session, self.preferences, self.timeline, self.parts, self.book)
        self.in_picture = InPicture(around, self)
        self.workspace.take_window(self.window, self.book, self.deck)
        Monitoring(self.window, self.preferences)
        self.stills.take_window(self.window, self.parts.program, self.parts.media.selected)
        self.making.take_panel(self.parts.generate, lambda: self.window.show_panel("Generate"))
        self.picturing.take_panel(self.making.cast)
        self.status = StatusCorner(
            self.session,
            self.generation,
            self.exports,
            self.proxies,
            self.preferences,
            lambda: self.workspace.show_preferences("Engine"),
            lambda: self.window.show_panel("Jobs"),
            self.workspace.export_film,
        )
        self.window.menuBar().setCornerWidget(self.status)
        export = self.book.action("file.export")
        export.changed.connect(lambda: self.status.export.setEnabled(export.isEnabled()))

    def _connect(self) -> None:
        session, parts = self.session, self.parts
        session.changed.connect(lambda _changes: self._project_changed())
        session.opened.connect(self._project_opened)
        self.footage = FootageWatch(session, parts.program, self.workspace.find_missing, self)
        session.footage.changed.connect(self.book.refresh)
        session.transport.state_changed.connect(self.book.refresh)
        session.transport.range_changed.connect(self.book.refresh)
        session.selection.changed.connect(self.book.refresh)
        self.timeline.tool_changed.connect(self.book.refresh)
        self.editing.clipboard.changed.connect(self.book.refresh)
        session.tabs.changed.connect(self.book.refresh)
        self.board.updated.connect(self._job_news)
        self.board.listed.connect(self._count_jobs)
        self.exports.updated.connect(
            lambda number: self.menus.tell_export(self.exports.row(number))
        )
        self.pictures.arrived.connect(lambda _id: parts.timeline.canvas.invalidate())
        self.pictures.arrived.connect(lambda _id: parts.inspector.refresh_pictures())
        self.pictures.arrived.connect(lambda _id: parts.generate.form.stills.redraw())
        self.generation.placed.connect(self.workspace.bring_into_view)
        parts.library.applied.connect(self.shelf.apply)
        parts.generate.preferences_wanted.connect(lambda: self.workspace.show_preferences("Engine"))
        self.preferences.changed.connect(self._preferences_changed)
        self.window.closing.connect(self.close)

    def _follow_open_project(self) -> None:
        """Say if the last run did not end properly, and note from now on what is open."""
        left = recovery.left_open(self.preferences)
        path = self.session.path
        held = self.preferences.settings.open_project == str(path.resolve())
        if held:
            self.session.notices.info(recovery.sentence(path, here=True), topic="recovery")
        elif left is not None:
            action = NoticeAction("Open it", lambda: self.opening.open_path(left))
            words = recovery.sentence(left, here=False)
            notice = Notice(Severity.WARNING, words, action, "recovery", sticky=True)
            self.session.notices.post(notice)
        recovery.note_open(self.preferences, path)
        note = recovery.note_open
        self.session.project_opened.connect(lambda: note(self.preferences, self.session.path))

    def _project_opened(self) -> None:
        path = self.session.path
        name = "Untitled" if is_untitled(path) else path.stem
        self.window.setWindowTitle(f"{name} – Workprint")
        self._project_changed()
        self.footage.tell()

    def _project_changed(self) -> None:
        session = self.session
        subject = Subject(session.project, session.sequence_id)
        self.parts.program.show_subject(subject, session.media)
        self.window.show_welcome(not session.project.assets and self.timeline.duration == 0)
        self.book.refresh()
        self.menus.refresh()

    def _job_news(self, job_id: str) -> None:
        row = self.board.row(job_id)
        if row is not None and find_clip(self.session.project, row.clip_id) is not None:
            self.parts.program.renew_glimpses()

    def _count_jobs(self) -> None:
        count = self.board.active_count
        self.window.right.set_badge("Jobs", str(count) if count else "")

    def _describe(self) -> None:
        self.window.left.open("Generate")
        self.parts.generate.focus_prompt()

    def _edit_recipe(self, clip_id: str) -> None:
        self._describe()
        self.parts.generate.edit_clip(clip_id)

    def _reveal_job(self, job_id: str) -> None:
        row = self.board.row(job_id)
        if row is not None and find_clip(self.session.project, row.clip_id) is not None:
            self.session.selection.set([row.clip_id])
            self.workspace.go_to_clip(row.clip_id)

    def _preferences_changed(self, names: frozenset[str]) -> None:
        if names & {"server_address", "server_token"}:
            self.generation.links[Place.SERVER].drop()
        if "hardware_decoding" in names:
            self.session.set_hardware_decoding(self.preferences.settings.hardware_decoding)
        if "cache_limit_gib" in names:
            self._tidy_cache()

    def _tidy_cache(self) -> None:
        folder, limit = self.preferences.cache_folder, self.preferences.settings.cache_limit_gib
        self.session.work.run(lambda: keep_within(folder, limit * 2**30), lambda _freed: None)

    def _dress(self, theme: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            from studio.ui.theme import apply_theme

            apply_theme(app, theme)
            self.parts.timeline.restyle()


def _exchange(session: Session) -> Exchange:
    """Loaded when a cut is first carried over: its formats are not needed to open a window."""
    from studio.session.exchange import Exchange

    return Exchange(session)
