"""An editing session in a process of its own, to be killed.

It writes one line for every step that is done, and only then goes on: what it has written must be
there when the file is opened again.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from studio.document.errors import EditError
from studio.document.file.project_file import ProjectFile
from studio.document.history import History
from tests.studio.document.actions import VERBS, Action, perform


def one_step(history: History, chance: random.Random) -> str | None:
    """Do, undo or redo something; what was done, None when it could not be."""
    what = chance.random()
    try:
        if what < 0.15:
            history.undo()
            return "undo"
        if what < 0.25:
            history.redo()
            return "redo"
        a, b, c = (chance.randrange(10_000) for _ in range(3))
        action = Action(chance.choice(sorted(VERBS)), a, b, c)
        changes = history.apply(action.verb, lambda p: perform(p, action))
    except EditError:
        return None
    return action.verb if changes else None


def run_session(path: Path, seed: int, writer: int) -> None:
    """Edit a file until killed, telling a pipe of every step."""
    chance = random.Random(seed)
    with ProjectFile.open(path) as file:
        os.write(writer, b"open\n")
        while True:
            done = one_step(file.history, chance)
            if done is not None:
                os.write(writer, f"{done}\n".encode())
