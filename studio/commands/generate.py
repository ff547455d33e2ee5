"""`generate`: run one ability into a file, with its recipe beside it; or run a recipe again."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine.protocol.jobs import Done
from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability, Recipe
from studio.client.engine import EngineClient
from studio.client.errors import EngineRefused
from studio.commands import units
from studio.commands.again import find_inputs, require_plain
from studio.commands.casting import cast_model, known_model
from studio.commands.console import Console
from studio.commands.edit_options import add_edit, check_mask, with_edit
from studio.commands.engines import connected, tier_of
from studio.commands.failures import CommandError, UsageError
from studio.commands.jobs import run_job
from studio.commands.outputs import fetch_outputs, output_place
from studio.commands.pace_options import add_pace, check_pace, with_pace
from studio.commands.parser import CommandParser, add_engine, add_json, one_of
from studio.commands.recipe_file import (
    Made,
    RecipeFile,
    differences,
    path_beside,
    read_recipe_file,
    recipe_beside,
    write_recipe_file,
)
from studio.commands.recipe_options import (
    ABILITIES,
    Stills,
    add_shape,
    check_people,
    input_roles,
    like_still,
    recipe_from,
    with_inputs,
)
from studio.commands.source_options import (
    add_stretch,
    check_stretch,
    like_source,
    part_of_source,
    require_film,
    with_stretch,
)
from studio.commands.sticker_outputs import fetch_sticker, is_sticker_file
from studio.media.errors import MediaError
from studio.media.probe import probe
from studio.session.film_recipes import told_of, with_film_recipe
from studio.session.recipes import stored

_WORDLESS = {
    Ability.IMAGE_TO_VIDEO,
    Ability.EXTEND_VIDEO,
    Ability.RETAKE,
    Ability.UPSCALE_VIDEO,
    Ability.INTERPOLATE_FRAMES,
    Ability.VIDEO_TO_AUDIO,
    Ability.EXTEND_AUDIO,
    Ability.ANIMATE_STICKER,
    Ability.CUT_OUT,
}
"""Abilities that need no prompt: their input says it."""


_FROM_FILES = """\
  python3 main.py generate extend_video --video shot.mp4 --length 4 --out next.mp4
  python3 main.py generate extend_video --video shot.mp4 --direction before --out lead.mp4
  python3 main.py generate retake --video shot.mp4 --range 1.5 2.5 --out again.mp4
  python3 main.py generate edit_video --video shot.mp4 --prompt "make it snow" --out snow.mp4
  python3 main.py generate edit_video --video shot.mp4 --prompt "blur it" --mask plate.png
      --out shown.mp4
  python3 main.py generate upscale_video --video draft.mp4 --out large.mp4
  python3 main.py generate interpolate_frames --video shot.mp4 --rate 60 --out smooth.mp4
  python3 main.py generate interpolate_frames --video shot.mp4 --speed 25% --range 1 3
      --out slow.mp4
  python3 main.py generate image_to_video --image dog.jpg --prompt "it jumps" --out hop.mp4
  python3 main.py generate image_to_video --image a.png --last b.png --out between.mp4
  python3 main.py generate video_to_audio --video shot.mp4 --prompt "wind" --out shot.wav
  python3 main.py generate text_to_audio --prompt "rain; music: calm piano" --out rain.wav
  python3 main.py generate extend_audio --video rain.wav --length 20 --out more.wav
  python3 main.py generate personalize_video --image me.jpg --consent
      --prompt "waves on a beach at sunset" --out me.mp4
  python3 main.py generate cut_out --image photo.jpg --out cut.png
  python3 main.py generate text_to_sticker --prompt "a fox" --out fox.png
  python3 main.py generate animate_sticker --image fox.png --prompt "it jumps" --out fox.webp

how a prompt is read:
  python3 main.py generate rewrite_prompt --prompt "a puppy hops in the woods\""""


@dataclass(frozen=True, slots=True)
class _Work:
    """What one run needs: where it writes, whether that stays, and how it was made before."""

    tier: str
    out: Path
    before: RecipeFile | None
    kept: bool


