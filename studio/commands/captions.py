"""`captions`: subtitle files into a project, and a project's captions into a file."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from studio.commands.console import Console
from studio.commands.failures import CommandError, UsageError
from studio.commands.outputs import check_place
from studio.commands.parser import CommandParser, add_json
from studio.document.edits.captions import bring_captions
from studio.document.file.project_file import ProjectFile
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.subtitles import ENDINGS
from studio.session.subtitles import counted, read_file, write_file


def run(argv: list[str]) -> int:
    """Bring captions in, or write them; -> exit code."""
    arguments = _parser().parse_args(argv)
    project: Path = arguments.project.absolute()
    target: Path = arguments.file.absolute()
    if target.suffix.lower() not in ENDINGS:
        raise UsageError(f"{target.name} must end in .srt or .vtt.")
    if not project.is_file():
        raise CommandError(f"There is no file {project}. Check the name.")
    verb = _write if arguments.write else _bring_in
    verb(project, target, arguments.sequence, Console(arguments.json))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        "captions",
        "Bring the captions of an .srt or .vtt file into a project, on an empty caption track or a"
        "\nnew one, or write a project's captions with --write. Captions that make no sense are"
        "\nlisted. Bringing them in can be undone in the studio.",
        "captions film.workprint talk.srt",
    )
    parser.add_argument("project", type=Path, metavar="FILM", help="the project")
    parser.add_argument("file", type=Path, metavar="FILE", help="the .srt or .vtt file")
    parser.add_argument(
        "--write", action="store_true", help="write FILE from the project instead of reading it"
    )
    parser.add_argument("--sequence", metavar="NAME", help="which sequence (the first)")
    add_json(parser)
    return parser


def _bring_in(project: Path, source: Path, name: str | None, console: Console) -> None:
    found = read_file(source)
    with ProjectFile.open(project) as file:
        if file.read_only:
            raise CommandError(file.notice)
        sequence = sequence_named(file.history.project, name)
        edit = partial(bring_captions, sequence_id=sequence.id, cues=found.cues, name=source.stem)
        file.history.apply(f"Import {source.name}", edit)
    console.say(f"{counted(len(found.cues))} in {sequence.name} of {project.name}")
    for sentence in found.left_out:
        console.say(sentence)
    console.result(
        {"file": str(project), "captions": len(found.cues), "left_out": list(found.left_out)}
    )


def _write(project: Path, target: Path, name: str | None, console: Console) -> None:
    if target.exists():
        raise CommandError(f"There is already a file {target}. Choose another name.")
    check_place(target)
    with ProjectFile.open(project, read_only=True) as file:
        count = write_file(sequence_named(file.project, name), target)
    console.say(f"{target}  {counted(count)}")
    console.result({"file": str(target), "captions": count, "left_out": []})


def sequence_named(project: Project, name: str | None) -> Sequence:
    """The sequence of a name, or the first. Raises: CommandError."""
    for sequence in project.sequences:
        if name in (None, sequence.name):
            return sequence
    known = ", ".join(sequence.name for sequence in project.sequences)
    raise CommandError(f"There is no sequence called {name!r} in the project. It has: {known}.")
