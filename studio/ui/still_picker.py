"""Picking stills from the bin, a clip, the playhead or a file: assets named by their bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol, TypeAlias

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from studio.document.errors import EditError
from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import Clip
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import find, sequence_duration
from studio.document.timecode import timecode
from studio.session.cutting_out import CuttingOut
from studio.session.preferences import Preferences
from studio.session.regions import region_writer
from studio.session.reworking import frame_time, subject_of
from studio.session.session import Session
from studio.session.sources import Refused, Sources, Taken, Writer
from studio.ui import file_dialogs as ask
from studio.ui.asset_drag import AssetDrag

FrameTaken: TypeAlias = Callable[[Asset, Fraction], object]
"""Called with a still, and its time in the file that it is of."""


class Screen(Protocol):
    """What shows the film: it writes the frame under the playhead."""

    @property
    def save_frame(self) -> Writer: ...


@dataclass(frozen=True, slots=True)
class _Window:
    """What only stands once the window does."""

    parent: QWidget
    screen: Screen
    chosen_media: Callable[[], list[str]]


class StillPicker:
    """Every way ends in `taken` with a still, or in `refused` with a sentence."""

    def __init__(
        self,
        session: Session,
        sources: Sources,
        preferences: Preferences,
        poster: Callable[[Asset], QPixmap | None],
        cutting: CuttingOut,
    ) -> None:
        self._session = session
        self._sources = sources
        self._preferences = preferences
        self.poster = poster
        self.cutting = cutting
        self._window: _Window | None = None

    def take_window(
        self, parent: QWidget, screen: Screen, chosen_media: Callable[[], list[str]]
    ) -> None:
        """The window stands: dialogs open over it, and its viewer and bin can be asked."""
        self._window = _Window(parent, screen, chosen_media)

    @property
    def chosen_media(self) -> Asset | None:
        """The picture that is selected in the media bin, None when there is not just one."""
        ids = self._window.chosen_media() if self._window is not None else []
        asset = self._session.project.assets_by_id.get(ids[0]) if len(ids) == 1 else None
        return asset if asset is not None and asset.video else None

    def path_of(self, asset: Asset) -> Path:
        """The file of a still that was taken."""
        return self._session.file.media_path(asset)

    @property
    def has_film(self) -> bool:
        """Whether there is a picture under the playhead."""
        sequence = self._session.sequence
        return self._session.transport.position < sequence_duration(sequence)

    @property
    def selected_clip(self) -> str:
        """The picture clip that is selected on the timeline, "" when there is not just one."""
        places = (find(self._session.project, each) for each in self._session.selection.ids)
        found = [place for place in places if place and place.track.kind is TrackKind.VIDEO]
        alone = found[0].item if len(found) == 1 else None
        return alone.id if isinstance(alone, Clip) else ""

    def asset(self, asset: Asset, taken: Taken, refused: Refused) -> None:
        """A still as it is; of a moving picture its first frame."""
        self._at(asset, Fraction(0), taken, refused)

    def dragged(self, drag: AssetDrag, taken: Taken, refused: Refused) -> None:
        """What was dragged here from the bin or the source viewer, at its in point."""
        first = drag.asset_ids[0] if drag.asset_ids else ""
        asset = self._session.project.assets_by_id.get(first)
        if asset is None or not asset.video:
            refused("There is no picture in it. Drop a still or a clip.")
            return
        frames = drag.in_frame or 0
        self._at(asset, frames / asset.video[0].rate.fraction, taken, refused)

    def clip(self, clip_id: str, taken: Taken, refused: Refused) -> None:
        """A clip of the timeline: the frame of it at the playhead, or at the end nearest to it."""
        try:
            missing = self._session.footage.missing
            subject = subject_of(self._session.project, [clip_id], missing, "take a frame from")
        except EditError as refusal:
            refused(str(refusal))
            return
        playhead = self._session.transport.position
        self._at(subject.asset, frame_time(subject, playhead), taken, refused)

    def file_frame(self, clip_id: str, taken: FrameTaken, refused: Refused) -> None:
        """The frame of its file that a clip shows at the playhead, and when in the file that is."""
        try:
            missing = self._session.footage.missing
            subject = subject_of(self._session.project, [clip_id], missing, "draw on")
        except EditError as refusal:
            refused(str(refusal))
            return
        at_s = frame_time(subject, self._session.transport.position)
        self._sources.frame(subject.asset, at_s, lambda still: taken(still, at_s), refused)

    def region(self, outline: str, size: tuple[int, int], taken: Taken, refused: Refused) -> None:
        """The mask of an outline, as a still of a size in pixels."""
        self._sources.rendered(region_writer(outline, size), "Drawn region", taken, refused)

    def playhead(self, taken: Taken, refused: Refused) -> None:
        """The film's frame under the playhead, as it would be exported."""
        if self._window is None or not self.has_film:
            refused("There is no picture under the playhead. Move it over a clip.")
            return
        sequence, position = self._session.sequence, self._session.transport.position
        name = f"Frame at {timecode(position, sequence.rate)}"
        self._sources.rendered(self._window.screen.save_frame, name, taken, refused)

    def file(self, path: Path, taken: Taken, refused: Refused) -> None:
        """A file from the disk."""
        self._sources.file(path, lambda asset: self._still(asset, taken, refused), refused)

    def choose_path(self) -> Path | None:
        """Ask for a file on the disk."""
        if self._window is None:
            return None
        folder = self._preferences.settings.import_folder or str(Path.home())
        path = ask.ask_picture(self._window.parent, folder)
        if path is not None:
            self._preferences.update(import_folder=str(path.parent))
        return path

    def _still(self, asset: Asset, taken: Taken, refused: Refused) -> None:
        if asset.kind is AssetKind.STILL:
            taken(asset)
        elif asset.video:
            self._sources.frame(asset, Fraction(0), taken, refused)
        else:
            refused(f"{asset.name} has no picture. Choose a still or a video.")

    def _at(self, asset: Asset, time: Fraction, taken: Taken, refused: Refused) -> None:
        if asset.kind is AssetKind.STILL:
            self._sources.name(asset, taken, refused)
        else:
            self._sources.frame(asset, time, taken, refused)
