"""`bench`: measure one subject on this machine, and hold it against its targets and peers."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from studio.commands import bench
from studio.commands.console import Console
from studio.commands.failures import UsageError
from studio.commands.figures import Figure, report
from studio.commands.parser import CommandParser, add_json, in_lines


def run(argv: list[str]) -> int:
    """Measure and print. A target that is missed is a result, not a failure."""
    subjects = _subjects()
    parser = CommandParser(
        "bench", f"Measure this machine.\n\nsubjects:\n{in_lines(subjects)}", "bench clip --json"
    )
    parser.add_argument("name", nargs="?", metavar="SUBJECT", help="one of those above")
    add_json(parser)
    arguments = parser.parse_args(argv)
    name: str | None = arguments.name
    if name is None:
        raise UsageError(f"Say what to measure:\n{in_lines(subjects)}")
    if name not in subjects:
        raise UsageError(_unknown(name, subjects))
    console = Console(arguments.json)
    with console.clearing():
        figures = import_module(f"{bench.__name__}.{name}").measure(console)
    console.table([_HEADINGS, *map(_row, figures)], right=(1, 3, 4))
    console.result(report(name, figures))
    return 0


def _subjects() -> dict[str, str]:
    """The modules of studio.commands.bench with the first line of what each says of itself."""
    folder = Path(bench.__path__[0])
    return {
        module.name: _first_line(folder / f"{module.name}.py") for module in iter_modules([folder])
    }


def _first_line(module: Path) -> str:
    said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]


def _unknown(name: str, subjects: dict[str, str]) -> str:
    close = get_close_matches(name, subjects, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    return f"There is no bench called {name!r}.{guess} There are: {', '.join(sorted(subjects))}."


_HEADINGS = ("figure", "value", "unit", "target", "peer", "")


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = {True: "met", False: "missed", None: ""}[figure.met]
    peer = "" if figure.peer_value is None else f"{figure.peer} {_short(figure.peer_value)}"
    value = "–" if figure.value is None else _short(figure.value)
    target = "" if figure.target is None else _short(figure.target)
    return figure.figure, value, figure.unit, target, peer, figure.why or verdict


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
