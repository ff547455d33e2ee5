"""`scopes`: what a waveform, a parade, a vectorscope and a histogram show of one frame."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from studio.commands.console import Console
from studio.commands.cuts import Cut, frame_at, open_cut
from studio.commands.failures import CommandError, UsageError
from studio.commands.outputs import check_place
from studio.commands.parser import CommandParser, add_json, one_of
from studio.document.queries.places import sequence_duration
from studio.document.timecode import timecode
from studio.media.compositor.render import Scene, render_frame
from studio.media.footage import Footage
from studio.media.scopes.figures import Levels, figures_of
from studio.media.scopes.scale import Scope, Units

_ALL = "all"
_SIZES = {1: (1280, 800), len(Scope): (1920, 1200)}
"""Of the picture, by how many scopes are in it."""

_ABOUT = (
    "Draw the scopes of one frame as a PNG: the frame of a project as the viewer shows it and an"
    "\nexport makes it, at full size, or a frame of a media file. Levels are those of BT.709."
)


def run(argv: list[str]) -> int:
    """Draw, and say what the levels are; -> exit code."""
    arguments = _parser().parse_args(argv)
    out: Path = arguments.out.absolute()
    if out.suffix.lower() != ".png":
        raise UsageError(f"Scopes are drawn as PNG. Name the output such as {out.stem}.png.")
    check_place(out)
    console = Console(arguments.json)
    cut = open_cut(arguments.file, arguments.sequence)
    if not cut.has_picture:
        raise CommandError(f"{arguments.file.name} has no picture in it. Try loudness instead.")
    frame = _frame(arguments.at, cut)
    console.progress("rendering the frame")
    with console.clearing():
        rgb = _rendered(cut, frame)
    scopes = list(Scope) if arguments.scope == _ALL else [Scope(arguments.scope)]
    from studio.ui.scopes.picture import save_picture_of  # brings Qt along

    save_picture_of(out, rgb, scopes, _SIZES[len(scopes)], Units(arguments.units))
    _tell(arguments.file, out, cut, frame, scopes, rgb, console)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "scopes", _ABOUT, "scopes film.workprint --at 00:00:10:00 --out scopes.png"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a project or a media file")
    parser.add_argument("--out", type=Path, metavar="PNG", required=True, help="the picture")
    parser.add_argument(
        "--at",
        metavar="TIMECODE",
        default="0",
        help="the frame: timecode (00:00:10:00) or seconds (10.5); the first if left out",
    )
    names = (*(scope.value for scope in Scope), _ALL)
    parser.add_argument(
        "--scope",
        type=one_of("scope", names),
        metavar="|".join(names),
        default=_ALL,
        help="which of them (%(default)s)",
    )
    units = tuple(each.value for each in Units)
    parser.add_argument(
        "--units",
        type=one_of("scale", units),
        metavar="|".join(units),
        default=Units.PERCENT.value,
        help="the scale: percent, or codes of 10 bits with black at 64 and white at 940"
        " (%(default)s)",
    )
    parser.add_argument("--sequence", metavar="NAME", help="which sequence (the first)")
    add_json(parser)
    return parser


def _frame(text: str, cut: Cut) -> int:
    """The frame asked for. Raises: UsageError where there is none."""
    frame, length = frame_at(text, cut.sequence), sequence_duration(cut.sequence)
    if length == 0:
        raise CommandError(f"{cut.sequence.name} is empty: there is no picture to look at.")
    if not 0 <= frame < length:
        start = cut.sequence.start_timecode
        first, last = (_timecode(at, cut) for at in (start, start + length - 1))
        raise UsageError(f"There is no picture at {text}. The frames are {first} to {last}.")
    return frame


def _timecode(frames: int, cut: Cut) -> str:
    return timecode(frames, cut.sequence.rate, drop_frame=cut.sequence.drop_frame)


def _rendered(cut: Cut, frame: int) -> np.ndarray:
    size = cut.sequence.width, cut.sequence.height
    with closing(Footage(cut.folder)) as footage:
        scene = Scene(cut.project, footage, forgiving=False)
        return render_frame(scene, cut.sequence.id, frame, size)


def _tell(
    file: Path,
    out: Path,
    cut: Cut,
    frame: int,
    scopes: list[Scope],
    rgb: np.ndarray,
    console: Console,
) -> None:
    figures, at = figures_of(rgb), _timecode(cut.sequence.start_timecode + frame, cut)
    console.say(f"{out}  {at} of {file.name}")
    planes = (("Y′", figures.luma), ("R", figures.red), ("G", figures.green), ("B", figures.blue))
    rows = [("", "lowest", "mean", "highest"), *(_row(name, each) for name, each in planes)]
    console.table(rows, right=(1, 2, 3))
    console.say(
        f"{figures.black_share:.1%} of the picture is black, {figures.white_share:.1%} white;"
        f" colour reaches {figures.most_colour:.0%} of the circle."
    )
    body: dict[str, Any] = {
        "file": str(file),
        "out": str(out),
        "frame": frame,
        "timecode": at,
        "scopes": [scope.value for scope in scopes],
        **asdict(figures),
    }
    console.result(body)


def _row(name: str, levels: Levels) -> tuple[str, str, str, str]:
    values = (levels.lowest_percent, levels.mean_percent, levels.highest_percent)
    low, mean, high = (f"{value:.1f} %" for value in values)
    return name, low, mean, high
