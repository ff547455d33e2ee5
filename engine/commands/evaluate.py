"""`evaluate`: score a member of the pocket cast on prompts it never saw."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.parser import EngineParser

if TYPE_CHECKING:
    from engine.training.evaluation import Score

SUITES = {
    "pocket-video": "clips from prompts whose combination was never trained",
    "pocket-animatic": "the same of drafts as they are made, cut-out films of two drawn pictures",
    "pocket-edit": "edits by instruction that were never trained, beside SDEdit",
    "pocket-opticals": "the same edits as drafts make them, beside SDEdit",
    "pocket-person": "clips with characters never seen: like their picture, steady, as prompted",
    "pocket-sound": "sound of clips likewise: in time, of the right kind, and what the codec loses",
    "pocket-foley": "draft soundtracks of clips likewise: in time, and of the right kind",
    "pocket-enlarge": "rendered scenes made half as large and enlarged, beside Lanczos",
    "pocket-multiplane": "rendered scenes gone on with, bridged and interpolated, beside fades",
    "pocket-collage": "stickers and loops as drafts make them, laid and moved as cut-outs",
    "pocket-sticker": "the same of the sticker models alone, and what Style Tailoring gained",
    "all": "every one of those above, one after the other",
    "arena": "what people chose in main.py rate, model against model",
}
_ONE_BY_ONE = tuple(name for name in SUITES if name.startswith("pocket-"))

_MOST_CLIPS = 10_000
_LESS_IS_BETTER = ("s", "points")
"""Units of figures whose target is the most that they may be."""
_ROOT = Path(__file__).resolve().parents[2]
_EXAMPLE = """example:
  python3 main.py evaluate pocket-video --clips 32 --sheet sheet.jpg --json

The judges were trained on rendered scenes and drawn stickers only; their accuracy on those stands
beside each score as the peer. All prompts are combinations that were never trained."""


def run(argv: list[str]) -> int:
    """Score. Exit codes: 0 done, 1 could not, 2 bad usage."""
    parser = EngineParser("evaluate", "Score the pocket models.", _EXAMPLE)
    parser.add_choice("suite", "Say what to score:", SUITES)
    parser.add_argument(
        "--clips", type=_count, default=32, metavar="N", help="how many scenes (%(default)s)"
    )
    parser.add_argument(
        "--sheet", type=Path, metavar="JPEG", help="write a contact sheet of the first 16"
    )
    parser.add_argument(
        "--models",
        type=Path,
        default=_ROOT / "resources" / "models",
        metavar="DIR",
        help="where the weights are (%(default)s)",
    )
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="folder of a finished pocket-sticker run, whose stages are compared"
        " (where train keeps it)",
    )
    parser.add_argument(
        "--ratings",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="for arena: rated folders, one for each time that the models were compared",
    )
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    arguments = parser.parse(argv)
    if (arguments.suite == "arena") != bool(arguments.ratings):
        parser.error("arena and --ratings DIR go together: arena scores rated folders")
    if arguments.suite == "all" and arguments.sheet:
        parser.error("a sheet shows one suite: leave --sheet out, or name the suite")
    from engine.commands import suites  # takes seconds, which no refusal should wait for

    try:
        one_by_one = arguments.suite == "all"
        scores = list(
            suites.all_scores(arguments, _ONE_BY_ONE) if one_by_one else suites.scores_of(arguments)
        )
    except suites.CANNOT as problem:
        print(problem, file=sys.stderr)
        return 1
    print(_as_json(arguments.suite, scores) if arguments.json else _as_table(scores))
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MOST_CLIPS:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {_MOST_CLIPS}")
    return int(text)


def _as_json(suite: str, scores: Iterable[Score]) -> str:
    from engine.training.budget import commit

    figures = [_figure(score) for score in scores]
    machine = f"{platform.system()} {platform.machine()}"
    report = {"name": suite, "machine": machine, "commit": commit(), "figures": figures}
    return json.dumps(report, indent=2)


def _figure(score: Score) -> dict[str, Any]:
    figure = asdict(score)
    value, target, peer = score.value, score.target, score.peer_value
    if not score.why:
        del figure["why"]
    figure["ratio"] = value / peer if value is not None and peer else None
    figure["met"] = None
    if value is not None and target is not None:
        figure["met"] = value <= target if score.unit in _LESS_IS_BETTER else value >= target
    return figure


def _as_table(scores: Sequence[Score]) -> str:
    width = max(len(score.figure) for score in scores)
    lines = []
    for score in scores:
        value = "not measured" if score.value is None else f"{score.value:.3f}"
        peer = "" if score.peer_value is None else f"  {score.peer} {score.peer_value:.3f}"
        target = "" if score.target is None else f"  target {score.target}"
        why = f"  {score.why}" if score.why else ""
        lines.append(f"{score.figure:<{width}} {value} {score.unit}{target}{peer}{why}")
    return "\n".join(lines)
