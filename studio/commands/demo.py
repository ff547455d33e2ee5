"""`demo`: the main job with no screen. Three ideas become shots with sound, a cut and a film."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from engine.protocol.jobs import Done
from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability, Recipe
from studio.client.engine import EngineClient
from studio.client.errors import EngineRefused
from studio.commands import units
from studio.commands.casting import cast_model
from studio.commands.console import Console
from studio.commands.demo_cut import RATE, SIZE, Shot, cut, in_order
from studio.commands.demo_folder import NAME, DemoFolder
from studio.commands.engines import connected, tier_of
from studio.commands.exporting import run_export
from studio.commands.failures import CommandError, UsageError
from studio.commands.jobs import cancel, follow
from studio.commands.parser import CommandParser, add_engine, add_json
from studio.commands.stopwatch import Stopwatch
from studio.document.model.project import Project
from studio.document.queries.bins import clean_bin
from studio.media.export.job import ExportJob
from studio.session.collecting import collect
from studio.session.describing import describe
from studio.session.film_recipes import with_film_recipe
from studio.session.model_rules import frames_for, rate_like
from studio.session.recipes import stored
from studio.session.sounding import sounding

PROMPTS = (
    "a dog runs across a meadow",
    "an astronaut floats gently in outer space",
    "a red car drives through the city at night",
)
LENGTH_S = Fraction(4)
LOUDNESS_LUFS = -16.0
MUSIC = Path(__file__).resolve().parents[2] / "resources" / "sounds" / "first-light.flac"


def run(argv: list[str]) -> int:
    """Make the film, and tell how long each step took and where it is."""
    arguments = _parser().parse_args(argv)
    prompts = _prompts(arguments)
    tier = tier_of(arguments)
    folder = DemoFolder(arguments.out.absolute())
    console = Console(arguments.json)
    watch = Stopwatch(console)
    with console.clearing(), folder.filling():
        footage = [_footage(path, folder, arguments.bin) for path in arguments.footage]
        with connected(arguments) as client:
            generated = _generate(client, prompts, arguments, folder, watch)
        project = _film(generated, footage, folder, watch)
    _tell(console, watch, folder, project, generated, tier)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "demo",
        "Make a short film with no screen: generate three shots, cut them with dissolves, lay a"
        " soundtrack under them, and export. Leaves demo.workprint, which the studio opens,"
        " demo.media and demo.mp4 (H.264 and AAC, 1280 × 720, 30 frames a second).",
        "demo --out first-film --footage holiday.mp4 --bin Holiday",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(NAME), metavar="DIR", help="the folder (%(default)s)"
    )
    parser.add_argument(
        "--footage",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="films or pictures of your own, of which up to 4 seconds each are cut in",
    )
    parser.add_argument(
        "--bin",
        default="",
        metavar="FOLDER",
        help="the folder of the media bin that --footage lies in, such as 'Day 1/Beach' (the top)",
    )
    parser.add_argument(
        "--prompt",
        action="append",
        default=[],
        metavar="TEXT",
        help="a shot; may be repeated, instead of the demo's own three",
    )
    parser.add_argument("--seed", type=units.seed, default=1, help="of the first shot (1)")
    parser.add_argument("--model", default="", metavar="ID", help="see: main.py models list")
    add_engine(parser)
    add_json(parser)
    return parser


def _prompts(arguments: argparse.Namespace) -> Sequence[str]:
    given: list[str] = [prompt.strip() for prompt in arguments.prompt]
    if not all(given):
        raise UsageError("A prompt is empty. Say what the shot shows, in a sentence.")
    return given or PROMPTS


def _footage(path: Path, folder: DemoFolder, home: str) -> Shot:
    asset = describe(path.absolute(), folder.path)
    if not asset.video:
        raise CommandError(f"{path.name} has no picture. Give films or pictures as footage.")
    return Shot(replace(asset, bin=clean_bin(home)))


def _generate(
    client: EngineClient,
    prompts: Sequence[str],
    arguments: argparse.Namespace,
    folder: DemoFolder,
    watch: Stopwatch,
) -> list[Shot]:
    """Every prompt as a shot whose file is in the media folder."""
    tier = tier_of(arguments)
    with watch.step("start the engine"):
        cast = client.models()
        card = cast_model(cast, Ability.TEXT_TO_VIDEO, tier, arguments.model)
        recipes = [
            _recipe(prompt, arguments.seed + number, card) for number, prompt in enumerate(prompts)
        ]
        refusal = client.plan(recipes[0]).refusal
        if refusal is not None:
            raise EngineRefused(refusal)
    jobs = [client.submit(recipe) for recipe in recipes]
    try:
        return [
            _shot(client, job_id, recipe, _foley(cast), tier, folder, watch)
            for job_id, recipe in zip(jobs, recipes, strict=True)
        ]
    except BaseException:
        for job_id in jobs:
            cancel(client, job_id)
        raise


def _recipe(prompt: str, seed: int, card: ModelCard) -> Recipe:
    """Four seconds in the shape of the film, or in the model's own where it has no such shape."""
    aspects = card.rules.aspects
    width, height = aspects.get("16:9") or next(iter(aspects.values()), (0, 0))
    rate = rate_like(card.rules, RATE.fraction)
    return Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=card.id,
        prompt=prompt,
        seed=seed,
        width=width,
        height=height,
        frames=frames_for(card.rules, LENGTH_S, rate),
        rate=rate,
        options=card.options,
    )


