"""An editing session as a process of its own, to be killed: `python editing_session.py FILE SEED`.

It prints one line for every step that is done, and only then goes on: what it has printed must be
there when the file is opened again.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from studio.document.errors import EditError  # noqa: E402
from studio.document.file.project_file import ProjectFile  # noqa: E402
from studio.document.history import History  # noqa: E402
from tests.studio.document.actions import VERBS, Action, perform  # noqa: E402


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
        numbers = (chance.randrange(10_000) for _ in range(3))
        action = Action(chance.choice(sorted(VERBS)), *numbers)
        changes = history.apply(action.verb, lambda p: perform(p, action))
    except EditError:
        return None
    return f"{action.verb} {action.a} {action.b} {action.c}" if changes else None


def main() -> None:
    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    with ProjectFile.open(path) as file:
        print("open", flush=True)
        while True:
            done = one_step(file.history, chance)
            if done is not None:
                print(done, flush=True)


if __name__ == "__main__":
    main()