def run(argv: list[str]) -> int:
    """Generate, save, and say where."""
    arguments = _parser().parse_args(argv)
    console = Console(arguments.json)
    before = _recipe_again(arguments)
    ability = before.recipe.ability if before else _ability(arguments)
    with output_place(arguments.out, ability) as out:
        work = _Work(tier_of(arguments), out, before, kept=arguments.out is not None)
        console.progress("starting the engine")
        with console.clearing(), connected(arguments) as client:
            recipe, files = _recipe(client, ability, arguments, before, console)
            _make(client, recipe, files, work, console)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "generate",
        "Make one thing, such as a clip, and save it. Its recipe is written beside it as"
        " FILE.recipe.json, and --recipe runs one again. Lengths are in seconds, sizes in pixels."
        " Ctrl-C cancels.\n\nfrom films and pictures:\n" + _FROM_FILES,
        'generate text_to_video --prompt "a fox jumps up and down in the snow" --length 4'
        " --seed 7 --out fox.mp4",
    )
    parser.add_argument(
        "ability",
        nargs="?",
        type=one_of("ability", ABILITIES),
        metavar="ABILITY",
        help=", ".join(ABILITIES),
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where it goes; the ending says what it is. rewrite_prompt prints without it",
    )
    parser.add_argument("--recipe", type=Path, metavar="FILE", help="run this recipe again")
    files = parser.add_argument_group("inputs")
    files.add_argument(
        "--image",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="may be repeated: first, middle and last frame, or pictures of who acts",
    )
    files.add_argument(
        "--middle", type=Path, metavar="FILE", help="with image_to_video: the frame halfway"
    )
    files.add_argument(
        "--last", type=Path, metavar="FILE", help="with image_to_video: the frame it ends on"
    )
    files.add_argument("--video", type=Path, metavar="FILE", help="the film or sound to work on")
    add_stretch(files)
    add_pace(files)
    add_shape(parser)
    add_edit(parser)
    add_engine(parser)
    add_json(parser)
    return parser


def _recipe_again(arguments: argparse.Namespace) -> RecipeFile | None:
    if arguments.recipe is None:
        return None
    require_plain(arguments)
    return read_recipe_file(arguments.recipe)


def _ability(arguments: argparse.Namespace) -> Ability:
    """What was asked for, once it is certain that something was asked for."""
    if arguments.ability is None:
        raise UsageError("Name an ability, such as text_to_video, or give --recipe FILE.")
    ability = Ability(arguments.ability)
    if ability not in _WORDLESS and not (arguments.prompt or "").strip():
        raise UsageError("The prompt is empty. Say what it shall be in a sentence, with --prompt.")
    check_stretch(ability, arguments)
    check_pace(ability, arguments)
    check_people(ability, arguments)
    require_film(ability, arguments)
    check_mask(ability, arguments)
    return ability


def _recipe(
    client: EngineClient,
    ability: Ability,
    arguments: argparse.Namespace,
    before: RecipeFile | None,
    console: Console,
) -> tuple[Recipe, dict[str, str]]:
    """The recipe to run and the files it reads by hash, which the engine then has."""
    cast = client.models()
    if before is not None:
        known_model(cast, before.recipe.model)
        files = find_inputs(before, arguments.recipe.parent)
        for path in files.values():
            _upload(client, path, console)
        return before.recipe, {sha256: str(path) for sha256, path in files.items()}
    card: ModelCard = cast_model(cast, ability, tier_of(arguments), arguments.model)
    part = part_of_source(ability, arguments)
    recipe = with_stretch(recipe_from(arguments, ability, card), arguments)
    recipe = with_edit(recipe, arguments)
    recipe, part = with_pace(like_source(recipe, arguments.video, part), arguments, part)
    stills = Stills(arguments.image, arguments.middle, arguments.last)
    roles = input_roles(ability, stills, arguments.video, arguments.mask)
    for _, path in roles:
        probe(path)  # what cannot be read is told before it travels
    recipe = like_still(recipe, stills, card.rules)
    files = {path: _upload(client, path, console) for _, path in roles}
    if arguments.video is not None:
        made_by = recipe_beside(arguments.video, files[arguments.video])
        recipe = with_film_recipe(recipe, told_of(stored(made_by)) if made_by else "")
    given = {sha256: str(path.resolve()) for path, sha256 in files.items()}
    return with_inputs(recipe, roles, part, files.__getitem__), given


