"""`proxies`: make the small stand-ins of a project's large footage now, before the studio does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studio.commands.console import Console
from studio.commands.parser import CommandParser, add_json
from studio.document.file.project_file import ProjectFile
from studio.document.queries.media import wants_proxy
from studio.media.errors import MediaError
from studio.media.proxies import proxy_in
from studio.session.settings import cache_folder_of, default_path, read_settings

_ABOUT = (
    "Make proxies of a project's footage with more than 540 lines: small films that the studio "
    "scrubs and plays in their place. They lie in the cache folder. Exports never use them."
)


def run(argv: list[str]) -> int:
    """Make what is missing; 1 where some footage gave no proxy."""
    parser = CommandParser("proxies", _ABOUT, "proxies film.workprint")
    parser.add_argument("project", type=Path, metavar="FILE.workprint", help="the project")
    add_json(parser)
    arguments = parser.parse_args(argv)
    console = Console(arguments.json)
    folder = cache_folder_of(read_settings(default_path())) / "proxies"
    with ProjectFile.open(arguments.project, read_only=True) as file:
        films = {a.name: file.media_path(a) for a in file.project.assets if wants_proxy(a)}
    rows = [_made(name, path, folder, console) for name, path in films.items()]
    if not rows:
        console.say("No footage of the project is large enough to want a proxy.")
    console.result(rows)
    return 1 if any(row["why"] for row in rows) else 0


def _made(name: str, path: Path, folder: Path, console: Console) -> dict[str, Any]:
    """One film's proxy, told of as it is there."""
    row: dict[str, Any] = {"footage": str(path), "proxy": None, "why": ""}
    with console.clearing():
        try:
            row["proxy"] = str(
                proxy_in(
                    folder, path, lambda share: console.progress(f"{name}: {share * 100:.0f} %")
                )
            )
        except MediaError as error:
            row["why"] = str(error)
    console.say(f"{name}  {row['proxy'] or row['why']}")
    return row
