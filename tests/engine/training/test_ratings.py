"""Ratings on disk: the last choice counts, nothing is lost in a kill, people outrank the judge."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

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
from engine.training.ratings import Acceptance, acceptance, decide, kept_candidates
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


def test_the_judge_decides_where_no_person_has_and_never_twice(folder: Path) -> None:
    first, last = read_candidates(folder)[0], read_candidates(folder)[5]
    add_choice(folder, choice(first, Verdict.KEEP, Rater.PERSON))
    add_choice(folder, choice(last, Verdict.REJECT, Rater.PERSON))
    good = {f"c{n}": (n > 3, Reason.UGLY) for n in range(6)}
    assert decide(folder, good) == {"c0", "c4"}
    assert [each.id for each in kept_candidates(folder, Rater.PERSON)] == ["c0"]
    assert read_choices(folder)["c1"].reasons == (Reason.UGLY,)
    lines = (folder / CHOICES).read_text()
    assert decide(folder, dict.fromkeys(good, (True, Reason.UGLY))) == {"c0", "c4"}
    assert (folder / CHOICES).read_text() == lines


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
