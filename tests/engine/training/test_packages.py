"""Training data by package name: checked, unpacked once, and by as many processes as want it."""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from engine.training.packages import EMOJIBASE, DataError, Package, fetch


def _archive(path: Path) -> Package:
    """A package of one file, as npm packs it."""
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("package/data.json")
        member.size = 2
        tar.addfile(member, io.BytesIO(b"[]"))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(EMOJIBASE, name="data", version="1", sha256=sha256)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """A package that a registry's client, a script that takes its time, copies from a folder."""
    found = _archive(tmp_path / "data-1.tgz")
    tools = tmp_path / "tools"
    tools.mkdir()
    npm = tools / "npm"
    npm.write_text(f"#!/bin/sh\n{shutil.which('sleep')} 0.3\n/bin/cp {tmp_path}/data-1.tgz .\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    return found


def test_two_that_fetch_at_once_do_not_disturb_each_other(package: Package, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: fetch(package, cache), range(2))
    assert first == second
    assert (first / "package" / "data.json").read_text() == "[]"
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_a_package_that_changed_is_refused_and_nothing_stays(
    package: Package, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="not the expected"):
        fetch(replace(package, sha256="0" * 64), tmp_path / "cache")
    assert list((tmp_path / "cache" / "training-data").iterdir()) == []
