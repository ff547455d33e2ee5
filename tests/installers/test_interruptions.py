"""What can come between: a kill, a second set-up, a full disk, no network, no fitting package."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from installers.bootstrap import ensure
from installers.errors import DiskFull, NoBuild, NoNetwork, SetupError
from installers.lock import exclusive
from installers.progress import Progress
from tests.architecture.sources import ROOT
from tests.installers.conftest import PYPROJECT, Checkout, use_index
from tests.installers.wheels import Wheel, write_index

SET_UP = (
    "import sys; from pathlib import Path; from installers.accelerator import Accelerator;"
    "from installers.bootstrap import Setup, ensure;"
    "ensure(Setup(Path(sys.argv[1]), accelerator=Accelerator.CPU, needs=(),"
    " torch_index=sys.argv[2], room_bytes=1))"
)
MANY = 4000


def start(checkout: Checkout) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SET_UP, str(checkout.root), checkout.torch_index]
    return subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


@pytest.fixture
def slow_checkout(checkout: Checkout, packages: Path, tmp_path: Path) -> Checkout:
    """One whose last package has so many files that a kill meets it half-written."""
    files = {f"library/part_{number}.txt": b"whole\n" for number in range(MANY)}
    wheel = Wheel("library", "1.0", files=files).write(tmp_path)
    write_index(packages / "simple", [wheel])
    text = PYPROJECT.replace('"reel>=1"', '"library>=1", "reel>=1"')
    (checkout.root / "pyproject.toml").write_text(text)
    return checkout


def test_a_killed_set_up_is_finished_next_time(slow_checkout: Checkout) -> None:
    process = start(slow_checkout)
    parts = ".venv/lib/python*/site-packages/library/part_*.txt"
    while not any(slow_checkout.root.glob(parts)) and process.poll() is None:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert any(slow_checkout.root.glob(parts))
    assert not slow_checkout.setup().environment.stamp.exists()

    assert "Set-up done" in slow_checkout.ensure()
    assert len(list(slow_checkout.root.glob(parts))) == MANY
    assert slow_checkout.ensure() == ""


def test_a_killed_pip_is_one_sentence_and_finished_next_time(slow_checkout: Checkout) -> None:
    process = start(slow_checkout)
    parts = ".venv/lib/python*/site-packages/library/part_*.txt"
    while not any(slow_checkout.root.glob(parts)) and process.poll() is None:
        time.sleep(0.005)
    (pip,) = psutil.Process(process.pid).children()
    pip.kill()
    said = process.communicate()[1]
    assert "pip was ended by SIGKILL, most likely because memory ran out; close other" in said
    assert "run the same command again" in said.splitlines()[-1]
    assert not slow_checkout.setup().environment.stamp.exists()

    assert "Set-up done" in slow_checkout.ensure()
    assert len(list(slow_checkout.root.glob(parts))) == MANY


def test_a_half_written_package_that_pip_would_trust_is_not_trusted(checkout: Checkout) -> None:
    module = checkout.site_packages / "torch/__init__.py"
    whole = module.read_text()
    module.write_text("")
    (checkout.site_packages / "~orch").mkdir()  # what an upgrade sets aside
    checkout.ensure()
    assert module.read_text() == whole
    assert not (checkout.site_packages / "~orch").exists()


def test_set_ups_at_once_wait_for_each_other_and_end_as_one(checkout: Checkout) -> None:
    with exclusive(checkout.root / ".venv.lock", Progress(io.StringIO())):
        both = [start(checkout), start(checkout)]
        for process in both:
            assert process.stderr is not None
            said = process.stderr.readline()
            assert "Another set-up of this checkout is running" in said
    rest = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Setting up Workprint" in text for text in rest) == 1


def test_without_network_one_sentence_says_so(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_index(monkeypatch, "http://127.0.0.1:9/simple")
    with pytest.raises(NoNetwork, match=r"check the network .* run the same command again"):
        checkout.ensure()


def test_a_package_that_does_not_exist_is_named(checkout: Checkout) -> None:
    (checkout.root / "pyproject.toml").write_text(PYPROJECT.replace("reel", "unreal"))
    with pytest.raises(NoBuild, match=r"index has no unreal>=1 for this Python"):
        checkout.ensure()


def test_too_little_room_is_seen_before_anything_is_made(checkout: Checkout) -> None:
    with pytest.raises(DiskFull, match=r"needs \d+\.\d GB in .* are free; free some space"):
        ensure(replace(checkout.setup(), room_bytes=10**18))
    assert not checkout.setup().environment.stamp.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 60 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False)
    if not mounted or mounted.returncode != 0:
        pytest.skip("mounting a small disk takes root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_fills_up_on_the_way_is_one_sentence(
    checkout: Checkout, begun_environment: Path, packages: Path, small_disk: Path, tmp_path: Path
) -> None:
    ballast = {"ballast/data": bytes(90_000_000)}
    write_index(packages / "simple", [Wheel("ballast", files=ballast).write(tmp_path)])
    (small_disk / "pyproject.toml").write_text(PYPROJECT.replace("reel", "ballast"))
    shutil.copytree(begun_environment, small_disk / ".venv", symlinks=True)
    full = Checkout(small_disk, checkout.torch_index)
    with pytest.raises(DiskFull, match="disk filled up during the set-up; free some space"):
        full.ensure()

    subprocess.run(["mount", "-o", "remount,size=300m", str(small_disk)], check=True)
    assert "Set-up done" in full.ensure()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    checkout: Checkout, small_disk: Path
) -> None:
    (small_disk / "pyproject.toml").write_text(PYPROJECT)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(SetupError, match=r"could not write into .* make that folder yours"):
        Checkout(small_disk, checkout.torch_index).ensure()
