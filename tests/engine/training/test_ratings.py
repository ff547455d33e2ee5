"""Ratings on disk: the last choice counts, nothing is lost in a kill, people outrank the judge."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.protocol.ratings import (
    CANDIDATES,
    CHOICES,
    BadRatings,
    Candidate,
    Rater,
    Reason,
    Verdict,
    add_choice,
    choice,
    read_candidates,
    read_choices,
    write_candidates,
)
from engine.training.ratings import Acceptance, acceptance, judge_choices, kept_candidates
from tests.architecture.sources import ROOT


def candidates(count: int) -> list[Candidate]:
    return [
        Candidate(id=f"c{n}", file=f"c{n}.png", prompt=f"a {n}", source="AB"[n % 2], seed=n)
        for n in range(count)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_candidates(tmp_path, candidates(6))
    return tmp_path


def test_the_last_verdict_counts_and_one_taken_back_counts_no_more(folder: Path) -> None:
    one, other, third = read_candidates(folder)[:3]
    reasons = (Reason.CROPPED, Reason.OFF_PROMPT)
    add_choice(folder, choice(one, Verdict.KEEP, Rater.PERSON))
    add_choice(folder, choice(one, Verdict.REJECT, Rater.PERSON, reasons))
    add_choice(folder, choice(other, Verdict.REJECT, Rater.PERSON))
    add_choice(folder, choice(other, Verdict.KEEP, Rater.PERSON))
    add_choice(folder, choice(third, Verdict.KEEP, Rater.PERSON))
    add_choice(folder, choice(third, Verdict.OPEN, Rater.PERSON))
    made = read_choices(folder)
    assert {name: each.verdict for name, each in made.items()} == {
        "c0": Verdict.REJECT,
        "c1": Verdict.KEEP,
    }
    assert made["c0"].reasons == (Reason.OFF_PROMPT, Reason.CROPPED)
    assert kept_candidates(folder) == [other]
    assert acceptance(folder) == {"A": Acceptance(0, 1, 2), "B": Acceptance(1, 0, 2)}
    assert acceptance(folder)["B"].share == 1.0
    assert len((folder / CHOICES).read_text().splitlines()) == 6


@pytest.mark.parametrize("torn", [1, 5, 40])
def test_a_torn_line_costs_neither_what_was_before_nor_what_comes_after(
    torn: int, folder: Path
) -> None:
    one, other, third = read_candidates(folder)[:3]
    for each in (one, other):
        add_choice(folder, choice(each, Verdict.KEEP, Rater.PERSON))
    data = (folder / CHOICES).read_bytes()
    (folder / CHOICES).write_bytes(data[:-torn])
    before = {"c0"} if torn > 1 else {"c0", "c1"}
    assert set(read_choices(folder)) == before
    add_choice(folder, choice(third, Verdict.REJECT, Rater.PERSON))
    assert set(read_choices(folder)) == before | {"c2"}


WRITER = """\
import sys
from pathlib import Path
from engine.protocol.ratings import *
folder = Path(sys.argv[1])
for each in read_candidates(folder):
    add_choice(folder, choice(each, Verdict.KEEP, Rater.PERSON))
    print(each.id, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="no kill -9")
@pytest.mark.parametrize("seed", range(3))
def test_what_was_said_to_be_done_survives_a_kill(seed: int, tmp_path: Path) -> None:
    write_candidates(tmp_path, candidates(5000))
    line = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        wanted = random.Random(seed).randrange(1, 200)
        told = [running.stdout.readline().strip() for _ in range(wanted)]
        running.kill()
        told += running.stdout.read().split()
    assert set(told) <= set(read_choices(tmp_path))


@given(st.lists(st.floats(-5, 5), min_size=6, max_size=6), st.floats(0, 1))
def test_the_judge_keeps_the_best_share(
    tmp_path_factory: pytest.TempPathFactory, scores: list[float], share: float
) -> None:
    folder = tmp_path_factory.mktemp("rated")
    write_candidates(folder, candidates(6))
    kept = judge_choices(folder, lambda each: scores[each.seed], share)
    assert len(kept) == -(-share * 6 // 1)
    rest = [score for n, score in enumerate(scores) if n not in {each.seed for each in kept}]
    assert all(scores[each.seed] >= max(rest, default=-9) for each in kept)
    assert {made.by for made in read_choices(folder).values()} == {Rater.JUDGE}
    assert len(read_choices(folder)) == 6


def test_the_judge_leaves_a_persons_choices_alone(folder: Path) -> None:
    worst, best = read_candidates(folder)[0], read_candidates(folder)[5]
    add_choice(folder, choice(worst, Verdict.KEEP, Rater.PERSON))
    add_choice(folder, choice(best, Verdict.REJECT, Rater.PERSON))
    kept = judge_choices(folder, lambda each: float(each.seed), 0.25)
    assert [each.id for each in kept] == ["c0", "c4"]
    assert [each.id for each in kept_candidates(folder, Rater.PERSON)] == ["c0"]
    with pytest.raises(ValueError, match="between 0 and 1"):
        judge_choices(folder, lambda _each: 0.0, 1.5)


def test_what_cannot_be_scored_is_rejected(folder: Path) -> None:
    assert judge_choices(folder, lambda _each: float("nan"), 1.0) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "has nothing to rate"),
        ("", "is empty"),
        ('{"id": "a"}\n', "line 1, is not a candidate"),
        ('{"id":"a","file":"a.png","prompt":"","source":""}\n' * 2, "line 2: a is there twice"),
        *(
            (f'{{"id":"a","file":"{file}","prompt":"","source":""}}\n', "is not a file in")
            for file in ("../b/a.png", "/etc/a.png", "C:a.png", "x\\\\..\\\\..\\\\a.png", "")
        ),
    ],
)
def test_a_folder_that_cannot_be_rated_says_why(text: str | None, why: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / CANDIDATES).write_text(text)
    with pytest.raises(BadRatings, match=why):
        read_candidates(tmp_path)


def test_choices_that_cannot_be_read_are_not_taken_for_none(folder: Path) -> None:
    (folder / CHOICES).unlink(missing_ok=True)
    (folder / CHOICES).mkdir()
    with pytest.raises(BadRatings, match=r"choices\.jsonl cannot be read"):
        read_choices(folder)
