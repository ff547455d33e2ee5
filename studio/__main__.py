"""`python -m studio [COMMAND …]`: the studio's side of main.py. With no command the window opens.

A command is imported when it is called, so that each starts as quickly as it can.
"""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "demo": "studio.commands.demo",
    "generate": "studio.commands.generate",
    "plan": "studio.commands.plan",
    "export": "studio.commands.export",
    "proxies": "studio.commands.proxies",
    "sticker": "studio.commands.sticker",
    "convert": "studio.commands.convert",
    "captions": "studio.commands.captions",
    "conform": "studio.commands.conform",
    "scopes": "studio.commands.scopes",
    "loudness": "studio.commands.loudness",
    "models": "studio.commands.models",
    "rate": "studio.commands.rate",
    "bench": "studio.commands.benchmark",
}


def main(argv: list[str]) -> int:
    """Run a command, or open the studio; -> the process's exit code."""
    try:
        if not argv or argv[0] not in COMMANDS:
            from studio import app

            return app.run(argv)
        from studio.commands.failures import guarded

        name, *rest = argv
        return guarded(lambda: int(import_module(COMMANDS[name]).run(rest)))
    except KeyboardInterrupt:  # while the program itself was being loaded
        print("Stopped.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
