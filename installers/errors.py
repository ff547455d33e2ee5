"""What ends a set-up: one sentence that says what happened and what to do next."""

from __future__ import annotations

import signal


class SetupError(Exception):
    """The set-up cannot go on. Its text is the whole message that a person sees."""


class NoNetwork(SetupError):
    """A package index could not be reached."""

    def __init__(self, place: str) -> None:
        """`place` is what people call the index."""
        super().__init__(
            f"{place[0].upper()}{place[1:]} could not be reached; check the network (or pip's "
            "proxy and index settings) and run the same command again, and it goes on where it "
            "stopped."
        )


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


def was_killed(code: int) -> SetupError:
    """What to raise when the system or a person ended pip; `code` is its negative exit code."""
    known = -code in set(signal.Signals)
    name = signal.Signals(-code).name if known else f"signal {-code}"
    likely = name == "SIGKILL"
    next_step = ", most likely because memory ran out; close other programs and" if likely else ";"
    return SetupError(
        f"The set-up stopped because pip was ended by {name}{next_step} run the same command "
        "again, and it goes on where it stopped."
    )
