"""Subtitle files into and out of the open sequence, as the window's File menu has them.

    files = SubtitleFiles(session)
    files.bring_in(Path("talk.srt"))       one undoable step, on a caption track
    files.write(Path("talk.vtt"))          every caption that is not hidden

Reading happens on another thread; captions that make no sense are told line by line.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from studio.document.edits.captions import bring_captions
from studio.document.errors import DocumentError
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.subtitles import (
    ENDINGS,
    LARGEST_BYTES,
    Cue,
    Subtitles,
    cues_of,
    decoded,
    read_subtitles,
    write_srt,
    write_vtt,
)
from studio.session.notices import NoticeAction
from studio.session.session import Session


class SubtitleError(DocumentError):
    """A subtitle file that cannot be read or written; the text is one sentence."""


def read_file(path: Path) -> Subtitles:
    """Read a subtitle file. Blocks. Raises: SubtitleError."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SubtitleError(f"{path.name} is far too large for subtitles. Choose another file.")
        return read_subtitles(decoded(path.read_bytes()))
    except ValueError as problem:
        raise SubtitleError(f"{path.name}: {problem}") from problem
    except OSError as problem:
        why = (problem.strerror or "it cannot be read").lower()
        raise SubtitleError(f"{path.name} cannot be read: {why}.") from problem


def cues_of_sequence(sequence: Sequence) -> list[Cue]:
    """The captions that are not hidden, in order."""
    cues = [
        cue
        for track in sequence.tracks
        if track.kind is TrackKind.CAPTION and not track.hidden
        for cue in cues_of(track, sequence.rate)
    ]
    return sorted(cues, key=lambda cue: cue.start)


def write_file(sequence: Sequence, path: Path) -> int:
    """Write the captions of a sequence by the path's ending; -> how many. Blocks.

    Raises: SubtitleError.
    """
    cues = cues_of_sequence(sequence)
    if not cues:
        raise SubtitleError(f"{sequence.name} has no captions to write. Add some first.")
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise SubtitleError(f"{path.name} must end in .srt or .vtt.")
    text = write_srt(cues) if ending == ".srt" else write_vtt(cues)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as problem:
        part.unlink(missing_ok=True)
        why = (problem.strerror or "the disk refused").lower()
        raise SubtitleError(f"{path.name} cannot be written: {why}.") from problem
    return len(cues)


def counted(number: int) -> str:
    """ "1 caption", "12 captions"."""
    return f"{number} caption{'' if number == 1 else 's'}"


class SubtitleFiles:
    """Brings captions in and writes them, for an open session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def bring_in(self, path: Path) -> None:
        """Lay a file's captions on a caption track of the open sequence."""
        self._session.work.run(partial(read_file, path), partial(self._lay, path), self._failed)

    def write(self, path: Path) -> None:
        """Write the captions of the open sequence."""
        self._session.work.run(
            partial(write_file, self._session.sequence, path),
            lambda count: self._session.notices.done(
                f"{counted(count)} written to {path.name}.", topic="captions"
            ),
            self._failed,
        )

    def _lay(self, path: Path, found: Subtitles) -> None:
        session = self._session
        edit = partial(
            bring_captions, sequence_id=session.sequence_id, cues=found.cues, name=path.stem
        )
        if not session.apply(f"Import {path.name}", edit):
            return
        done = f"{counted(len(found.cues))} from {path.name} on the timeline."
        if not found.left_out:
            session.notices.done(done, topic="captions")
            return
        everything = "\n".join(found.left_out)
        show = NoticeAction("Show all", lambda: session.notices.info(everything))
        several = len(found.left_out) > 1
        rest = f"{counted(len(found.left_out))} could not be read." if several else everything
        session.notices.warning(f"{done} {rest}", show if several else None, topic="captions")

    def _failed(self, error: Exception) -> None:
        self._session.notices.error(str(error), topic="captions")
