"""Brings a checkout to where its commands run: `ensure` is called at the start of every one.

When a stamp says that everything is there it returns at once. Otherwise it goes through the
steps below; each looks before it acts, so that a set-up which was killed is finished next time.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from installers import stamp, system_packages, torch_build
from installers.accelerator import Accelerator, cuda_version, detect
from installers.environment import Environment, lacks_venv
from installers.errors import NoBuild, SetupError, disk_filled_up
from installers.lock import exclusive
from installers.pip import Package, Pip
from installers.progress import Progress
from installers.system_packages import Need

_GB = 1_000_000_000
_ROOM_BYTES = {
    Accelerator.CPU: 3 * _GB,
    Accelerator.MPS: 3 * _GB,
    Accelerator.CUDA: 11 * _GB,
    Accelerator.ROCM: 20 * _GB,
}
"""What the finished environment takes, with the room that unpacking needs on the way."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What to set up, and for which machine: this one unless something else is said."""

    root: Path
    extras: tuple[str, ...] = ()
    accelerator: Accelerator = field(default_factory=detect)
    needs: tuple[Need, ...] = system_packages.STUDIO
    torch_index: str = torch_build.PYTORCH_INDEX
    room_bytes: int | None = None

    @property
    def environment(self) -> Environment:
        """The private environment in the checkout."""
        return Environment(self.root / ".venv")

    @property
    def wanted(self) -> stamp.Stamp:
        """What a finished set-up of this would have noted."""
        python = self.environment.python
        return stamp.wanted(self.root, python, self.accelerator, self.extras)


def ensure(setup: Setup, progress: Progress | None = None) -> Path:
    """The environment's interpreter, after everything that it needs has been put in place.

    Raises SetupError with the one sentence to show when that cannot be done.
    """
    progress = progress or Progress()
    if _finished(setup):
        system_packages.provide(setup.needs, progress)
        return setup.environment.python
    try:
        with exclusive(setup.root / ".venv.lock", progress):
            if not _finished(setup):  # the set-up that held the lock may have done it all
                _set_up(setup, progress)
    except OSError as error:
        raise _could_not_write(error, setup.root) from error
    return setup.environment.python


def _finished(setup: Setup) -> bool:
    noted = stamp.read(setup.environment.stamp)
    return noted is not None and setup.environment.python.exists() and noted.covers(setup.wanted)


def _could_not_write(error: OSError, root: Path) -> SetupError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_filled_up()
    return SetupError(
        f"The set-up could not write into {root} ({error.strerror}); make that folder yours, or "
        "use a copy of it that is, and run the same command again."
    )


def _set_up(setup: Setup, progress: Progress) -> None:
    environment = setup.environment
    progress.say(f"Setting up Workprint in {environment.folder}")
    environment.require_room(setup.room_bytes or _ROOM_BYTES[setup.accelerator])
    system_packages.provide(setup.needs, progress)
    before = stamp.read(environment.stamp)
    environment.stamp.unlink(missing_ok=True)
    if not environment.works():
        _make_environment(environment, progress)
    environment.heal()
    shutil.rmtree(environment.scratch, ignore_errors=True)
    environment.scratch.mkdir()
    pip = _recent_pip(environment, progress)
    torch = _install_torch(setup, pip, progress)
    done = _install_requirements(setup, before, torch, pip, progress)
    environment.let_import(setup.root)
    shutil.rmtree(environment.scratch)
    stamp.write(environment.stamp, done)
    progress.say("Set-up done")


def _make_environment(environment: Environment, progress: Progress) -> None:
    if lacks_venv():
        _provide_venv(progress)
    progress.note("making the environment")
    environment.create()


def _provide_venv(progress: Progress) -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    if shutil.which("apt-get") and os.geteuid() == 0:
        progress.say(f"Installing {package} with apt")
        if system_packages.apt_install([package]) and not lacks_venv():
            return
    raise SetupError(
        f"This Python came without its venv module; run: sudo apt-get install {package} "
        "(or use a Python from python.org), then the same command again."
    )


def _recent_pip(environment: Environment, progress: Progress) -> Pip:
    """The environment's pip, renewed if it is old; a folder of wheels may well hold no newer."""
    pip = _pip_of(environment, progress)
    if pip.is_recent:
        return pip
    with contextlib.suppress(NoBuild):
        pip.install("--upgrade", "pip")
    return _pip_of(environment, progress)


def _pip_of(environment: Environment, progress: Progress) -> Pip:
    found = environment.find("pip")
    version = found.version if found else "0.0"
    log = environment.folder / "setup.log"
    return Pip(environment.python, version, log, environment.scratch, progress)


def _install_torch(setup: Setup, pip: Pip, progress: Progress) -> str:
    """Put the right build there, unless it is, and return its version."""
    present = setup.environment.find("torch")
    if present and _serves(present, setup.accelerator):
        return present.version
    cuda = cuda_version() if setup.accelerator is Accelerator.CUDA else None
    progress.note("choosing the torch build")
    build = torch_build.choose(setup.accelerator, cuda, pip.plan, setup.torch_index)
    if present and _serves(present, build.accelerator):
        return present.version
    progress.say(f"Installing torch {build.version} from {build.source.name}")
    if build.accelerator is not setup.accelerator:
        progress.say(
            f"  no {setup.accelerator} build was found for this machine's driver, so models will "
            "run on the processor"
        )
    if present:
        pip.uninstall("torch")
    pip.install(*build.source.arguments)
    return build.version


def _serves(torch: Package, accelerator: Accelerator) -> bool:
    return torch_build.is_current(torch) and torch_build.suits(torch, accelerator)


def _install_requirements(
    setup: Setup, before: stamp.Stamp | None, torch: str, pip: Pip, progress: Progress
) -> stamp.Stamp:
    """Install what pyproject.toml asks for around this torch; the stamp says what that was."""
    groups = setup.extras
    if before is not None:  # what an earlier command asked for stays
        groups = tuple(dict.fromkeys((*groups, *before.extras)))
    wanted = stamp.wanted(setup.root, setup.environment.python, setup.accelerator, groups)
    requirements = [line for group in wanted.requirements.values() for line in group]
    constraints = setup.environment.scratch / "constraints.txt"
    constraints.write_text(f"torch=={torch}\n", encoding="utf-8")
    progress.say(f"Installing {len(requirements)} packages and what they need")
    pip.install("--constraint", str(constraints), *requirements)
    return wanted
