"""What is done with assets from the window: brought in, laid down, renamed, relinked, removed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from studio.document.edits import assets
from studio.document.edits.insert import insert, overwrite
from studio.document.file.paths import SUFFIX
from studio.document.model.project import Project
from studio.document.subtitles import ENDINGS
from studio.session.importing import Importing
from studio.session.late import Late
from studio.session.matching import lay_matching
from studio.session.placing import Landing, Wanted, pieces_for, target_tracks, with_tracks_for
from studio.session.preferences import Preferences
from studio.session.session import Session
from studio.session.subtitles import SubtitleFiles
from studio.ui import file_dialogs as ask
from studio.ui.opening import Opening
from studio.ui.reveal import reveal

if TYPE_CHECKING:
    from studio.session.exchange import Exchange

CUT_SUFFIXES = (".otio", ".otioz", ".fcpxml", ".xml", ".edl")


class AssetDesk:
    """Verbs on assets by their ids. `show_media` brings an asset into view in the bin."""

    def __init__(
        self,
        session: Session,
        importing: Importing,
        preferences: Preferences,
        opening: Opening,
        exchange: Late[Exchange],
    ) -> None:
        self._session = session
        self._importing = importing
        self._preferences = preferences
        self._opening = opening
        self._exchange = exchange
        self.captions = SubtitleFiles(session)
        self._window: QWidget
        self._show_media: Callable[[str], object]
        self._open_folder: Callable[[], str]

    def take_window(
        self,
        window: QWidget,
        show_media: Callable[[str], object],
        open_folder: Callable[[], str],
    ) -> None:
        """The window stands: dialogs open over it from now on.

        What is brought in lands in the `open_folder` of the bin.
        """
        self._window, self._show_media, self._open_folder = window, show_media, open_folder

    def import_media(self) -> None:
        """Ask for files and bring them in."""
        folder = self._preferences.settings.import_folder or str(Path.home())
        paths = ask.ask_media(self._window, folder)
        if paths:
            self._preferences.update(import_folder=str(paths[0].parent))
            self.import_paths(paths)

    def import_paths(self, paths: list[Path], into: str | None = None) -> None:
        """Bring files in: a project is opened instead, a cut is a sequence, captions a track.

        They land in a folder of the bin, the open one where none is named.
        """
        folder = self._open_folder() if into is None else into
        projects = [path for path in paths if path.suffix == SUFFIX]
        if projects:
            self._opening.open_path(projects[0])
            return
        cuts = [path for path in paths if path.suffix.lower() in CUT_SUFFIXES]
        for path in cuts:
            self._exchange.get().import_cut(path, into=folder)
        captions = [path for path in paths if path.suffix.lower() in ENDINGS]
        for path in captions:
            self.captions.bring_in(path)
        media = [path for path in paths if path not in cuts and path not in captions]
        if media:
            self._importing.import_files(media, lambda ids: self._show_media(ids[-1]), into=folder)

    def import_at(self, paths: list[Path], start: int, landing: Landing) -> None:
        """Bring files in and lay them on the timeline; captions keep their own times."""
        captions = [path for path in paths if path.suffix.lower() in ENDINGS]
        for path in captions:
            self.captions.bring_in(path)
        media = [path for path in paths if path not in captions]
        if not media:
            return
        self._importing.import_files(
            media, lambda ids: self._lay(ids, start, landing), into=self._open_folder()
        )

    def add_to_timeline(self, asset_ids: list[str]) -> None:
        """Lay assets, and nested sequences, one after another from the playhead on."""
        start = self._session.transport.position
        self._lay(asset_ids, start, target_tracks(self._session.sequence))

    def remove(self, asset_ids: list[str]) -> None:
        """Take assets out of the bin."""
        if asset_ids:
            edit = partial(assets.remove_assets, asset_ids=asset_ids)
            self._session.apply("Remove media", edit)

    def relink(self, asset_id: str) -> None:
        """Ask for the file that an asset is, or shall be."""
        asset = self._session.project.assets_by_id[asset_id]
        folder = str(Path(asset.path).parent)
        path = ask.ask_one_media(self._window, f"Find {asset.name}", folder)
        if path is not None:
            self._importing.relink_to(asset_id, path)

    def reveal(self, asset_id: str) -> None:
        """Show an asset's file."""
        reveal(self._session.file.media_path(self._session.project.assets_by_id[asset_id]))

    def lay(
        self, wanted: list[Wanted], start: int, landing: Landing, *, name: str, push: bool
    ) -> int | None:
        """Lay material down; the frame after it, None when that was refused."""
        session = self._session
        end = start

        def edit(start: int, stills: int, project: Project) -> Project:
            nonlocal end
            project, tracks = with_tracks_for(project, session.sequence_id, landing, wanted)
            pieces = pieces_for(project, session.sequence_id, wanted, tracks, stills)
            end = start + max(piece.offset + piece.clip.duration for piece in pieces)
            verb = insert if push else overwrite
            return verb(project, session.sequence_id, start, pieces)

        def laid(scale: Fraction) -> bool:
            return session.apply(name, partial(edit, round(start * scale), self.still_frames()))

        return end if lay_matching(session, [each.asset_id for each in wanted], laid) else None

    def still_frames(self) -> int:
        """How long a still lasts on the timeline."""
        still = self._preferences.settings.still_seconds
        return round(still * self._session.sequence.rate.fraction)

    def _lay(self, asset_ids: list[str], start: int, landing: Landing) -> None:
        wanted = [Wanted(asset_id) for asset_id in asset_ids]
        self.lay(wanted, start, landing, name="Add clips", push=False)
