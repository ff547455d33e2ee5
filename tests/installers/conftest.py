"""A checkout in a temporary folder, and an index beside it that serves it tiny packages."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from installers.accelerator import Accelerator
from installers.bootstrap import Setup, ensure
from installers.progress import Progress
from tests.installers.wheels import Wheel, repack, write_index

PYPROJECT = """\
[project]
name = "small"
version = "1"
dependencies = ["reel>=1", "torch>=2.13"]

[project.optional-dependencies]
test = ["gauge>=1"]
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A small project and the settings of a set-up that touches nothing outside its folder."""

    root: Path
    torch_index: str

    def setup(self, *extras: str, accelerator: Accelerator = Accelerator.CPU) -> Setup:
        return Setup(
            self.root,
            extras=extras,
            accelerator=accelerator,
            needs=(),
            torch_index=self.torch_index,
            room_bytes=1_000_000,
        )

    def ensure(self, *extras: str, accelerator: Accelerator = Accelerator.CPU) -> str:
        """Set up and return what a person would have read meanwhile."""
        said = io.StringIO()
        ensure(self.setup(*extras, accelerator=accelerator), Progress(said))
        return said.getvalue()

    @property
    def site_packages(self) -> Path:
        return next(self.root.glob(".venv/lib/python*/site-packages"))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose ordinary torch brings CUDA along, and PyTorch's own with a build for each."""
    folder = tmp_path_factory.mktemp("packages")
    cuda = Wheel("torch", "2.13.0", requires=("nvidia-cublas",))
    ordinary = [cuda, Wheel("nvidia-cublas"), Wheel("reel", "1.2"), Wheel("gauge")]
    write_index(folder / "simple", [repack("pip", folder), *(w.write(folder) for w in ordinary)])
    for tag in ("cpu", "cu126", "rocm7.0"):
        build = Wheel("torch", f"2.13.0+{tag}").write(folder)
        write_index(folder / "whl" / tag, [build])
    return folder


@pytest.fixture
def bare_checkout(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    use_index(monkeypatch, (packages / "simple").as_uri())
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT)
    return Checkout(root, (packages / "whl").as_uri())


@pytest.fixture(scope="module")
def begun_environment(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment as an unfinished set-up leaves it: with a recent pip, and torch."""
    folder = tmp_path_factory.mktemp("begun")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site_packages = next(folder.glob("lib/python*/site-packages"))
    for wheel in (*packages.glob("pip-*.whl"), *packages.glob("torch-*cpu*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site_packages)
    subprocess.run([folder / "bin/python", "-m", "compileall", "-q", site_packages], check=True)
    return folder


@pytest.fixture
def checkout(bare_checkout: Checkout, begun_environment: Path) -> Checkout:
    shutil.copytree(begun_environment, bare_checkout.root / ".venv", symlinks=True)
    return bare_checkout


def use_index(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let pip know this index and nothing of the machine's own configuration."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", address)
    monkeypatch.setenv("PIP_RETRIES", "1")
