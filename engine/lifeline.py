"""Processes that end together: an engine with the studios that use it, a worker with its engine.

A process that is killed says no goodbye, so the dependant asks the operating system: a handle on
the process it depends on, and where there is one a signal or a job object for the case that the
dependant itself hangs.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_WINDOWS_SYNCHRONIZE = 0x0010_0000
_WINDOWS_FOREVER = 0xFFFF_FFFF
_WINDOWS_KILL_ON_JOB_CLOSE = 0x2000
_WINDOWS_EXTENDED_LIMITS = 9


class _JobLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; only `limit_flags` is ever set."""

    _fields_ = (
        ("times", ctypes.c_int64 * 2),
        ("limit_flags", ctypes.c_uint32),
        ("working_set", ctypes.c_size_t * 2),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("classes", ctypes.c_uint32 * 2),
        ("io_counters", ctypes.c_uint64 * 6),
        ("memory", ctypes.c_size_t * 4),
    )


class Lifeline:
    """Calls `on_lost` when the last process that holds it has let go, or is gone."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        self._on_lost = on_lost
        self._holds: Counter[int] = Counter()
        self._lock = threading.Lock()

    def hold(self, pid: int) -> None:
        """Stay alive as long as this process does, or until it has released every hold."""
        with self._lock:
            self._holds[pid] += 1
            is_watched = self._holds[pid] > 1
        if not is_watched:
            name = f"lifeline-{pid}"
            threading.Thread(target=self._watch, args=(pid,), name=name, daemon=True).start()

    def release(self, pid: int) -> None:
        """Take back one hold of this process."""
        self._let_go(pid, self._holds[pid] - 1)

    @property
    def holders(self) -> int:
        """How many processes hold it."""
        return len(+self._holds)

    def _watch(self, pid: int) -> None:
        wait_for_exit(pid)
        self._let_go(pid, 0)

    def _let_go(self, pid: int, holds_left: int) -> None:
        with self._lock:
            was_held = self._holds.total() > 0
            self._holds[pid] = max(0, holds_left)
            is_lost = was_held and self._holds.total() == 0
        if is_lost:
            self._on_lost()


if sys.platform == "win32":

    def wait_for_exit(pid: int) -> None:
        """Block, without polling, until a process that need not be a child has ended."""
        kernel = ctypes.windll.kernel32
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(_WINDOWS_SYNCHRONIZE, False, pid)
        if handle:
            kernel.WaitForSingleObject(ctypes.c_void_p(handle), _WINDOWS_FOREVER)
            kernel.CloseHandle(ctypes.c_void_p(handle))

    def take_children_along() -> None:
        """Have every process started from now on killed when this one ends."""
        kernel = ctypes.windll.kernel32
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        limits = _JobLimits(limit_flags=_WINDOWS_KILL_ON_JOB_CLOSE)
        kernel.SetInformationJobObject(
            job, _WINDOWS_EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))

elif sys.platform == "linux":

    def wait_for_exit(pid: int) -> None:
        """Block, without polling, until a process that need not be a child has ended."""
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            select.select([handle], [], [])
        finally:
            os.close(handle)

    def take_children_along() -> None:
        """Linux children ask for it themselves, in `die_with_parent`."""

else:

    def wait_for_exit(pid: int) -> None:
        """Block, without polling, until a process that need not be a child has ended."""
        events = select.kqueue()
        exited = select.kevent(
            pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD | select.KQ_EV_ONESHOT, select.KQ_NOTE_EXIT
        )
        try:
            events.control([exited], 1, None)
        except ProcessLookupError:
            return
        finally:
            events.close()

    def take_children_along() -> None:
        """Children watch their parent themselves, in `die_with_parent`."""


def die_with_parent(parent_pid: int) -> None:
    """End this process when its parent does, even if every Python thread of it is stuck.

    To be called early, from a process started by the main thread of its parent.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if sys.platform != "win32" and os.getppid() != parent_pid:
        os._exit(1)
    Lifeline(lambda: os._exit(1)).hold(parent_pid)
