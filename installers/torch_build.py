"""Chooses the torch build for this machine's accelerator, and proves the choice before a download.

Not a list of what exists: each source is asked in turn what it would install, and the first
answer that suits the accelerator wins. Without a GPU no answer that brings CUDA along is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from installers.accelerator import Accelerator
from installers.errors import NoBuild, SetupError
from installers.pip import Package, version_of

TORCH = "torch==2.13.0"
"""The one version the project is tested with; later installs are held to it."""

PYTORCH_INDEX = "https://download.pytorch.org/whl"
"""Where PyTorch keeps the builds that the ordinary index has no room for."""

_CUDA_TAGS = ((13, 2), (13, 0), (12, 9), (12, 8), (12, 6))
_ROCM_TAGS = ("rocm7.2", "rocm7.1", "rocm7.0", "rocm6.4")


@dataclass(frozen=True, slots=True)
class Build:
    """One source of torch and what it answered it would install."""

    source: str
    arguments: tuple[str, ...]
    accelerator: Accelerator

    @property
    def requirement(self) -> tuple[str, ...]:
        """Arguments of `pip install` that bring this build."""
        return (*self.arguments, TORCH)


def choose(
    accelerator: Accelerator,
    cuda: tuple[int, int] | None,
    plan: Callable[..., tuple[Package, ...]],
    index: str = PYTORCH_INDEX,
) -> Build:
    """The first source whose answer suits `accelerator`, else the first that suits the CPU.

    `cuda` is the newest CUDA the driver runs, `plan` asks pip what arguments would install.

    Raises SetupError when no source has a build that fits.
    """
    wanted = [accelerator] if accelerator is Accelerator.CPU else [accelerator, Accelerator.CPU]
    failures: list[SetupError] = []
    for kind in wanted:
        for source, arguments in _sources(kind, cuda, index):
            try:
                packages = plan(*arguments, TORCH)
            except SetupError as error:
                failures.append(error)
                continue
            if suits(packages, kind):
                return Build(source, arguments, kind)
    if failures and not all(isinstance(failure, NoBuild) for failure in failures):
        raise next(failure for failure in failures if not isinstance(failure, NoBuild))
    raise NoBuild(
        f"No source has {TORCH} for this Python and system without GPU libraries; use 64-bit "
        "Python 3.11 to 3.13, or name a folder with a CPU wheel of torch in pip's find-links."
    )


def is_current(packages: Iterable[Package]) -> bool:
    """Whether the torch among these packages is the version that this checkout wants."""
    return version_of("torch", packages).partition("+")[0] == TORCH.partition("==")[2]


def suits(packages: Iterable[Package], accelerator: Accelerator) -> bool:
    """Whether these packages hold a torch for the accelerator, and nothing for another one."""
    found = {package.name: package.version for package in packages}
    if "torch" not in found:
        return False
    local = found["torch"].partition("+")[2]
    cuda = local.startswith("cu") or any(name.startswith("nvidia-") for name in found)
    rocm = local.startswith("rocm")
    match accelerator:
        case Accelerator.CUDA:
            return cuda
        case Accelerator.ROCM:
            return rocm
        case Accelerator.MPS | Accelerator.CPU:
            return not (cuda or rocm)


def _sources(
    kind: Accelerator, cuda: tuple[int, int] | None, index: str
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """(What to call it, pip's arguments) of each place to ask, the best first."""
    ordinary = ("the package index", ())
    match kind:
        case Accelerator.CUDA:
            if cuda is None or cuda >= (13, 0):  # the ordinary build asks for CUDA 13
                yield ordinary
            tags = [f"cu{major}{minor}" for major, minor in _CUDA_TAGS if _runs(major, cuda)]
        case Accelerator.ROCM:
            tags = list(_ROCM_TAGS)
        case Accelerator.CPU:
            yield ordinary
            tags = ["cpu"]
        case Accelerator.MPS:
            yield ordinary
            tags = []
    for tag in tags:
        yield f"PyTorch's {tag} index", ("--index-url", f"{index}/{tag}")


def _runs(major: int, driver: tuple[int, int] | None) -> bool:
    """A driver runs every build of its own major CUDA version and of older ones."""
    return driver is None or driver[0] >= major
