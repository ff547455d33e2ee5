"""Importing: files become assets of the project. Reading them happens on another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from studio.document.edits.assets import relink, relink_paths, with_asset
from studio.document.edits.bins import keep_bins
from studio.document.fingerprint import search
from studio.document.model.asset import Asset
from studio.document.model.project import Project
from studio.document.queries.bins import joined_bin
from studio.media.errors import MediaError, NotMedia
from studio.session.describing import describe, relative_to
from studio.session.notices import NoticeAction
from studio.session.numbered import gathered, is_row
from studio.session.session import Session

FILE_LIMIT = 2000
Imported = Callable[[list[str]], object]
"""Called with the ids of the assets that the files are."""


@dataclass(frozen=True, slots=True)
class _Read:
    assets: tuple[Asset, ...]
    refused: tuple[str, ...]
    rows: tuple[Path, ...] = ()
    into: str = ""


class Importing:
    """Brings files in and finds lost ones again."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def import_files(
        self,
        paths: Iterable[Path],
        then: Imported = lambda _ids: None,
        *,
        rows: bool = True,
        into: str = "",
    ) -> None:
        """Read files, and folders of them, and put them in the media bin as one step.

        With `rows`, numbered pictures come in as one film. They land in the bin's folder `into`,
        those of a folder on the disk in one of its name there; what is known already stays where
        it is.
        """
        wanted = tuple(paths)
        folder = self._session.folder
        if len(wanted) > 1 or any(path.is_dir() for path in wanted):
            self._session.notices.info("Reading the files…", topic="import")
        self._session.work.run(
            lambda: _read(wanted, folder, rows=rows, into=into),
            lambda read: self._take_in(read, then),
            lambda error: self._session.notices.error(str(error), topic="import"),
        )

    def relink_to(self, asset_id: str, path: Path) -> None:
        """Use a file elsewhere for one asset."""
        folder = self._session.folder

        def relinked(found: Asset) -> None:
            edit = partial(relink, asset_id=asset_id, found=found)
            if self._session.apply("Relink footage", edit):
                self.look_again()

        self._session.work.run(
            lambda: describe(path, folder),
            relinked,
            lambda error: self._session.notices.error(str(error), topic="relink"),
        )

    def find_missing(self, folder: Path) -> None:
        """Look for all missing footage in a folder, by its bytes and not by its names."""
        project, home = self._session.project, self._session.folder
        lost = [a for a in project.assets if a.id in self._session.footage.missing]
        self._session.notices.info(f"Looking through {folder.name}…", topic="relink")

        def find() -> dict[str, str]:
            return {key: relative_to(path, home) for key, path in search(folder, lost).items()}

        self._session.work.run(
            find,
            lambda found: self._found(found, len(lost)),
            lambda error: self._session.notices.error(str(error), topic="relink"),
        )

    def look_again(self) -> None:
        """Look which footage is missing now."""
        self._session.footage.look(self._session.project.assets, self._session.folder)

    def _found(self, found: dict[str, str], lost: int) -> None:
        if not found:
            words = "None of the missing footage is in that folder. Choose another one."
            self._session.notices.warning(words, topic="relink")
            return
        if self._session.apply("Relink footage", partial(relink_paths, paths=found)):
            self.look_again()
            left = lost - len(found)
            words = f"Found {len(found)} of {lost} files."
            more = f" {left} still missing." if left else ""
            self._session.notices.done(words + more, topic="relink")

    def _take_in(self, read: _Read, then: Imported) -> None:
        self._session.notices.clear_topic("import")
        ids: list[str] = []

        def edit(project: Project) -> Project:
            ids.clear()
            for asset in read.assets:
                project, asset_id = with_asset(project, asset)
                ids.append(asset_id)
            return keep_bins(project)

        noun = "file" if len(read.assets) == 1 else "files"
        if read.assets and not self._session.apply(f"Import {len(read.assets)} {noun}", edit):
            return
        if read.refused:
            self._tell_refused(read)
        if read.rows:
            self._tell_rows(read.rows, read.into)
        if ids:
            self.look_again()
            then(ids)

    def _tell_rows(self, rows: tuple[Path, ...], into: str) -> None:
        first = rows[0]
        more = f", and {len(rows) - 1} more," if len(rows) > 1 else ""
        files = [each for row in rows for each in _pictures_of(row)]
        action = NoticeAction(
            "Bring in stills too", lambda: self.import_files(files, rows=False, into=into)
        )
        words = f"The numbered pictures {first.name}{more} came in as a film of 25 frames a second."
        self._session.notices.info(words, action, topic="rows")

    def _tell_refused(self, read: _Read) -> None:
        first, count = read.refused[0], len(read.refused)
        more = f" And {count - 1} more could not be read." if count > 1 else ""
        everything = "\n".join(read.refused)
        action = NoticeAction("Show all", lambda: self._session.notices.info(everything))
        self._session.notices.warning(
            f"{first}{more}", action if count > 1 else None, topic="import"
        )


def _read(paths: tuple[Path, ...], folder: Path, *, rows: bool, into: str) -> _Read:
    assets: list[Asset] = []
    refused: list[str] = []
    files = dict(_files(paths))
    homes = {path.parent: home for path, home in files.items()}
    wanted = gathered(files) if rows else list(files)
    for path in wanted[:FILE_LIMIT]:
        home = files.get(path) or homes.get(path.parent)
        try:
            asset = describe(path, folder)
            assets.append(replace(asset, bin=joined_bin(into, home or "")))
        except NotMedia as error:
            if not home:  # in a folder, what is no media is simply passed by
                refused.append(str(error))
        except MediaError as error:
            refused.append(str(error))
    return _Read(tuple(assets), tuple(refused), tuple(filter(is_row, wanted)), into)


def _pictures_of(row: Path) -> tuple[Path, ...]:
    from studio.media.decode.pictures import sequence_files

    return sequence_files(row)


def _files(paths: tuple[Path, ...]) -> list[tuple[Path, str]]:
    """Files to read, and for those of a folder that was chosen the folders they are in, from it."""
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            shown = (each for each in inside if not each.name.startswith("."))
            found.extend((each, _home(each, path)) for each in shown)
        else:
            found.append((path, ""))
    return found


def _home(path: Path, chosen: Path) -> str:
    inner = path.parent.relative_to(chosen).as_posix()
    return joined_bin(chosen.absolute().name, "" if inner == "." else inner)
