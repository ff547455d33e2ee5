"""Exchange: cuts from and to other editors, as the window's File menu has them.

    exchange = Exchange(session)
    exchange.import_cut(Path("cut.fcpxml"))     one undoable step, its sequence is opened
    exchange.export_cut(Path("cut.edl"))        the sequence that is looked at

Both work on another thread and say afterwards what the file could not carry.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from studio.document.edits.merge import merge
from studio.document.model.asset import Asset
from studio.document.model.project import Project
from studio.document.time import Rate
from studio.interchange.files import Imported, read, write
from studio.interchange.formats import Format
from studio.media.errors import MediaError
from studio.session.describing import describe
from studio.session.notices import NoticeAction
from studio.session.session import Session

ENDINGS = tuple(each.value for each in Format)
"""The endings of the files that can be read and written."""


def read_cut(source: Path, folder: Path, media_folder: Path, rate: Rate | None = None) -> Imported:
    """Read an exchange file, and the media it names where it is on this disk. Blocks.

    `folder` is where the project lies or is to lie, `media_folder` where media of a bundle goes.
    Raises: InterchangeError.
    """
    found = read(source, folder, media_folder, rate=rate)
    return replace(found, project=examined(found.project, folder))


def examined(project: Project, folder: Path) -> Project:
    """The project, with the truth about media that an exchange file only described. Blocks."""
    return replace(project, assets=tuple(_examined(asset, folder) for asset in project.assets))


def _examined(asset: Asset, folder: Path) -> Asset:
    path = folder / asset.path
    if asset.fingerprint or not path.is_file():
        return asset
    try:
        found = describe(path, folder)
    except MediaError:  # the bin shows it as it shows any file that cannot be read
        return asset
    return replace(
        found,
        id=asset.id,
        name=asset.name,
        path=asset.path,
        start_timecode=asset.start_timecode or found.start_timecode,
        bin=asset.bin,
        colour=asset.colour,
    )


class Exchange:
    """Imports and exports cuts for an open session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def import_cut(self, source: Path, rate: Rate | None = None, into: str = "") -> None:
        """Take the sequences of an exchange file into the project, and open the first of them.

        `rate` is an EDL's, which does not tell its own (the open sequence's). What is new lands
        in the folder `into` of the media bin, in the folders that the file tells of.
        """
        session = self._session
        folder, media = session.folder, session.media_folder
        wanted = rate or session.sequence.rate
        session.notices.info(f"Reading {source.name}…", topic="exchange")
        session.work.run(
            lambda: read_cut(source, folder, media, wanted),
            partial(self._take_in, source, into),
            self._failed,
        )

    def export_cut(self, target: Path, track_id: str | None = None) -> None:
        """Write the open sequence in the format of the target's ending.

        `track_id` is the picture track of an EDL (the lowest with clips).
        """
        session = self._session
        project, folder, sequence_id = session.project, session.folder, session.sequence_id
        session.work.run(
            lambda: write(project, target, folder, sequence_id=sequence_id, track_id=track_id),
            partial(self._written, target),
            self._failed,
        )

    def _take_in(self, source: Path, into: str, read: Imported) -> None:
        session = self._session
        session.notices.clear_topic("exchange")
        known = {sequence.id for sequence in session.project.sequences}
        edit = partial(merge, other=read.project, into=into)
        if not session.apply(f"Import {source.name}", edit):
            return
        new = [each for each in session.project.sequences if each.id not in known]
        session.open_sequence(new[0].id)
        session.footage.look(session.project.assets, session.folder)
        self._tell(f"{source.name} is imported.", read.losses)

    def _written(self, target: Path, losses: tuple[str, ...]) -> None:
        self._tell(f"{target.name} is written.", losses)

    def _tell(self, done: str, losses: tuple[str, ...]) -> None:
        """Say it is done; what the format could not carry is one click away."""
        if not losses:
            self._session.notices.done(done, topic="exchange")
            return
        everything = "\n".join(losses)
        show = NoticeAction("Show all", lambda: self._session.notices.info(everything))
        first = losses[0] if len(losses) == 1 else f"{len(losses)} things do not go along."
        action = show if len(losses) > 1 else None
        self._session.notices.warning(f"{done} {first}", action, topic="exchange")

    def _failed(self, error: Exception) -> None:
        self._session.notices.error(str(error), topic="exchange")
