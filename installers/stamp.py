"""The note a finished set-up leaves behind, so that the next start has nothing to look into.

It holds what the environment was made from, in words; a difference in any of it means work to do.
"""

from __future__ import annotations

import json
import os
import platform
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from installers.accelerator import Accelerator
from installers.torch_build import TORCH

CORE = "workprint"
"""The name under which a stamp keeps the requirements that every command needs."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an environment was made from. `python` is the interpreter's file behind all links."""

    checkout: str
    python: str
    platform: str
    accelerator: str
    torch: str
    requirements: dict[str, list[str]]

    @property
    def extras(self) -> tuple[str, ...]:
        """The optional groups."""
        return tuple(group for group in self.requirements if group != CORE)

    def covers(self, wanted: Stamp) -> bool:
        """Whether an environment made from this has all that `wanted` asks for."""
        rest = replace(self, requirements=wanted.requirements)
        return rest == wanted and all(
            self.requirements.get(group) == lines for group, lines in wanted.requirements.items()
        )


def wanted(root: Path, python: Path, accelerator: Accelerator, extras: tuple[str, ...]) -> Stamp:
    """What the checkout asks for today, with the optional groups in `extras`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {CORE: project["dependencies"]}
    optional = project.get("optional-dependencies", {})
    groups |= {extra: optional[extra] for extra in extras}
    return Stamp(
        checkout=str(root),
        python=os.path.realpath(python),
        platform=f"{platform.system()}-{platform.machine()}".lower(),
        accelerator=accelerator.value,
        torch=TORCH,
        requirements=groups,
    )


def read(path: Path) -> Stamp | None:
    """The stamp at `path`, or None when there is none that this version understands."""
    try:
        return Stamp(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write(path: Path, stamp: Stamp) -> None:
    """Put the stamp in place at once and whole."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(stamp), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
