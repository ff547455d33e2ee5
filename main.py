"""Workprint's one command: sets the checkout up if need be, then starts what was asked for.

It only knows which program serves which command. What a command takes, its own `--help` tells.
"""

import sys

from installers.interpreter import require_python

require_python()

import os  # noqa: E402 - an older Python must get no further than the line above
import subprocess  # noqa: E402
from difflib import get_close_matches  # noqa: E402
from pathlib import Path  # noqa: E402

COMMANDS = {
    "demo": ("studio", "make a short film with no screen: generate, cut, score, export"),
    "generate": ("studio", "run one ability, such as text_to_video, into a file"),
    "plan": ("studio", "say what a job would need before anything is loaded"),
    "export": ("studio", "turn a project into a finished film"),
    "proxies": ("studio", "make small stand-ins of a project's large footage, to scrub and play"),
    "sticker": ("studio", "make a looping sticker file for Telegram, WhatsApp, Discord or Slack"),
    "convert": ("studio", "read and write .otio .otioz .fcpxml .xml .edl and .workprint"),
    "captions": ("studio", "bring subtitles (.srt, .vtt) into a project, or write its captions"),
    "conform": ("studio", "make a locked cut again with better models, as one edit"),
    "scopes": ("studio", "draw a frame's waveform, parade, vectorscope and histogram"),
    "loudness": ("studio", "measure a film's loudness, its range and its true peak"),
    "models": ("studio", "list, describe, download, verify or import models"),
    "bench": ("studio", "measure this machine; bench alone lists what can be measured"),
    "serve": ("engine", "offer this machine's models to other studios"),
    "train": ("engine", "train the pocket models that ship with Workprint"),
    "curate": ("engine", "choose from footage what is worth training on"),
    "rate": ("studio", "keep or reject generated candidates, by keyboard"),
    "evaluate": ("engine", "score the pocket models on what they never saw"),
}

HELP = """usage: python3 main.py [FILE.workprint] [--screenshot PNG]
       python3 main.py COMMAND …

Workprint cuts films with generated footage: drafts on any laptop first, then the
big models for the locked cut. With no command it opens the studio. The first run
sets up what it needs in .venv.

commands:
{commands}

python3 main.py COMMAND --help tells what a command takes, with an example.
"""


def main(arguments: list[str]) -> int:
    """Dispatch, and return an exit status when there is nothing left to become."""
    first = arguments[0] if arguments else ""
    if first in ("-h", "--help", "help"):
        lines = (f"  {name:<10}{summary}" for name, (_, summary) in COMMANDS.items())
        print(HELP.format(commands="\n".join(lines)), end="")
        return 0
    if first not in COMMANDS and not _opens_the_studio(first):
        print(_unknown(first), file=sys.stderr)
        return 2
    program = COMMANDS[first][0] if first in COMMANDS else "studio"
    try:
        return _become(_environment_for(arguments), program, arguments)
    except KeyboardInterrupt:
        print("Stopped; the same command goes on where this one was.", file=sys.stderr)
        return 1


def _opens_the_studio(first: str) -> bool:
    """Nothing, an option, or something that is or could be a file."""
    return not first or first.startswith("-") or bool(Path(first).suffix) or Path(first).exists()


def _unknown(first: str) -> str:
    close = get_close_matches(first, COMMANDS, n=1)
    guess = f"did you mean “{close[0]}”?" if close else "python3 main.py --help lists them."
    return f"There is no command or file “{first}”; {guess}"


def _environment_for(arguments: list[str]) -> str:
    """The environment's interpreter. Exits with the reason when the set-up cannot be done."""
    from installers.bootstrap import Setup, ensure
    from installers.errors import SetupError
    from installers.system_packages import STUDIO

    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    extras = ("server",) if command == "serve" and "ray" in arguments else ()
    needs = STUDIO if command in ("", "bench", "rate", "scopes") else ()  # what draws with Qt
    try:
        return str(ensure(Setup(Path(__file__).resolve().parent, extras, needs=needs)))
    except SetupError as error:
        sys.exit(str(error))


def _become(python: str, program: str, arguments: list[str]) -> int:
    """Run the program in place of this one; -P keeps the working folder out of its imports."""
    command = [python, "-P", "-m", program, *arguments]
    if os.name == "posix":
        os.execv(python, command)
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the console has sent it to the program as well
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
