"""`python -m engine COMMAND …`: the engine's side of main.py. A command is imported when called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

COMMANDS = {
    "serve": "run the engine for studios on this machine or on others",
    "train": "train a model of the pocket cast",
    "curate": "choose from footage what is worth training on",
    "evaluate": "score a model on prompts it never saw",
}

_WAIT_POLICY = "OMP_WAIT_POLICY", "PASSIVE"
"""Threads that wait for each other sleep, as a worker's do.

While they spin, a training beside other work takes three to ten times as long.
"""


def main(argv: list[str]) -> int:
    """Dispatch to engine.commands.NAME; -> the process's exit code."""
    os.environ.setdefault(*_WAIT_POLICY)
    match argv:
        case [name, *rest] if name in COMMANDS:
            return int(import_module(f"engine.commands.{name}").run(rest))
        case ["-h" | "--help"]:
            print(_usage())
            return 0
        case _:
            print(_usage(), file=sys.stderr)
            return 2


def _usage() -> str:
    lines = [f"  {name:<10}{what}" for name, what in COMMANDS.items()]
    return "\n".join(["usage: python -m engine COMMAND …", "", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
