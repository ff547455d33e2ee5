"""`python3 -m tests [--slow] [pytest arguments …]`: every check that CI runs, one verdict each.

pytest comes last and says for itself how many tests passed. Exits 0 only if all checks did.
"""

import sys

from installers.interpreter import require_python

require_python()

import os  # noqa: E402 - an older Python must get no further than the line above
import subprocess  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from installers.bootstrap import Setup, ensure  # noqa: E402
from installers.errors import SetupError  # noqa: E402
from installers.system_packages import STUDIO, TESTS  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent

CHECKS = {
    "lint": ("-m", "ruff", "check", "--quiet", "."),
    "format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "imports": ("-c", "from importlinter.cli import *; lint_imports_command()", "--no-logo"),
    "types": ("-m", "pyright"),
}
"""What is checked before the tests: arguments of the environment's Python."""


def main(arguments: list[str]) -> int:
    """Run everything, whatever fails on the way, and return the exit status."""
    try:
        python = ensure(Setup(ROOT, extras=("test",), needs=STUDIO + TESTS))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    failed = [name for name, command in CHECKS.items() if not _passes(python, name, command)]
    if _pytest(python, arguments) != 0:
        failed.append("tests")
    if failed and failed != ["tests"]:
        print(f"Failed: {', '.join(failed)}; what each said stands above.")
    return 1 if failed else 0


def _passes(python: Path, name: str, command: tuple[str, ...]) -> bool:
    start = time.monotonic()
    done = subprocess.run([python, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    verdict = "passed" if done.returncode == 0 else "FAILED"
    if done.returncode != 0:
        print((done.stdout + done.stderr).rstrip())
    print(f"{name:<8} {verdict}  {time.monotonic() - start:.1f} s", flush=True)
    return done.returncode == 0


def _pytest(python: Path, arguments: list[str]) -> int:
    """The tests, on several processes unless someone asks for particular ones."""
    options = [argument for argument in arguments if argument != "--slow"]
    spread = [] if options else ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    which = [] if "--slow" in arguments else ["-m", "not slow"]
    command = [python, "-m", "pytest", "-q", *spread, *which, *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
