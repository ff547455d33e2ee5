"""The parser of a command: help with an example, mistakes in one sentence, shared options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from studio.commands.failures import UsageError

TIERS = ("draft", "local", "server")


class CommandParser(argparse.ArgumentParser):
    """argparse with our manners. `example` is a whole command line."""

    def __init__(self, name: str, description: str, example: str) -> None:
        super().__init__(
            prog=f"main.py {name}",
            description=description,
            epilog=f"example:\n  python3 main.py {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and where to read more.

        Raises: UsageError.
        """
        said = f"{message[:1].upper()}{message[1:].rstrip('.')}"
        raise UsageError(f"{said}. python3 {self.prog} --help tells more.")


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option for programs."""
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """The options that choose an engine: this machine's, or a server's."""
    group = parser.add_argument_group("engine")
    group.add_argument(
        "--tier",
        choices=TIERS,
        default=None,
        help="draft: the small models that ship; local: open models on this machine; server: those"
        " of a GPU server (draft, or server where --server is given)",
    )
    group.add_argument("--server", metavar="URL", help="the server, such as https://gpu.lan:7878")
    group.add_argument("--token", metavar="TEXT", help="the server's token")
    group.add_argument(
        "--certificate", type=Path, metavar="PEM", help="the server's own certificate, if self-made"
    )
    group.add_argument(
        "--engine-state",
        type=Path,
        metavar="DIR",
        help="where this machine's engine keeps its queue, cache and logs",
    )
