"""The ways media work can fail, each one sentence a person can act on.

MediaError
├── FileUnreadable      missing, no permission, a folder, empty
├── NotMedia            the bytes are no picture, film or sound we can read
├── DecodeFailed        it opened, but nothing could be decoded
├── FootageMissing      a clip points to footage that is not there
├── OutputUnwritable    the place for a result cannot be written
├── DiskFull            the disk ran full while writing
├── EncoderMissing      no encoder for the chosen preset on this machine
├── BadJob              an export job that asks for something impossible
└── Cancelled           the person stopped it
"""

from __future__ import annotations

import errno
from pathlib import Path


class MediaError(Exception):
    """Root of every failure in this package; its text is shown to the user as it is."""


class FileUnreadable(MediaError):
    """The file is missing, empty, a folder, or may not be read."""


class NotMedia(MediaError):
    """The file holds no picture, film or sound that can be read."""


class DecodeFailed(MediaError):
    """The file looked like media, but no frame or sample could be decoded."""


class FootageMissing(MediaError):
    """A clip uses footage that is not on this disk."""


class OutputUnwritable(MediaError):
    """The chosen place cannot be written to."""


class DiskFull(MediaError):
    """The disk ran full while writing."""


class EncoderMissing(MediaError):
    """This machine has no encoder for the chosen preset."""


class BadJob(MediaError):
    """An export was asked for that cannot be made."""


class Cancelled(MediaError):
    """The person cancelled; nothing was left behind."""


FULL_DISK_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT})


def from_os_error(error: OSError, path: Path) -> MediaError:
    """Turn a failed write into the sentence for it."""
    if error.errno in FULL_DISK_NUMBERS:
        return DiskFull(
            f"The disk is full: {path.name} could not be finished in {path.parent}. "
            "Free some space or choose another disk, then try again."
        )
    reason = (error.strerror or str(error)).lower()
    return OutputUnwritable(
        f"{path} cannot be written ({reason}). Choose a folder that you may write to."
    )
