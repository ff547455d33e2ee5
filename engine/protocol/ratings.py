"""Ratings: generated pictures to choose from, and what was chosen, as two files in one folder.

`candidates.jsonl` is written once, a candidate a line. `choices.jsonl` beside it only grows, a line
for every choice; the last one on a candidate counts. A line that a kill cut short is passed
over. Files are named relative to the folder and lie in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PureWindowsPath
from typing import Final

import msgspec

CANDIDATES: Final = "candidates.jsonl"
CHOICES: Final = "choices.jsonl"


class Verdict(StrEnum):
    """What is to become of a candidate; OPEN takes an earlier choice back."""

    KEEP = "keep"
    REJECT = "reject"
    OPEN = "open"


class Reason(StrEnum):
    """What a candidate is rejected for."""

    OFF_PROMPT = "off-prompt"
    UGLY = "ugly"
    CROPPED = "cropped"
    WRONG_STYLE = "wrong style"
    NO_MOTION = "no motion"


class Rater(StrEnum):
    """Who chose: a person, or the automatic judge that stands in where there is none."""

    PERSON = "person"
    JUDGE = "judge"


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, still or animated, its prompt, and what made it: a teacher's name and a seed."""

    id: str
    file: str
    prompt: str
    source: str
    seed: int = 0


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One choice; `when` is the time in UTC, ISO 8601."""

    id: str
    verdict: Verdict
    by: Rater
    when: str
    reasons: tuple[Reason, ...] = ()


class BadRatings(ValueError):
    """A folder that cannot be rated; the text is a sentence that says why and what to do."""


def choice(
    candidate: Candidate, verdict: Verdict, by: Rater, reasons: Iterable[Reason] = ()
) -> Choice:
    """A choice made now, its reasons in their usual order."""
    given = set(reasons)
    return Choice(
        id=candidate.id,
        verdict=verdict,
        by=by,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        reasons=tuple(reason for reason in Reason if reason in given),
    )


def write_candidates(folder: Path, candidates: Iterable[Candidate]) -> None:
    """Write the list anew; a kill leaves the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{CANDIDATES}.part"
    partial.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in candidates))
    partial.replace(folder / CANDIDATES)


def read_candidates(folder: Path) -> list[Candidate]:
    """The candidates of a folder, in its order.

    Raises: BadRatings when there is no list, or one that cannot be used.
    """
    path = folder / CANDIDATES
    try:
        lines = path.read_bytes().splitlines()
    except OSError as problem:
        raise BadRatings(
            f"{folder} has nothing to rate: {CANDIDATES} cannot be read. Choose a folder of"
            " generated candidates."
        ) from problem
    found: dict[str, Candidate] = {}
    for number, line in enumerate(lines, 1):
        try:
            candidate = msgspec.json.decode(line, type=Candidate)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise BadRatings(f"{path}, line {number}, is not a candidate: {problem}.") from problem
        if not _lies_inside(candidate.file):
            raise BadRatings(f"{path}, line {number}: {candidate.file} is not a file in {folder}.")
        if candidate.id in found:
            raise BadRatings(f"{path}, line {number}: {candidate.id} is there twice.")
        found[candidate.id] = candidate
    if not found:
        raise BadRatings(f"{path} is empty. Generate candidates first.")
    return list(found.values())


def _lies_inside(file: str) -> bool:
    """Whether a name stays in its folder, on any system: the list may come from somewhere else."""
    named = PureWindowsPath(file)
    return bool(named.name) and not named.anchor and ".." not in named.parts


def read_choices(folder: Path) -> dict[str, Choice]:
    """The choice in force on each candidate that has one, by id.

    Raises: BadRatings when there are choices that cannot be read.
    """
    try:
        lines = (folder / CHOICES).read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise BadRatings(
            f"{folder / CHOICES} cannot be read ({problem.strerror}). Make it readable, or move"
            " it away to begin anew."
        ) from problem
    found: dict[str, Choice] = {}
    for line in lines:
        try:
            last = msgspec.json.decode(line, type=Choice)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # cut short by a kill, and never shown as done
        found[last.id] = last
    return {name: each for name, each in found.items() if each.verdict is not Verdict.OPEN}


def add_choice(folder: Path, made: Choice) -> None:
    """Put a choice on disk; once this returns, no kill takes it away.

    Raises: OSError when it cannot be written.
    """
    add_choices(folder, [made])


def add_choices(folder: Path, made: Iterable[Choice]) -> None:
    """Put choices on disk in one go.

    Raises: OSError when they cannot be written.
    """
    with (folder / CHOICES).open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
        is_torn = bool(size) and file.read(1) != b"\n"
        lines = (msgspec.json.encode(each) + b"\n" for each in made)
        file.write((b"\n" if is_torn else b"") + b"".join(lines))
        file.flush()
        os.fsync(file.fileno())
