"""The private environment in the checkout: made, found broken and made again, healed.

It does not decide what goes in; it only makes sure that pip has sound ground to work on.
"""

from __future__ import annotations

import csv
import email
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from installers.errors import DiskFull, SetupError, disk_filled_up
from installers.pip import Package, normalise
from installers.progress import size


class Environment:
    """A virtual environment at `folder`; it need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def python(self) -> Path:
        """Its interpreter, whether or not it is there."""
        if os.name == "nt":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Where a finished set-up leaves its note."""
        return self.folder / "workprint.json"

    @property
    def scratch(self) -> Path:
        """Room for pip's unpacking, on the disk whose free space was looked at."""
        return self.folder / "tmp"

    def works(self) -> bool:
        """Whether its interpreter starts, has pip, and is the version it was made with."""
        if not self.python.exists():
            return False
        probe = "import sys, pip; print('.'.join(map(str, sys.version_info[:2])))"
        found = subprocess.run(
            [self.python, "-c", probe], capture_output=True, text=True, check=False
        )
        return found.returncode == 0 and self.site_packages(found.stdout.strip()).is_dir()

    def site_packages(self, version: str) -> Path:
        """Where its packages lie, given its Python version as "3.11"."""
        if os.name == "nt":
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python{version}" / "site-packages"

    def packages_folder(self) -> Path:
        """Where its packages lie. Raises SetupError when there is no such place."""
        found = [*self.folder.glob("lib/python*/site-packages"), *self.folder.glob("Lib/site-p*")]
        if not found:
            raise SetupError(f"{self.folder} is damaged; delete it and run the same command again.")
        return found[0]

    def create(self) -> None:
        """Make it anew. Raises SetupError when this Python came without its `venv` parts."""
        shutil.rmtree(self.folder, ignore_errors=True)
        command = [sys.executable, "-m", "venv", str(self.folder)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode == 0:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        if "No space left" in made.stdout + made.stderr:
            raise disk_filled_up()
        reason = (made.stderr or made.stdout).strip().splitlines()
        raise SetupError(
            f"Python could not make an environment in {self.folder}: "
            f"{reason[-1] if reason else 'no reason given'}."
        )

    def find(self, name: str) -> Package | None:
        """The distribution of that normalised name, if it is installed."""
        for info in self._infos():
            found, _, version = info.name.removesuffix(".dist-info").rpartition("-")
            if normalise(found) == name:
                metadata = email.message_from_bytes((info / "METADATA").read_bytes())
                return Package(name, version, tuple(metadata.get_all("Requires-Dist", ())))
        return None

    def heal(self) -> tuple[str, ...]:
        """Forget distributions that an interrupted pip left half-written, and return their names.

        pip trusts a distribution whose metadata is there, so the metadata of a damaged one goes.
        """
        site = self.packages_folder()
        for leftover in site.glob("~*"):  # what pip had set aside during an upgrade
            shutil.rmtree(leftover, ignore_errors=True)
        damaged = [info for info in self._infos() if not _complete(info)]
        for info in damaged:
            shutil.rmtree(info)
        return tuple(info.name.removesuffix(".dist-info") for info in damaged)

    def let_import(self, root: Path) -> None:
        """Make the checkout's packages importable from any folder."""
        (self.packages_folder() / "workprint.pth").write_text(f"{root}\n", encoding="utf-8")

    def require_room(self, needed_bytes: int) -> None:
        """Raise DiskFull unless what is still to come fits on the disk."""
        present = sum(
            file.stat(follow_symlinks=False).st_size
            for file in self.folder.rglob("*")
            if file.is_file()
        )
        missing = needed_bytes - present
        free = shutil.disk_usage(self.folder.parent).free
        if free < missing:
            raise DiskFull(
                f"The set-up needs {size(missing)} in {self.folder.parent} and {size(free)} are "
                "free; free some space and run the same command again."
            )

    def _infos(self) -> tuple[Path, ...]:
        return tuple(self.packages_folder().glob("*.dist-info"))


def _complete(info: Path) -> bool:
    """Whether every file in the distribution's own list is there in its full size."""
    record = info / "RECORD"
    if not (info / "METADATA").is_file() or not record.is_file():
        return False
    with record.open(newline="", encoding="utf-8") as rows:
        for row in csv.reader(rows):
            if len(row) != 3 or not row[2] or row[0].endswith(".pyc"):
                continue
            file = info.parent / row[0]
            if not file.is_file() or file.stat().st_size != int(row[2]):
                return False
    return True


def lacks_venv() -> bool:
    """Whether this Python came without what makes environments, as Debian's does."""
    folder = Path(sysconfig.get_path("stdlib")) / "ensurepip"
    return not (folder / "__init__.py").is_file()