def _shot(
    client: EngineClient,
    job_id: str,
    recipe: Recipe,
    foley: ModelCard | None,
    tier: str,
    folder: DemoFolder,
    watch: Stopwatch,
) -> Shot:
    """The shot of a job, with its soundtrack where there is a model that makes one."""
    with watch.step(f"generate “{recipe.prompt}”"):
        done = follow(client, job_id, watch.console, recipe.prompt)
        shot = _collected(client, done, tier, folder)
    if foley is not None:
        with watch.step("and what is heard"):
            heard = client.submit(_sound_recipe(done, foley))
            sound = follow(client, heard, watch.console, "and what is heard")
            shot = replace(shot, sound=_collected(client, sound, tier, folder))
            client.release(heard)
    client.release(job_id)
    return shot


def _collected(client: EngineClient, done: Done, tier: str, folder: DemoFolder) -> Shot:
    collected = collect(client, done, folder.path, folder.media, lambda _done, _all: None)
    return Shot(collected.asset, collected.take(stored(done.recipe), tier))


def _foley(cast: Sequence[ModelCard]) -> ModelCard | None:
    """The draft model that makes soundtracks, if this engine has one."""
    able = (card for card in cast if Ability.VIDEO_TO_AUDIO in card.abilities)
    return next((c for c in able if c.tier == "draft" and c.installed and c.runnable), None)


def _sound_recipe(done: Done, card: ModelCard) -> Recipe:
    """What is heard in a shot that was made, as long as it is."""
    picture = done.outputs[0]
    shown = Recipe(ability=Ability.VIDEO_TO_AUDIO, model=card.id, seed=done.recipe.seed)
    length_s = picture.media.frames / Fraction(picture.media.rate)
    shown = with_film_recipe(shown, stored(done.recipe).text)
    return sounding(shown, card.rules, length_s, (picture.asset.sha256, Fraction(0), length_s))


def _film(
    generated: list[Shot], footage: list[Shot], folder: DemoFolder, watch: Stopwatch
) -> Project:
    """Cut, score, export and save; -> the project."""
    with watch.step("cut and score"):
        project = cut(NAME, in_order(generated, footage), folder.keep(MUSIC))
    job = ExportJob(
        sequence_id=project.sequences[0].id,
        out=folder.unfinished_film,
        preset="h264",
        loudness=LOUDNESS_LUFS,
    )
    with watch.step("export"):
        run_export(project, folder.path, job, watch.console)
    with watch.step("save"):
        folder.publish(project)
    return project


def _tell(
    console: Console,
    watch: Stopwatch,
    folder: DemoFolder,
    project: Project,
    generated: list[Shot],
    tier: str,
) -> None:
    sequence = project.sequences[0]
    length_s = max(track.duration for track in sequence.tracks) / sequence.rate.fraction
    takes = [shot.take for shot in generated if shot.take is not None]
    rows = [(step.name, f"{step.seconds:.1f} s") for step in watch.steps]
    console.table([("step", "time"), *rows, ("in all", f"{watch.total_s:.1f} s")], right=(1,))
    console.say(f"\nfilm     {folder.film}\nproject  {folder.project}")
    body: dict[str, Any] = {
        "film": str(folder.film),
        "project": str(folder.project),
        "steps": [{"step": step.name, "seconds": round(step.seconds, 3)} for step in watch.steps],
        "seconds": round(watch.total_s, 3),
        "length_s": round(float(length_s), 3),
        "width": SIZE[0],
        "height": SIZE[1],
        "rate": str(sequence.rate),
        "tier": tier,
        "shots": [
            {"prompt": take.recipe.prompt, "model": take.recipe.model, "seed": take.recipe.seed}
            for take in takes
        ],
    }
    console.result(body)
