"""The parser of a command: help with an example, mistakes in one sentence, shared options."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from studio.commands.failures import UsageError

TIERS = ("draft", "local", "server")

_HELP_COLUMNS = 80
_MISSING = "the following arguments are required: "
_UNKNOWN = "unrecognized arguments: "
_OF_ONE = re.compile(r"argument (?P<name>[^:]+): (?P<what>.*)", re.DOTALL)


class CommandParser(argparse.ArgumentParser):
    """argparse with our manners. `example` is a whole command line."""

    def __init__(self, name: str, description: str, example: str) -> None:
        said, blank, rest = description.partition("\n\n")
        super().__init__(
            prog=f"main.py {name}",
            description=textwrap.fill(said, _HELP_COLUMNS) + blank + rest,
            epilog=f"example:\n  python3 main.py {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self._example = example

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and where to read more.

        Raises: UsageError.
        """
        if message.startswith(_MISSING):
            missing = " and ".join(message.removeprefix(_MISSING).split(", "))
            are = "are" if " and " in missing else "is"
            raise UsageError(f"{missing} {are} missing. For example:\n  {self.example}")
        said = _plain(message)
        end = "" if said.endswith("?") else "."
        raise UsageError(f"{said}{end} python3 {self.prog} --help tells more.")

    @property
    def example(self) -> str:
        """A whole command line that works."""
        return f"python3 main.py {self._example}"


def _plain(message: str) -> str:
    """argparse's message in our words, without a full stop."""
    if message.startswith(_UNKNOWN):
        return f"It does not take {message.removeprefix(_UNKNOWN)}"
    of_one = _OF_ONE.fullmatch(message.rstrip("."))
    if of_one is None:
        return message[:1].upper() + message[1:].rstrip(".")
    name, what = of_one["name"], of_one["what"]
    if what.startswith("expected "):
        count = what.removeprefix("expected ").replace("argument", "value")
        return f"{name} needs {count}"
    if what.startswith("there is no "):
        return what[:1].upper() + what[1:]
    return f"{name}: {what}"


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """A type of argument: one of a few words. `kind` is what they name, such as "ability"."""
    known = [str(name) for name in names]

    def read(text: str) -> str:
        if text in known:
            return text
        near = get_close_matches(text.lower(), known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}"
        raise argparse.ArgumentTypeError(f"there is no {kind} {text!r}; {hint}")

    return read


def in_lines(meanings: Mapping[str, str]) -> str:
    """Words and what they mean, a line each, indented."""
    widest = max(map(len, meanings))
    return "\n".join(f"  {name:<{widest}}  {meaning}" for name, meaning in meanings.items())


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option for programs."""
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """The options that choose an engine: this machine's, or a server's."""
    group = parser.add_argument_group("engine")
    group.add_argument(
        "--tier",
        type=one_of("tier", TIERS),
        metavar="|".join(TIERS),
        help="draft: the small models that ship; local: open models on this machine; server: those"
        " of a GPU server (draft, or server where --server is given)",
    )
    group.add_argument("--server", metavar="URL", help="the server, such as https://gpu.lan:7878")
    group.add_argument("--token", metavar="TEXT", help="the token that the server's owner gave you")
    group.add_argument(
        "--certificate", type=Path, metavar="PEM", help="the server's own certificate, if self-made"
    )
    group.add_argument(
        "--engine-state",
        type=Path,
        metavar="DIR",
        help="where this machine's engine keeps its queue, cache and logs (a folder of your own)",
    )
