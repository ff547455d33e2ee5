"""What ends a set-up: one sentence that says what happened and what to do next."""

from __future__ import annotations


class SetupError(Exception):
    """The set-up cannot go on. Its text is the whole message that a person sees."""


class NoNetwork(SetupError):
    """The package index could not be reached."""


class NoBuild(SetupError):
    """The package index was reached, and has no build that fits this machine."""


class DiskFull(SetupError):
    """There is too little room, found before the set-up or in the middle of it."""


def disk_filled_up() -> DiskFull:
    """What to raise when a write ran out of room, whoever it was that wrote."""
    return DiskFull(
        "The disk filled up during the set-up; free some space and run the same command again, "
        "and it goes on where it stopped."
    )
