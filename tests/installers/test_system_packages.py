"""Missing system libraries: found, and put into a command that the system at hand understands."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from installers.progress import Progress
from installers.system_packages import FONTS, Need, advice, install_command, missing, provide

NEEDS = (
    Need("libEGL.so.1", "libegl1", "libglvnd"),
    Need("libGL.so.1", "libgl1", "libglvnd"),
    Need(FONTS, "fonts-dejavu-core", "ttf-dejavu"),
)
CAPABILITIES = "libEGL.so.1()(64bit) libGL.so.1()(64bit) dejavu-sans-fonts"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring their own")


def have_only(monkeypatch: pytest.MonkeyPatch, folder: Path, *programs: str) -> None:
    for program in programs:
        (folder / program).write_text("#!/bin/sh\nexit 1\n")
        (folder / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "install --yes --no-install-recommends libegl1 libgl1 fonts-dejavu-core"),
        ("dnf", f"install --assumeyes {CAPABILITIES}"),
        ("zypper", f"--non-interactive install --capability {CAPABILITIES}"),
        ("pacman", "-S --needed --noconfirm libglvnd ttf-dejavu"),
    ],
)
def test_each_system_gets_its_own_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manager: str, command: str
) -> None:
    have_only(monkeypatch, tmp_path, manager)
    assert " ".join(install_command(NEEDS)) == f"{manager} {command}"


def test_an_unknown_system_is_told_the_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    have_only(monkeypatch, tmp_path)
    assert advice(NEEDS[:1]) == (
        "The window and its sound need libEGL.so.1; install them with your package manager."
    )


def test_what_is_there_is_not_missing() -> None:
    absent = Need("libworkprint-nowhere.so.9", "none", "none")
    assert missing((Need("libc.so.6", "libc6", "glibc"), absent)) == (absent,)


def test_a_failed_installation_ends_in_the_command_and_the_program_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    have_only(monkeypatch, tmp_path, "apt-get")
    said = io.StringIO()
    provide((Need("libworkprint-nowhere.so.9", "libworkprint9", "none"),), Progress(said))
    sudo = "" if os.geteuid() == 0 else "sudo "
    assert said.getvalue().splitlines()[-1] == (
        f"The window and its sound need libworkprint-nowhere.so.9; run: {sudo}apt-get install "
        "--yes --no-install-recommends libworkprint9"
    )
