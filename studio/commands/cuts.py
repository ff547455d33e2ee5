"""What commands look at and listen to: a sequence of a project, or a media file as the studio
plays it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from studio.commands.captions import sequence_named
from studio.commands.failures import CommandError, UsageError
from studio.document.edits.assets import relink_paths
from studio.document.file.project_file import ProjectFile
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence
from studio.document.time import Rounding, Time
from studio.document.timecode import parse_timecode
from studio.session.describing import describe
from studio.ui.viewer.subject import subject_of_asset

_PROJECT = ".workprint"


@dataclass(frozen=True, slots=True)
class Cut:
    """A sequence that can be rendered and mixed; relative paths begin at `folder`.

    `has_picture` and `has_sound` are those of a media file; a project may have anything.
    """

    project: Project
    sequence: Sequence
    folder: Path
    has_picture: bool = True
    has_sound: bool = True


def open_cut(path: Path, sequence: str | None) -> Cut:
    """A project's sequence, the first if none is named, or a media file on its own.

    Raises: CommandError, UsageError, DocumentError, MediaError.
    """
    path = path.absolute()
    if not path.is_file():
        raise CommandError(f"There is no file {path}. Check the name.")
    if path.suffix.lower() == _PROJECT:
        with ProjectFile.open(path, read_only=True) as file:
            project = with_moved_footage(file)
        return Cut(project, sequence_named(project, sequence), path.parent)
    if sequence is not None:
        raise UsageError(f"{path.name} is no project and has no sequences. Leave --sequence out.")
    asset = replace(describe(path, path.parent), id="file")
    subject = subject_of_asset(asset)
    return Cut(subject.project, subject.sequence, path.parent, bool(asset.video), bool(asset.audio))


def with_moved_footage(file: ProjectFile) -> Project:
    """The project, with footage that was moved together with it at its new place."""
    folder = file.path.parent
    moved = {
        asset.id: str(path)
        for asset in file.project.assets
        if (path := file.media_path(asset)) != folder / asset.path
    }
    return relink_paths(file.project, moved)


def frame_at(text: str, sequence: Sequence) -> int:
    """A place in the sequence, in frames from its start. Raises: UsageError."""
    try:
        if ":" in text or ";" in text:
            return parse_timecode(text, sequence.rate) - sequence.start_timecode
        return Time.of_seconds(Fraction(text)).ticks(sequence.rate, Rounding.NEAREST)
    except (ValueError, ZeroDivisionError):
        raise UsageError(
            f"{text!r} is neither timecode such as 00:00:10:00 nor seconds such as 10.5."
        ) from None
