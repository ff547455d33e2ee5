"""`convert`: cuts between Workprint and other editors, both ways."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio.commands.captions import sequence_named
from studio.commands.console import Console
from studio.commands.failures import CommandError, UsageError
from studio.commands.outputs import check_place
from studio.commands.parser import CommandParser, add_json
from studio.document.file.paths import SUFFIX, default_media_folder
from studio.document.file.project_file import ProjectFile
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.time import Rate
from studio.interchange.errors import InterchangeError
from studio.interchange.files import Imported, write
from studio.interchange.formats import Format
from studio.session.exchange import read_cut

_KINDS = "\n".join(f"  {each.value:<12}{each.label}" for each in Format)


def run(argv: list[str]) -> int:
    """Convert, and list what could not be carried."""
    arguments = _parser().parse_args(argv)
    source: Path = arguments.source.absolute()
    out: Path = arguments.out.absolute()
    _check(source, out)
    console = Console(arguments.json)
    try:
        found, folder = _read(source, out, arguments.rate)
        losses = [*found.losses, *_write(found.project, out, folder, arguments)]
    except InterchangeError as error:
        raise CommandError(str(error)) from error
    console.say(f"{out}  {_count(found.project)}")
    for loss in losses:
        console.say(loss)
    console.result({"file": str(out), "sequences": _names(found.project), "losses": losses})
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "convert",
        "Read a cut of another editor as a project, or write a project for another editor. What a"
        "\nformat cannot carry is listed. The project may be open in the studio meanwhile.\n\n"
        f"formats, by their endings:\n  {SUFFIX:<12}Workprint project\n{_KINDS}",
        "convert film.workprint film.fcpxml",
    )
    parser.add_argument("source", type=Path, metavar="IN", help="the file to read")
    parser.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    parser.add_argument("--sequence", metavar="NAME", help="which sequence to write (the first)")
    parser.add_argument(
        "--track", metavar="NAME", help="which picture track an .edl lists (the lowest with clips)"
    )
    parser.add_argument(
        "--rate",
        type=_rate,
        default=Rate(24),
        metavar="FPS",
        help="frame rate of an .edl that is read, which does not tell it: 25, 23.976 (24)",
    )
    add_json(parser)
    return parser


def _rate(text: str) -> Rate:
    try:
        return Rate.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error


def _check(source: Path, out: Path) -> None:
    """See that the endings are known, and that nothing is written over.

    Raises: UsageError, CommandError, MediaError.
    """
    for path in (source, out):
        if path.suffix.lower() != SUFFIX:
            try:
                Format.of(path)
            except InterchangeError as error:
                said = str(error).rstrip(".")
                raise UsageError(f"{said}, or {SUFFIX}.") from error
    if source.suffix.lower() == out.suffix.lower() == SUFFIX:
        raise UsageError("Both are Workprint projects. Save a copy in the studio instead.")
    if not source.is_file():
        raise CommandError(f"There is no file {source}. Check the name.")
    if out == source:
        raise UsageError("IN and OUT are the same file. Give OUT another name.")
    if out.exists():
        raise CommandError(f"There is already a file {out}. Choose another name.")
    check_place(out)


def _read(source: Path, out: Path, rate: Rate) -> tuple[Imported, Path]:
    """The project, and the folder in which its relative paths lie."""
    if source.suffix.lower() == SUFFIX:
        with ProjectFile.open(source, read_only=True) as file:
            return Imported(file.project, ()), file.path.parent
    media = out.parent / default_media_folder(out)
    return read_cut(source, out.parent, media, rate), out.parent


def _write(
    project: Project, out: Path, folder: Path, arguments: argparse.Namespace
) -> tuple[str, ...]:
    if out.suffix.lower() == SUFFIX:
        ProjectFile.create(out, project).close()
        return ()
    sequence = sequence_named(project, arguments.sequence)
    track = _track(sequence, arguments.track) if arguments.track else None
    return write(project, out, folder, sequence_id=sequence.id, track_id=track)


def _track(sequence: Sequence, name: str) -> str:
    for track in sequence.tracks:
        if track.name == name:
            return track.id
    known = ", ".join(track.name for track in sequence.tracks)
    raise CommandError(f"There is no track called {name!r} in {sequence.name}. There is: {known}.")


def _names(project: Project) -> list[str]:
    return [sequence.name for sequence in project.sequences]


def _count(project: Project) -> str:
    number = len(project.sequences)
    return f"{number} sequence{'' if number == 1 else 's'}, {len(project.assets)} media files"
