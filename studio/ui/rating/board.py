"""What is rated: candidates in the order they are shown, the choices made, and undo. No Qt."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.protocol.ratings import (
    Candidate,
    Choice,
    Rater,
    Reason,
    Verdict,
    add_choice,
    choice,
    read_candidates,
    read_choices,
)


@dataclass(frozen=True, slots=True)
class Count:
    """How a source's candidates fared."""

    kept: int
    rejected: int
    left: int

    @property
    def accepted(self) -> str:
        """Share kept of those decided, as text; a dash before there is one."""
        decided = self.kept + self.rejected
        return f"{100 * self.kept / decided:.0f} %" if decided else "–"


class RatingBoard:
    """A folder under rating. Every choice is on disk when the method that made it returns.

    Candidates are shown in an order drawn by hash, so that sources mix and nobody rates a whole
    teacher in one mood; the order is the same each time.
    """

    def __init__(self, folder: Path) -> None:
        """Read the folder. Raises: BadRatings when there is nothing in it to rate."""
        self.folder = folder
        self.candidates = sorted(read_candidates(folder), key=_lot)
        self._places = {each.id: place for place, each in enumerate(self.candidates)}
        self._choices = read_choices(folder)
        self._undone: list[tuple[str, Choice | None]] = []

    def choice(self, place: int) -> Choice | None:
        """The choice in force on a candidate."""
        return self._choices.get(self.candidates[place].id)

    def verdict(self, place: int) -> Verdict:
        """What was decided, or OPEN."""
        made = self.choice(place)
        return made.verdict if made else Verdict.OPEN

    def reasons(self, place: int) -> tuple[Reason, ...]:
        """Why it was rejected."""
        made = self.choice(place)
        return made.reasons if made else ()

    def path(self, place: int) -> Path:
        """The picture's file."""
        return self.folder / self.candidates[place].file

    def keep(self, place: int) -> None:
        """Keep a candidate. Raises: OSError when it cannot be written."""
        self._decide(place, Verdict.KEEP, ())

    def reject(self, place: int) -> None:
        """Reject one, for the reasons it may have already. Raises: OSError."""
        self._decide(place, Verdict.REJECT, self.reasons(place))

    def toggle_reason(self, place: int, reason: Reason) -> None:
        """Reject one for a reason, or take the reason back. Raises: OSError."""
        self._decide(place, Verdict.REJECT, set(self.reasons(place)) ^ {reason})

    def undo(self) -> int | None:
        """Take the last choice of this sitting back; -> its place. Raises: OSError."""
        if not self._undone:
            return None
        name, before = self._undone[-1]
        place = self._places[name]
        verdict, reasons, by = Verdict.OPEN, (), Rater.PERSON
        if before is not None:
            verdict, reasons, by = before.verdict, before.reasons, before.by
        self._write(place, choice(self.candidates[place], verdict, by, reasons))
        self._undone.pop()
        return place

    def next_open(self, place: int) -> int | None:
        """The next candidate without a choice, from the one after `place` around to it."""
        count = len(self.candidates)
        around = ((place + step) % count for step in range(1, count + 1))
        return next((each for each in around if self.verdict(each) is Verdict.OPEN), None)

    def by_source(self) -> dict[str, Count]:
        """Counts by source, in the order of their names."""
        counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
        for each in self.candidates:
            made = self._choices.get(each.id)
            counts[each.source][made.verdict if made else Verdict.OPEN] += 1
        return {source: _count(counts[source]) for source in sorted(counts)}

    def _decide(self, place: int, verdict: Verdict, reasons: Iterable[Reason]) -> None:
        before = self.choice(place)
        made = choice(self.candidates[place], verdict, Rater.PERSON, reasons)
        self._write(place, made)
        self._undone.append((made.id, before))

    def _write(self, place: int, made: Choice) -> None:
        add_choice(self.folder, made)
        if made.verdict is Verdict.OPEN:
            self._choices.pop(self.candidates[place].id, None)
        else:
            self._choices[made.id] = made


def _count(verdicts: Counter[Verdict]) -> Count:
    return Count(verdicts[Verdict.KEEP], verdicts[Verdict.REJECT], verdicts[Verdict.OPEN])


def _lot(candidate: Candidate) -> str:
    return hashlib.sha256(candidate.id.encode()).hexdigest()
