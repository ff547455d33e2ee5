"""`train`: make or improve a member of the pocket cast, within a budget of minutes."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from platformdirs import user_data_path

from engine.commands.parser import EngineParser
from engine.training import judge
from engine.training.packages import DataError
from engine.training.pocket_video import train_autoencoder, train_video

RECIPES = {
    "judge": judge.train,
    "pocket-autoencoder": train_autoencoder,
    "pocket-video": train_video,
}
_MEANINGS = {
    "judge": "what evaluate scores clips with",
    "pocket-autoencoder": "pixels to latents and back; the video model needs it",
    "pocket-video": "text to video, after the two others",
}

_MODELS = Path(__file__).resolve().parents[2] / "resources" / "models"
_EXAMPLE = """example:
  python3 main.py train pocket-video --minutes 90

Trains on the CPU, niced, or on a GPU at full speed, with the same command; when the minutes are
over the weights are written below --models. Without --resume an earlier run's state is removed."""


def run(argv: list[str]) -> int:
    """Train. Exit codes: 0 done, 1 could not, 2 bad usage, 130 interrupted."""
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
    if not arguments.resume:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    try:
        RECIPES[arguments.name](arguments.minutes, work, arguments.models, arguments.device)
    except DataError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Stopped; the checkpoint in {work} is kept. Go on with --resume.", file=sys.stderr)
        return 130
    return 0


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of minutes above 0")
    return minutes
