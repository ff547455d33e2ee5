"""What every command shares: help, exit codes, progress on a terminal alone, and the log."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.__main__ import COMMANDS
from studio.commands.console import in_columns
from studio.commands.units import size_bytes, size_text, time_text
from tests.engine.running import ROOT
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import alone, command, sentence


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_that_begins_as_a_person_would(name: str) -> None:
    told = alone(name, "--help")
    assert told.code == 0, told.err
    assert f"example:\n  python3 main.py {name} " in told.out


@pytest.mark.parametrize(
    ("arguments", "said", "lines"),
    [
        (("models",), "Say what to do with the models:", ["list", "info", "download", "verify"]),
        (("bench",), "Say what to measure:", ["clip", "document", "engine", "timeline"]),
        (("plan",), "ABILITY is missing. For example:", ["python3 main.py plan text_to_video"]),
        (("export", "film.workprint"), "OUT is missing. For example:", ["python3 main.py export"]),
    ],
)
def test_what_is_left_out_is_asked_for_with_what_there_is(
    arguments: tuple[str, ...], said: str, lines: list[str]
) -> None:
    ended = command(*arguments)
    asked, *shown = ended.err.splitlines()
    assert (ended.code, ended.out, asked) == (2, "", said)
    assert [line for line in lines if not any(each.startswith(f"  {line}") for each in shown)] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bench", "clp"), "Did you mean clip?"),
        (("export", "a.workprint", "a.mp4", "--captions", "x"), "choose from none, burn"),
        (("export", "a.workprint", "a.mp4", "--range", "1"), "--range needs 2 values."),
        (("demo", "--seed"), "--seed needs one value."),
        (("demo", "--clour", "red"), "It does not take --clour red."),
    ],
)
def test_a_slip_is_told_in_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    assert said in sentence(command(*arguments), 2)


def test_progress_is_shown_on_a_terminal_and_cleared(here: Here, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    arguments = ["generate", "text_to_video", "--prompt", "held", "--frames", "20"]
    process = subprocess.Popen(
        [sys.executable, "-m", "studio", *arguments, *map(str, here), "--out", tmp_path / "a.mp4"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        cwd=ROOT,
    )
    os.close(theirs)
    shown = ""
    while "denoising" not in shown:
        shown += os.read(ours, 1 << 16).decode()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    shown += os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert process.returncode == 1
    assert "\r\x1b[KStopped." in shown
    assert out == ""


def test_a_failure_is_kept_in_the_log_with_its_traceback(tmp_path: Path) -> None:
    state = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    out = tmp_path / "nowhere" / "a.mp4"
    ended = alone("generate", "text_to_video", "--prompt", "a", "--out", out, **state)
    sentence(ended, 1)
    log = Path(ended.err.splitlines()[1].removeprefix("Details are in "))
    assert log.is_relative_to(tmp_path)
    assert "Traceback" in log.read_text()


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "Workprint").write_text("in the way")
    out = tmp_path / "nowhere" / "a.mp4"
    ended = alone(
        "generate", "text_to_video", "--prompt", "a", "--out", out, XDG_STATE_HOME=str(tmp_path)
    )
    assert "does not exist" in sentence(ended, 1)
    assert "Details" not in ended.err


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert list(in_columns([("a", "1"), ("bcd", "22")], right=(1,))) == ["a     1", "bcd  22"]


@pytest.mark.parametrize(
    ("text", "size"), [("8GiB", 8 << 30), ("8 gb", 8 << 30), ("512M", 512 << 20), ("1.5k", 1536)]
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert size_bytes(text) == size


def test_sizes_and_times_are_written_as_people_read_them() -> None:
    assert [size_text(n) for n in (0, 2048, 812 << 20, 1 << 40)] == [
        "0 B", "2 KiB", "812 MiB", "1024.0 GiB",
    ]  # fmt: skip
    assert [time_text(s) for s in (0.42, 12.34, 250, 9000)] == [
        "0.42 s", "12.3 s", "4 min 10 s", "2 h 30 min",
    ]  # fmt: skip
