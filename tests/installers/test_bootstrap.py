"""The set-up from an empty checkout: what it puts there, and what it leaves alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installers.accelerator import Accelerator
from installers.errors import SetupError
from tests.architecture.sources import ROOT
from tests.installers.conftest import PYPROJECT, Checkout
from tests.installers.wheels import Wheel, write_index

START_WATCHED = (
    "import sys\n"
    "watched = ('subprocess.Popen', 'os.posix_spawn', 'os.system', 'socket.connect')\n"
    "sys.addaudithook(lambda event, _: sys.exit(event) if event in watched else None)\n"
    "from pathlib import Path\n"
    "from installers.accelerator import Accelerator\n"
    "from installers.bootstrap import Setup, ensure\n"
    "print(ensure(Setup(Path(sys.argv[1]), accelerator=Accelerator.CPU)))\n"
)


def installed(checkout: Checkout) -> set[str]:
    infos = checkout.site_packages.glob("*.dist-info")
    names = {info.name.removesuffix(".dist-info") for info in infos}
    return {name for name in names if not name.startswith(("pip-", "setuptools-"))}


def snapshot(folder: Path) -> dict[Path, tuple[int, int]]:
    stats = ((file, file.lstat()) for file in folder.rglob("*"))
    return {file: (found.st_mtime_ns, found.st_size) for file, found in stats}


def test_from_a_broken_environment_to_running(bare_checkout: Checkout, tmp_path: Path) -> None:
    broken = bare_checkout.root / ".venv"
    (broken / "bin").mkdir(parents=True)
    (broken / "bin/python").symlink_to(tmp_path / "uninstalled-python")
    (broken / "relic").write_text("of the environment that broke")
    said = bare_checkout.ensure()

    # The ordinary index's torch brings CUDA, and this machine is said to have none.
    assert installed(bare_checkout) == {"torch-2.13.0+cpu", "reel-1.2"}
    assert "Installing torch 2.13.0+cpu from PyTorch's cpu index" in said
    assert said.endswith("Set-up done\n")
    assert not (broken / "relic").exists()
    assert not (broken / "tmp").exists()

    # The checkout's own packages can be imported from anywhere.
    (bare_checkout.root / "scene.py").write_text("take = 3\n")
    python = bare_checkout.setup().environment.python
    code = [python, "-P", "-c", "import scene, reel; print(scene.take, reel.version)"]
    run = subprocess.run(code, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == "3 1.2\n"


def test_a_second_start_changes_nothing_and_runs_nothing(checkout: Checkout) -> None:
    checkout.ensure()
    before = snapshot(checkout.root)
    run = subprocess.run(
        [sys.executable, "-c", START_WATCHED, str(checkout.root)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.strip() == str(checkout.setup().environment.python)
    assert snapshot(checkout.root) == before


def test_an_optional_group_comes_and_stays(checkout: Checkout) -> None:
    checkout.ensure("test")
    assert installed(checkout) == {"torch-2.13.0+cpu", "reel-1.2", "gauge-1.0"}
    assert checkout.ensure() == ""
    (checkout.root / "pyproject.toml").write_text(PYPROJECT.replace("reel>=1", "reel>=1.1"))
    assert "Installing 3 packages" in checkout.ensure()
    assert checkout.ensure("test") == ""


def test_no_package_can_bring_another_torch(
    checkout: Checkout, packages: Path, tmp_path: Path
) -> None:
    newer = [Wheel("torch", "2.14.0"), Wheel("greedy", requires=("torch>=2.14",))]
    write_index(packages / "simple", [wheel.write(tmp_path) for wheel in newer])
    (checkout.root / "pyproject.toml").write_text(PYPROJECT.replace("reel", "greedy"))
    with pytest.raises(SetupError, match=r"contradict each other, or the torch build chosen"):
        checkout.ensure()
    assert installed(checkout) == {"torch-2.13.0+cpu"}


@pytest.mark.slow
def test_a_graphics_card_that_appears_changes_the_build(checkout: Checkout) -> None:
    checkout.ensure()
    said = checkout.ensure(accelerator=Accelerator.ROCM)
    assert installed(checkout) == {"torch-2.13.0+rocm7.0", "reel-1.2"}
    assert "from PyTorch's rocm7.0 index" in said
    assert checkout.ensure(accelerator=Accelerator.ROCM) == ""


def test_an_environment_that_lost_a_part_does_not_pass_for_working(checkout: Checkout) -> None:
    environment = checkout.setup().environment
    assert environment.works()
    (checkout.site_packages / "pip/__init__.py").write_text("raise ImportError")
    assert not environment.works()
    shutil.rmtree(checkout.site_packages)
    assert not environment.works()
    environment.python.unlink()
    assert not environment.works()


def test_a_moved_checkout_is_noticed(checkout: Checkout, tmp_path: Path) -> None:
    checkout.ensure()
    moved = Checkout(checkout.root.rename(tmp_path / "elsewhere"), checkout.torch_index)
    assert moved.ensure().startswith("Setting up Workprint in " + str(tmp_path / "elsewhere"))
    pointer = (moved.site_packages / "workprint.pth").read_text()
    assert pointer == f"{tmp_path / 'elsewhere'}{os.linesep}"
