"""Refuses a Python that is too old, in words; not a search for another one to run instead.

This file, the package's `__init__` and the two programs that import it are written so that an
older Python can still read them: it must get as far as saying what is wrong.
"""

import platform
import shutil
import sys

MINIMUM = (3, 11)


def require_python(found: "tuple[int, ...]" = sys.version_info[:3]) -> None:
    """Exit with one sentence when this Python is too old to run Workprint."""
    if found[:2] >= MINIMUM:
        return
    needed = ".".join(str(part) for part in MINIMUM)
    sys.stderr.write(
        "Workprint needs Python %s or newer, and this is %s; %s.\n"  # noqa: UP031
        % (needed, ".".join(str(part) for part in found), _advice(needed))
    )
    raise SystemExit(1)


def _advice(needed: str) -> str:
    names = ["python3.%d" % minor for minor in range(20, MINIMUM[1] - 1, -1)]  # noqa: UP031
    for name in names:
        if shutil.which(name):
            return "run it with " + name + " instead"
    if platform.system() == "Linux":
        return "install python" + needed + " with your package manager and run it with that"
    return "install a newer one from python.org and run it with that"
