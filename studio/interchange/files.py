"""Exchange files read and written: the one door to this package.

    written = write(project, Path("cut.otio"), folder)
    read = read(Path("cut.edl"), folder, media_folder)

Both give the sentences to show the user: what the file could not carry, and what it carries that
only Workprint sees.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

import opentimelineio as otio

from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence
from studio.document.time import Rate
from studio.interchange.bundle import read_bundle, write_bundle
from studio.interchange.edl_read import read_edl
from studio.interchange.edl_write import edl_text
from studio.interchange.errors import InterchangeError
from studio.interchange.fcp7 import read_fcp7, write_fcp7
from studio.interchange.fcpxml_read import read_fcpxml
from studio.interchange.fcpxml_write import fcpxml_text
from studio.interchange.formats import Format
from studio.interchange.from_timeline import from_timelines
from studio.interchange.losses import Losses
from studio.interchange.narrowing import note_losses
from studio.interchange.to_timeline import to_timeline


@dataclass(frozen=True, slots=True)
class Imported:
    """A project read from an exchange file, and what could not be read, as sentences."""

    project: Project
    losses: tuple[str, ...]


def write(
    project: Project,
    target: Path,
    folder: Path,
    *,
    sequence_id: Id | None = None,
    track_id: Id | None = None,
) -> tuple[str, ...]:
    """Write one sequence (the first) in the format of the target's ending; -> what it loses.

    `folder` is where the project's relative paths lie. `track_id` is the picture track of an EDL
    (the lowest that has clips). The file appears under its name when it is whole.
    Raises: InterchangeError with the reason; the target is then as it was.
    """
    kind = Format.of(target)
    sequence = _chosen(project, sequence_id)
    losses = Losses()
    note_losses(project, sequence, kind, losses, track_id)
    made = to_timeline(project, sequence, folder)
    with _whole(target) as temporary:
        match kind:
            case Format.OTIO:
                _put(temporary, otio.adapters.write_to_string(made, "otio_json"))
            case Format.OTIOZ:
                write_bundle(made, temporary, losses)
            case Format.FCPXML:
                _put(temporary, fcpxml_text(made, sequence))
            case Format.FCP7:
                _put(temporary, write_fcp7(made, sequence))
            case Format.EDL:
                _put(temporary, edl_text(project, sequence, folder, track_id))
    return losses.sentences()


def read(source: Path, folder: Path, media_folder: Path, *, rate: Rate | None = None) -> Imported:
    """Read a file as a project that is to lie in `folder`, media of a bundle in `media_folder`.

    `rate` is the frame rate of an EDL, which does not tell its own (24). The media itself is not
    opened: its facts are those that the file tells.
    Raises: InterchangeError with the reason.
    """
    losses = Losses()
    timelines = _timelines(source, Format.of(source), media_folder, rate, losses)
    if not timelines:
        raise InterchangeError(f"There is no timeline in {source.name}. Export one and try again.")
    try:
        base = source.absolute().parent
        project = from_timelines(timelines, base, folder, losses)
    except (ValueError, otio.exceptions.OTIOError) as error:
        raise _unreadable(source, error) from error
    return Imported(project, losses.sentences())


def _chosen(project: Project, sequence_id: Id | None) -> Sequence:
    for sequence in project.sequences:
        if sequence_id in (None, sequence.id):
            return sequence
    raise InterchangeError("There is no such sequence in the project. Choose another one.")


def _timelines(
    source: Path, kind: Format, media_folder: Path, rate: Rate | None, losses: Losses
) -> list[otio.schema.Timeline]:
    readers: dict[Format, Callable[[str], list[otio.schema.Timeline]]] = {
        Format.OTIO: _from_json,
        Format.FCPXML: lambda text: read_fcpxml(text, losses),
        Format.FCP7: lambda text: read_fcp7(text, losses),
        Format.EDL: lambda text: [read_edl(text, rate or Rate(24), losses)],
    }
    try:
        if kind is Format.OTIOZ:
            return _from_json(read_bundle(source, media_folder))
        return readers[kind](source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InterchangeError(f"{source} cannot be read: {_why(error)}.") from error
    except _UNREADABLE as error:
        raise _unreadable(source, error) from error


_UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    ParseError,
    RuntimeError,
    otio.exceptions.OTIOError,
)
"""What adapters raise for damaged files: their parsers check little themselves."""


def _unreadable(source: Path, error: Exception) -> InterchangeError:
    first = (str(error).strip().splitlines() or [""])[0][:200]
    said = f" ({first})" if first else ""
    label = Format.of(source).label
    return InterchangeError(
        f"{source.name} cannot be read as {label}{said}. Export it once more, or in another format."
    )


def _from_json(text: str) -> list[otio.schema.Timeline]:
    return _all_timelines(otio.adapters.read_from_string(text, "otio_json"))


def _all_timelines(read: object) -> list[otio.schema.Timeline]:
    match read:
        case otio.schema.Timeline():
            return [read]
        case otio.schema.SerializableCollection():
            return [each for child in read for each in _all_timelines(child)]
        case _:
            return []


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def _whole(target: Path) -> Generator[Path, None, None]:
    """A temporary path beside the target, moved to it when the block is done."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise InterchangeError(
            f"{target.name} cannot be written: {_why(error)}. Free some space or choose another"
            " folder."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
