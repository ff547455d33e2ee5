"""`train`: make or improve a member of the pocket cast, within a budget of minutes."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_data_path

from engine.commands.parser import EngineParser
from engine.training.packages import DataError

Recipe = Callable[[float, Path, Path, str | None], None]
"""(minutes, folder of the run, folder of all models, device) -> None"""

_MEANINGS = {
    "judge": "what evaluate scores clips with",
    "sticker-judge": "what chooses and scores stickers where no person does",
    "identity-judge": "what scores how like someone a clip shows",
    "pocket-autoencoder": "pixels to latents and back; the video model needs it",
    "pocket-decoder": "its way back alone, made sharper; nothing else changes",
    "pocket-video": "text to video, after the two others",
    "pocket-edit": "edits of films by instruction, after pocket-video",
    "pocket-upsampler": "clips twice as large, after pocket-video",
    "pocket-person": "clips with whoever a few pictures show, after pocket-video",
    "pocket-sticker": "stickers, still and moving, after pocket-video and sticker-judge",
    "pocket-sound-codec": "sound to latents and back; the sound model needs it",
    "pocket-sound-decoder": "its way back alone, made sharper; nothing else changes",
    "pocket-sound": "sound to a picture or to words, after pocket-sound-codec",
}

_MODELS = Path(__file__).resolve().parents[2] / "resources" / "models"
_OF_A_RUN = ("log.txt", "latents")
"""What every run leaves in its folder."""

_EXAMPLE = """example:
  python3 main.py train pocket-video --minutes 90

Trains on the CPU, niced, or on a GPU at full speed, with the same command; when the minutes are
over the weights are written below --models. The log of a run lies in --work, and pictures of what
it makes in samples there. Where there is an earlier run of the same name, say --resume to go on
from it or --fresh to remove it."""


def run(argv: list[str], recipes: Mapping[str, Recipe] | None = None) -> int:
    """Train, by all recipes if none are given.

    Exit codes: 0 done, 1 could not, 2 bad usage, 130 interrupted.
    """
    parser = EngineParser(
        "train", "Train a model of the pocket cast on scenes made from packaged stickers.", _EXAMPLE
    )
    parser.add_choice("name", "Say what to train:", _MEANINGS)
    parser.add_argument(
        "--minutes", type=_minutes, default=120.0, metavar="N", help="how long (%(default)g)"
    )
    parser.add_argument(
        "--device", metavar="NAME", help="cpu, cuda or mps; the fastest one here if left out"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--fresh", action="store_true", help="remove an earlier run and begin anew")
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="where checkpoints, latents and the log are kept (a folder of your own)",
    )
    parser.add_argument(
        "--models", type=Path, default=_MODELS, metavar="DIR", help="where weights go (%(default)s)"
    )
    arguments = parser.parse(argv)
    work = arguments.work or user_data_path("workprint") / "training" / arguments.name
    _settle_earlier_run(parser, work, resume=arguments.resume, fresh=arguments.fresh)
    work.mkdir(parents=True, exist_ok=True)
    try:
        recipes = recipes or _every_recipe()
        _log_begin(work, arguments)
        recipes[arguments.name](arguments.minutes, work, arguments.models, arguments.device)
    except DataError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Stopped; the checkpoint in {work} is kept. Go on with --resume.", file=sys.stderr)
        return 130
    return 0


def _log_begin(work: Path, arguments: argparse.Namespace) -> None:
    """What is run, and of which program."""
    from engine.training.budget import best_device, commit, log_line

    told = f"{arguments.minutes:g} minutes on {best_device(arguments.device)}"
    log_line(work, f"{arguments.name}: {told}, commit {commit()}, torch {version('torch')}")


def _every_recipe() -> Mapping[str, Recipe]:
    """Loaded only once it is known that something is to be trained: that takes seconds."""
    from engine.commands.recipes import RECIPES

    return RECIPES


def _settle_earlier_run(parser: EngineParser, work: Path, *, resume: bool, fresh: bool) -> None:
    """Remove what an earlier run left only where that was asked for: it may be hours of work."""
    if resume and fresh:
        parser.refuse("--resume goes on from an earlier run and --fresh removes it. Give one.")
    if work.exists() and not work.is_dir():
        parser.refuse(f"{work} is a file. Name a folder with --work.")
    if resume or not work.exists() or not any(work.iterdir()):
        return
    if not any((work / name).exists() for name in _OF_A_RUN):
        parser.refuse(f"{work} holds other things than a training run. Name an empty folder.")
    if not fresh:
        parser.refuse(
            f"There is an earlier run in {work}. Go on from it with --resume, remove it with"
            " --fresh, or keep this one elsewhere with --work DIR."
        )
    shutil.rmtree(work)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of minutes above 0")
    return minutes