def _upload(client: EngineClient, path: Path, console: Console) -> str:
    def told(done: int, total: int) -> None:
        console.progress(f"sending {path.name}: {100 * done // total} %")

    return client.upload(path, on_progress=told).sha256


def _make(
    client: EngineClient, recipe: Recipe, files: dict[str, str], work: _Work, console: Console
) -> None:
    """Plan, run, fetch, write the recipe beside, and tell."""
    plan = client.plan(recipe)
    if plan.refusal is not None:
        raise EngineRefused(plan.refusal)
    began_s = time.monotonic()
    done = run_job(client, recipe, console, recipe.ability.value)
    seconds = time.monotonic() - began_s
    fetch = fetch_sticker if is_sticker_file(work.out, recipe.ability) else fetch_outputs
    fetched = fetch(client, done.outputs, work.out, lambda _done, _all: console.progress("saving"))
    made = Made.by(plan, work.tier, done.outputs[0].asset.sha256)
    content = RecipeFile(recipe=done.recipe, input_files=files, made=made)
    if work.kept:
        _keep_recipe(fetched[0], content)
    _tell(console, done, plan, fetched, seconds, work, made)


def _keep_recipe(output: Path, content: RecipeFile) -> None:
    """Write the recipe beside an output, which stays where the recipe finds no room.

    Raises: CommandError.
    """
    try:
        write_recipe_file(path_beside(output), content)
    except MediaError as error:
        raise CommandError(f"{output} is saved, but its recipe is not: {error}") from error


def _tell(
    console: Console,
    done: Done,
    plan: Plan,
    fetched: list[Path],
    seconds: float,
    work: _Work,
    made: Made,
) -> None:
    notes = [*plan.notes, *(note for note in done.notes if note not in plan.notes)]
    if fetched[0] != work.out:
        notes.append(f"The output is {done.outputs[0].asset.media_type}, so it has that ending.")
    body: dict[str, Any] = {
        **(_places(fetched) if work.kept else {}),
        "model": done.recipe.model,
        "seed": done.recipe.seed,
        "seconds": round(seconds, 3),
        "model_seconds": round(done.model_s, 3),
        "media": msgspec.to_builtins(done.outputs[0].media),
        "sha256": made.sha256,
        "notes": notes,
    }
    if work.kept:
        how = f"{done.recipe.model}, seed {done.recipe.seed}, {units.time_text(seconds)}"
        console.say(f"{fetched[0]}  {how}")
    if done.recipe.ability is Ability.REWRITE_PROMPT:
        body["prompt"] = fetched[0].read_text("utf-8")
        console.say(body["prompt"])
    for note in notes if work.kept else ():
        console.say(note)
    if work.before is not None:
        is_same, because = _compared(work.before.made, made, notes)
        console.say("The same, bit for bit." if is_same else "Not the same, bit for bit.")
        for reason in because:
            console.say(reason)
        body |= {"bit_exact": is_same, "because": because}
    console.result(body)


def _places(fetched: list[Path]) -> dict[str, Any]:
    """Where the files are, for --json."""
    return {
        "file": str(fetched[0]),
        "files": [str(path) for path in fetched],
        "recipe": str(path_beside(fetched[0])),
    }


def _compared(before: Made, made: Made, notes: list[str]) -> tuple[bool, list[str]]:
    """Whether the bits came out the same, and why not."""
    if before.sha256 == made.sha256:
        return True, []
    because = differences(before, made)
    if not because and not notes:
        because = ["Nothing that is known has changed; this device does not always round alike."]
    return False, because
