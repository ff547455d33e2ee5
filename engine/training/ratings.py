"""Choosing training sets from candidates: a person's choices read, and a judge where there is none.

The files are those of engine.protocol.ratings, which the rating screen reads and writes as well.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.protocol.ratings import (
    Candidate,
    Rater,
    Verdict,
    add_choices,
    choice,
    read_candidates,
    read_choices,
)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How many candidates of a source were kept and rejected, and how many wait."""

    kept: int
    rejected: int
    waiting: int

    @property
    def share(self) -> float | None:
        """Kept ones among those decided; None before there is one."""
        decided = self.kept + self.rejected
        return self.kept / decided if decided else None


def kept_candidates(folder: Path, by: Rater | None = None) -> list[Candidate]:
    """The candidates whose last verdict is to keep them, `by` anyone or by one kind of rater.

    Raises:
        BadRatings: the folder cannot be used.
    """
    choices = read_choices(folder)
    keeping = {
        name
        for name, made in choices.items()
        if made.verdict is Verdict.KEEP and by in (None, made.by)
    }
    return [each for each in read_candidates(folder) if each.id in keeping]


def acceptance(folder: Path) -> dict[str, Acceptance]:
    """What became of each source's candidates, by name in the order of the list.

    Raises:
        BadRatings: the folder cannot be used.
    """
    candidates, choices = read_candidates(folder), read_choices(folder)
    counts = {each.source: Counter[Verdict]() for each in candidates}
    for each in candidates:
        made = choices.get(each.id)
        counts[each.source][made.verdict if made else Verdict.OPEN] += 1
    return {
        source: Acceptance(count[Verdict.KEEP], count[Verdict.REJECT], count[Verdict.OPEN])
        for source, count in counts.items()
    }


def judge_choices(
    folder: Path, score: Callable[[Candidate], float], keep_share: float
) -> list[Candidate]:
    """Decide for a person: of the candidates no person has decided on, keep the best share.

    Args:
        score: higher is better; asked once for each of them. NaN is rejected.
        keep_share: in [0, 1]; the number kept is rounded up, ties go to the first by id.

    Returns:
        all kept candidates, a person's included.

    Raises:
        BadRatings: the folder cannot be used.
    """
    if not 0 <= keep_share <= 1:
        raise ValueError(f"keep_share is {keep_share}, and should lie between 0 and 1")
    people = {n for n, made in read_choices(folder).items() if made.by is Rater.PERSON}
    left = [each for each in read_candidates(folder) if each.id not in people]
    scores = {each.id: score(each) for each in left}
    able = [each for each in left if not math.isnan(scores[each.id])]
    best = sorted(able, key=lambda each: (-scores[each.id], each.id))
    keep = {each.id for each in best[: math.ceil(keep_share * len(left))]}
    verdicts = {True: Verdict.KEEP, False: Verdict.REJECT}
    add_choices(folder, [choice(c, verdicts[c.id in keep], Rater.JUDGE) for c in left])
    return kept_candidates(folder)
