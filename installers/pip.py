"""Runs the environment's own pip: what it would install, what it does install, why it could not.

The user's pip configuration stays in force, so mirrors, proxies and wheel folders keep working.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from installers.errors import NoBuild, NoNetwork, SetupError, disk_filled_up, was_killed
from installers.progress import Progress

_RECENT = (24, 1)
_UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError"
    r"|Network is unreachable|Temporary failure in name resolution|Failed to establish a new"
    r"|Connection refused|Connection reset|RemoteDisconnected|IncompleteRead|Connection broken"
)
_NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded|not enough space on the disk")
_NO_MATCH = re.compile(r"No matching distribution found for ([^\s(]+)")
_DOWNLOAD = re.compile(r"\s*Downloading (\S+\.whl) \(([\d.]+ [MG]B)\)")
"""Below a megabyte a download is over before it has been read about."""
_RAW = re.compile(r"Progress (\d+) of (\d+)")


@dataclass(frozen=True, slots=True)
class Package:
    """A distribution: its normalised name, its version with any local part, and what it needs."""

    name: str
    version: str
    requires: tuple[str, ...] = ()


class Pip:
    """pip of one environment. `log` receives everything it prints."""

    def __init__(
        self, python: Path, version: str, log: Path, scratch: Path, progress: Progress
    ) -> None:
        self._python = python
        self._version = version
        self._log = log
        self._scratch = scratch
        self._progress = progress

    @property
    def is_recent(self) -> bool:
        """Whether it learns what a package needs without fetching it, and counts its downloads."""
        major, minor = self._version.split(".")[:2]
        return (int(major), int(minor)) >= _RECENT

    def plan(self, *arguments: str) -> Package:
        """What would meet the one requirement in the arguments; nothing is installed.

        Raises NoBuild, NoNetwork, or DiskFull when pip could not tell.
        """
        with TemporaryDirectory(dir=self._scratch) as folder:
            report = Path(folder) / "report.json"
            # Without --no-deps pip may fetch gigabytes just to learn what those in turn need.
            dry = ("install", "--dry-run", "--no-deps", "--ignore-installed", "--report")
            self._run(*dry, str(report), *arguments)
            found = json.loads(report.read_text(encoding="utf-8"))["install"][0]["metadata"]
        requires = tuple(found.get("requires_dist", ()))
        return Package(normalise(found["name"]), found["version"], requires)

    def install(self, *arguments: str) -> None:
        """Install, showing each download with its size.

        Raises NoBuild, NoNetwork, DiskFull, or SetupError with pip's own reason.
        """
        raw = ("--progress-bar", "raw") if self.is_recent else ()
        self._run("install", *raw, *arguments)

    def uninstall(self, *names: str) -> None:
        """Remove installed packages."""
        self._run("uninstall", "--yes", *names)

    def _run(self, *arguments: str) -> None:
        output: list[str] = []
        with self._log.open("a", encoding="utf-8") as log, self._start(arguments) as process:
            log.write(f"$ pip {' '.join(arguments)}\n")
            assert process.stdout is not None
            for line in process.stdout:
                if not _RAW.match(line):
                    output.append(line)
                    log.write(line)
                self._show(line.rstrip("\n"))
        if process.returncode < 0:
            raise was_killed(process.returncode)
        if process.returncode != 0:
            raise self._reason("".join(output))

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        hindrances = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER")
        environment = {name: os.environ[name] for name in os.environ if name not in hindrances}
        environment |= {
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",
            "TMPDIR": str(self._scratch),
        }
        return subprocess.Popen(
            [self._python, "-m", "pip", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=environment,
            close_fds=False,  # the set-up's lock lives until a pip that outlived it is done too
        )

    def _show(self, line: str) -> None:
        if match := _RAW.match(line):
            self._progress.advance_download(int(match[1]), int(match[2]))
        elif match := _DOWNLOAD.match(line):
            name, version = match[1].rsplit("/", 1)[-1].split("-")[:2]
            self._progress.begin_download(f"{normalise(name)} {version}", match[2])
        elif line.startswith("Installing collected packages: "):
            self._progress.note(f"writing {line.count(',') + 1} packages to disk")
        elif line.startswith("Collecting "):
            self._progress.note(line.lower())

    def _reason(self, output: str) -> SetupError:
        if _NO_ROOM.search(output):
            return disk_filled_up()
        if _UNREACHABLE.search(output):
            return NoNetwork("the package index")
        if match := _NO_MATCH.search(output):
            return NoBuild(
                f"The package index has no {match[1]} for this Python and system; try another "
                f"Python from 3.11 on, or look into {self._log}."
            )
        if "ResolutionImpossible" in output:
            return SetupError(
                "The packages that pyproject.toml asks for contradict each other, or the torch "
                f"build chosen for this machine; {self._log} says which."
            )
        errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
        detail = errors[-1].removeprefix("ERROR: ").rstrip(".") if errors else "pip failed"
        return SetupError(
            f"The set-up stopped: {detail}; {self._log} has the whole output. When its cause is "
            "mended run the same command again, and it goes on where it stopped."
        )


def normalise(name: str) -> str:
    """A distribution's name in the one spelling that the index uses."""
    return re.sub(r"[-_.]+", "-", name).lower()
