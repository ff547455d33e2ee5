"""What blind ratings say of the models that were rated against each other.

Two candidates of one prompt from different sources are a comparison: kept beats rejected, alike is
a tie. Whoever rates sees neither source, in an order drawn by hash. Each folder of ratings is one
run of the comparison, and the spread is that between folders. Only what people chose is counted.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.protocol.ratings import (
    BadRatings,
    Candidate,
    Rater,
    Verdict,
    read_candidates,
    read_choices,
)
from engine.training.arena import Outcome, Vote, elo, majority, net_win_rate, reading, spread
from engine.training.evaluation import Score
from engine.training.ratings import acceptance


def votes_in(folder: Path) -> list[Vote]:
    """One vote for each prompt and pair of sources that people have decided on.

    Raises:
        BadRatings: the folder cannot be used.
    """
    kept = {
        name: made.verdict is Verdict.KEEP
        for name, made in read_choices(folder).items()
        if made.by is Rater.PERSON
    }
    decided: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in read_candidates(folder):
        if candidate.id in kept:
            decided[candidate.prompt].append(candidate)
    return majority(
        Vote(prompt, left.source, right.source, Outcome(kept[left.id] - kept[right.id]))
        for prompt, alike in decided.items()
        for left, right in itertools.combinations(alike, 2)
        if left.source != right.source
    )


def arena(folders: Sequence[Path]) -> Iterator[Score]:
    """Net win rate of every two sources, its spread over the folders, Elo, and shares kept.

    Raises:
        BadRatings: a folder cannot be used, or no two sources were rated on one prompt.
    """
    runs = [votes_in(folder) for folder in folders]
    votes = [vote for run in runs for vote in run]
    if not votes:
        raise BadRatings(
            "No two sources have been rated on the same prompt. Rate them first:"
            f" python3 main.py rate {folders[0]}"
        )
    for one, other in sorted({(vote.left, vote.right) for vote in votes}):
        yield from _against(one, other, votes, runs)
    for source, rating in sorted(elo(votes).items()):
        yield Score(f"elo {source}", rating, "points")
    for folder in folders:
        for source, counts in acceptance(folder).items():
            why = "" if counts.share is not None else "none of them has been rated"
            yield Score(f"kept {source} in {folder.name}", counts.share, "share", why=why)


def _against(
    one: str, other: str, votes: Sequence[Vote], runs: Sequence[Sequence[Vote]]
) -> Iterator[Score]:
    rates = [
        net_win_rate(run, one, other)
        for run in runs
        if any((vote.left, vote.right) == (one, other) for vote in run)
    ]
    rate = net_win_rate(votes, one, other)
    sigma = spread(rates) if len(rates) > 1 else None
    said = "" if sigma is None else reading(rate, sigma)
    yield Score(f"net_win_rate {one} over {other}", rate, "percent", why=said)
    missing = "" if sigma is not None else "it takes two folders of ratings or more"
    yield Score(f"spread {one} over {other}", sigma, "percent", why=missing)
