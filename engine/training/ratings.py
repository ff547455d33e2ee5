"""Choosing training sets from candidates: a person's choices read, and a judge where there is none.

The files are those of engine.protocol.ratings, which the rating screen reads and writes as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.protocol.ratings import (
    Candidate,
    Choice,
    Rater,
    Reason,
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


def decide(folder: Path, good: Mapping[str, tuple[bool, Reason]]) -> set[str]:
    """Names of the candidates to keep: a person's choice where there is one, else the judge's.

    `good` says of each candidate whether the judge keeps it, and for what it would reject it. Its
    choices are written beside the person's; those it made before are left as they are.

    Raises:
        BadRatings: the folder cannot be used.
    """
    made = read_choices(folder)
    left = [each for each in read_candidates(folder) if each.id in good and each.id not in made]
    add_choices(folder, [_judged(each, *good[each.id]) for each in left])
    return {candidate.id for candidate in kept_candidates(folder)}


def _judged(candidate: Candidate, is_kept: bool, fault: Reason) -> Choice:
    if is_kept:
        return choice(candidate, Verdict.KEEP, Rater.JUDGE)
    return choice(candidate, Verdict.REJECT, Rater.JUDGE, [fault])
