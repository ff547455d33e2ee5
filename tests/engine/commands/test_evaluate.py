"""The evaluate command: what it refuses, and all suites in one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.commands.evaluate import SUITES, run


def test_all_suites_say_why_they_could_not_be_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["all", "--models", str(tmp_path), "--clips", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["name"] == "all"
    told = {figure["figure"].split("/")[0]: figure for figure in report["figures"]}
    assert set(told) == {name for name in SUITES if name.startswith("pocket-")}
    assert all(figure["value"] is None and figure["why"] for figure in told.values())


def test_one_sheet_does_not_show_all_suites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["all", "--sheet", str(tmp_path / "sheet.jpg")])
    assert ended.value.code == 2
    assert "one suite" in capsys.readouterr().err
