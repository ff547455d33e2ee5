"""What Qt and PortAudio need from a Linux system: looked for, and installed where that is allowed.

Other systems bring these with the Python packages. Nothing here is fatal: an engine without a
screen runs without any of it, so whoever lacks the right to install is told the exact command.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from installers.progress import Progress

FONTS = "a font"


@dataclass(frozen=True, slots=True)
class Need:
    """A shared library, a program or the fonts, and the packages that bring it."""

    what: str
    apt: str
    pacman: str


STUDIO = (
    Need("libEGL.so.1", "libegl1", "libglvnd"),
    Need("libGL.so.1", "libgl1", "libglvnd"),
    Need("libX11.so.6", "libx11-6", "libx11"),
    Need("libX11-xcb.so.1", "libx11-xcb1", "libx11"),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus"),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Need("libfreetype.so.6", "libfreetype6", "freetype2"),
    Need("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Need("libportaudio.so.2", "libportaudio2", "portaudio"),
    Need("libwayland-client.so.0", "libwayland-client0", "wayland"),
    Need("libwayland-cursor.so.0", "libwayland-cursor0", "wayland"),
    Need("libwayland-egl.so.1", "libwayland-egl1", "wayland"),
    Need("libxcb.so.1", "libxcb1", "libxcb"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Need("libxcb-glx.so.0", "libxcb-glx0", "libxcb"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Need("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Need("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    Need("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    Need("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    Need("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    Need("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    Need("libz.so.1", "zlib1g", "zlib"),
    Need(FONTS, "fonts-dejavu-core", "ttf-dejavu"),
)

TESTS = (Need("Xvfb", "xvfb", "xorg-server-xvfb"),)
"""A screen that exists in memory only, on which the tests open the real window."""


def missing(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Those of the needs that this system does not meet; none where they do not apply."""
    if sys.platform != "linux":
        return ()
    return tuple(need for need in needs if not _present(need.what))


def install_command(needs: Iterable[Need]) -> tuple[str, ...]:
    """The command that brings the needs on this system, or () when its manager is unknown."""
    wanted = tuple(needs)
    if shutil.which("apt-get"):
        return ("apt-get", "install", "--yes", "--no-install-recommends", *_names(wanted, "apt"))
    if shutil.which("dnf"):
        return ("dnf", "install", "--assumeyes", *(_capability(need) for need in wanted))
    if shutil.which("zypper"):
        capabilities = (_capability(need) for need in wanted)
        return ("zypper", "--non-interactive", "install", "--capability", *capabilities)
    if shutil.which("pacman"):
        return ("pacman", "-S", "--needed", "--noconfirm", *_names(wanted, "pacman"))
    return ()


def provide(needs: Iterable[Need], progress: Progress) -> None:
    """Install what is missing when that is allowed, else say which command would."""
    absent = missing(needs)
    if not absent:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        progress.say(f"Installing {len(absent)} system packages with apt")
        if apt_install(_names(absent, "apt")):
            _linked_libraries.cache_clear()
            absent = missing(absent)
    if absent:
        progress.say(advice(absent))


def advice(absent: Iterable[Need]) -> str:
    """One sentence that names what is missing and the command that brings it."""
    absent = tuple(absent)
    names = ", ".join(need.what for need in absent)
    command = install_command(absent)
    if not command:
        return f"The window and its sound need {names}; install them with your package manager."
    sudo = () if os.geteuid() == 0 else ("sudo",)
    return f"The window and its sound need {names}; run: {' '.join((*sudo, *command))}"


def apt_install(packages: Iterable[str]) -> bool:
    """Install Debian packages, fetching the package lists if they are missing or out of date."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    wait = ("-o", "DPkg::Lock::Timeout=120")
    install = ("apt-get", *wait, "install", "--yes", "--no-install-recommends", *packages)
    for command in (install, ("apt-get", *wait, "update"), install):
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
            check=False,
        )  # fmt: skip
        if command == install and done.returncode == 0:
            return True
    return False


def _names(needs: Iterable[Need], manager: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(getattr(need, manager) for need in needs))


def _capability(need: Need) -> str:
    """What the RPM systems call it: they can be asked for a library by the library's own name."""
    if ".so." in need.what:
        return f"{need.what}()(64bit)"
    return "dejavu-sans-fonts" if need.what == FONTS else f"*/bin/{need.what}"


def _present(what: str) -> bool:
    if what == FONTS:
        return _has_fonts()
    if ".so." not in what:
        return shutil.which(what) is not None
    linked = _linked_libraries()
    return what.encode() in linked if linked else _loads(what)


@cache
def _linked_libraries() -> frozenset[bytes]:
    """Every name in the dynamic linker's cache: a glance, where loading each would take a while."""
    try:
        entries = Path("/etc/ld.so.cache").read_bytes().split(b"\0")
    except OSError:
        return frozenset()
    return frozenset(entry.rpartition(b"/")[2] for entry in entries)


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _has_fonts() -> bool:
    home = Path.home()
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts",
               home / ".local/share/fonts")  # fmt: skip
    kinds = (".ttf", ".otf", ".ttc", ".pfb")
    return any(file.suffix in kinds for folder in folders for file in folder.rglob("*.*"))
