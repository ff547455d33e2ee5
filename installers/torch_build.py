"""Chooses the torch build for this machine's accelerator, and proves the choice before a download.

Not a list of what exists: each source is asked in turn what it would install, and the first
answer that suits the accelerator wins. Where the ordinary build brings CUDA along, a machine
without a GPU never even asks for it, since pip may have to fetch a package to tell what is in it.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from installers.accelerator import Accelerator
from installers.errors import NoBuild, NoNetwork
from installers.pip import Package

TORCH = "torch==2.13.0"
"""The one version the project is tested with; later installs are held to it."""

PYTORCH_INDEX = "https://download.pytorch.org/whl"
"""Where PyTorch keeps the builds that the ordinary index has no room for."""

_CUDA_TAGS = ((13, 2), (13, 0), (12, 9), (12, 8), (12, 6))
_ROCM_TAGS = ("rocm7.2", "rocm7.1", "rocm7.0", "rocm6.4")
_MARKED_SYSTEM = re.compile(r"""platform_system\s*==\s*['"](\w+)['"]""")


@dataclass(frozen=True, slots=True)
class Source:
    """A place to ask for torch: what people call it, and pip's arguments that ask there."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Build:
    """A torch that was found to suit an accelerator, and the source that has it."""

    source: Source
    accelerator: Accelerator
    version: str


Plan = Callable[..., Package]
"""Asks pip what one requirement, with these arguments, would be met by."""


def choose(
    accelerator: Accelerator,
    cuda: tuple[int, int] | None,
    plan: Plan,
    index: str = PYTORCH_INDEX,
    system: str = platform.system(),
) -> Build:
    """The first source whose answer suits `accelerator`, else the first that suits the CPU.

    `cuda` is the newest CUDA that the driver runs.

    Raises NoNetwork when a source that might have had it could not be reached, else NoBuild.
    """
    unreachable: list[str] = []
    for kind in dict.fromkeys((accelerator, Accelerator.CPU)):
        for source in _sources(kind, cuda, index, system):
            try:
                found = plan(*source.arguments)
            except NoBuild:
                continue
            except NoNetwork:
                unreachable.append(source.name)
                continue
            if suits(found, kind, system):
                return Build(source, kind, found.version)
    if unreachable:
        raise NoNetwork(unreachable[-1])
    raise NoBuild(
        f"No source has {TORCH} for this Python and system without GPU libraries; use 64-bit "
        "Python 3.11 to 3.13, or name a folder with a CPU wheel of torch in pip's find-links."
    )


def is_current(torch: Package) -> bool:
    """Whether it is the version that this checkout wants, whatever it was built for."""
    return torch.version.partition("+")[0] == TORCH.partition("==")[2]


def suits(torch: Package, accelerator: Accelerator, system: str = platform.system()) -> bool:
    """Whether this torch was built for the accelerator, and for no other one."""
    local = torch.version.partition("+")[2]
    cuda = local.startswith("cu") or any(
        name.startswith(("nvidia-", "cuda-")) and _applies(name, system) for name in torch.requires
    )
    rocm = local.startswith("rocm")
    match accelerator:
        case Accelerator.CUDA:
            return cuda
        case Accelerator.ROCM:
            return rocm
        case Accelerator.MPS | Accelerator.CPU:
            return not (cuda or rocm)


def _applies(requirement: str, system: str) -> bool:
    marked = _MARKED_SYSTEM.search(requirement)
    return marked is None or marked[1] == system


def _sources(
    kind: Accelerator, cuda: tuple[int, int] | None, index: str, system: str
) -> Iterator[Source]:
    """The places to ask, the best first."""
    ordinary = Source("the package index", (TORCH,))
    match kind:
        case Accelerator.CUDA:
            if cuda is None or cuda >= (13, 0):  # the ordinary build asks for CUDA 13
                yield ordinary
            tags = [f"cu{major}{minor}" for major, minor in _CUDA_TAGS if _runs(major, cuda)]
        case Accelerator.ROCM:
            tags = list(_ROCM_TAGS)
        case Accelerator.CPU | Accelerator.MPS if system == "Darwin":
            yield ordinary
            tags = []
        case Accelerator.CPU | Accelerator.MPS:
            # Only builds that call themselves so: the ordinary one may be two gigabytes of CUDA.
            yield Source("the package index", (f"{TORCH}+cpu",))
            tags = ["cpu"]
    for tag in tags:
        yield Source(f"PyTorch's {tag} index", ("--index-url", f"{index}/{tag}", f"{TORCH}+{tag}"))


def _runs(major: int, driver: tuple[int, int] | None) -> bool:
    """A driver runs every build of its own major CUDA version and of older ones."""
    return driver is None or driver[0] >= major
