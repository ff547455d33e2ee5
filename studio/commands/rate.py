"""`rate`: keep or reject generated candidates, in a window driven by the keyboard."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.protocol.ratings import BadRatings
from studio.commands.failures import CommandError
from studio.commands.parser import CommandParser
from studio.session.preferences import Preferences
from studio.ui.rating.board import RatingBoard
from studio.ui.rating.opening import show_rating

_ABOUT = (
    "Look at generated stickers or clips and keep or reject each. The folder holds"
    " candidates.jsonl and its pictures; every choice is added to choices.jsonl at once, so the"
    " window can be closed at any time and the same command goes on.\n\nkeys:\n"
    "  arrows  move            K, R   keep, reject\n"
    "  1 to 5  reject for: off-prompt, ugly, cropped, wrong style, no motion\n"
    "  U       undo            Space  play the animation\n"
    "  B       background: checker, white, grey, black"
)


def run(argv: list[str]) -> int:
    """Open the window, or save a picture of it; -> exit code."""
    arguments = _parser().parse_args(argv)
    try:
        board = RatingBoard(arguments.folder)
    except BadRatings as problem:
        raise CommandError(str(problem)) from problem
    return show_rating(board, Preferences().settings.theme, arguments.screenshot)


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser("rate", _ABOUT, "rate runs/teachers")
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of candidates")
    parser.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="save a picture of the window and exit"
    )
    return parser
