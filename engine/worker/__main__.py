"""Entry of a worker process: `python -m engine.worker --device cpu`, with a pipe on 0 and 1.

The pipe takes over standard input and output before anything else can print there; what prints,
prints to the log on standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from importlib import import_module
from pathlib import Path

from engine.lifeline import die_with_parent
from engine.models import lean_imports
from engine.worker.messages import WorkerEnd
from engine.worker.process import Worker

_FIRST_TO_BE_KILLED = "700"
"""Linux's out-of-memory killer takes the worker, not the editor."""

_WAIT_POLICY = "OMP_WAIT_POLICY", "PASSIVE"
"""Threads of a worker that wait for each other sleep.

While they spin, as is usual, they keep their own fellows off the processor as soon as anything else
is busy: a draft beside another program took eight times as long.
"""

_NICENESS = 5
"""A worker on the CPU leaves the editor's playback its turn."""


def main() -> None:
    """Run a worker until its server ends."""
    arguments = _arguments()
    pipe = _take_over_pipe()
    die_with_parent(arguments.parent)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    _be_modest(arguments.device)
    os.environ["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
    os.environ.setdefault(*_WAIT_POLICY)
    lean_imports.install()
    table = import_module(arguments.abilities)
    worker = Worker(pipe, table.ABILITIES, arguments.log)
    worker.run(arguments.device, table.PREWARM)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m engine.worker")
    parser.add_argument("--device", required=True)
    parser.add_argument("--parent", type=int, required=True, help="the server's process id")
    parser.add_argument("--abilities", default="engine.abilities.registry")
    parser.add_argument("--log", type=Path)
    return parser.parse_args()


def _take_over_pipe() -> WorkerEnd:
    incoming, outgoing = os.dup(0), os.dup(1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return WorkerEnd(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"))


def _be_modest(device: str) -> None:
    if sys.platform == "linux":
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_BE_KILLED)
    if device == "cpu" and sys.platform != "win32":
        with contextlib.suppress(PermissionError):
            os.nice(_NICENESS)


if __name__ == "__main__":
    main()
