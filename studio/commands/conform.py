"""`conform`: make the generated shots of a cut again with better models, swapped in as one edit."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability
from studio.client.engine import EngineClient
from studio.client.errors import EngineRefused
from studio.commands import units
from studio.commands.captions import sequence_named
from studio.commands.casting import known_model
from studio.commands.console import Console
from studio.commands.engines import connected, tier_of
from studio.commands.failures import CommandError
from studio.commands.jobs import run_job
from studio.commands.outputs import check_place
from studio.commands.parser import CommandParser, add_engine, add_json
from studio.commands.plan import said
from studio.document.file.project_file import ProjectFile
from studio.session.collecting import collect, input_paths
from studio.session.conform_chain import resolved, survey
from studio.session.conform_plan import Shot, Target, abilities_of
from studio.session.conform_swap import keep_take, swapped
from studio.session.recipes import stored


@dataclass(frozen=True, slots=True)
class _Planned:
    """A shot that can be made, and what it will need."""

    shot: Shot
    plan: Plan


def run(argv: list[str]) -> int:
    """Survey, plan, make, swap; -> 1 when a shot stayed a draft because it failed."""
    arguments = _parser().parse_args(argv)
    path: Path = arguments.project.absolute()
    if not path.is_file():
        raise CommandError(f"There is no file {path}. Check the name.")
    console = Console(arguments.json)
    if arguments.out is not None and not arguments.plan:
        path = _copied(path, arguments.out.absolute())
    with ProjectFile.open(path, read_only=arguments.plan) as file:
        if file.read_only and not arguments.plan:
            raise CommandError(file.notice)
        sequence = sequence_named(file.project, arguments.sequence)
        console.progress("starting the engine")
        with console.clearing(), connected(arguments) as client:
            cast = client.models()
            target = _target(arguments, cast, abilities_of(file.project, sequence.id))
            shots = survey(file.project, sequence.id, cast, target)
            return _Conform(file, client, target, console).run(shots, plan_only=arguments.plan)


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "conform",
        "Make the generated shots of a locked cut again with better models, and swap the new takes"
        " in as one edit that can be undone in the studio. The cut stays as it is, frame for frame;"
        " a shot that fails keeps its draft. Only what has changed is made: run it again to go on.",
        "conform film.workprint --tier server --out final.workprint",
    )
    parser.add_argument("project", type=Path, metavar="FILE.workprint")
    parser.add_argument(
        "--out", type=Path, metavar="FILE2", help="conform a copy, and leave FILE as it is"
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="ID",
        help="use this model for whatever it can do; may be repeated (the best of the tier)",
    )
    parser.add_argument(
        "--steps", type=units.count, metavar="N", help="steps of denoising (the model's own)"
    )
    parser.add_argument("--sequence", metavar="NAME", help="which sequence (the first)")
    parser.add_argument(
        "--plan", action="store_true", help="say what it would need, and change nothing"
    )
    add_engine(parser)
    add_json(parser)
    return parser


def _copied(path: Path, out: Path) -> Path:
    check_place(out)
    with ProjectFile.open(path, read_only=True) as file:
        file.save_copy(out)
    return out


def _target(
    arguments: argparse.Namespace, cast: tuple[ModelCard, ...], abilities: Iterable[Ability]
) -> Target:
    named = [known_model(cast, model) for model in arguments.model]
    models = {
        ability: card.id for ability in abilities for card in named if ability in card.abilities
    }
    return Target(tier=tier_of(arguments), models=models, steps=arguments.steps)


class _Conform:
    """One run over an open project."""

    def __init__(
        self, file: ProjectFile, client: EngineClient, target: Target, console: Console
    ) -> None:
        self._file = file
        self._client = client
        self._target = target
        self._console = console
        self._stay: list[tuple[Shot, str]] = []

    def run(self, shots: tuple[Shot, ...], *, plan_only: bool) -> int:
        """Do it, or say what would be done."""
        if not shots:
            raise CommandError("There is nothing to conform: no clip of this cut was generated.")
        self._stay = [(shot, shot.obstacle) for shot in shots if shot.obstacle]
        planned = [found for shot in shots if shot.runs and (found := self._plan(shot))]
        self._tell(shots, planned)
        if plan_only:
            self._console.result(self._body(shots, planned, ()))
            return 0
        before = len(self._stay)
        for each in planned:
            self._make(each)
        swaps = swapped(self._file.project, [shot for shot in shots if not shot.obstacle])
        if swaps is not None:
            self._file.history.apply("Conform", lambda _project: swaps.project)
        changed = swaps.clip_ids if swaps is not None else ()
        self._console.say(_outcome(self._file.path, len(changed), shots))
        for shot, why in self._stay[before:]:
            self._console.say(f"{shot.name} keeps what it shows: {why}")
        self._console.result(self._body(shots, planned, changed))
        return 1 if len(self._stay) > before else 0

    def _plan(self, shot: Shot) -> _Planned | None:
        for path in input_paths(self._file.project, self._file.path.parent, shot.recipe):
            if not path.is_file():
                self._stay.append((shot, f"{path.name}, which it reads, is offline."))
                return None
            self._client.upload(path)
        plan = self._client.plan(shot.recipe)
        if plan.refusal is None:
            return _Planned(shot, plan)
        self._stay.append((shot, said(plan.refusal)))
        return None

    def _make(self, planned: _Planned) -> None:
        """Make a shot and keep it at once: what is stopped later goes on from here."""
        shot = resolved(self._file.project, planned.shot)
        if shot is None:
            self._stay.append((planned.shot, "What it is made of was not made."))
            return
        for path in input_paths(self._file.project, self._file.path.parent, shot.recipe):
            self._client.upload(path)
        try:
            done = run_job(self._client, shot.recipe, self._console, shot.name)
        except (EngineRefused, CommandError) as error:
            self._stay.append((shot, str(error)))
            return
        collected = collect(
            self._client, done, self._file.path.parent, self._file.media_folder, lambda _d, _a: None
        )
        if collected.asset.duration.seconds < shot.needed_s:
            self._stay.append((shot, "It came out shorter than the cut needs."))
            return
        take = collected.take(stored(done.recipe), self._tier(shot))
        edit = partial(keep_take, shot=shot, asset=collected.asset, take=take)
        self._file.history.apply("Add take", edit)

    def _tier(self, shot: Shot) -> str:
        assert shot.card is not None
        return "server" if self._target.tier == "server" else shot.card.tier

    def _tell(self, shots: tuple[Shot, ...], planned: list[_Planned]) -> None:
        """The list of shots, and the terms of the models."""
        plans = {id(each.shot): each.plan for each in planned}
        reasons = {id(shot): why for shot, why in self._stay}
        rows = [_row(shot, plans.get(id(shot)), reasons.get(id(shot), "")) for shot in shots]
        self._console.table([("shot", "now", "becomes", "time", "memory", "disk"), *rows])
        for note in dict.fromkeys(note for shot in shots for note in shot.notes):
            self._console.say(note)
        for words in dict.fromkeys(licence_of(shot.card) for shot in shots if shot.card):
            self._console.say(words)

    def _body(
        self, shots: tuple[Shot, ...], planned: list[_Planned], changed: tuple[str, ...]
    ) -> dict[str, Any]:
        plans = {id(each.shot): each.plan for each in planned}
        reasons = {id(shot): why for shot, why in self._stay}
        return {
            "file": str(self._file.path),
            "conformed": len(changed),
            "shots": [
                {
                    "name": shot.name,
                    "clips": list(shot.clip_ids),
                    "model_before": shot.before.model,
                    "model": shot.recipe.model,
                    "made_already": shot.made is not None,
                    "conformed": bool(set(shot.clip_ids) & set(changed)),
                    "seconds": plans[id(shot)].seconds if id(shot) in plans else None,
                    "why": reasons.get(id(shot), ""),
                    "notes": list(shot.notes),
                }
                for shot in shots
            ],
        }


def licence_of(card: ModelCard) -> str:
    """The terms of a model in a line."""
    terms = card.licence
    use = "commercial use allowed" if terms.commercial else "not for commercial use"
    return f"{card.title}: {terms.title}, {use}. {terms.limits}".strip()


def _row(shot: Shot, plan: Plan | None, why: str) -> tuple[str, ...]:
    name = shot.name if len(shot.clip_ids) == 1 else f"{shot.name} ({len(shot.clip_ids)} clips)"
    if shot.hidden:
        name = f"{shot.name} (read by another shot)"
    if why:
        return name, shot.before.model, f"stays: {why}", "", "", ""
    if plan is None:
        done = "made already" if shot.settled else "made already, to be swapped in"
        return name, shot.before.model, done, "", "", ""
    time = "not known" if plan.seconds is None else units.time_text(plan.seconds)
    memory, disk = units.size_text(max(plan.vram_bytes, plan.ram_bytes)), plan.disk_bytes
    return name, shot.before.model, shot.recipe.model, time, memory, units.size_text(disk)


def _outcome(path: Path, count: int, shots: tuple[Shot, ...]) -> str:
    if not count and all(shot.settled for shot in shots):
        return f"{path.name} is conformed already; nothing had to be made."
    noun = "clip" if count == 1 else "clips"
    return f"{path}  {count} {noun} conformed, as one step that can be undone"
