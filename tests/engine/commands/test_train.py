"""`train`: an earlier run is hours of work, and is never removed without being told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands import train
from engine.commands.recipes import RECIPES

NOTHING = "judge"


class FakeRecipe:
    """Keeps what it finds in its folder, and leaves a checkpoint and a log there."""

    def __init__(self) -> None:
        self.found: list[list[str]] = []

    def __call__(self, minutes: float, work: Path, models: Path, device: str | None) -> None:
        self.found.append(sorted(path.name for path in work.iterdir()))
        (work / "weights.safetensors").write_bytes(b"hours")


@pytest.fixture
def recipe() -> FakeRecipe:
    return FakeRecipe()


def _train(recipe: FakeRecipe, work: Path, *more: str) -> int:
    arguments = [NOTHING, "--minutes", "1", "--device", "cpu", "--work", str(work), *more]
    return train.run(arguments, {NOTHING: recipe})


def _refused(recipe: FakeRecipe, work: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    with pytest.raises(SystemExit) as ended:
        _train(recipe, work, *more)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_an_earlier_run_is_kept_unless_told(
    recipe: FakeRecipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    assert _train(recipe, work) == 0
    said = _refused(recipe, work, capsys)
    assert f"There is an earlier run in {work}" in said
    assert "--resume" in said
    assert "--fresh" in said
    assert (work / "weights.safetensors").read_bytes() == b"hours"
    assert recipe.found == [["log.txt"]]
    log = (work / "log.txt").read_text()
    assert f"{NOTHING}: 1 minutes on cpu, commit " in log, "what was run, and of which program"


def test_a_run_goes_on_or_begins_anew_as_told(recipe: FakeRecipe, tmp_path: Path) -> None:
    for more in ((), ("--resume",), ("--fresh",)):
        assert _train(recipe, tmp_path / "work", *more) == 0
    assert recipe.found == [["log.txt"], ["log.txt", "weights.safetensors"], ["log.txt"]]
    assert (tmp_path / "work/log.txt").read_text().count(NOTHING) == 1, "begun anew, its log too"


def test_both_at_once_is_refused(
    recipe: FakeRecipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Give one." in _refused(recipe, tmp_path / "work", capsys, "--resume", "--fresh")
    assert recipe.found == []


@pytest.mark.parametrize("more", [(), ("--fresh",)])
def test_a_folder_of_other_things_is_left_alone(
    recipe: FakeRecipe, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    (tmp_path / "thesis.txt").write_text("years")
    assert "other things than a training run" in _refused(recipe, tmp_path, capsys, *more)
    assert "is a file" in _refused(recipe, tmp_path / "thesis.txt", capsys, *more)
    assert (tmp_path / "thesis.txt").read_text() == "years"
    assert recipe.found == []


def test_every_recipe_is_explained() -> None:
    assert list(RECIPES) == list(train._MEANINGS)
