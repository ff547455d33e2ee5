"""The blind arena's arithmetic: pairwise votes to net win rates, their spread, and ratings.

Movie Gen's protocol: raters see two outputs of one prompt without names, the majority of each
pair's votes counts, and a difference counts as significant from two standard deviations of
repeated runs on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import stdev
from typing import Literal


class Outcome(IntEnum):
    """What a comparison means for the one on the left."""

    LOSS = -1
    TIE = 0
    WIN = 1


@dataclass(frozen=True, slots=True)
class Vote:
    """One rater's answer on a pair: how `left` did against `right` on `prompt`."""

    prompt: str
    left: str
    right: str
    outcome: Outcome


def majority(votes: Iterable[Vote]) -> list[Vote]:
    """One vote for each prompt and pair: what more raters said than said the opposite.

    Ties among raters are left out of the count; as many wins as losses are a tie. Pairs come in
    the order of their names, whichever side they were shown on.
    """
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for vote in votes:
        left, right = sorted((vote.left, vote.right))
        sums[vote.prompt, left, right] += vote.outcome if left == vote.left else -vote.outcome
    return [
        Vote(prompt, left, right, Outcome((total > 0) - (total < 0)))
        for (prompt, left, right), total in sums.items()
    ]


def net_win_rate(votes: Iterable[Vote], one: str, other: str) -> float:
    """Wins of `one` less its losses against `other`, in percent of all comparisons, -100 to 100.

    Raises:
        ValueError: the two were never compared.
    """
    outcomes = Counter(
        vote.outcome if vote.left == one else Outcome(-vote.outcome)
        for vote in votes
        if {vote.left, vote.right} == {one, other}
    )
    if not outcomes:
        raise ValueError(f"{one} and {other} were never compared")
    return 100 * (outcomes[Outcome.WIN] - outcomes[Outcome.LOSS]) / outcomes.total()


def spread(repeats: Sequence[float]) -> float:
    """Standard deviation of a net win rate over repeated runs, of the sample.

    Raises:
        ValueError: there are fewer than two.
    """
    if len(repeats) < 2:
        raise ValueError("a spread takes two runs or more")
    return stdev(repeats)


def reading(rate: float, sigma: float) -> Literal["significant", "moderate", "on par"]:
    """The paper's words: beyond two standard deviations, beyond one, or neither."""
    if abs(rate) > 2 * sigma:
        return "significant"
    return "moderate" if abs(rate) > sigma else "on par"


def elo(votes: Iterable[Vote], start: float = 1000.0, step: float = 16.0) -> dict[str, float]:
    """Elo ratings after the votes in their order; a tie counts half.

    Each vote moves `step` times the surprise from one to the other, so the mean stays `start`.
    """
    ratings: dict[str, float] = defaultdict(lambda: start)
    for vote in votes:
        expected = 1 / (1 + 10 ** ((ratings[vote.right] - ratings[vote.left]) / 400))
        moved = step * ((vote.outcome + 1) / 2 - expected)
        ratings[vote.left] += moved
        ratings[vote.right] -= moved
    return dict(ratings)
