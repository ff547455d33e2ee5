"""`python3 -m installers [EXTRA …]`: set this checkout up, with optional groups, and nothing more.

Every command does this by itself; here it can be done ahead, or with `dev` for contributors.
"""

import sys

from installers.interpreter import require_python

require_python()

from pathlib import Path  # noqa: E402 - an older Python must get no further than the line above

from installers.bootstrap import Setup, ensure  # noqa: E402
from installers.errors import SetupError  # noqa: E402


def main(extras: list[str]) -> int:
    """Set up and print the environment's interpreter."""
    try:
        print(ensure(Setup(Path(__file__).resolve().parent.parent, tuple(extras))))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
