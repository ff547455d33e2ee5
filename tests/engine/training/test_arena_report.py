"""The arena as one uses it: rated folders in, a table of models against each other out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.commands.evaluate import run
from engine.protocol.ratings import (
    Candidate,
    Rater,
    Verdict,
    add_choice,
    choice,
    write_candidates,
)
from engine.training.arena import Outcome, Vote
from engine.training.arena_report import votes_in

K, R = Verdict.KEEP, Verdict.REJECT


def rated(folder: Path, *verdicts: tuple[Verdict, Verdict], by: Rater = Rater.PERSON) -> Path:
    """A folder in which "new" and "old" answer a prompt each time, with what became of both."""
    made: list[tuple[Candidate, Verdict]] = []
    for place, pair in enumerate(verdicts):
        for source, verdict in zip(("new", "old"), pair, strict=True):
            name = f"{source}-{place}"
            candidate = Candidate(id=name, file=f"{name}.png", prompt=f"p{place}", source=source)
            made.append((candidate, verdict))
    write_candidates(folder, [candidate for candidate, _ in made])
    for candidate, verdict in made:
        add_choice(folder, choice(candidate, verdict, by))
    return folder


def figures(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[float | None, str | None]]:
    report = json.loads(capsys.readouterr().out)
    assert report["name"] == "arena"
    return {each["figure"]: (each["value"], each.get("why")) for each in report["figures"]}


def test_what_is_kept_beats_what_is_rejected_on_the_same_prompt(tmp_path: Path) -> None:
    folder = rated(tmp_path, (K, R), (K, K), (R, K))
    assert votes_in(folder) == [
        Vote("p0", "new", "old", Outcome.WIN),
        Vote("p1", "new", "old", Outcome.TIE),
        Vote("p2", "new", "old", Outcome.LOSS),
    ]


def test_the_table_has_rates_their_spread_elo_and_shares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = rated(tmp_path / "first", (K, R), (K, R), (K, R), (R, R))
    second = rated(tmp_path / "second", (K, R), (K, R), (K, K), (K, K))
    assert run(["arena", "--ratings", str(first), str(second), "--json"]) == 0
    told = figures(capsys)
    assert told["net_win_rate new over old"] == (62.5, "significant")
    assert told["spread new over old"][0] == pytest.approx(1250**0.5 / 2)
    new, old = told["elo new"][0], told["elo old"][0]
    assert new is not None
    assert old is not None
    assert new > 1000 > old
    assert new + old == pytest.approx(2000)
    assert told["kept new in first"][0] == 0.75
    assert told["kept old in second"][0] == 0.5
    assert run(["arena", "--ratings", str(first)]) == 0
    shown = capsys.readouterr().out
    assert "net_win_rate new over old 75.000 percent" in shown
    assert "it takes two folders of ratings or more" in shown


def test_what_the_judge_chose_is_no_vote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = rated(tmp_path / "judged", (K, R), by=Rater.JUDGE)
    assert run(["arena", "--ratings", str(folder)]) == 1
    assert "Rate them first: python3 main.py rate" in capsys.readouterr().err
    assert run(["arena", "--ratings", str(tmp_path / "none")]) == 1
    assert "has nothing to rate" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["arena"], ["pocket-video", "--ratings", "x"]])
def test_arena_and_its_folders_go_together(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == 2
    assert "--ratings" in capsys.readouterr().err
