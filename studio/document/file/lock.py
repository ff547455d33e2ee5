"""The lock that keeps a second studio from editing the same project.

It is a lock of the operating system on a hidden file beside the project, so that it vanishes with
the process that holds it, however that ends. The file says who holds it, for the message.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import sys
from pathlib import Path
from typing import Self

from studio.document.errors import InUse

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        """Lock a byte far past the end, so that the text stays readable to others."""
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class ProjectLock:
    """A held lock on one project file; release it when the project is closed."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, project: Path) -> Self:
        """Lock a project for editing.

        Raises: InUse when another studio holds it, OSError when the folder refuses writing.
        """
        path = project.with_name(f".{project.name}.lock")
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            if not _try_lock(descriptor):
                holder = _holder(descriptor)
                os.close(descriptor)
                raise InUse(
                    f"{project.name} is already open{holder}. Close it there, or open it "
                    "read-only here."
                )
            if _is_still(path, descriptor):
                _sign(descriptor)
                return cls(path, descriptor)
            os.close(descriptor)

    def release(self) -> None:
        """Let others edit the project. Calling it again does nothing."""
        if self._descriptor is None:
            return
        if sys.platform == "win32":
            os.close(self._descriptor)
            self._path.unlink(missing_ok=True)
        else:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
        self._descriptor = None


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the file just locked is the one at the path: its last holder may have removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sign(descriptor: int) -> None:
    text = json.dumps({"user": getpass.getuser(), "host": platform.node(), "pid": os.getpid()})
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.encode())


def _holder(descriptor: int) -> str:
    """Who holds the lock, as " by anna on desk (process 123)", or "" when it does not say."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        signed = json.loads(os.read(descriptor, 4096))
        return f" by {signed['user']} on {signed['host']} (process {signed['pid']})"
    except (ValueError, KeyError, TypeError, OSError):
        return ""
