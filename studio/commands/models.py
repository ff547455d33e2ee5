"""`models`: what models there are, and bringing them to this machine."""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from engine.protocol.installs import InstallAction, Installing, InstallRequest
from engine.protocol.models import ModelCard
from studio.client.engine import EngineClient
from studio.commands import units
from studio.commands.casting import known_model
from studio.commands.console import Console
from studio.commands.engines import connected, tier_of
from studio.commands.failures import CommandError, UsageError
from studio.commands.parser import CommandParser, add_engine, add_json, in_lines, one_of

_LIST, _INFO = "list", "info"
_ACTIONS = {
    _LIST: "show every model, its size and whether it is here",
    _INFO: "describe one: sizes, lengths, licence",
    InstallAction.DOWNLOAD.value: "bring one to this machine; a broken download goes on",
    InstallAction.VERIFY.value: "read the files of one again and name those that are damaged",
    InstallAction.IMPORT.value: "take one from a folder that another program downloaded it to",
}


def run(argv: list[str]) -> int:
    """List, describe, download, verify or import."""
    arguments = _parser().parse_args(argv)
    _check(arguments)
    console = Console(arguments.json)
    console.progress("starting the engine")
    with console.clearing(), connected(arguments) as client:
        cast = client.models()
        if arguments.action == _LIST:
            _list(cast, console)
            return 0
        card = known_model(cast, arguments.id)
        if arguments.action == _INFO:
            _info(card, console)
            return 0
        return _install(client, card, arguments, console)


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "models",
        "See what models there are, and bring them to this machine. Sizes are in binary units"
        f" (1 GiB is 1024 MiB).\n\nactions:\n{in_lines(_ACTIONS)}",
        "models download wan2.1-1.3b",
    )
    parser.add_argument(
        "action",
        nargs="?",
        type=one_of("models action", _ACTIONS),
        metavar="ACTION",
        help="one of those above",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="the model; models list shows the ids")
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="where models import finds it, such as a snapshot in the Hugging Face cache",
    )
    parser.add_argument(
        "--accept-licence",
        action="store_true",
        help="accept the terms of a model whose use is limited; models info shows them",
    )
    add_engine(parser)
    add_json(parser)
    return parser


def _check(arguments: argparse.Namespace) -> None:
    """See that what the action needs is there, and nothing else."""
    action: str | None = arguments.action
    if action is None:
        raise UsageError(f"Say what to do with the models:\n{in_lines(_ACTIONS)}")
    if action != _LIST and arguments.id is None:
        raise UsageError(f"Name the model: models {action} ID. models list shows them.")
    if action == _LIST and arguments.id is not None:
        raise UsageError("models list takes no model. models info ID describes one.")
    if (action == InstallAction.IMPORT) != (arguments.folder is not None):
        raise UsageError("A folder goes with models import ID FOLDER, and with nothing else.")
    if action in set(InstallAction) and tier_of(arguments) == "server":
        raise UsageError(f"models {action} works on this machine. Run it on the server itself.")
    if arguments.folder is not None and not arguments.folder.is_dir():
        raise CommandError(f"The folder {arguments.folder} does not exist. Check its name.")


def _list(cast: tuple[ModelCard, ...], console: Console) -> None:
    heading = ("model", "tier", "size", "here", "licence", "abilities")
    console.table([heading, *map(_row, cast)], right=(2,))
    console.result([msgspec.to_builtins(card) for card in cast])


def _row(card: ModelCard) -> tuple[str, ...]:
    place = "yes" if card.installed else "no" if card.runnable else "plan only"
    able = ", ".join(card.abilities)
    size = units.size_text(card.size_bytes)
    return card.id, card.tier, size, place, card.licence.spdx, able


def _info(card: ModelCard, console: Console) -> None:
    console.table(_facts(card))
    console.result(msgspec.to_builtins(card))


def _facts(card: ModelCard) -> list[tuple[str, str]]:
    terms = card.licence
    use = "commercial use allowed" if terms.commercial else "no commercial use"
    sizes = (f"{shape} {width} × {height}" for shape, (width, height) in card.rules.aspects.items())
    rates = ", ".join(f"{float(Fraction(rate)):g}" for rate in card.rules.rates)
    facts = [
        ("model", f"{card.title} ({card.id})"),
        ("about", card.note),
        ("tier", card.tier),
        ("abilities", ", ".join(card.abilities)),
        ("size", units.size_text(card.size_bytes)),
        ("here", "installed" if card.installed else "not installed"),
        ("licence", f"{terms.title} ({terms.spdx}), {use}"),
        ("its limits", terms.limits),
        ("its text", terms.url),
        ("frame sizes", ", ".join(sizes)),
        ("longest", _longest(card, rates)),
        ("weights", card.weights_sha256),
    ]
    if not card.runnable:
        facts.append(("note", "This version can plan this model but not run it."))
    return [(name, value) for name, value in facts if value]


def _longest(card: ModelCard, rates: str) -> str:
    """What makes pictures counts frames; what makes only sound, seconds."""
    if not rates:
        return ""
    if not card.rules.aspects:
        return f"{float(card.rules.max_frames / Fraction(card.rules.rates[0])):g} s"
    return f"{card.rules.max_frames} frames at {rates} a second"


def _install(
    client: EngineClient, card: ModelCard, arguments: argparse.Namespace, console: Console
) -> int:
    action = InstallAction(arguments.action)
    request = InstallRequest(
        action=action,
        folder=str(arguments.folder.resolve()) if arguments.folder else "",
        accept_licence=arguments.accept_licence,
    )

    def told(news: Installing) -> None:
        share = 100 * news.done_bytes // max(1, news.total_bytes)
        of = f"{units.size_text(news.done_bytes)} of {units.size_text(news.total_bytes)}"
        console.progress(f"{action} {card.id}: {of} ({share} %), {news.file}")

    done = client.install(card.id, request, told)
    if done.damaged:
        names = ", ".join(done.damaged)
        raise CommandError(
            f"{card.title} is damaged or incomplete: {names}. Run"
            f" python3 main.py models download {card.id} to fetch those files again."
        )
    body: dict[str, Any] = msgspec.to_builtins(done.card)
    console.say(_outcome(action, done.card))
    console.result(body)
    return 0


def _outcome(action: InstallAction, card: ModelCard) -> str:
    match action:
        case InstallAction.VERIFY:
            return f"{card.title}: every file is as it should be."
        case InstallAction.DOWNLOAD | InstallAction.IMPORT:
            return f"{card.title} is installed. Its licence is the {card.licence.title}."
