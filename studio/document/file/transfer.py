"""Media taken ahead of a copy of a project: the long part of saving on another disk.

    transfer = file.transfer_to(target)
    transfer.run(report)                             on any thread, for as long as it takes
    file.save_copy(target, placed=transfer.placed)   then at once, with what came meanwhile

The project is not touched, and its copy appears only with `save_copy`. What a run that is stopped,
or fails, has brought over is taken away again; what was there before stays.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from studio.document.errors import DiskFull
from studio.document.file.carrying import Home, placed_file, stored_paths
from studio.document.file.connecting import connect_to_read
from studio.document.file.failures import told

Report = Callable[[int, int], None]
"""Called with bytes done and bytes in all, often; what it raises stops the run."""


@dataclass(slots=True)
class Transfer:
    """One run from a project's media folder to that of its copy.

    `placed` are the files that are over already, by those they are copies of or links to.
    """

    project: Path
    old: Home
    new: Home
    placed: dict[Path, Path] = field(default_factory=dict[Path, Path])
    _made: list[Path] = field(default_factory=list[Path])
    _new_folder: bool = False

    def run(self, report: Report) -> None:
        """Bring over every file that the project names, or could name after undo or redo.

        Raises: FileError; whatever `report` raises.
        """
        try:
            with told(self.new.media_folder):
                self._run(report)
        except BaseException:
            self.withdraw()
            raise

    def withdraw(self) -> None:
        """Take away what was brought over."""
        for path in self._made:
            path.unlink(missing_ok=True)
        folder = self.new.media_folder
        if self._new_folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        self._made.clear()
        self.placed.clear()

    def _run(self, report: Report) -> None:
        files = self._files()
        sizes = {path: path.stat().st_size for path in files}
        total, done = sum(sizes.values()), 0
        self._check_room(total)
        self._new_folder = not self.new.media_folder.exists()
        report(done, total)
        for old in files:
            before = done

            def copied(amount: int, before: int = before) -> None:
                report(before + amount, total)

            wanted = self.new.media_folder / old.relative_to(self.old.media_folder)
            target, fresh = placed_file(old, wanted, copied)
            self.placed[old] = target
            if fresh:
                self._made.append(target)
            done += sizes[old]
            report(done, total)

    def _files(self) -> list[Path]:
        """The files of the project's own media folder that are there."""
        if self.old.media_folder == self.new.media_folder:
            return []
        connection = connect_to_read(self.project)
        try:
            named = {self.old.folder / path for path in stored_paths(connection)}
        finally:
            connection.close()
        own = (path for path in named if path.is_relative_to(self.old.media_folder))
        return sorted(path for path in own if path.is_file())

    def _check_room(self, total: int) -> None:
        """Refuse at once what cannot fit; links on the same disk take no room."""
        if self.old.folder.stat().st_dev == self.new.folder.stat().st_dev:
            return
        free = shutil.disk_usage(self.new.folder).free
        if total > free:
            raise DiskFull(
                f"The media of the project is {_gigabytes(total)}, and that disk has "
                f"{_gigabytes(free)} left. Free some space, or choose another disk."
            )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
