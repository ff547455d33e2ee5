"""Tiny wheels and a package index made of folders, so that pip does its real work on nothing."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wheel:
    """A distribution to be written: `files` maps paths to contents, besides one small module."""

    name: str
    version: str = "1.0"
    requires: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    def write(self, folder: Path) -> Path:
        """Write the wheel into the folder and return its path."""
        module = self.name.replace("-", "_")
        metadata = f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}\n"
        metadata += "".join(f"Requires-Dist: {requirement}\n" for requirement in self.requires)
        info = f"{module}-{self.version}.dist-info"
        files = {
            f"{module}/__init__.py": f"version = {self.version!r}\n".encode(),
            **self.files,
            f"{info}/METADATA": metadata.encode(),
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        path = folder / f"{module}-{self.version}-py3-none-any.whl"
        return _write_wheel(path, f"{info}/RECORD", files)


def repack(name: str, folder: Path) -> Path:
    """The wheel that an installed distribution came from, as far as pip can tell."""
    distribution = importlib.metadata.distribution(name)
    recorded = [file for file in distribution.files or () if ".." not in file.parts]
    files = {
        str(file): Path(str(file.locate())).read_bytes()
        for file in recorded
        if file.suffix != ".pyc" and file.name not in ("RECORD", "INSTALLER", "REQUESTED")
    }
    path = folder / f"{name}-{distribution.version}-py3-none-any.whl"
    return _write_wheel(path, f"{name}-{distribution.version}.dist-info/RECORD", files)


def write_index(folder: Path, wheels: Iterable[Path]) -> str:
    """Lay out a package index over the wheels and return its address."""
    for wheel in wheels:
        name = re.sub(r"[-_.]+", "-", wheel.name.split("-")[0]).lower()
        page = folder / name / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        with page.open("a", encoding="utf-8") as file:
            file.write(f'<a href="{wheel.as_uri()}">{wheel.name}</a>\n')
    return folder.as_uri()


def _write_wheel(path: Path, record: str, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        rows = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
        archive.writestr(record, "\n".join([*rows, f"{record},,", ""]))
    return path


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
