"""The demo's folder: what is there stays until all of the new film is made, then it is replaced."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from studio.commands.outputs import check_place
from studio.document.file.lock import ProjectLock
from studio.document.file.project_file import ProjectFile
from studio.document.model.asset import Asset
from studio.document.model.project import Project
from studio.media.errors import from_os_error
from studio.media.fingerprint import sha256
from studio.session.describing import describe

NAME = "demo"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """demo.workprint, demo.media, demo.mp4 and demo.credits.html in one folder."""

    path: Path

    @property
    def project(self) -> Path:
        """The project file."""
        return self.path / f"{NAME}.workprint"

    @property
    def media(self) -> Path:
        """Generated media, named by hash."""
        return self.path / f"{NAME}.media"

    @property
    def film(self) -> Path:
        """The film."""
        return self.path / f"{NAME}.mp4"

    @property
    def report(self) -> Path:
        """What the export says of the generated shots, beside the film."""
        return self.path / f"{NAME}.credits.html"

    @property
    def unfinished(self) -> Path:
        """Where the film and what the export writes beside it are made."""
        return self.path / f".{NAME}.{os.getpid()}"

    @property
    def unfinished_film(self) -> Path:
        """The film, while it is made."""
        return self.unfinished / self.film.name

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Let the folder be filled; if that fails it is left as it was.

        Raises: CommandError, MediaError where it cannot be written, InUse where a studio has the
        project open.
        """
        made = self._make()
        before = set(self.media.iterdir()) if self.media.is_dir() else set[Path]()
        try:
            check_place(self.film)
            self._check_free()
            self._make_room()
            yield
        except BaseException:
            self._empty(before, made)
            raise
        finally:
            shutil.rmtree(self.unfinished, ignore_errors=True)

    def keep(self, file: Path) -> Asset:
        """A copy of a file in the media folder, named by its hash. Raises: MediaError."""
        name = f"{sha256(file)}{file.suffix}"
        target = self.media / name
        part = self.media / f"{name}.part"
        try:
            self.media.mkdir(exist_ok=True)
            if not target.exists():
                shutil.copyfile(file, part)
                part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise from_os_error(error, target) from error
        return replace(describe(target, self.path), name=file.stem, sha256=target.stem)

    def publish(self, project: Project) -> None:
        """Put the project and the film that was made beside it in place of those before.

        Raises: FileError, MediaError.
        """
        ProjectFile.create(self.project, project, overwrite=True).close()
        made = sorted(self.unfinished.iterdir())
        try:
            self.report.unlink(missing_ok=True)
            for file in made:
                file.replace(self.path / file.name)
        except OSError as error:
            raise from_os_error(error, self.film) from error

    def _make(self) -> bool:
        if self.path.is_dir():
            return False
        try:
            self.path.mkdir(parents=True)
        except OSError as error:
            raise from_os_error(error, self.path) from error
        return True

    def _make_room(self) -> None:
        try:
            self.unfinished.mkdir(exist_ok=True)
        except OSError as error:
            raise from_os_error(error, self.unfinished) from error

    def _check_free(self) -> None:
        """See that no studio has the project open, before any work is done."""
        if self.project.exists():
            ProjectLock.acquire(self.project.resolve()).release()

    def _empty(self, before: set[Path], made: bool) -> None:
        """Take away what was put here since."""
        new = set(self.media.iterdir()) - before if self.media.is_dir() else set[Path]()
        for path in new:
            path.unlink(missing_ok=True)
        shutil.rmtree(self.unfinished, ignore_errors=True)
        with contextlib.suppress(OSError):  # other files are in it
            self.media.rmdir()
        if made:
            with contextlib.suppress(OSError):
                self.path.rmdir()
