"""Opening a file with PyAV inside bounds: time limits, sane sizes, and clear sentences.

Every file that reaches libav goes through `open_container`, so that a broken or hostile one
can cost a moment and a sentence, never a hang or the memory of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.stream import Stream

from studio.media.decode.hardware import accelerator
from studio.media.errors import NotMedia
from studio.media.fingerprint import unreadable

OPEN_TIMEOUT_S = 15.0
READ_TIMEOUT_S = 15.0
MAX_PIXELS = 16384 * 16384
MAX_STREAMS = 64
OPTIONS = {
    "max_pixels": str(MAX_PIXELS),
    "max_streams": str(MAX_STREAMS),
    "probesize": "8000000",
    "analyzeduration": "6000000",
}


def open_container(path: Path, card: str = "") -> InputContainer:
    """Open a file for reading, with a graphics card of that kind to decode it if one is named.

    Raises:
        FileUnreadable: missing, a folder, empty, no permission.
        NotMedia: the bytes are no media that can be read, or not with that card.
    """
    check_readable(path)
    try:
        return av.open(
            str(path),
            mode="r",
            options=OPTIONS,
            metadata_errors="replace",
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
            hwaccel=accelerator(card) if card else None,
        )
    except (av.error.FFmpegError, ValueError, RuntimeError, MemoryError) as error:
        raise not_media(path) from error


def packets_of(container: InputContainer, stream: Stream) -> Iterator[av.Packet]:
    """Packets of one stream as they are stored, and at the end an empty one to flush its decoder.

    Where more streams turn up in the middle of a file, PyAV (18.1, `InputContainer.demux`) looks
    for them at the end among those that it found on opening and stumbles; by then every packet of
    the stream has come.

    Raises:
        av.error.FFmpegError: the file breaks off, or takes too long.
    """
    try:
        yield from container.demux(stream)
    except IndexError:
        return


def check_readable(path: Path) -> None:
    """Raise the right sentence unless the file exists, may be read and is not empty."""
    try:
        with path.open("rb") as file:
            first = file.read(1)
    except OSError as error:
        raise unreadable(path, error) from error
    if not first:
        raise NotMedia(f"{path.name} is empty. Copy it again from where it came.")


def not_media(path: Path) -> NotMedia:
    """The sentence for bytes that are no media."""
    return NotMedia(
        f"{path.name} is not a picture, film or sound that can be read. "
        "It may be damaged or incomplete: copy it again, or convert it first."
    )
