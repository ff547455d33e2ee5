"""`curate`: choose from a folder of footage what is worth training on."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from engine.commands.parser import EngineParser
from engine.training.contact_sheet import Row, save_sheet
from engine.training.curation.curating import Curated, curate, write_clips
from engine.training.curation.cutting import cut_kept
from engine.training.curation.dataset import CuratedClips
from engine.training.curation.footage import BadFootage
from engine.training.curation.funnel import Stage
from engine.training.curation.thresholds import PRESETS, Thresholds

_ASPECTS = ("landscape", "portrait", "any")
_TILE = (320, 180)
_MOST_SHOWN = 60
_CLEAR = "\r\x1b[K"
_EXAMPLE = """example:
  python3 main.py curate Footage --out curated --preset pocket --max-text 0.8 --cut

Writes DIR/clips.jsonl: every clip with its exact in and out points, what was measured, and the
first filter that it did not pass. What was measured is kept in DIR, so another run with other
thresholds, or one after an interruption, looks only at files that are new. A caption is read
from a .txt file beside the video. docs/curation.md tells what each filter measures."""


def run(argv: list[str]) -> int:
    """Curate. Exit codes: 0 done, 1 could not, 2 bad usage, 130 interrupted."""
    arguments = _parser().parse(argv)
    limits = _limits(arguments)
    try:
        done = curate(arguments.folders, arguments.out, limits, _progress, arguments.processes)
        files, problems = ({}, [])
        if arguments.cut:
            files, problems = cut_kept(done.verdicts, arguments.out, _progress)
        path = write_clips(done.verdicts, files, arguments.out)
        if arguments.sheet is not None:
            problems += _show_kept(arguments.out, arguments.sheet)
    except BadFootage as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        where = problem.filename or arguments.out
        print(f"{where} cannot be written: {problem.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        _progress("")
        print("Stopped; the same command goes on where this one was.", file=sys.stderr)
        return 130
    _progress("")
    for problem in (*done.problems, *problems):
        print(problem, file=sys.stderr)
    if arguments.json:
        print(json.dumps(_as_json(arguments.preset, done, path), indent=2, ensure_ascii=False))
    else:
        print(_as_table(done.stages, path))
    return 0


def _show_kept(out: Path, sheet: Path) -> list[str]:
    """Three frames of every kept clip in one picture; -> why there is none, if so."""
    clips = CuratedClips(out, size=_TILE, frames=3)
    count = min(len(clips), _MOST_SHOWN)
    if not count:
        return ["Nothing was kept, so there is no sheet."]
    rows = []
    for place in range(count):
        frames, caption = clips[place]
        kept = clips.clips[place]
        span = f"{kept.path.name}, {float(kept.in_s):.2f} to {float(kept.out_s):.2f} s"
        rows.append(Row(caption or span, frames))
        _progress(f"sheet: {place + 1} of {count}")
    save_sheet(rows, sheet)
    return []


def _parser() -> EngineParser:
    parser = EngineParser(
        "curate", "Choose from footage what is worth training on, by the paper's funnel.", _EXAMPLE
    )
    parser.add_argument(
        "folders", nargs="+", type=Path, metavar="FOLDER", help="footage: folders, or single files"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where the list of clips goes"
    )
    parser.add_argument(
        "--preset",
        choices=[*PRESETS],
        default="paper",
        help="thresholds of the paper, or milder ones for small models (%(default)s)",
    )
    parser.add_argument("--cut", action="store_true", help="write the kept clips to DIR/clips")
    parser.add_argument(
        "--sheet",
        type=Path,
        metavar="JPEG",
        help=f"write a picture of what was kept: three frames of each of the first {_MOST_SHOWN}",
    )
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument(
        "--processes",
        type=int,
        choices=[1, 2],
        default=2,
        help="how many files are measured at once (%(default)s)",
    )
    _add_thresholds(parser)
    return parser


def _add_thresholds(parser: EngineParser) -> None:
    group = parser.add_argument_group("thresholds (default: the preset's, paper / pocket)")
    paper, pocket = PRESETS["paper"], PRESETS["pocket"]
    group.add_argument(
        "--aspect", choices=_ASPECTS, help=f"which way up ({paper.aspect} / {pocket.aspect})"
    )
    group.add_argument(
        "--no-resampling",
        dest="resampled",
        action="store_false",
        default=None,
        help="keep all of what there is much of",
    )
    for limit in fields(Thresholds):
        if "help" in limit.metadata:
            one, other = getattr(paper, limit.name), getattr(pocket, limit.name)
            group.add_argument(
                f"--{limit.name.replace('_', '-')}",
                type=_number,
                metavar="N",
                help=f"{limit.metadata['help']} ({one:g} / {other:g})",
            )


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of 0 or more")
    return number


def _limits(arguments: argparse.Namespace) -> Thresholds:
    given = {
        limit.name: getattr(arguments, limit.name)
        for limit in fields(Thresholds)
        if getattr(arguments, limit.name) is not None
    }
    return replace(PRESETS[arguments.preset], **given)


def _progress(text: str) -> None:
    """One line that replaces the last, on a terminal alone; "" takes it away."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"{_CLEAR}{text[:width]}", end="", file=sys.stderr, flush=True)


def _as_json(preset: str, done: Curated, path: Path) -> dict[str, Any]:
    return {
        "preset": preset,
        "clips": str(path),
        "kept": done.stages[-1].clips,
        "funnel": [
            {
                "filter": stage.name,
                "rule": stage.rule,
                "clips": stage.clips,
                "seconds": float(stage.seconds),
                "share": stage.share,
            }
            for stage in done.stages
        ],
        "skipped": done.problems,
    }


def _as_table(stages: Sequence[Stage], path: Path) -> str:
    rows = [("filter", "rule", "clips", "footage", "left")]
    rows += [
        (stage.name, stage.rule, str(stage.clips), _clock(stage), f"{100 * stage.share:.2f} %")
        for stage in stages
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    kept = stages[-1].clips
    return "\n".join([*lines, "", f"{kept} {'clip' if kept == 1 else 'clips'} kept; all in {path}"])


def _clock(stage: Stage) -> str:
    """Footage as h:mm:ss."""
    minutes, seconds = divmod(round(stage.seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
