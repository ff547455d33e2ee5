"""`plan`: what a job would need, here or on another machine, before anything is loaded."""

from __future__ import annotations

import argparse
from fractions import Fraction

import msgspec

from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.models import ModelCard
from engine.protocol.plans import DeviceInfo, Plan, PlanPart, PlanRequest
from engine.protocol.recipes import Ability, Recipe
from studio.client.engine import EngineClient
from studio.commands import units
from studio.commands.casting import known_model
from studio.commands.console import Console, in_columns
from studio.commands.edit_options import add_edit, with_edit
from studio.commands.engines import connected, tier_of
from studio.commands.failures import CommandError, UsageError
from studio.commands.parser import CommandParser, add_engine, add_json, one_of
from studio.commands.recipe_options import ABILITIES, add_shape, recipe_from
from studio.commands.source_options import add_stretch, check_stretch, with_stretch
from studio.session.sounding import SOUNDS

_DOES_NOT_FIT = (ErrorCode.DOES_NOT_FIT, ErrorCode.DISK_FULL)
"""Refusals that are an answer to the question: what it would need, and what would fit."""


def run(argv: list[str]) -> int:
    """Print the plan. A job that does not fit is an answer; one that cannot be made is not."""
    parser = CommandParser(
        "plan",
        "Say what a job would need before anything is loaded: device, precision, memory, disk and"
        " time, or the nearest setting that fits. The model need not be installed.",
        "plan text_to_video --model wan2.1-1.3b --device-memory 8GiB --json",
    )
    parser.add_argument(
        "ability",
        type=one_of("ability", ABILITIES),
        metavar="ABILITY",
        help=", ".join(ABILITIES),
    )
    parser.add_argument(
        "--device-memory",
        type=units.size_bytes,
        metavar="SIZE",
        help="plan for a GPU with this much memory, such as 8GiB, instead of what is here",
    )
    add_stretch(parser.add_argument_group("work on a film"))
    add_shape(parser)
    add_edit(parser)
    add_engine(parser)
    add_json(parser)
    arguments = parser.parse_args(argv)
    ability = Ability(arguments.ability)
    check_stretch(ability, arguments)
    console = Console(arguments.json)
    console.progress("starting the engine")
    with console.clearing(), connected(arguments) as client:
        card = _card(client, ability, arguments)
        recipe = with_stretch(recipe_from(arguments, ability, card), arguments)
        recipe = with_edit(recipe, arguments)
        plan = client.plan_elsewhere(_request(recipe, arguments.device_memory))
        _refuse_what_no_machine_could(plan.refusal)
    for line in _lines(plan, card):
        console.say(line)
    console.result(msgspec.to_builtins(plan))
    return 0


def _card(client: EngineClient, ability: Ability, arguments: argparse.Namespace) -> ModelCard:
    """The model named, or the first of the tier, whether it is installed or not."""
    cast = client.models()
    tier = tier_of(arguments)
    if arguments.model:
        return known_model(cast, arguments.model)
    able = [card for card in cast if ability in card.abilities]
    wanted = [card for card in able if tier == "server" or card.tier == tier]
    if not wanted:
        others = ", ".join(card.id for card in able) or "none"
        raise CommandError(
            f"No model of the tier {tier} does {ability}. Name one with --model, such as {others}."
        )
    return min(wanted, key=lambda card: not card.installed)


def _request(recipe: Recipe, device_bytes: int | None) -> PlanRequest:
    if device_bytes is None:
        return PlanRequest(recipe=recipe)
    gpu = DeviceInfo(
        id="cuda:0",
        kind="cuda",
        name=f"a GPU with {units.size_text(device_bytes)}",
        memory_bytes=device_bytes,
        free_bytes=device_bytes,
        supports_bf16=True,
    )
    return PlanRequest(recipe=recipe, devices=(gpu,))


def _refuse_what_no_machine_could(refusal: ErrorInfo | None) -> None:
    if refusal is not None and refusal.code not in _DOES_NOT_FIT:
        raise UsageError(said(refusal))


def said(info: ErrorInfo) -> str:
    """A failure as one line: what happened and what to do."""
    return f"{info.message} {info.hint}".strip()


def _lines(plan: Plan, card: ModelCard) -> list[str]:
    """The plan as a person reads it: facts, stages, notes, and what would fit if it does not."""
    lines = list(in_columns(_facts(plan, card)))
    if plan.parts:
        lines += ["", *in_columns([_STAGES, *map(_stage, plan.parts)], right=(1, 2))]
    lines += [f"\n{note}" if place == 0 else note for place, note in enumerate(plan.notes)]
    if plan.refusal is not None:
        lines += ["", said(plan.refusal)]
        if plan.nearest is not None:
            lines.append(f"The nearest that fits: {shape_text(plan.nearest)}.")
    return lines


def _facts(plan: Plan, card: ModelCard) -> list[tuple[str, str]]:
    recipe = plan.recipe
    time = "not known before it has run once" if plan.seconds is None else _about(plan.seconds)
    facts = [
        (
            "model",
            f"{card.title} ({card.id}), {'installed' if card.installed else 'not installed'}",
        ),
        ("licence", _licence(card)),
        ("device", f"{plan.device_name or plan.device}, {plan.precision}, offload {plan.offload}"),
        ("GPU memory", _of(plan.vram_bytes, plan.device_free_bytes)),
        ("memory", _of(plan.ram_bytes, plan.ram_free_bytes)),
        ("disk", _disk(plan)),
        ("time", time),
    ]
    if plan.vram_bytes == 0:
        facts = [fact for fact in facts if fact[0] != "GPU memory"]
    return facts if recipe is None else [("makes", shape_text(recipe)), *facts]


_STAGES = ("stage", "weights", "work")


def _stage(part: PlanPart) -> tuple[str, str, str]:
    return part.name, units.size_text(part.weights_bytes), units.size_text(part.working_bytes)


def shape_text(recipe: Recipe) -> str:
    """A recipe's output in a few words: "832 × 480, 81 frames at 16 a second (5.1 s)"."""
    if recipe.ability in SOUNDS:
        return f"{float(recipe.frames / Fraction(recipe.rate)):.1f} s of sound"
    size = f"{recipe.width} × {recipe.height}" if recipe.width else "a size to suit the source"
    if recipe.frames == 0:
        return f"{size}, as long as the source"
    if recipe.frames == 1:
        return f"{size}, a still"
    rate = float(Fraction(recipe.rate))
    return f"{size}, {recipe.frames} frames at {rate:g} a second ({recipe.frames / rate:.1f} s)"


def _about(seconds: float) -> str:
    return f"about {units.time_text(seconds)}"


def _of(needed: int, free: int) -> str:
    have = f" of {units.size_text(free)} free" if free else ""
    return f"{units.size_text(needed)}{have}"


def _disk(plan: Plan) -> str:
    if not plan.download_bytes:
        return units.size_text(plan.disk_bytes)
    download = units.size_text(plan.download_bytes)
    return f"{units.size_text(plan.disk_bytes)}, of which {download} to download"


def _licence(card: ModelCard) -> str:
    use = "commercial use allowed" if card.licence.commercial else "not for commercial use"
    return f"{card.licence.title}, {use}"
