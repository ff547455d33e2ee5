"""The parser of the engine's commands: a mistake is told in one sentence, with no usage dumped."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import NoReturn

_BAD_USAGE = 2


class EngineParser(argparse.ArgumentParser):
    """argparse with our manners."""

    def __init__(self, name: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=f"main.py {name}",
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self._question = ("", "")

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong with the arguments and where to read more, and exit with 2."""
        said = message.replace("unrecognized arguments:", "it does not take").rstrip(".")
        said = said.removeprefix("argument ").replace("expected one argument", "a value is missing")
        end = "" if said.endswith("?") else "."
        self.refuse(f"{said[:1].upper()}{said[1:]}{end} python3 {self.prog} --help tells more.")

    def refuse(self, sentence: str) -> NoReturn:
        """Tell that, as it is, and exit with 2."""
        print(sentence, file=sys.stderr)
        raise SystemExit(_BAD_USAGE)

    def add_choice(self, name: str, question: str, choices: Mapping[str, str]) -> None:
        """A word that must be given. `choices` are the words and what they mean, a line each."""
        lines = "\n".join(f"  {word:<20}{meaning}" for word, meaning in choices.items())
        self.description = f"{self.description}\n\n{name}:\n{lines}"
        self.add_argument(
            name, nargs="?", metavar=name.upper(), type=_one_of(choices), help="see above"
        )
        self._question = (name, f"{question}\n{lines}")

    def parse(self, argv: list[str]) -> argparse.Namespace:
        """The arguments. A choice that was left out is asked for, with what there is."""
        arguments = self.parse_args(argv)
        name, question = self._question
        if name and getattr(arguments, name) is None:
            self.refuse(question)
        return arguments


def _one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in choices:
            return text
        near = get_close_matches(text, choices, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(choices)}"
        raise argparse.ArgumentTypeError(f"there is none called {text!r}; {hint}")

    return read
