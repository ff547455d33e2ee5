"""What `evaluate` scores, suite by suite. It loads all that they score with: that takes seconds."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from platformdirs import user_data_path

from engine.protocol.ratings import BadRatings
from engine.training.arena_report import arena
from engine.training.collage_evaluation import pocket_collage
from engine.training.edit_evaluation import pocket_edit
from engine.training.enlarging_evaluation import pocket_enlarge
from engine.training.evaluation import Score, pocket_animatic, pocket_video
from engine.training.multiplane_evaluation import pocket_multiplane
from engine.training.optical_evaluation import pocket_opticals
from engine.training.packages import DataError
from engine.training.person_evaluation import pocket_person
from engine.training.sound_evaluation import pocket_foley, pocket_sound
from engine.training.sticker_evaluation import pocket_sticker

_WITH_SHEETS: Mapping[str, Callable[[Path, int, Path | None], Iterator[Score]]] = {
    "pocket-video": pocket_video,
    "pocket-animatic": pocket_animatic,
    "pocket-edit": pocket_edit,
    "pocket-opticals": pocket_opticals,
    "pocket-person": pocket_person,
    "pocket-enlarge": pocket_enlarge,
    "pocket-multiplane": pocket_multiplane,
    "pocket-collage": pocket_collage,
}
CANNOT = BadRatings, DataError, FileNotFoundError
"""Why a suite may have no figures; each says so in a sentence."""


def all_scores(arguments: argparse.Namespace, suites: Iterable[str]) -> Iterator[Score]:
    """Every suite's figures under its name; one that cannot be run is a figure that says why."""
    for suite in suites:
        asked = argparse.Namespace(**{**vars(arguments), "suite": suite})
        try:
            for score in scores_of(asked):
                yield replace(score, figure=f"{suite}/{score.figure}")
        except CANNOT as problem:
            yield Score(suite, None, "", why=str(problem))


def scores_of(arguments: argparse.Namespace) -> Iterator[Score]:
    """Figures of the one suite that `evaluate` was asked for. Raises: one of CANNOT."""
    suite, models, count = arguments.suite, arguments.models, arguments.clips
    if suite == "arena":
        return arena(arguments.ratings)
    if suite == "pocket-sound":
        return pocket_sound(models, count)
    if suite == "pocket-foley":
        return pocket_foley(models, count)
    if suite == "pocket-sticker":
        work = arguments.work or user_data_path("workprint") / "training" / suite
        return pocket_sticker(models, work, count, arguments.sheet)
    return _WITH_SHEETS[suite](models, count, arguments.sheet)
